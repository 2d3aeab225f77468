"""A language model that says what it was told to say: for tests, without any service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agent.language.chat import AnswerSchema, Message, ModelError, Reply, Usage
from agent.language.configuration import LanguageModel
from agent.language.tokens import count_tokens

Line = str | ModelError | Callable[[Sequence[Message]], str]
"""What is said: a text, a failure, or a function of the messages."""


@dataclass(frozen=True)
class Asked:
    """One question that a scripted model was asked."""

    messages: tuple[Message, ...]
    schema: AnswerSchema | None

    @property
    def text(self) -> str:
        """All messages in one text."""
        return "\n\n".join(message.text for message in self.messages)


class ScriptedModel:
    """Answers with the given lines, one a question; `asked` keeps the questions.

    When the lines have run out, the last one is repeated if `repeat`, else the model fails for good. `limits` say what
    a run may spend on it.
    """

    def __init__(
        self,
        lines: Iterable[Line],
        name: str = "scripted",
        *,
        repeat: bool = False,
        limits: LanguageModel | None = None,
    ) -> None:
        self.limits = LanguageModel(name) if limits is None else limits
        self._lines = list(lines)
        self._name = name
        self._repeat = repeat
        self.asked: list[Asked] = []

    @property
    def name(self) -> str:
        """What origins and reports call the model."""
        return self._name

    @property
    def waits(self) -> bool:
        """It answers at once."""
        return False

    def ask(
        self, messages: Sequence[Message], schema: AnswerSchema | None, *, most_tokens: int, seconds: float
    ) -> Reply:
        """Return the next line; raises `ModelError` where that is one, or where none is left."""
        self.asked.append(Asked(tuple(messages), schema))
        place = len(self.asked) - 1
        if place >= len(self._lines):
            if not self._repeat or not self._lines:
                raise ModelError("the script of the model has ended", "unreachable", final=True)
            place = len(self._lines) - 1
        line = self._lines[place]
        if isinstance(line, ModelError):
            raise line
        text = line(messages) if callable(line) else line
        return Reply(text, Usage(1, sum(count_tokens(m.text) for m in messages), count_tokens(text)))

    def close(self) -> None:
        """Nothing is open."""
