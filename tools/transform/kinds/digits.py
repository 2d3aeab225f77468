"""Integer variables written with digits."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.digits import Digits as DigitsFunction
from tools.transform.draft import ZERO, Column, Draft, Side
from tools.transform.implied_bounds import implied_bounds
from tools.transform.transformation import Maps, Parameter, Transformation

LARGEST_RANGE = 10**9


class Digits(Transformation):
    """x = l + Σ base^k·d_k with whole digits 0 ≤ d_k ≤ base − 1, k = 0 … n − 1, and x ≤ u as a row.

    Assumes an integer x with a lower bound l and an upper one, declared or implied by a row: n is the least number of
    places that reach it; where u is only implied or all digits at base − 1 give u, the row is left out. Recovery
    x = l + Σ base^k·d_k; lifting: the digits of x − l, a total function. Source: base-10 representations in
    EquivaFormulation (EquivaMap, ICML 2025).
    """

    name: ClassVar[str] = "digits"
    summary: ClassVar[str] = "integer variables as sums of digits (base 10; digits=2 for base 2)"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "an integer variable with whole bounds, declared or implied by a row, at least 2 apart"
    parameter: ClassVar[Parameter | None] = Parameter("the base", 2, 1000, 10)
    most: ClassVar[int | None] = 3
    capped: ClassVar[bool] = False

    def places(self, model: Formulation) -> Sequence[str]:
        """Integer variables of two or more steps between bounds."""
        if not model.integer.any():
            return []
        return list(whole_ranges(Draft.of(model), LARGEST_RANGE))

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Exchange each chosen variable for its digits."""
        maps = Maps()
        ranges = whole_ranges(draft, LARGEST_RANGE)
        replacements: dict[str, AffineExpression] = {}
        limits: list[tuple[str, AffineExpression, Side]] = []
        for name in chosen:
            lower, upper = ranges[name]
            places = places_of(int(upper - lower), parameter)
            function, total = self.add_digits(draft, name, lower, parameter, places, int(upper - lower))
            maps.functions.append(function)
            maps.lifting.update({digit: AffineExpression.variable(digit) for digit in function.names})
            maps.recovery[name] = replacements[name] = total
            highest = lower + sum((a * (draft.columns[digit].upper or ZERO) for digit, a in total.terms.items()), ZERO)
            declared = draft.columns[name].upper
            if declared is not None and highest > declared:
                limits.append((f"{name}_limit", total, declared))
        draft.substitute(replacements)
        for label, total, limit in limits:
            draft.require(label, total, None, limit)
        return maps

    def add_digits(
        self, draft: Draft, name: str, lower: Fraction, base: int, places: int, span: int
    ) -> tuple[DigitsFunction, AffineExpression]:
        """Add the digits of one variable; return the function that gives them and the sum that they make."""
        names = []
        for k in range(places):
            most = base - 1
            if self.capped and k == places - 1:
                most = span // base**k
            kind = Kind.BINARY if most == 1 else Kind.INTEGER
            names.append(draft.add_column(Column(f"{name}_digit{k}", kind, ZERO, Fraction(most))).name)
        total = AffineExpression(lower, {digit: Fraction(base**k) for k, digit in enumerate(names)})
        return DigitsFunction(AffineExpression(-lower, {name: Fraction(1)}), base, tuple(names)), total


def whole_ranges(draft: Draft, most: int, declared: bool = False) -> dict[str, tuple[Fraction, Fraction]]:
    """Return bounds of the integer variables with a declared whole lower and an upper bound, 2 to `most` apart.

    The upper bound may be one that a row implies, unless only `declared` ones are asked for.
    """
    bounds = {name: (c.lower, c.upper) for name, c in draft.columns.items()} if declared else implied_bounds(draft)
    found: dict[str, tuple[Fraction, Fraction]] = {}
    for name, column in draft.columns.items():
        upper = bounds[name][1]
        lower = column.lower
        if not column.integral or lower is None or upper is None or lower.denominator > 1 or upper.denominator > 1:
            continue
        if 2 <= upper - lower <= most:
            found[name] = (lower, upper)
    return found


def places_of(number: int, base: int) -> int:
    """Return how many digits `number` ≥ 0 has, at least one."""
    places = 1
    while base**places <= number:
        places += 1
    return places
