"""Rows in other units."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.transform.draft import Draft
from tools.transform.transformation import Maps, Transformation

FACTORS = [
    Fraction(k) * sign for k in (Fraction(1, 10), Fraction(1, 3), Fraction(1, 2), 2, 3, 7, 10) for sign in (1, -1)
]
FACTORS.append(Fraction(-1))


class ScaleRows(Transformation):
    """l ≤ a·x ≤ u becomes s·l ≤ s·a·x ≤ s·u with s ≠ 0; a negative s swaps the sides.

    Assumes nothing; recovery and lifting are the identity.
    """

    name: ClassVar[str] = "scale-rows"
    summary: ClassVar[str] = "rows multiplied by numbers other than zero"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "rows"
    needs: ClassVar[str] = "a row of the model"
    most: ClassVar[int | None] = None

    def places(self, model: Formulation) -> Sequence[str]:
        """Any row."""
        return model.rows

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Multiply each chosen row."""
        for name in chosen:
            draft.rows[name] = draft.rows[name].scaled(rng.choice(FACTORS))
        return Maps()
