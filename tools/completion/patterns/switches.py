"""Values that a binary switches on and off: l·b ≤ w ≤ u·b and l·(1 − b) ≤ v − w ≤ u·(1 − b)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

from tools.completion.limits import limits_of
from tools.completion.state import Proposal, State
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.switched import Switched

ZERO, ONE = Fraction(0), AffineExpression.number(1)


class Switches:
    """Proposes w = b · v where an upper and a lower limit of w differ by a multiple of 1 − b, and b switches w off."""

    name: ClassVar[str] = "switches"

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield proposals variable by variable."""
        for name in state.focus:
            limits = limits_of(state, name)
            for switch, least in _switches(state, name, limits.lowers, limits.uppers):
                off = ONE - switch
                for upper in limits.uppers:
                    for lower in limits.lowers:
                        range_ = _multiple(upper - lower, off)
                        if range_ is None or range_ <= 0:
                            continue
                        output = state.output_name(name)
                        whole = state.is_integer(name)
                        value = upper + off * least
                        function = Switched(switch, value, least, least + range_, output, whole)
                        yield Proposal({name: AffineExpression.variable(output)}, (function,))


def _switches(
    state: State, name: str, lowers: tuple[AffineExpression, ...], uppers: tuple[AffineExpression, ...]
) -> Iterator[tuple[AffineExpression, Fraction]]:
    """Yield binary expressions b with w ≤ u·b, and the l with l·b ≤ w."""
    for upper in uppers:
        values = {value for value in state.values_of(upper) if value}
        if not upper.terms or len(values) != 1:
            continue
        switch = upper * (1 / next(iter(values)))
        low, _ = state.bounds(name)
        least = next((factor for lower in lowers if (factor := _multiple(lower, switch)) is not None), None)
        if least is None and low is not None and low >= 0:
            least = ZERO
        if least is not None:
            yield switch, least


def _multiple(expression: AffineExpression, of: AffineExpression) -> Fraction | None:
    """Return the factor with expression = factor · of, or None."""
    if not of.terms:
        return None
    name, coefficient = next(iter(of.terms.items()))
    factor = expression.terms.get(name, ZERO) / coefficient
    return factor if expression == of * factor else None
