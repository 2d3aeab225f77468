"""Listing every point of a small, finite feasible set, exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from tools.exact.proofs import bounds_of
from tools.exact.prover import Prover
from tools.formulation.model import Formulation

LARGEST_TREE = 50
"""The search visits at most this many nodes for each point it may list."""


def finite_bounds(prover: Prover) -> list[tuple[int, int]] | None:
    """Return integer bounds of every variable that hold on the whole set, or None when one is not known to be finite.

    Only sets whose variables are all integer qualify; a missing bound is proved by an LP with exact multipliers.
    """
    model = prover.model
    if not model.integer.all() or len(model.variables) > 60:
        return None
    bounds = []
    for j in range(len(model.variables)):
        low, high = bounds_of(model, j)
        low = _proved_bound(prover, j, 1) if low is None else low
        high = _proved_bound(prover, j, -1) if high is None else high
        if low is None or high is None:
            return None
        bounds.append((math.ceil(low), math.floor(high)))
    return bounds


def _proved_bound(prover: Prover, j: int, sign: int) -> Fraction | None:
    proof = prover.linear_lower_bound({j: Fraction(sign)})
    return None if proof is None else proof.bound * sign


def enumerate_points(prover: Prover, limit: int) -> list[list[Fraction]] | None:
    """Return all points of the set, or None when it is not known to be finite or holds more than `limit`.

    Depth-first over the variables; a row prunes when its activity over the open variables' bounds cannot meet a side.
    """
    bounds = finite_bounds(prover)
    if bounds is None:
        return None
    if any(low > high for low, high in bounds):
        return []
    rows = _rows(prover.model)
    budget = [limit * LARGEST_TREE]
    found: list[list[Fraction]] = []
    spans = [_spans(terms, bounds) for terms, _, _ in rows]
    rows_of: list[list[int]] = [[] for _ in bounds]
    for i, (terms, _, _) in enumerate(rows):
        for j in terms:
            rows_of[j].append(i)
    fixed = [Fraction(0) for _ in rows]
    remaining = [[sum((s[0] for s in span.values()), Fraction(0)), sum((s[1] for s in span.values()), Fraction(0))]
                 for span in spans]  # fmt: skip
    if any(_impossible(fixed[i], remaining[i], rows[i][1], rows[i][2]) for i in range(len(rows))):
        return []
    point: list[int] = []

    def visit(j: int) -> bool:
        """Extend `point` from variable j on; False when the budget is spent."""
        if budget[0] <= 0 or prover.budget.expired:
            return False
        if j == len(bounds):
            found.append([Fraction(value) for value in point])
            return len(found) <= limit
        for value in range(bounds[j][0], bounds[j][1] + 1):
            budget[0] -= 1
            if budget[0] <= 0:
                return False
            for i in rows_of[j]:
                fixed[i] += rows[i][0][j] * value
                remaining[i][0] -= spans[i][j][0]
                remaining[i][1] -= spans[i][j][1]
            point.append(value)
            possible = not any(_impossible(fixed[i], remaining[i], rows[i][1], rows[i][2]) for i in rows_of[j])
            finished = not possible or visit(j + 1)
            point.pop()
            for i in rows_of[j]:
                fixed[i] -= rows[i][0][j] * value
                remaining[i][0] += spans[i][j][0]
                remaining[i][1] += spans[i][j][1]
            if not finished:
                return False
        return True

    return found if visit(0) and len(found) <= limit else None


Row = tuple[Mapping[int, Fraction], Fraction | None, Fraction | None]


def _rows(model: Formulation) -> list[Row]:
    return [(model.row_terms(i), model.row_lower.finite(i), model.row_upper.finite(i)) for i in range(len(model.rows))]


def _spans(terms: Mapping[int, Fraction], bounds: list[tuple[int, int]]) -> dict[int, tuple[Fraction, Fraction]]:
    return {
        j: (min(a * bounds[j][0], a * bounds[j][1]), max(a * bounds[j][0], a * bounds[j][1])) for j, a in terms.items()
    }


def _impossible(fixed: Fraction, rest: list[Fraction], low: Fraction | None, high: Fraction | None) -> bool:
    return (low is not None and fixed + rest[1] < low) or (high is not None and fixed + rest[0] > high)
