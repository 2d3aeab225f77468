"""Proofs by cases: trees of splits with linear leaves, found on the few rows that matter and kept for their like."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tools.certify.space import Nodes, Space
from tools.certify.tree_search import LocalSplit, Row, TreeSearch
from tools.exact.proofs import Form

MOST_NODES = 1500
"""A tree with more splits and leaves is not looked for."""

ONE = Fraction(1)


@dataclass(frozen=True)
class Branch:
    """An integer variable is at most `value`, or at least `value` + 1; there, only the splits `above` are made."""

    variable: int
    value: int = 0
    above: tuple[Split, ...] = ()


@dataclass(frozen=True)
class ByCase:
    """A variable that an "if" defines has its first value, or its second."""

    variable: int


@dataclass(frozen=True)
class Apart:
    """One of two positions of a tour comes first, or the other."""

    first: int
    second: int


@dataclass(frozen=True)
class Either:
    """A form is at most `value`, or at least (the next multiple of its grid if its variables are all integer)."""

    form: tuple[tuple[int, Fraction], ...]
    value: Fraction


Split = Branch | ByCase | Apart | Either


def prove_by_cases(
    space: Space, form: Form, target: Fraction, splits: Sequence[Split] = (), rows: Iterable[int] = (),
    most_nodes: int = MOST_NODES,
) -> Nodes | None:  # fmt: skip
    """Return a proof that form ≥ target from these rows of the set, splitting where needed; None if none is found.

    A split is made only where it cuts off the point of the linear relaxation, the first in order that does. What was
    found out about the same rows over other variables, in the same order, is used again.
    """
    problem = _Local(space, form, target, splits, list(dict.fromkeys(rows)))
    if problem.key not in space.known:
        space.known[problem.key] = TreeSearch(problem.key, space.budget, most_nodes).tree()
    found = space.known[problem.key]
    return None if found is None else [problem.translated(*node) for node in found]


class _Local:
    """The problem over variables numbered as they occur; `key` is all that a proof of it depends on."""

    def __init__(
        self, space: Space, form: Form, target: Fraction, splits: Sequence[Split], rows: Sequence[int]
    ) -> None:
        self.rows = rows
        self.place: dict[int, int] = {}
        self.order: list[int] = []
        own_form = self._terms({j: a for j, a in form.items() if a})
        own_rows = tuple(self._row(*space.row(i)) for i in rows)
        own_splits = tuple(self._split(space, split) for split in splits)
        boxes = tuple((*space.bounds(j), space.integer[j]) for j in self.order)
        self.key = (own_form, target, own_rows, own_splits, boxes)

    def translated(self, kind: str, *data: Any) -> list[Any]:
        """Return a node over the variables and rows of the set."""
        order, known = self.order, len(self.rows)
        if kind == "crossed":
            return ["crossed", "variable", order[data[0]]]
        if kind == "branch":
            return ["branch", order[data[0]], str(data[1])]
        if kind in ("case", "apart"):
            return [kind, *(order[j] for j in data)]
        if kind == "either":
            return [kind, {str(order[j]): str(a) for j, a in data[0]}, str(data[1])]
        return [kind, [[self.rows[i] if i < known else known - 1 - i, str(a)] for i, a in data[0]]]

    def _column(self, j: int) -> int:
        if j not in self.place:
            self.place[j] = len(self.order)
            self.order.append(j)
        return self.place[j]

    def _terms(self, form: Form) -> tuple[tuple[int, Fraction], ...]:
        return tuple((self._column(j), a) for j, a in form.items())

    def _row(self, form: Form, low: Fraction | None, high: Fraction | None) -> Row:
        return self._terms(form), low, high

    def _split(self, space: Space, split: Split) -> LocalSplit:
        if isinstance(split, Branch):
            above = tuple(self._split(space, other) for other in split.above)
            return ("branch", self._column(split.variable), split.value), (), above
        if isinstance(split, ByCase):
            case, j = space.cases[split.variable], split.variable
            side = case.most - case.test.constant
            halves = []
            for value, sides in ((case.then, (None, side)), (case.otherwise, (side + case.step, None))):
                equal = {**value.terms, j: value.terms.get(j, Fraction(0)) - 1}
                condition = self._row(case.test.terms, *sides)
                halves.append((condition, self._row(equal, -value.constant, -value.constant)))
            return ("case", self._column(j)), tuple(halves), ()
        if isinstance(split, Apart):
            terms = self._terms({split.first: ONE, split.second: -ONE})
            node: tuple[Any, ...] = ("apart", self._column(split.first), self._column(split.second))
            return node, (((terms, None, -ONE),), ((terms, ONE, None),)), ()
        step, limit = Fraction(0), split.value
        if all(space.integer[j] for j, _ in split.form):
            denominator = math.lcm(*(a.denominator for _, a in split.form))
            step = Fraction(math.gcd(*(int(a * denominator) for _, a in split.form)), denominator)
            limit = split.value // step * step
        terms = self._terms(dict(split.form))
        return ("either", terms, split.value), (((terms, None, limit),), ((terms, limit + step, None),)), ()
