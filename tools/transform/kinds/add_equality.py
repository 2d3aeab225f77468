"""A multiple of an equality added to other rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.transform.draft import Draft, Row
from tools.transform.transformation import Maps, Transformation

WEIGHTS = (-2, -1, 1, 2, 3)


class AddEquality(Transformation):
    """l ≤ a·x ≤ u becomes l + k·b ≤ (a + k·e)·x ≤ u + k·b, where e·x = b is another row.

    Assumes that there is an equality, which stays; recovery and lifting are the identity.
    """

    name: ClassVar[str] = "add-equality"
    summary: ClassVar[str] = "a multiple of an equality is added to other rows"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "rows"
    needs: ClassVar[str] = "a row beside some equality"

    def places(self, model: Formulation) -> Sequence[str]:
        """Every row, provided that some other one is an equality."""
        rows = Draft.of(model).rows
        equalities = {row.name for row in rows.values() if row.is_equality and row.terms}
        return [name for name in rows if equalities - {name}]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Add the same equality to every chosen row but itself."""
        equalities = [row for row in draft.rows.values() if row.is_equality and row.terms]
        outside = [row for row in equalities if row.name not in chosen]
        equality = rng.choice(outside or [row for row in equalities if [row.name] != list(chosen)])
        assert equality.lower is not None
        for name in chosen:
            if name != equality.name:
                weight = Fraction(rng.choice(WEIGHTS))
                row = draft.rows[name]
                total = (
                    AffineExpression(Fraction(0), row.terms) + AffineExpression(Fraction(0), equality.terms) * weight
                )
                shift = weight * equality.lower
                low, high = (None if side is None else side + shift for side in (row.lower, row.upper))
                draft.rows[name] = Row(name, dict(total.terms), low, high)
        return Maps()
