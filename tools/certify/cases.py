"""Proofs by cases: trees of splits with linear leaves, found on the few rows that matter and kept for their like."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tools.certify.space import Nodes, Space
from tools.exact.budget import Budget
from tools.exact.proofs import Form, grid, linear_bound, round_up
from tools.exact.prover import dense
from tools.exact.vertices import exact_multipliers, rounded_multipliers
from tools.formulation.derive import elastic
from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector, FloatArray
from tools.solvers.gateway import solve
from tools.solvers.problem import NumericProblem

Row = tuple[tuple[tuple[int, Fraction], ...], Fraction | None, Fraction | None]
"""Terms in order, lower and upper side."""

_Split = tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]
"""The node that makes the split, the rows of its halves (none for a branch), and what else is split above a branch."""

Box = dict[int, tuple[Fraction | None, Fraction | None]]

MOST_NODES = 400
"""A tree with more splits and leaves is not looked for."""

NEAR = 1e-6
"""A solver's point this near to one half of a split is taken to lie in it; a wrong guess costs a proof, no more."""

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
    """Return a proof that form ≥ target from these rows of the set, splitting as little as needed; None if none is found.

    A split is made only where it cuts off the point of the linear relaxation, the first in order that does. What was
    found out about the same rows over other variables, in the same order, is used again.
    """
    problem = _Local(space, form, target, splits, list(dict.fromkeys(rows)))
    if problem.key not in space.known:
        space.known[problem.key] = _Search(problem.key, space.budget, most_nodes).tree()
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

    def _split(self, space: Space, split: Split) -> _Split:
        if isinstance(split, Branch):
            above = tuple(self._split(space, other) for other in split.above)
            return ("branch", self._column(split.variable), split.value), (), above
        if isinstance(split, ByCase):
            case, j = space.cases[split.variable], split.variable
            side = case.most - case.test.constant
            halves = []
            for value, sides in ((case.then, (None, side)), (case.otherwise, (side + case.step, None))):
                equal = value.terms | {j: value.terms.get(j, Fraction(0)) - 1}
                condition = self._row(case.test.terms, *sides)
                halves.append((condition, self._row(equal, -value.constant, -value.constant)))
            return ("case", self._column(j)), tuple(halves), ()
        if isinstance(split, Apart):
            terms = self._terms({split.first: ONE, split.second: -ONE})
            node: tuple[Any, ...] = ("apart", self._column(split.first), self._column(split.second))
            return node, (((terms, None, -ONE),), ((terms, ONE, None),)), ()
        step, value = Fraction(0), split.value
        if all(space.integer[j] for j, _ in split.form):
            denominator = math.lcm(*(a.denominator for _, a in split.form))
            step = Fraction(math.gcd(*(int(a * denominator) for _, a in split.form)), denominator)
            value = split.value // step * step
        terms = self._terms(dict(split.form))
        return ("either", terms, split.value), (((terms, None, value),), ((terms, value + step, None),)), ()


