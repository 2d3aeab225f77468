"""Pairs (open variable, source variable) that look alike, so that one coefficient may serve all pairs of a class.

Colour refinement on the source model together with the open rows: after an open variable is singled out, the colours of
the source variables say how they stand to it. Equal colours do not prove a symmetry; they only tie coefficients.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tools.completion.rows import OpenRow
from tools.completion.state import State
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression

ROUNDS = 6
"""Refinement rounds after a variable is singled out: index patterns show within that many steps."""

Colours = NDArray[np.uint64]

_MASK = (1 << 64) - 1


class PairClasses:
    """Colours of the variables of `source` as seen from each open variable, equal where pairs look alike."""

    def __init__(self, state: State, source: Formulation, rows: Sequence[OpenRow]) -> None:
        m, n = source.shape
        self._sources = source.variables
        self._focus = {name: n + m + k for k, name in enumerate(state.focus)}
        size = n + m + len(self._focus) + len(rows)
        first_row = n + m + len(self._focus)
        labels: list[tuple[object, ...]] = []
        labels += [(0, *_ends(source.lower.finite(j), source.upper.finite(j)), int(source.kinds[j])) for j in range(n)]
        labels += [(1, *_ends(source.row_lower.finite(i), source.row_upper.finite(i))) for i in range(m)]
        labels += [(2, *_ends(*state.bounds(name)), state.is_integer(name)) for name in state.focus]
        labels += [(3, *_ends(_constant(row.lower), _constant(row.upper))) for row in rows]
        self._start: Colours = np.array([hash(label) & _MASK for label in labels], dtype=np.uint64)
        heads: list[int] = []
        tails: list[int] = []
        weights: list[int] = []

        def connect(one: int, other: int, weight: object) -> None:
            heads.extend((one, other))
            tails.extend((other, one))
            weights.extend((hash((weight, 5)) & _MASK, hash((weight, 7)) & _MASK))

        for i in range(m):
            for j, a in source.row_terms(i).items():
                connect(j, n + i, a)
        for k, row in enumerate(rows):
            for name, a in row.terms.items():
                if name in self._focus:
                    connect(self._focus[name], first_row + k, a)
            for side, mark in ((row.lower, 11), (row.upper, 13)):
                if side is None or (mark == 13 and row.is_equality):
                    continue
                for name, a in side.terms.items():
                    connect(source.variable_index[name], first_row + k, (a, mark))
        self._heads = np.array(heads, dtype=np.int64)
        self._tails = np.array(tails, dtype=np.int64)
        self._weights: Colours = np.array(weights, dtype=np.uint64)
        self._size = size
        self._base = self._refined(self._start)
        self.rows: list[int] = self._base[first_row:].tolist()
        """The colour of each of the open rows."""

    def own(self, name: str) -> int:
        """Return the colour of an open variable."""
        return int(self._base[self._focus[name]])

    def seen_from(self, name: str) -> dict[str, int]:
        """Return {source variable: class of its pair with the open variable `name`}."""
        colours = self._base.copy()
        place = self._focus[name]
        colours[place] = np.uint64(hash((int(colours[place]), 17)) & _MASK)
        refined = self._refined(colours)
        own = self.own(name)
        seen = refined[: len(self._sources)].tolist()
        return {source: hash((own, colour)) for source, colour in zip(self._sources, seen, strict=True)}

    def _refined(self, colours: Colours) -> Colours:
        for _ in range(ROUNDS):
            messages = _mixed(colours[self._tails] ^ self._weights)
            sums: Colours = np.zeros(self._size, dtype=np.uint64)
            np.add.at(sums, self._heads, messages)
            colours = _mixed(colours * np.uint64(3) + _mixed(sums))
        return colours


def _ends(low: Fraction | None, high: Fraction | None) -> tuple[object, ...]:
    return (low is None, low or 0, high is None, high or 0)


def _constant(side: AffineExpression | None) -> Fraction | None:
    return None if side is None else side.constant


def _mixed(values: Colours) -> Colours:
    """Scramble 64-bit words (the finaliser of SplitMix64; Steele, Lea, Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
