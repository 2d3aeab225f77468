"""Empty, single-variable, repeated and opposed rows → bounds and one row each.

Rule, wherever it applies:

- a row without sides, or without variables and with 0 between its sides, goes;
- l ≤ a·x_j ≤ u becomes a bound of x_j, and a bound of an integer x_j moves to ⌈lower⌉, ⌊upper⌋;
- rows whose left sides are multiples of each other, λ_i·(a·x), become one row with the tightest of all sides; so two
  inequalities a·x ≤ b and −a·x ≤ −b become the equality a·x = b.

Assumes nothing; every comparison is exact. A row that cannot hold stays. Maps: down and up are the identity.
Source: Andersen & Andersen, "Presolving in linear programming" (1995), sections 3.1 (empty and singleton rows) and
3.6 (duplicate rows); MathOptInterface, `Bridges.Constraint.SplitIntervalBridge`, read backwards. The work is done by
`tools.formulation.canonical`.
"""

from __future__ import annotations

from typing import ClassVar

from tools.exact.budget import Budget
from tools.formulation.canonical import canonical_form
from tools.formulation.model import Formulation
from tools.normal_form.draft import unchanged_variables
from tools.normal_form.step import Reduction


class CanonicalRows:
    """Every row has two variables and a side, no two rows are parallel, integer variables have integer bounds."""

    name: ClassVar[str] = "canonical rows"

    def accepts(self, model: Formulation) -> bool:
        """Say whether the model has rows or integer variables."""
        return bool(len(model.rows) or model.integer.any())

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the reduction to the model's canonical form, None where the model is canonical."""
        reduced = canonical_form(model).formulation
        same = (
            len(reduced.rows) == len(model.rows)
            and reduced.lower.equals(model.lower)
            and reduced.upper.equals(model.upper)
        )
        return None if same else unchanged_variables(model, reduced, self.name)
