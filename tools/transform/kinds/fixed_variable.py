"""A constant as a fixed variable."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.transform.draft import Column, Draft
from tools.transform.transformation import Maps, Transformation


class FixedVariable(Transformation):
    """l ≤ a·x ≤ u becomes l + k·c ≤ a·x + k·z ≤ u + k·c with a new variable c ≤ z ≤ c, in one or several rows.

    Assumes nothing. Recovery forgets z, lifting sets z = c.
    """

    name: ClassVar[str] = "fixed-variable"
    summary: ClassVar[str] = "a variable fixed by its bounds enters rows"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "rows"
    needs: ClassVar[str] = "a row of the model"

    def places(self, model: Formulation) -> Sequence[str]:
        """Any row."""
        return model.rows

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Add one variable to all chosen rows."""
        value = Fraction(rng.randint(1, 9))
        fixed = draft.add_column(Column("fixed", Kind.CONTINUOUS, value, value))
        for name in chosen:
            row = draft.rows[name]
            weight = Fraction(rng.choice((-2, -1, 1, 2)))
            low, high = (None if side is None else side + weight * value for side in (row.lower, row.upper))
            draft.rows[name] = replace(row, terms={**row.terms, fixed.name: weight}, lower=low, upper=high)
        return Maps(lifting={fixed.name: AffineExpression.number(value)})
