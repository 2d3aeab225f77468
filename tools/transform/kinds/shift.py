"""Variables counted from another zero."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from tools.formulation.model import Formulation
from tools.transform.affine_change import AffineChange
from tools.transform.draft import Column


class Shift(AffineChange):
    """x = k + x': k is the lower bound where that is not 0, a small whole number elsewhere.

    Assumes nothing (a shifted binary variable becomes an integer one). Recovery x = k + x', lifting x' = x − k.
    """

    name: ClassVar[str] = "shift"
    summary: ClassVar[str] = "variables counted from another zero"
    needs: ClassVar[str] = "a variable of the model"
    suffix: ClassVar[str] = "shifted"

    def places(self, model: Formulation) -> Sequence[str]:
        """Any variable whose shift keeps it integer where it is."""
        return model.variables

    def change(self, column: Column, rng: random.Random) -> tuple[Fraction, Fraction]:
        """The lower bound, or a number from 1 to 5 with either sign."""
        whole = column.lower is not None and (not column.integral or column.lower.denominator == 1)
        if column.lower and whole:
            return column.lower, Fraction(1)
        return Fraction(rng.choice((-1, 1)) * rng.randint(1, 5)), Fraction(1)
