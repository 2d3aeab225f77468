"""Bounds as tight as a row makes them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.transform.draft import Draft
from tools.transform.implied_bounds import implied_bounds
from tools.transform.transformation import Maps, Transformation


class TightenBounds(Transformation):
    """l ≤ x ≤ u becomes l' ≤ x ≤ u', bounds that a row and the bounds of its other variables imply.

    Assumes that a row implies tighter ones; recovery and lifting are the identity.
    """

    name: ClassVar[str] = "tighten-bounds"
    summary: ClassVar[str] = "bounds of variables as tight as the rows make them"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "a variable for which some row implies a tighter bound"
    most: ClassVar[int | None] = None

    def places(self, model: Formulation) -> Sequence[str]:
        """Variables whose bounds are not as tight as they could be."""
        draft = Draft.of(model)
        bounds = implied_bounds(draft)
        # An empty interval, of an infeasible model, is left to the rows.
        return [
            name
            for name, (low, high) in bounds.items()
            if (low, high) != (draft.columns[name].lower, draft.columns[name].upper)
            and (low is None or high is None or low <= high)
        ]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Write the implied bounds."""
        bounds = implied_bounds(draft)
        for name in chosen:
            lower, upper = bounds[name]
            draft.columns[name] = replace(draft.columns[name], lower=lower, upper=upper)
        return Maps()
