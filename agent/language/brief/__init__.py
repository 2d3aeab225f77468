"""Both models in brief for a prompt, within a budget of tokens."""
