"""Words of a report made fit for prose: one line, bounded, nothing that a terminal or a reader takes for ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

NAME_WIDTH = 50
NUMBER_WIDTH = 30
SENTENCE_WIDTH = 400
ENTRIES_SHOWN = 8
"""Entries of a point, or names of a list, that are told."""

_ELLIPSIS = "…"
_LONGEST_READ = 20_000
_PLAIN_NAME = re.compile(r"[A-Za-z_][\w.,\[\](){}#$~-]*", re.ASCII)
_OURS = str.maketrans({"«": "<", "»": ">", "“": '"', "”": '"'})
"""Quotation marks that only our own text may use."""


def inert(text: str, most: int) -> str:
    """Return `text` in one line of at most so many characters, control characters made blanks, the middle left out."""
    if len(text) > _LONGEST_READ:
        text = text[: _LONGEST_READ // 2] + text[-_LONGEST_READ // 2 :]
    flat = " ".join("".join(c if c.isprintable() else " " for c in text.translate(_OURS)).split())
    if len(flat) <= most:
        return flat
    tail = (most - len(_ELLIPSIS)) // 3
    return flat[: most - len(_ELLIPSIS) - tail] + _ELLIPSIS + flat[len(flat) - tail :]


def sentence(text: str, most: int = SENTENCE_WIDTH) -> str:
    """Return `text` as `inert` does, each word shortened first, and without a full stop at its end."""
    words = inert(text, _LONGEST_READ).split(" ")
    return inert(" ".join(inert(word, NAME_WIDTH) for word in words), most).rstrip(" .;:")


def name_text(name: str) -> str:
    """Return a name, in quotation marks unless it looks like a name."""
    shown = inert(name, NAME_WIDTH)
    return shown if _PLAIN_NAME.fullmatch(shown.replace(_ELLIPSIS, "")) else f"“{shown}”"


def number_text(value: str) -> str:
    """Return an exact number of the report, the middle left out where it is long."""
    return inert(value, NUMBER_WIDTH)


def point_text(point: Mapping[str, str], variables: int) -> str:
    """Return "x = 3, y = 1, every other variable 0"; `variables` is how many the model has."""
    if not point:
        return "every variable 0"
    shown = [f"{name_text(name)} = {number_text(value)}" for name, value in list(point.items())[:ENTRIES_SHOWN]]
    rest = len(point) - len(shown)
    if rest > 0:
        shown.append(counted(rest, "more variable not 0", "more variables not 0"))
    if len(point) < variables:
        shown.append("every other variable 0")
    return ", ".join(shown)


def names_text(names: Iterable[str]) -> str:
    """Return "x, y and z", or the first few and how many more there are."""
    every = list(names)
    shown = [name_text(name) for name in every[:ENTRIES_SHOWN]]
    if len(every) > len(shown):
        shown.append(f"{len(every) - len(shown)} more")
    return listed(shown)


def listed(parts: list[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def counted(number: int, one: str, many: str) -> str:
    """Return the number with the noun that fits."""
    return f"{number} {one if number == 1 else many}"