class _Search:
    """Looks for one tree over one local problem."""

    def __init__(self, key: Any, budget: Budget, most_nodes: int) -> None:
        self.form, self.target, self.rows, self.splits, self.boxes = key
        self.budget, self.left = budget, most_nodes

    def tree(self) -> list[tuple[Any, ...]] | None:
        """Return the nodes of a tree in preorder, or None."""
        return self._below({}, (), self.splits)

    def _below(self, box: Box, extra: tuple[Row, ...], splits: tuple[_Split, ...]) -> list[tuple[Any, ...]] | None:
        self.left -= 1
        if self.left < 0 or self.budget.expired:
            return None
        leaf, point = self._leaf(box, extra)
        if leaf is not None:
            return [leaf]
        for split in splits:
            halves = self._halves(split, box, extra)
            if point is not None and not split[2] and any(_inside(point, *half, len(extra)) for half in halves):
                continue
            rest = tuple(other for other in splits if other is not split)
            nodes = [split[0]]
            for half, others in zip(halves, (rest, split[2] or rest)):
                below = self._below(*half, others)
                if below is None:
                    return None
                nodes += below
            return nodes
        return None

    def _halves(self, split: _Split, box: Box, extra: tuple[Row, ...]) -> list[tuple[Box, tuple[Row, ...]]]:
        node, halves, _ = split
        if halves:
            return [(box, (*extra, *rows)) for rows in halves]
        _, j, value = node
        low, high = box.get(j) or self.boxes[j][:2]
        below = Fraction(value) if high is None else min(high, Fraction(value))
        above = Fraction(value + 1) if low is None else max(low, Fraction(value + 1))
        return [({**box, j: (low, below)}, extra), ({**box, j: (above, high)}, extra)]

    def _leaf(self, box: Box, extra: tuple[Row, ...]) -> tuple[tuple[Any, ...] | None, FloatArray | None]:
        """Return a leaf that proves the branch, else a point of its relaxation where the form is too small, if any."""
        for j, (low, high) in box.items():
            if low is not None and high is not None and low > high:
                return ("crossed", j), None
        model = self._model(box, extra)
        form = dict(self.form)
        step = grid(model, form)
        bound = linear_bound(model, form, {})
        if bound is not None and round_up(bound, step) >= self.target:
            return ("linear", ()), None
        known = len(self.rows)
        for i in range(known, known + len(extra)):
            for sign in (ONE, -ONE):
                empty = linear_bound(model, {}, {i: sign})
                if empty is not None and empty > 0:
                    return ("empty", ((i, sign),)), None
        result = solve(
            NumericProblem.of(model).relaxed().with_cost(dense(form, len(self.boxes))), limits=self.budget.limits
        )
        if result.status == "optimal" and result.row_duals is not None:
            exact = exact_multipliers(model, form, result)
            for multipliers in [*([] if exact is None else [exact]), *rounded_multipliers(result.row_duals.tolist())]:
                bound = linear_bound(model, form, multipliers)
                if bound is not None and round_up(bound, step) >= self.target:
                    return ("linear", tuple(multipliers.items())), None
            return None, result.point
        return (self._emptiness(model) if result.status == "infeasible" else None), None

    def _emptiness(self, model: Formulation) -> tuple[Any, ...] | None:
        relaxed, misses = elastic(model, {})
        problem = NumericProblem.of(relaxed).relaxed().with_cost(dense(misses, len(relaxed.variables)))
        result = solve(problem, limits=self.budget.limits)
        if result.status != "optimal" or result.row_duals is None:
            return None
        exact = exact_multipliers(relaxed, misses, result)
        for multipliers in [*rounded_multipliers(result.row_duals.tolist()), *([] if exact is None else [exact])]:
            bound = linear_bound(model, {}, multipliers)
            if bound is not None and bound > 0:
                return ("empty", tuple(multipliers.items()))
        return None

    def _model(self, box: Box, extra: tuple[Row, ...]) -> Formulation:
        rows = (*self.rows, *extra)
        starts = [0]
        for terms, _, _ in rows:
            starts.append(starts[-1] + len(terms))
        bounds = [box.get(j) or own[:2] for j, own in enumerate(self.boxes)]
        infinite = float("inf")
        return Formulation.build(
            variables=[f"v{j}" for j in range(len(bounds))],
            lower=ExactVector.of(-infinite if low is None else low for low, _ in bounds),
            upper=ExactVector.of(infinite if high is None else high for _, high in bounds),
            kinds=[int(integer) for *_, integer in self.boxes],
            objective=ExactVector.of([0] * len(bounds)),
            rows=[f"r{i}" for i in range(len(rows))],
            row_lower=ExactVector.of(-infinite if low is None else low for _, low, _ in rows),
            row_upper=ExactVector.of(infinite if high is None else high for *_, high in rows),
            indptr=starts,
            columns=[j for terms, _, _ in rows for j, _ in terms],
            coefficients=ExactVector.of(a for terms, _, _ in rows for _, a in terms),
        )


def _inside(point: FloatArray, box: Box, extra: tuple[Row, ...], known: int) -> bool:
    """Say whether a point lies in half of a split: within the box, and within the rows after the first `known`."""
    sides: Iterator[tuple[float, Fraction | None, Fraction | None]] = iter(
        [
            *((float(point[j]), low, high) for j, (low, high) in box.items()),
            *((sum(float(a) * float(point[j]) for j, a in terms), low, high) for terms, low, high in extra[known:]),
        ]
    )
    return all(
        (low is None or value >= float(low) - NEAR) and (high is None or value <= float(high) + NEAR)
        for value, low, high in sides
    )
