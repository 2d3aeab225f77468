"""Rows that the bounds imply."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.transform.draft import Draft
from tools.transform.transformation import Maps, Transformation


class RedundantRows(Transformation):
    """Σ a_j·x_j ≤ Σ a_j·u_j + r with a_j > 0 and r ≥ 0 is added: the upper bounds u imply it.

    Assumes that the variables have upper bounds; recovery and lifting are the identity.
    """

    name: ClassVar[str] = "redundant-rows"
    summary: ClassVar[str] = "a row that the variables' upper bounds imply is added"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "a variable with an upper bound"

    def places(self, model: Formulation) -> Sequence[str]:
        """Variables with an upper bound."""
        return [name for j, name in enumerate(model.variables) if model.upper.finite(j) is not None]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Append one row over the chosen variables."""
        terms = {name: Fraction(rng.randint(1, 5)) for name in chosen}
        _, most = draft.activity(terms)
        assert most is not None
        draft.add_row("implied", terms, None, most + rng.randint(0, 3))
        return Maps()
