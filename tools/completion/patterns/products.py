"""Products of binaries, and their complements' products: w ≤ a, w ≤ b, w ≥ a + b − 1; w ≥ a, w ≥ b, w ≤ a + b."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

from tools.completion.limits import limits_of
from tools.completion.state import Proposal, State
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.product import Product

ONE = AffineExpression.number(1)
UNIT = (Fraction(0), Fraction(1))


class Products:
    """Proposes "all of these" for what several binary expressions hold down, "any of these" for what they hold up.

    The variable lies between 0 and 1, and every row that needs it large, or small, is its own.
    """

    name: ClassVar[str] = "products"

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield one proposal a variable and reading."""
        for name in state.focus:
            if state.bounds(name) != UNIT:
                continue
            limits = limits_of(state, name)
            down = [e for e in limits.uppers if e.terms and state.is_zero_one(e)]
            up = [e for e in limits.lowers if e.terms and state.is_zero_one(e)]
            output = state.output_name(name)
            value = AffineExpression.variable(output)
            if len(down) > 1 and not limits.held_down:
                yield Proposal({name: value}, (Product(tuple(down), output),))
            if len(up) > 1 and not limits.held_up:
                yield Proposal({name: ONE - value}, (Product(tuple(ONE - e for e in up), output),))
