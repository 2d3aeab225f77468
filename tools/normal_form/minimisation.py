"""Maximisation → minimisation.

Rule: max c·x + c₀ becomes min −c·x − c₀ over the same set. Assumes nothing.
Maps: down and up are the identity.
Source: MathOptInterface, `Bridges.Objective` (the sense is a sign, not a difference).
"""

from __future__ import annotations

from typing import ClassVar

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.normal_form.draft import unchanged_variables
from tools.normal_form.step import Reduction


class Minimisation:
    """Every model is a minimisation."""

    name: ClassVar[str] = "minimisation"

    def accepts(self, model: Formulation) -> bool:
        """Say whether the model maximises."""
        return model.sense == "maximize"

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the reduction to the model with its objective negated, None where it minimises already."""
        if not self.accepts(model):
            return None
        reduced = model.changed(sense="minimize", objective=model.cost, objective_constant=model.cost_constant)
        return unchanged_variables(model, reduced, self.name)
