"""What rows with a single open variable say about it, as expressions in what is known."""

from __future__ import annotations

from dataclasses import dataclass

from tools.completion.rows import OBJECTIVE, OpenRow
from tools.completion.state import State
from tools.mapping.affine import AffineExpression


@dataclass(frozen=True)
class Limits:
    """`lowers` ≤ w ≤ `uppers` by rows of w alone; what else holds w, from below or above, are the rows in `shared`.

    The variable's own bounds and the objective are left out.
    """

    lowers: tuple[AffineExpression, ...]
    uppers: tuple[AffineExpression, ...]
    shared: tuple[OpenRow, ...]
    held_up: bool
    """Whether some shared row may need w to be large."""
    held_down: bool
    """Whether some shared row may need w to be small."""


def limits_of(state: State, name: str) -> Limits:
    """Return the limits of an open variable."""
    lowers: list[AffineExpression] = []
    uppers: list[AffineExpression] = []
    shared: list[OpenRow] = []
    up = down = False
    for row in state.rows_with((name,)):
        if row.label == OBJECTIVE:
            continue
        a = row.terms[name]
        below, above = (row.lower, row.upper) if a > 0 else (row.upper, row.lower)
        if len(row.terms) > 1:
            shared.append(row)
            up = up or below is not None
            down = down or above is not None
            continue
        if below is not None:
            lowers.append(below * (1 / a))
        if above is not None:
            uppers.append(above * (1 / a))
    return Limits(tuple(dict.fromkeys(lowers)), tuple(dict.fromkeys(uppers)), tuple(shared), up, down)


def with_bounds(state: State, name: str, limits: Limits) -> tuple[list[AffineExpression], list[AffineExpression]]:
    """Return the lower and the upper limits, the variable's own bounds among them where no other limit covers these."""
    low, high = state.bounds(name)
    lowers, uppers = list(limits.lowers), list(limits.uppers)
    if low is not None and not any(state.range_of(expression)[0] >= low for expression in lowers):
        lowers.append(AffineExpression.number(low))
    if high is not None and not any(state.range_of(expression)[1] <= high for expression in uppers):
        uppers.append(AffineExpression.number(high))
    return lowers, uppers


def dominant(state: State, expressions: list[AffineExpression], *, greatest: bool) -> list[AffineExpression]:
    """Return the expressions without those that another one covers at every sample point; the first of equals stays."""
    values = [state.values_of(expression) for expression in expressions]
    kept: list[int] = []
    for i, mine in enumerate(values):
        covered = False
        for j, other in enumerate(values):
            if j == i or not all((b >= a) if greatest else (b <= a) for a, b in zip(mine, other, strict=True)):
                continue
            covered = covered or other != mine or j < i
        if not covered:
            kept.append(i)
    return [expressions[i] for i in kept]
