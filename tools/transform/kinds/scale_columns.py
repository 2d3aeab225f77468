"""Continuous variables in other units."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from tools.formulation.model import Formulation
from tools.transform.affine_change import AffineChange
from tools.transform.draft import Column

FACTORS = [Fraction(1, 100), Fraction(1, 10), Fraction(1, 3), Fraction(1, 2), Fraction(2), Fraction(5), Fraction(12)]


class ScaleColumns(AffineChange):
    """x = s·x' with s > 0 for continuous x.

    Assumes that x is continuous. Recovery x = s·x', lifting x' = x/s.
    """

    name: ClassVar[str] = "scale-columns"
    summary: ClassVar[str] = "continuous variables in other units"
    needs: ClassVar[str] = "a continuous variable"
    suffix: ClassVar[str] = "scaled"

    def places(self, model: Formulation) -> Sequence[str]:
        """Continuous variables."""
        return [name for j, name in enumerate(model.variables) if not model.integer[j]]

    def change(self, column: Column, rng: random.Random) -> tuple[Fraction, Fraction]:
        """A factor from a short list."""
        return Fraction(0), rng.choice(FACTORS)
