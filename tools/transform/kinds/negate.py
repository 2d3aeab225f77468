"""Variables with the opposite sign."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from tools.formulation.model import Formulation
from tools.transform.affine_change import AffineChange
from tools.transform.draft import Column


class Negate(AffineChange):
    """x = −x'. Assumes nothing (a negated binary variable becomes an integer one in [−1, 0]).

    Recovery x = −x', lifting x' = −x.
    """

    name: ClassVar[str] = "negate"
    summary: ClassVar[str] = "variables with the opposite sign"
    needs: ClassVar[str] = "a variable of the model"
    suffix: ClassVar[str] = "negative"

    def places(self, model: Formulation) -> Sequence[str]:
        """Any variable."""
        return model.variables

    def change(self, column: Column, rng: random.Random) -> tuple[Fraction, Fraction]:
        """No shift, and −1."""
        return Fraction(0), Fraction(-1)
