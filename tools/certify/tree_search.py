"""The search for a proof by cases: where to split, and the exact linear proof at each leaf."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from tools.exact.budget import Budget
from tools.exact.proofs import Form, grid, linear_bound, round_up
from tools.exact.prover import dense
from tools.exact.vertices import exact_multipliers, rounded_multipliers
from tools.formulation.derive import elastic
from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector, FloatArray
from tools.solvers.gateway import solve
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult

Row = tuple[tuple[tuple[int, Fraction], ...], Fraction | None, Fraction | None]
"""Terms in order, lower and upper side."""

LocalSplit = tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]
"""The node that makes the split, the rows of its halves (none for a branch), and what else is split above a branch."""

Box = dict[int, tuple[Fraction | None, Fraction | None]]

NEAR = 1e-6
"""A solver's point this near to one half of a split is taken to lie in it; a wrong guess costs a proof, no more."""

LARGE = 1e4
"""Coefficients that differ by more than about this are brought nearer to each other before a solver is asked."""

ONE = Fraction(1)


class TreeSearch:
    """Looks for one tree over one local problem: a form, its target, rows, splits, and bounds with integrality."""

    def __init__(self, key: Any, budget: Budget, most_nodes: int) -> None:
        self.form, self.target, self.rows, self.splits, self.boxes = key
        self.budget, self.left = budget, most_nodes

    def tree(self) -> list[tuple[Any, ...]] | None:
        """Return the nodes of a tree in preorder, or None."""
        return self._below({}, (), self.splits)

    def _below(self, box: Box, extra: tuple[Row, ...], splits: tuple[LocalSplit, ...]) -> list[tuple[Any, ...]] | None:
        self.left -= 1
        if self.left < 0 or self.budget.expired:
            return None
        leaf, point = self._leaf(box, extra)
        if leaf is not None:
            return [leaf]
        for split in splits if point is not None else sorted(splits, key=self._remote):
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

    def _remote(self, split: LocalSplit) -> bool:
        """Say whether a split is about no variable of the form."""
        node, halves, _ = split
        about = {j for rows in halves for terms, *_ in rows for j, _ in terms} or {node[1]}
        return about.isdisjoint(j for j, _ in self.form)

    def _halves(self, split: LocalSplit, box: Box, extra: tuple[Row, ...]) -> list[tuple[Box, tuple[Row, ...]]]:
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
        result, factors = self._solve(model, form)
        if result.status == "optimal" and result.row_duals is not None:
            exact = exact_multipliers(model, form, result)
            near = rounded_multipliers((result.row_duals * factors).tolist())
            for multipliers in [*([] if exact is None else [exact]), *near]:
                bound = linear_bound(model, form, multipliers)
                if bound is not None and round_up(bound, step) >= self.target:
                    return ("linear", tuple(multipliers.items())), None
            return None, result.point
        return (self._emptiness(model) if result.status == "infeasible" else None), None

    def _emptiness(self, model: Formulation) -> tuple[Any, ...] | None:
        relaxed, misses = elastic(model, {})
        result, factors = self._solve(relaxed, misses)
        if result.status != "optimal" or result.row_duals is None:
            return None
        exact = exact_multipliers(relaxed, misses, result)
        near = rounded_multipliers((result.row_duals * factors).tolist())
        for multipliers in [*near, *([] if exact is None else [exact])]:
            bound = linear_bound(model, {}, multipliers)
            if bound is not None and bound > 0:
                return ("empty", tuple(multipliers.items()))
        return None

    def _solve(self, model: Formulation, form: Form) -> tuple[SolveResult, FloatArray]:
        """Return what a solver says about the relaxation, scaled where that is needed, and the factors of rows."""
        problem = NumericProblem.of(model).relaxed().with_cost(dense(form, len(model.variables)))
        rows, columns = _factors(problem)
        scaled = problem
        if max(rows.max(initial=1.0), columns.max(initial=1.0)) > LARGE:
            scaled = NumericProblem.build(
                cost=problem.cost * columns,
                lower=problem.lower / columns,
                upper=problem.upper / columns,
                matrix=problem.matrix.multiply(rows[:, None]).multiply(columns[None, :]),
                row_lower=problem.row_lower * rows,
                row_upper=problem.row_upper * rows,
            )
        result = solve(scaled, limits=self.budget.limits)
        if scaled is problem:
            return result, np.ones(len(rows))
        point = None if result.point is None else result.point * columns
        return replace(result, point=point), rows

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


def _factors(problem: NumericProblem) -> tuple[FloatArray, FloatArray]:
    """Return powers of two by which rows and columns may be multiplied so that coefficients come near to 1."""
    matrix = abs(problem.matrix).tocoo()
    rows, columns = np.zeros(matrix.shape[0]), np.zeros(matrix.shape[1])
    sizes = np.log2(matrix.data)
    for _ in range(4):
        for factors, places, by in ((rows, matrix.row, columns), (columns, matrix.col, rows)):
            other = by[matrix.col if factors is rows else matrix.row]
            count = np.maximum(np.bincount(places, minlength=len(factors)), 1)
            factors[:] = -np.bincount(places, sizes + other, minlength=len(factors)) / count
    return np.exp2(np.round(rows)), np.exp2(np.round(columns))


def _inside(point: FloatArray, box: Box, extra: tuple[Row, ...], known: int) -> bool:
    """Say whether a point lies in half of a split: within the box, and within the rows after the first `known`."""
    sides = [(float(point[j]), low, high) for j, (low, high) in box.items()]
    sides += [(sum(float(a) * float(point[j]) for j, a in terms), low, high) for terms, low, high in extra[known:]]
    return all(
        (low is None or value >= float(low) - NEAR) and (high is None or value <= float(high) + NEAR)
        for value, low, high in sides
    )
