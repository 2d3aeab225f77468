"""Products, comparisons and switched values, each by one case."""

from __future__ import annotations

from tools.certify.definitions.realised import Realised, number, total
from tools.certify.space import Space
from tools.mapping.functions.comparison import Comparison
from tools.mapping.functions.product import Product
from tools.mapping.functions.switched import Switched


def realise_product(space: Space, function: Product) -> Realised:
    """Return w = 0 where Σ x_k ≤ n − 1, else 1."""
    made = Realised(space, function)
    factors = [made.value(factor) for factor in dict.fromkeys(function.factors)]
    made.choose(function.output, total(factors), len(factors) - 1, number(0), number(1), step=1, integer=True)
    return made


def realise_comparison(space: Space, function: Comparison) -> Realised:
    """Return o by whether d = right − left is at most 0 (where strict) or at least; with a step g, d/g is whole."""
    made = Realised(space, function)
    difference, step = function.right - function.left, 0
    if function.step is not None:
        difference, step = difference * (1 / function.step), 1
    value = made.value(difference, integer=bool(step))
    if function.strict:
        made.choose(function.output, value, 0, number(0), number(1), step=step, integer=True)
    else:
        made.choose(function.output, -value, 0, number(1), number(0), step=step, integer=True)
    return made


def realise_switched(space: Space, function: Switched) -> Realised:
    """Return w = 0 where the switch is 0, else the value."""
    made = Realised(space, function)
    switch = made.value(function.switch)
    value = made.value(function.of)
    made.choose(function.output, switch, 0, number(0), value, step=1, integer=function.integral)
    return made
