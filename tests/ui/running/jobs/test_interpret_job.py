import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.agent.language.chat_server import ChatServer, fails
from tools.errors import InputError
from ui.chat.grammar import understood
from ui.chat.phrases import Want

Done = Callable[..., dict[str, Any]]


def model(server: ChatServer) -> dict[str, Any]:
    return {"name": "small", "base_url": server.url}


def test_words_become_a_phrase_that_the_grammar_knows(done: Done) -> None:
    with ChatServer([json.dumps({"command": "all solutions matter"})]) as server:
        found = done("interpret", words="nothing may get lost!", context="pair loaded", model=model(server))
    assert understood(found["phrase"], asked=False) == Want("reformulation")
    asked = server.calls[0].text
    assert "nothing may get lost!" in asked
    assert "drop row NAME" in asked


def test_a_model_that_finds_none(done: Done) -> None:
    with ChatServer([json.dumps({"command": "none"})]) as server:
        assert done("interpret", words="hello", model=model(server)) == {"phrase": None}


def test_a_model_that_fails_is_one_line(done: Done) -> None:
    with ChatServer([fails(401, "wrong key")]) as server, pytest.raises(InputError) as caught:
        done("interpret", words="hello", model=model(server))
    assert "\n" not in str(caught.value)


def test_without_a_model(done: Done) -> None:
    with pytest.raises(InputError, match="need a language model"):
        done("interpret", words="hello")
