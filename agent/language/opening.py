"""From what is known of a language model to one that can be asked."""

from __future__ import annotations

from agent.language.chat import ChatModel
from agent.language.configuration import LanguageModel


def open_model(configuration: LanguageModel | ChatModel) -> ChatModel:
    """Return the model ready to be asked; what can be asked already is returned as it is."""
    if not isinstance(configuration, LanguageModel):
        return configuration
    from agent.language.endpoint.client import OpenAIChat

    return OpenAIChat(configuration)
