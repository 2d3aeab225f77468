"""What an answer in the chat consists of: frozen values that the page draws and the history keeps.

Texts come from models and files: whoever draws them shows them as inert text.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ui.chat.models import ModelText
from ui.chat.phrases import Side
from ui.chat.stored import Stored, read_back

Ending = Literal["done", "stopped", "failed", "asked"]
"""How work ended: with its result, by the user, by an error, or with a question to the user."""


@dataclass(frozen=True)
class Words(Stored):
    """A sentence or two."""

    text: str
    kind: Literal["words"] = "words"


@dataclass(frozen=True)
class ModelCard(Stored):
    """What was understood of a model: its summary as `quasikarp read --json` gives it, algebra and notes."""

    side: Side
    name: str
    summary: dict[str, Any]
    algebra: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    kind: Literal["model"] = "model"


@dataclass(frozen=True)
class Steps(Stored):
    """What was done, step by step, as the job's events, and how it ended."""

    events: tuple[dict[str, Any], ...]
    ended: Ending
    kind: Literal["steps"] = "steps"


@dataclass(frozen=True)
class Card(Stored):
    """A verdict: the report as JSON, what the models are called, and lines that show what a counterexample breaks."""

    report: dict[str, Any]
    reference: str
    candidate: str
    evidence: tuple[str, ...] = ()
    kind: Literal["card"] = "card"


@dataclass(frozen=True)
class Certified(Stored):
    """A certificate: the key of its text, the report as it bears that out, and what it shows and lacks, in words."""

    report: dict[str, Any]
    key: str
    shows_verdict: bool
    shown: tuple[tuple[str, str], ...]
    lacking: tuple[tuple[str, str], ...]
    kind: Literal["certified"] = "certified"


@dataclass(frozen=True)
class Code(Stored):
    """Text to be copied or saved under `file_name`."""

    text: str
    language: str
    file_name: str
    kind: Literal["code"] = "code"


@dataclass(frozen=True)
class Grid(Stored):
    """A table of texts."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: Literal["grid"] = "grid"


@dataclass(frozen=True)
class Question(Stored):
    """What the agent wants to know before it goes on."""

    text: str
    kind: Literal["question"] = "question"


@dataclass(frozen=True)
class Problem(Stored):
    """Why something cannot be done, and what to do instead, in one line."""

    text: str
    kind: Literal["problem"] = "problem"


@dataclass(frozen=True)
class Choices(Stored):
    """Things to say next, each a phrase that the chat understands."""

    texts: tuple[str, ...]
    kind: Literal["choices"] = "choices"


@dataclass(frozen=True)
class Pictures(Stored):
    """A place for pictures of a pair, drawn when somebody looks: the report and both models."""

    report: dict[str, Any]
    reference: ModelText
    candidate: ModelText
    kind: Literal["pictures"] = "pictures"


Block = Words | ModelCard | Steps | Card | Certified | Code | Grid | Question | Problem | Choices | Pictures


@dataclass(frozen=True)
class Turn(Stored):
    """What the user said, and the answer."""

    said: str
    blocks: tuple[Block, ...] = ()


def to_json(block: Block) -> dict[str, Any]:
    """Return the block as JSON data."""
    return asdict(block)


def from_json(data: Any) -> Block:
    """Return the block that `to_json` wrote; raises `InputError` on anything else."""
    return read_back(Turn, json.dumps({"said": "", "blocks": [data]})).blocks[0]
