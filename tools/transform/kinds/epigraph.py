"""The objective as a variable that a constraint bounds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.transform.draft import ONE, ZERO, Column, Draft
from tools.transform.transformation import WHOLE_MODEL, Maps, Transformation


class Epigraph(Transformation):
    """min c(x) becomes min z with z ≥ c(x); max c(x) becomes max z with z ≤ c(x).

    Assumes nothing. Recovery forgets z, lifting sets z = c(x).
    """

    name: ClassVar[str] = "epigraph"
    summary: ClassVar[str] = "the objective becomes a variable that an inequality bounds"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "the model"
    needs: ClassVar[str] = "one with an objective"
    equality: ClassVar[bool] = False

    def places(self, model: Formulation) -> Sequence[str]:
        """Any model with an objective."""
        return [WHOLE_MODEL] if model.cost_terms else []

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Add the variable and the row z − c(x) ≥ 0, or ≤ 0, or = 0."""
        objective = draft.objective
        draft.columns = {name: replace(column, cost=ZERO) for name, column in draft.columns.items()}
        draft.constant = ZERO
        value = draft.add_column(Column("objective_value", Kind.CONTINUOUS, None, None, ONE))
        minimise = draft.sense == "minimize"
        draft.require(
            "objective_row",
            AffineExpression.variable(value.name) - objective,
            ZERO if minimise or self.equality else None,
            ZERO if not minimise or self.equality else None,
        )
        return Maps(lifting={value.name: objective})
