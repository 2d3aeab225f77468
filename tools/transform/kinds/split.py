"""Bounded variables as sums of smaller ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.greedy_fill import GreedyFill
from tools.transform.draft import ONE, ZERO, Column, Draft, sum_of
from tools.transform.transformation import Maps, Parameter, Transformation


class Split(Transformation):
    """x = l + Σ x_k with 0 ≤ x_k ≤ u_k, where Σ u_k = u − l.

    Assumes bounds l < u; for an integer x whole ones, at least as far apart as there are parts, and the x_k are
    integer. Recovery x = l + Σ x_k; lifting: x − l fills the parts one after the other, a total function.
    """

    name: ClassVar[str] = "split"
    summary: ClassVar[str] = "bounded variables as sums of 2 smaller ones (split=3 for 3)"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "a variable with two different bounds (for an integer one whole and 2 apart)"
    parameter: ClassVar[Parameter | None] = Parameter("the number of parts", 2, 20, 2)

    def places(self, model: Formulation) -> Sequence[str]:
        """Variables between two bounds."""
        found = []
        for j, name in enumerate(model.variables):
            lower, upper = model.lower.finite(j), model.upper.finite(j)
            if lower is None or upper is None or lower >= upper:
                continue
            if not model.integer[j] or (lower.denominator == upper.denominator == 1 and upper - lower >= 2):
                found.append(name)
        return found

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Exchange each chosen variable for its parts."""
        maps = Maps()
        for name in chosen:
            column = draft.columns[name]
            assert column.lower is not None
            assert column.upper is not None
            span = column.upper - column.lower
            capacities = _parts(span, parameter, column.integral, rng)
            kind = Kind.INTEGER if column.integral else Kind.CONTINUOUS
            parts = [
                draft.add_column(Column(f"{name}_part{k}", kind, ZERO, capacity)).name
                for k, capacity in enumerate(capacities, 1)
            ]
            maps.recovery[name] = sum_of(parts, column.lower)
            maps.lifting.update({part: AffineExpression.variable(part) for part in parts})
            maps.functions.append(
                GreedyFill(
                    AffineExpression(-column.lower, {name: ONE}),
                    tuple(AffineExpression.number(capacity) for capacity in capacities),
                    tuple(parts),
                    column.integral,
                )
            )
        draft.substitute(maps.recovery)
        return maps


def _parts(span: Fraction, count: int, whole: bool, rng: random.Random) -> list[Fraction]:
    """Return `count` positive capacities (fewer where whole ones do not suffice) that sum to `span`."""
    if whole:
        cuts = sorted(rng.sample(range(1, int(span)), min(count, int(span)) - 1))
        ends = [0, *cuts, int(span)]
        return [Fraction(above - below) for below, above in pairwise(ends)]
    weights = [Fraction(rng.randint(1, 4)) for _ in range(count)]
    return [span * weight / sum(weights) for weight in weights]
