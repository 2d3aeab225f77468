"""A conversation as one frozen value: the pair, how it is checked, what is under way, and everything that was said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tools.report import Contract
from ui.chat.blocks import Block, Card, Certified, Turn
from ui.chat.models import Arrival, Draft, ModelText, Shelf
from ui.chat.phrases import Rules, Side
from ui.chat.stored import Stored

USUAL_TIME_LIMIT = 60.0
LONGEST_TIME_LIMIT = 86_400.0

Purpose = Literal[
    "read", "check", "explain", "recall", "formulate", "interpret", "drop", "diff", "certify", "verify_certificate"
]


@dataclass(frozen=True)
class Work(Stored):
    """What a job under way is for: its purpose, the side it is about, and words or rules that belong to it.

    `text` is a question, words, a correction, a row or the key of a certificate; `rules` are new hints, the answer to
    the agent (where `answers`) or the rows that are to be left out.
    """

    purpose: Purpose
    side: Side | None = None
    text: str = ""
    rules: Rules = ()
    answers: bool = False


@dataclass(frozen=True)
class Conversation(Stored):
    """Everything that an answer may depend on.

    `dropped` are sides and rows that are left out, in the order in which they were; `arriving` models are not read yet;
    so many of the `hints` have been `tried` without complaint; `only` is the mapping that is checked and no other;
    `due` says that the pair is to be checked as soon as nothing else is to be done; `run` counts checks, so that each
    has a checkpoint of its own; `reported` says that the last card is about the pair as it is now; `question` is what
    the agent asked, `draft` what waits to be accepted, `certificate` the key of one that is to be checked, `work` what
    is under way.
    """

    reference: ModelText | None = None
    candidate: ModelText | None = None
    dropped: tuple[tuple[Side, str], ...] = ()
    arriving: tuple[Arrival, ...] = ()
    contract: Contract = "quasi-karp"
    time_limit: float = USUAL_TIME_LIMIT
    hints: Rules = ()
    tried: int = 0
    only: Rules = ()
    due: bool = False
    run: int = 0
    reported: bool = False
    question: str = ""
    draft: Draft | None = None
    certificate: str = ""
    work: Work | None = None
    turns: tuple[Turn, ...] = ()

    def model(self, side: Side) -> ModelText | None:
        """Return the model of a side, None where there is none."""
        return self.reference if side == "reference" else self.candidate

    def left_out(self, side: Side) -> Rules:
        """Return the rows that are left out of a side's model."""
        return tuple(row for found, row in self.dropped if found == side)

    def with_model(self, side: Side, model: ModelText) -> Conversation:
        """Return the conversation with this model on that side; what was found about the former pair is void."""
        changed = replace(self, reference=model) if side == "reference" else replace(self, candidate=model)
        return replace(changed, reported=False, question="", due=True)

    @property
    def pair(self) -> tuple[ModelText, ModelText] | None:
        """Reference and candidate, None unless both are there."""
        return None if self.reference is None or self.candidate is None else (self.reference, self.candidate)

    @property
    def report(self) -> dict[str, Any] | None:
        """The last report, where it is about the pair as it is now."""
        if not self.reported:
            return None
        cards = (block for block in self._blocks() if isinstance(block, Card | Certified))
        return next((card.report for card in cards), None)

    @property
    def last_certificate(self) -> str:
        """The key of the certificate that was made last, empty where none was made."""
        return next((block.key for block in self._blocks() if isinstance(block, Certified)), "")

    def _blocks(self) -> Iterator[Block]:
        """Yield everything that was answered, the latest first."""
        return (block for turn in reversed(self.turns) for block in reversed(turn.blocks))

    @property
    def title(self) -> str:
        """What the conversation may be called in a list."""
        if self.pair is not None:
            return f"{self.pair[0].name} · {self.pair[1].name}"
        return next((turn.said[:60] for turn in self.turns if turn.said), "new conversation")


@dataclass(frozen=True)
class Room:
    """What surrounds a conversation: where texts are kept, the memory, the language model and who proposes mappings.

    `memory` and `model` (as `LanguageModel.to_json` gives it) are None for the user's own and the environment's;
    `language_model` says whether there is one to ask. `checkpoint` gives the file in which a check keeps its progress.
    """

    shelf: Shelf
    memory: str | None = None
    model: Mapping[str, Any] | None = None
    language_model: bool = False
    planner: str = "auto"
    checkpoint: Callable[[Conversation], str | None] = lambda conversation: None


@dataclass(frozen=True)
class Outcome:
    """How a job ended: its result or its error, or stopped; and the events it told."""

    result: Mapping[str, Any] | None = None
    error: Mapping[str, str] | None = None
    stopped: bool = False
    events: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Move:
    """What follows: the conversation from now on, the blocks that are new in it, and the job to run, if any.

    `stop` says that what runs is to be stopped first, `fresh` that another conversation begins.
    """

    conversation: Conversation
    blocks: tuple[Block, ...] = ()
    job: dict[str, Any] | None = field(default=None, hash=False)
    stop: bool = False
    fresh: bool = False
