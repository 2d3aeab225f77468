"""Sums of rows as further rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.transform.draft import Draft, Row
from tools.transform.transformation import Maps, Transformation


class ValidInequalities(Transformation):
    """Σ λ_i·a_i·x ≤ Σ λ_i·b_i + r with λ ≥ 0 and r ≥ 0 is added, for rows written as a_i·x ≤ b_i.

    Assumes that the rows have a side; recovery and lifting are the identity.
    """

    name: ClassVar[str] = "valid-inequalities"
    summary: ClassVar[str] = "a nonnegative combination of rows is added as a further row"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "rows"
    needs: ClassVar[str] = "a row with a side"
    most: ClassVar[int | None] = 3

    def places(self, model: Formulation) -> Sequence[str]:
        """Rows with a side."""
        rows = Draft.of(model).rows.values()
        return [row.name for row in rows if row.lower is not None or row.upper is not None]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Append the combination of the chosen rows."""
        total, side = AffineExpression.number(0), Fraction(0)
        for name in chosen:
            form, limit = at_most(draft.rows[name])
            weight = Fraction(rng.choice((1, 1, 2, 3)), rng.choice((1, 1, 2)))
            total, side = total + form * weight, side + limit * weight
        draft.add_row("combined", total.terms, None, side + rng.choice((0, 0, 1)))
        return Maps()


def at_most(row: Row) -> tuple[AffineExpression, Fraction]:
    """Return the form and the limit of one side of the row, written as form ≤ limit."""
    form = AffineExpression(Fraction(0), row.terms)
    if row.upper is not None:
        return form, row.upper
    assert row.lower is not None
    return -form, -row.lower
