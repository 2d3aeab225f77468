"""The objective in other units."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar, Literal

from tools.claims.objective_relation import ObjectiveRelation
from tools.formulation.model import Formulation
from tools.transform.draft import Draft
from tools.transform.transformation import WHOLE_MODEL, Maps, Transformation

FACTORS = [Fraction(1, 4), Fraction(1, 3), Fraction(1, 2), Fraction(2), Fraction(3), Fraction(10), Fraction(5, 2)]


class ScaleObjective(Transformation):
    """c·x + k becomes s·(c·x + k) + t with s > 0.

    Assumes nothing; recovery and lifting are the identity, and values v of the candidate (as minimisation) stand for
    (v ∓ t)/s of the reference, the sign being that of the sense.
    """

    name: ClassVar[str] = "scale-objective"
    summary: ClassVar[str] = "the objective times a positive number, plus a constant"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "the model"
    needs: ClassVar[str] = "one with an objective"

    def places(self, model: Formulation) -> Sequence[str]:
        """Any model with an objective."""
        return [WHOLE_MODEL] if model.cost_terms else []

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Scale and shift."""
        factor, shift = rng.choice(FACTORS), Fraction(rng.randint(-9, 9))
        draft.columns = {name: replace(column, cost=column.cost * factor) for name, column in draft.columns.items()}
        draft.constant = draft.constant * factor + shift
        sign = 1 if draft.sense == "minimize" else -1
        return Maps(relation=ObjectiveRelation(1 / factor, -sign * shift / factor))
