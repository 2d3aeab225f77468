"""What the rest of the agent knows of a language model: messages go in, one text comes out, or a `ModelError`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from tools.errors import QuasikarpError

Role = Literal["system", "user", "assistant"]

ModelTrouble = Literal[
    "unreachable",  # no connection, or the server failed (5xx)
    "timeout",  # no complete answer in time
    "rate limit",  # 429
    "key",  # 401, 403
    "request",  # 400, 404, 422: the server does not take what is sent
    "refusal",  # the model declines
    "truncated",  # the answer broke off, or hit a limit on its length
    "malformed",  # no answer that can be read, empty included
    "limit",  # the run may not spend more
]


@dataclass(frozen=True)
class Message:
    """One message of a conversation."""

    role: Role
    text: str


@dataclass(frozen=True)
class Usage:
    """What was spent: requests sent, and tokens, counted by the server or else estimated."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
        )

    @property
    def tokens(self) -> int:
        """Tokens of prompts and answers together."""
        return self.prompt_tokens + self.completion_tokens


class ModelError(QuasikarpError):
    """A language model gave no usable text; the message is one line without any secret.

    `trouble` says what went wrong, `final` that asking again in this run makes no sense, `usage` what was spent.
    """

    def __init__(self, message: str, trouble: ModelTrouble, *, final: bool = False, usage: Usage = Usage()) -> None:
        super().__init__(message)
        self.trouble = trouble
        self.final = final
        self.usage = usage


@dataclass(frozen=True)
class Reply:
    """A complete answer of a model, as text, and what it cost."""

    text: str
    usage: Usage


@dataclass(frozen=True)
class AnswerSchema:
    """The form that an answer should have: a name (letters, digits, underscores) and a JSON schema of an object."""

    name: str
    schema: Mapping[str, Any]


class ChatModel(Protocol):
    """A language model that can be asked.

    `name` is what origins and reports call it. `waits` says that an answer takes time, so that other work should go on
    meanwhile; `ask` may then be called from another thread, one question at a time.
    """

    @property
    def name(self) -> str:
        """What origins and reports call the model."""

    @property
    def waits(self) -> bool:
        """Whether an answer takes time."""

    def ask(
        self, messages: Sequence[Message], schema: AnswerSchema | None, *, most_tokens: int, seconds: float
    ) -> Reply:
        """Return a complete answer of at most `most_tokens` tokens within `seconds`; raises `ModelError`.

        With a `schema` the answer should be one JSON object of that form; whoever asks validates it.
        """

    def close(self) -> None:
        """Give up a question that is still open and release connections."""
