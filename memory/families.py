"""Families of variables and what they are in their model: the roles that a template's rules speak of.

A family is what shares a base name and a number of indices (`x[1,2]`, `x_1_3`); a variable without indices is a family
of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np

from tools.formulation.model import Formulation
from tools.formulation.numbers import BoolArray
from tools.mapping.patterns import parse_name

SAMPLED = 64
"""Members of a family whose rows are looked at."""


@dataclass(frozen=True)
class Traits:
    """What a family is in its model, each entry a share from 0 to 1 or a logarithm of a number.

    Shares of members: continuous, integer, binary, lower bound 0, free below, upper bound 1, no upper bound, in the
    objective, with positive cost; then rows a member, share of equalities among them, and the number of members.
    """

    values: tuple[float, ...]

    def likeness(self, other: Traits) -> float:
        """Return how alike two roles are, from 0 to 1; the number of members hardly counts."""
        if len(self.values) != len(other.values):
            return 0.0
        distance = sum(w * abs(a - b) for w, a, b in zip(_WEIGHTS, self.values, other.values, strict=True))
        return 1.0 / (1.0 + distance)


_WEIGHTS = (1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 1.0, 0.5, 0.3, 0.7, 0.05)


@dataclass(frozen=True)
class Family:
    """A family of one model; `members` in the model's order, `places` their positions in it."""

    base: str
    arity: int
    members: tuple[str, ...]
    places: tuple[int, ...]
    traits: Traits

    def renamed(self, base: str) -> dict[str, str]:
        """Return each member's name if the family were called `base`, indices in brackets."""
        if not self.arity:
            return {self.members[0]: base}
        return {name: f"{base}[{','.join(map(str, parse_name(name).indices))}]" for name in self.members}

    @property
    def words(self) -> str:
        """The base name in lower-case words."""
        return in_words(self.base)


def families(model: Formulation) -> list[Family]:
    """Return the families of `model` in order of appearance."""
    grouped: dict[tuple[str, int], list[int]] = {}
    for j, name in enumerate(model.variables):
        parts = parse_name(name)
        grouped.setdefault((parts.base, parts.arity), []).append(j)
    equality = model.row_lower.floats == model.row_upper.floats
    return [
        Family(base, arity, tuple(model.variables[j] for j in places), tuple(places), _traits(model, places, equality))
        for (base, arity), places in grouped.items()
    ]


def _traits(model: Formulation, places: Sequence[int], equality: BoolArray) -> Traits:
    at = np.array(places)
    low, high, cost = model.lower.floats[at], model.upper.floats[at], model.cost.floats[at]
    integer = model.integer[at]
    binary = integer & (low == 0) & (high == 1)
    rows = [model.rows_of(int(j)) for j in at[:: max(1, len(at) // SAMPLED)]]
    degree = float(np.mean([len(found) for found in rows]))
    equal = float(np.mean([equality[found].mean() if len(found) else 0.0 for found in rows]))
    shares = (
        1 - integer.mean(), (integer & ~binary).mean(), binary.mean(), (low == 0).mean(), np.isinf(low).mean(),
        (high == 1).mean(), np.isinf(high).mean(), (cost != 0).mean(), (cost > 0).mean(), math.log1p(degree), equal,
        math.log(len(places)),
    )  # fmt: skip
    return Traits(tuple(round(float(share), 4) for share in shares))


_SPLIT = re.compile(r"(?<=[a-z])(?=[A-Z])|[\W_]+")


def in_words(base: str) -> str:
    """Return a base name in lower-case words."""
    return " ".join(part for part in _SPLIT.split(base) if part).lower()[:60]


@lru_cache(maxsize=4096)
def name_likeness(first: str, second: str) -> float:
    """Return how alike two names are, from 0 to 1."""
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def letters(number: int) -> str:
    """Return a, b, …, z, aa, ab, …: a name that no index could be glued to."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text
