"""Rows that say again what another row says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.transform.draft import Draft
from tools.transform.kinds.scale_rows import FACTORS
from tools.transform.transformation import Maps, Transformation


class DuplicateRows(Transformation):
    """l ≤ a·x ≤ u is joined by s·l ≤ s·a·x ≤ s·u, s ≠ 0.

    Assumes nothing; recovery and lifting are the identity.
    """

    name: ClassVar[str] = "duplicate-rows"
    summary: ClassVar[str] = "multiples of rows are added as further rows"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "rows"
    needs: ClassVar[str] = "a row of the model"

    def places(self, model: Formulation) -> Sequence[str]:
        """Any row."""
        return model.rows

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Append the multiples."""
        for name in chosen:
            copy = draft.rows[name].scaled(rng.choice(FACTORS))
            draft.add_row(f"{name}_again", copy.terms, copy.lower, copy.upper)
        return Maps()
