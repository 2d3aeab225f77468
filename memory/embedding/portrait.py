"""What memory sees of a pair: its structural fingerprint and its words."""

from __future__ import annotations

from dataclasses import dataclass

from memory.embedding.fingerprint import differences, fingerprint, views
from memory.embedding.words import describe
from tools.formulation.model import Formulation


@dataclass(frozen=True)
class Portrait:
    """Structure and words of a pair, what an index embeds."""

    structure: tuple[float, ...]
    text: str


def portrait(reference: Formulation, candidate: Formulation, text: str = "") -> Portrait:
    """Return the portrait of a pair; `text` describes the problem where somebody did."""
    ours, theirs = views(reference, candidate)
    changes = differences(ours, theirs)
    return Portrait(fingerprint(ours, theirs), describe(reference, candidate, changes, text))
