"""Binaries that tell which of two values is less: big-M rows e₁ − e₂ + M·o ≤ … and e₂ − e₁ − M·o ≤ …."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from tools.completion.limits import limits_of
from tools.completion.state import Proposal, State
from tools.exact.prover import Prover
from tools.mapping.affine import AffineExpression
from tools.mapping.extension import Extension
from tools.mapping.functions.comparison import Comparison

ZERO, ONE = Fraction(0), Fraction(1)


class Comparisons:
    """Proposes o = [threshold < d] for a binary that rows hold up where d is large, or down where it is small.

    A lower limit l forces o = 1 where l > 0, an upper limit u allows it where u ≥ 1. Where both are increasing in the
    same d there may be a gap between the two: the threshold is then its middle, since nothing lies in it.
    """

    name: ClassVar[str] = "comparisons"

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield proposals binary by binary."""
        for name in state.focus:
            if not state.is_binary(name):
                continue
            limits = limits_of(state, name)
            for reading in _readings(limits.lowers, limits.uppers):
                yield from _proposals(state, name, reading)


@dataclass(frozen=True)
class _Reading:
    """o must be 1 where d = `value` exceeds `forced`, may be 1 from `allowed` on, and rows keep d within its bounds.

    These bounds are what the rows say for o = 1 and o = 0: no o would do outside them.
    """

    value: AffineExpression
    forced: Fraction | None = None
    allowed: Fraction | None = None
    lower: Fraction | None = None
    upper: Fraction | None = None


def _readings(lowers: tuple[AffineExpression, ...], uppers: tuple[AffineExpression, ...]) -> Iterator[_Reading]:
    """Yield readings of pairs of limits in the same d first, then of single ones."""
    up = [(*_direction(limit), limit.constant) for limit in lowers if limit.terms]
    down = [(*_direction(limit), limit.constant) for limit in uppers if limit.terms]
    for value, scale, constant in up:
        for other, its_scale, its_constant in down:
            if other == value:
                yield _Reading(
                    value, -constant / scale, (1 - its_constant) / its_scale,
                    -its_constant / its_scale, (1 - constant) / scale,
                )  # fmt: skip
    for value, scale, constant in up:
        yield _Reading(value, forced=-constant / scale, upper=(1 - constant) / scale)
    for value, scale, constant in down:
        yield _Reading(value, allowed=(1 - constant) / scale, lower=-constant / scale)


def _direction(expression: AffineExpression) -> tuple[AffineExpression, Fraction]:
    """Return d and scale > 0 with expression = scale · d + constant, coefficients of d coprime whole numbers."""
    scale = math.lcm(*(a.denominator for a in expression.terms.values()))
    factor = Fraction(math.gcd(*(int(a * scale) for a in expression.terms.values())), scale)
    return AffineExpression(ZERO, expression.terms) * (1 / factor), factor


def _proposals(state: State, name: str, reading: _Reading) -> Iterator[Proposal]:
    output = state.output_name(name)
    known = {name: AffineExpression.variable(output)}
    value, forced, allowed = reading.value, reading.forced, reading.allowed
    lower = reading.lower if reading.lower is not None else _least(state, value)
    upper = reading.upper if reading.upper is not None else _least(state, -value)
    if reading.upper is None and upper is not None:
        upper = -upper

    def compared(place: Fraction, strict: bool, step: Fraction | None) -> Proposal:
        ends = (None if lower is None else lower - place, None if upper is None else upper - place)
        left = AffineExpression.number(place)
        return Proposal(known, (Comparison(left, value, strict, ends[0], ends[1], output, step),))

    def stepped() -> Iterator[Proposal]:
        if forced is not None:
            yield compared(Fraction(math.floor(forced)), True, ONE)
        if allowed is not None:
            yield compared(Fraction(math.ceil(allowed)), False, ONE)

    integral = state.is_integral(value)
    if integral:
        yield from stepped()
    if forced is not None and allowed is not None:
        yield compared((forced + allowed) / 2, True, None)
        yield compared((forced + allowed) / 2, False, None)
    elif forced is not None:
        yield compared(forced, True, None)
    elif allowed is not None:
        yield compared(allowed, False, None)
    if not integral and state.is_whole(value):
        yield from stepped()


def _least(state: State, value: AffineExpression) -> Fraction | None:
    """Return a lower bound of an expression that a linear program proves over the source, or None."""
    source = state.task.samples.source
    model = Extension(state.functions).needed_for(set(value.terms)).extend(source.model)
    prover = source if model is source.model else Prover(model, source.budget)
    proof = prover.linear_lower_bound({model.variable_index[v]: a for v, a in value.terms.items()})
    return None if proof is None else proof.bound
