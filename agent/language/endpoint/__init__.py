"""A model behind an OpenAI-compatible endpoint: the client, what the server takes, time limits, secrets."""
