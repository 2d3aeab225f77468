"""Binary codes of a known value: one-hot groups and ordered (unary) binaries with a known sum."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

from tools.completion.rows import OpenRow
from tools.completion.state import Proposal, State
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.one_hot import OneHot
from tools.mapping.functions.threshold import Threshold

ZERO, ONE = Fraction(0), Fraction(1)
MINUS_ONE = Fraction(-1)


class OneHots:
    """Proposes w_k = [e = place k] for binaries with Σ w_k = 1 and Σ c_k·w_k = known, c_k evenly spaced."""

    name: ClassVar[str] = "one-hot groups"

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield one proposal for each pair of such rows."""
        sums = [row for row in state.rows_with(state.focus) if row.is_equality and len(row.terms) > 1]
        for choice in sums:
            side = choice.lower
            if side is None or side.terms or not all(map(state.is_binary, choice.terms)):
                continue
            if any(a != side.constant for a in choice.terms.values()):
                continue
            for value in sums:
                proposal = _one_hot(state, choice, value) if value is not choice else None
                if proposal is not None:
                    yield proposal


def _one_hot(state: State, choice: OpenRow, value: OpenRow) -> Proposal | None:
    if value.lower is None or not value.terms.keys() <= choice.terms.keys():
        return None
    places = sorted((value.terms.get(name, ZERO), name) for name in choice.terms)
    step = places[1][0] - places[0][0]
    if not step or any(c != places[0][0] + k * step for k, (c, _) in enumerate(places)):
        return None
    of = (value.lower - AffineExpression.number(places[0][0])) * (1 / step)
    names = tuple(state.output_name(name) for _, name in places)
    expressions = {name: AffineExpression.variable(output) for (_, name), output in zip(places, names, strict=True)}
    return Proposal(expressions, (OneHot(of, 0, names),))


class Thresholds:
    """Proposes w_k = [e ≥ k] for binaries w_1 ≥ w_2 ≥ … ≥ w_n with a known sum e."""

    name: ClassVar[str] = "ordered binaries"

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield one proposal for each sum whose binaries rows put in one order."""
        for row in state.rows_with(state.focus):
            if not row.is_equality or row.lower is None or len(row.terms) < 2 or not row.lower.terms:
                continue
            weights = set(row.terms.values())
            if len(weights) != 1 or not all(map(state.is_binary, row.terms)):
                continue
            order = _order(state, row)
            if order is None:
                continue
            outputs = tuple(map(state.output_name, order))
            places = tuple(Fraction(k + 1) for k in range(len(order)))
            of = row.lower * (1 / weights.pop())
            yield Proposal(
                {name: AffineExpression.variable(output) for name, output in zip(order, outputs, strict=True)},
                (Threshold(of, ZERO, Fraction(len(order)), places, outputs),),
            )


def _order(state: State, total: OpenRow) -> list[str] | None:
    """Return the binaries, largest first, where rows w_i ≥ w_j make a chain of all of them."""
    following: dict[str, set[str]] = {name: set() for name in total.terms}
    for row in state.rows_with(total.terms):
        if len(row.terms) != 2 or not row.terms.keys() <= total.terms.keys() or row.is_equality:
            continue
        (one, a), (other, b) = row.terms.items()
        if a + b:
            continue
        for side, sign in ((row.lower, 1), (row.upper, -1)):
            if side is not None and side == AffineExpression.number(0):
                above, below = (one, other) if a * sign > 0 else (other, one)
                following[above].add(below)
    starts = following.keys() - set().union(*following.values())
    order: list[str] = []
    while len(starts) == 1:
        order.append(starts.pop())
        rest = following.keys() - set(order)
        starts = rest - set().union(*(following[name] for name in rest)) if rest else set()
    return order if len(order) == len(following) else None
