"""Pairs that come with the chat, one text file each, written as a user would paste them.

A file begins with a line on what it is, perhaps with a line `contract: …`, and then has both models after
`reference:` and `candidate:`. The models are those of examples/models, which are not installed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tools.report import Contract


@dataclass(frozen=True)
class Offered:
    """A pair: what it is in a sentence, the contract under which it is worth looking at, and both models as text."""

    about: str
    contract: Contract
    text: str


@cache
def offered_names() -> tuple[str, ...]:
    """Return the names of all pairs."""
    found = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".txt") for name in found if name.endswith(".txt")))


def offered(name: str) -> Offered:
    """Return the pair of that name, which must be one of `offered_names`."""
    if name not in offered_names():
        raise KeyError(name)
    head, _, models = (files(__name__) / f"{name}.txt").read_text(encoding="utf-8").partition("\nreference:")
    about, _, contract = head.partition("\ncontract:")
    return Offered(
        about.strip(), "reformulation" if contract.strip() == "reformulation" else "quasi-karp", "reference:" + models
    )
