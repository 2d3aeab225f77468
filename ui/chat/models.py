"""The models of a conversation: what they are called, where their texts lie, and which rows were dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from ui.chat.phrases import Side
from ui.chat.stored import Stored

Format = Literal["lp", "mps", "json", "words"]


class Shelf(Protocol):
    """Keeps texts of models by the hash of their content."""

    def put(self, text: str) -> str:
        """Return the key under which `text` is kept from now on; raises `InputError` where that cannot be done."""

    def get(self, key: str) -> str:
        """Return the text of a key; raises `InputError` where there is none."""


@dataclass(frozen=True)
class ModelText(Stored):
    """A model as it was given: name, format, key of its text, and its sizes once it was read.

    Where rows were dropped from it, `variant` is the key of the model without them, in JSON, and `rows` counts those
    that are left.
    """

    name: str
    format: Format
    key: str
    variables: int = 0
    integers: int = 0
    rows: int = 0
    variant: str = ""


@dataclass(frozen=True)
class Arrival(Stored):
    """A model that was given for a side and has not been read yet."""

    side: Side
    model: ModelText


@dataclass(frozen=True)
class Draft(Stored):
    """A model that a language model wrote of a problem in words for a side, and that waits to be accepted.

    `document` is the key of its algebra, in JSON.
    """

    side: Side
    model: ModelText
    document: str


def source_of(model: ModelText, shelf: Shelf) -> dict[str, Any]:
    """Return the model as the source of a job, without the rows that were dropped; raises `InputError`."""
    if model.variant:
        return {"text": shelf.get(model.variant), "format": "json", "name": model.name}
    return as_given(model, shelf)


def as_given(model: ModelText, shelf: Shelf) -> dict[str, Any]:
    """Return the model with all its rows as the source of a job; raises `InputError`."""
    return {"text": shelf.get(model.key), "format": model.format, "name": model.name}
