"""Known totals to be split: digits and other parts within constant bounds, shares within known capacities."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import ClassVar

from tools.completion.limits import Limits, dominant, limits_of, with_bounds
from tools.completion.rows import OpenRow
from tools.completion.state import Proposal, State
from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.extremum import Minimum
from tools.mapping.functions.greedy_fill import GreedyFill
from tools.mapping.functions.protocol import TotalFunction
from tools.mapping.functions.weighted_sum import Part, WeightedSum

ZERO = Fraction(0)


class Splits:
    """Proposes parts of a total Σ a_k·w_k = e over variables that nothing but constant bounds restricts otherwise."""

    name: ClassVar[str] = "splits"

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield one proposal a row."""
        for row, total, limits in _totals(state):
            if not row.is_equality or any(
                expression.terms for entry in limits.values() for expression in (*entry.lowers, *entry.uppers)
            ):
                continue
            parts = tuple(_part(state, name, a, limits[name]) for name, a in row.terms.items())
            function = _weighted_sum(state, total, parts)
            if function is not None:
                outputs = {name: part.name for name, part in zip(row.terms, parts, strict=True)}
                yield Proposal(
                    {name: AffineExpression.variable(output) for name, output in outputs.items()}, (function,)
                )


class Fillings:
    """Proposes to fill known capacities w_k ≤ u_k one after the other from the total Σ w_k = e, cheapest first."""

    name: ClassVar[str] = "fillings"

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield one proposal a row."""
        for row, total, limits in _totals(state):
            weights = set(row.terms.values())
            if len(weights) != 1 or any(state.bounds(name)[0] != 0 for name in row.terms):
                continue
            filled = total * (1 / weights.pop())
            order = sorted(row.terms, key=lambda name: (state.cost(name), state.task.target.variable_index[name]))
            functions: list[TotalFunction] = []
            capacities: list[AffineExpression] = []
            for name in order:
                uppers = dominant(state, with_bounds(state, name, limits[name])[1], greatest=False)
                if len(uppers) > 1:
                    least = f"{state.output_name(name)} room"
                    functions.append(Minimum(tuple(uppers), least, integral=state.is_integer(name)))
                    uppers = [AffineExpression.variable(least)]
                capacities.append(uppers[0] if uppers else filled)
            outputs = tuple(map(state.output_name, order))
            whole = all(map(state.is_integer, order))
            functions.append(GreedyFill(filled, tuple(capacities), outputs, whole))
            yield Proposal(
                {name: AffineExpression.variable(output) for name, output in zip(order, outputs, strict=True)},
                tuple(functions),
            )


def _totals(state: State) -> Iterator[tuple[OpenRow, AffineExpression, dict[str, Limits]]]:
    """Yield rows over several variables that share no other row, the total that they ask for, and their own limits."""
    for row in state.rows_with(state.focus):
        side = row.lower if next(iter(row.terms.values())) > 0 else row.upper
        if side is None or len(row.terms) < 2 or not row.terms.keys() <= set(state.focus):
            continue
        limits = {name: limits_of(state, name) for name in row.terms}
        if all(len(entry.shared) == 1 for entry in limits.values()):
            yield row, side, limits


def _part(state: State, name: str, weight: Fraction, limits: Limits) -> Part:
    low, high = state.bounds(name)
    low = max((e.constant for e in limits.lowers), default=low) if low is None else _most(low, limits.lowers)
    high = min((e.constant for e in limits.uppers), default=high) if high is None else _least(high, limits.uppers)
    return Part(state.output_name(name), weight, low, high, state.is_integer(name))


def _most(bound: Fraction, constants: Sequence[AffineExpression]) -> Fraction:
    return max([bound, *(e.constant for e in constants)])


def _least(bound: Fraction, constants: Sequence[AffineExpression]) -> Fraction:
    return min([bound, *(e.constant for e in constants)])


def _weighted_sum(state: State, total: AffineExpression, parts: Sequence[Part]) -> WeightedSum | None:
    """Return the split for all values that the parts' bounds allow or, where gaps forbid that, that samples show."""
    ends: list[Fraction | None] = []
    for upper in (False, True):
        sides = [part.upper if (part.weight > 0) == upper else part.lower for part in parts]
        known = [side for side in sides if side is not None]
        weighed = sum((p.weight * s for p, s in zip(parts, sides, strict=True) if s is not None), ZERO)
        ends.append(weighed if len(known) == len(parts) else None)
    step: Fraction | None = None
    if all(part.integer for part in parts):
        scale = math.lcm(*(part.weight.denominator for part in parts))
        step = Fraction(math.gcd(*(int(part.weight * scale) for part in parts)), scale)
    least, most = state.range_of(total)
    for low, high in ((ends[0], ends[1]), (least, most)):
        try:
            return WeightedSum(total, tuple(parts), low, high, step)
        except MappingError:
            continue
    return None
