"""Variables as sums of two."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.transform.draft import ONE, ZERO, Column, Draft, Side
from tools.transform.transformation import Maps, Transformation


class Disaggregate(Transformation):
    """x = l + x' + x'' with x', x'' ≥ 0, and x' + x'' ≤ u − l as a row where there is an upper bound u.

    Assumes a lower bound l, a whole one where x is integer. Recovery x = l + x' + x''; lifting x' = x − l, x'' = 0.
    """

    name: ClassVar[str] = "disaggregate"
    summary: ClassVar[str] = "variables as sums of two nonnegative ones"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "a variable with a lower bound (a whole one if it is integer)"

    def places(self, model: Formulation) -> Sequence[str]:
        """Variables that are bounded below."""
        found = []
        for j, name in enumerate(model.variables):
            lower = model.lower.finite(j)
            if lower is not None and (not model.integer[j] or lower.denominator == 1):
                found.append(name)
        return found

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Exchange each chosen variable for two."""
        maps = Maps()
        limits: list[tuple[str, AffineExpression, Side]] = []
        for name in chosen:
            column = draft.columns[name]
            assert column.lower is not None
            kind = Kind.INTEGER if column.integral else Kind.CONTINUOUS
            first = draft.add_column(Column(f"{name}_one", kind, ZERO, None))
            second = draft.add_column(Column(f"{name}_two", kind, ZERO, None))
            total = AffineExpression(column.lower, {first.name: ONE, second.name: ONE})
            maps.recovery[name] = total
            maps.lifting[first.name] = AffineExpression(-column.lower, {name: ONE})
            maps.lifting[second.name] = AffineExpression.number(0)
            limits.append((f"{name}_limit", total, column.upper))
        draft.substitute(maps.recovery)
        for label, total, limit in limits:
            draft.require(label, total, None, limit)
        return maps
