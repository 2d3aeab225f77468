"""What the tests of `OpenAIChat` share: a question, and how one ends that gets no answer."""

from __future__ import annotations

import time

import pytest

from agent.language.chat import AnswerSchema, Message, ModelError, Reply
from agent.language.configuration import LanguageModel
from agent.language.endpoint.client import OpenAIChat
from tests.agent.language.chat_server import MODEL

OBJECT = '{"a": 1}'
SCHEMA = AnswerSchema(
    "answer",
    {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False},
)
SYSTEM, USER = Message("system", "You are careful."), Message("user", "What is a?")
SLACK = 0.7


def chat_with(url: str | None, key: str | None = None, name: str = MODEL) -> OpenAIChat:
    return OpenAIChat(LanguageModel(name, url, key))


def ask(
    chat: OpenAIChat, schema: AnswerSchema | None = SCHEMA, *, most_tokens: int = 100, seconds: float = 5.0
) -> Reply:
    return chat.ask([SYSTEM, USER], schema, most_tokens=most_tokens, seconds=seconds)


def failure(chat: OpenAIChat, schema: AnswerSchema | None = SCHEMA, *, seconds: float = 5.0) -> ModelError:
    """The error that a question ends with, in time, in one clear line."""
    started = time.monotonic()
    with pytest.raises(ModelError) as caught:
        ask(chat, schema, seconds=seconds)
    assert time.monotonic() - started < seconds + SLACK
    message = str(caught.value)
    assert message.isprintable()
    assert message.startswith(f"the language model {chat.name!r} at http")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value
