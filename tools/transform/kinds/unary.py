"""Integer variables as sums of binaries."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.threshold import Threshold
from tools.transform.draft import ONE, ZERO, Column, Draft, sum_of
from tools.transform.kinds.digits import whole_ranges
from tools.transform.transformation import Maps, Transformation

LARGEST_RANGE = 40


class Unary(Transformation):
    """x = l + Σ z_k with binaries z_1 … z_{u−l} in any order.

    Assumes an integer x with whole bounds, 2 to 40 apart. Recovery x = l + Σ z_k; lifting z_k = [x ≥ l + k], a total
    function (one of many liftings).
    """

    name: ClassVar[str] = "unary"
    summary: ClassVar[str] = "integer variables as sums of binaries"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = f"an integer variable with whole bounds, 2 to {LARGEST_RANGE} apart"
    most: ClassVar[int | None] = 2
    ordered: ClassVar[bool] = False

    def places(self, model: Formulation) -> Sequence[str]:
        """Integer variables in a short range."""
        return list(whole_ranges(Draft.of(model), LARGEST_RANGE, declared=True)) if model.integer.any() else []

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Exchange each chosen variable for its binaries."""
        maps = Maps()
        ranges = whole_ranges(draft, LARGEST_RANGE, declared=True)
        for name in chosen:
            lower, upper = ranges[name]
            steps = range(1, int(upper - lower) + 1)
            codes = [draft.add_column(Column(f"{name}_step{k}", Kind.BINARY, ZERO, ONE)).name for k in steps]
            if self.ordered:
                for below, above in pairwise(codes):
                    draft.add_row(f"{above}_order", {below: ONE, above: -ONE}, ZERO, None)
            maps.recovery[name] = sum_of(codes, lower)
            maps.lifting.update({code: AffineExpression.variable(code) for code in codes})
            thresholds = tuple(lower + Fraction(k) for k in steps)
            maps.functions.append(Threshold(AffineExpression.variable(name), lower, upper, thresholds, tuple(codes)))
        draft.substitute(maps.recovery)
        return maps
