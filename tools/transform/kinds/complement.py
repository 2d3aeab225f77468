"""Variables counted down from their upper bounds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from tools.formulation.model import Formulation
from tools.transform.affine_change import AffineChange
from tools.transform.draft import Column


class Complement(AffineChange):
    """x = u − x' with u the upper bound; a binary variable becomes its negation.

    Assumes an upper bound, a whole one where x is integer. Recovery x = u − x', lifting x' = u − x.
    """

    name: ClassVar[str] = "complement"
    summary: ClassVar[str] = "variables counted down from their upper bounds; binaries negated"
    needs: ClassVar[str] = "a variable with an upper bound (a whole one if it is integer)"
    suffix: ClassVar[str] = "rest"

    def places(self, model: Formulation) -> Sequence[str]:
        """Variables that are bounded above."""
        found = []
        for j, name in enumerate(model.variables):
            upper = model.upper.finite(j)
            if upper is not None and (not model.integer[j] or upper.denominator == 1):
                found.append(name)
        return found

    def change(self, column: Column, rng: random.Random) -> tuple[Fraction, Fraction]:
        """The upper bound, and −1."""
        assert column.upper is not None
        return column.upper, Fraction(-1)
