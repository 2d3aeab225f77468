"""Bounds of variables written as rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.transform.draft import Draft
from tools.transform.transformation import Maps, Transformation


class BoundsAsRows(Transformation):
    """l ≤ x ≤ u becomes a free variable x with the row l ≤ x ≤ u.

    Assumes a bound (a binary variable becomes an integer one); recovery and lifting are the identity.
    """

    name: ClassVar[str] = "bounds-as-rows"
    summary: ClassVar[str] = "bounds of variables are written as rows"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "a variable with a bound"
    most: ClassVar[int | None] = 6

    def places(self, model: Formulation) -> Sequence[str]:
        """Variables with a bound."""
        return [
            name
            for j, name in enumerate(model.variables)
            if model.lower.finite(j) is not None or model.upper.finite(j) is not None
        ]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Move the bounds of the chosen variables."""
        for name in chosen:
            column = draft.columns[name]
            kind = Kind.INTEGER if column.integral else Kind.CONTINUOUS
            draft.require(f"{name}_bounds", AffineExpression.variable(name), column.lower, column.upper)
            draft.columns[name] = replace(column, kind=kind, lower=None, upper=None)
        return Maps()
