"""Variables with one value → constants.

Rule: where l_j = u_j, put l_j for x_j in rows and objective. Assumes that l_j is an integer where x_j is.
Maps: down drops x_j; up gives x_j = l_j.
Source: Andersen & Andersen, "Presolving in linear programming" (1995), section 3.1 (fixed variables).
"""

from __future__ import annotations

from typing import ClassVar

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.formulation.simplified import fixed_values
from tools.normal_form.draft import Draft
from tools.normal_form.step import Reduction


class FixedVariables:
    """No variable has equal bounds."""

    name: ClassVar[str] = "fixed variables"

    def accepts(self, model: Formulation) -> bool:
        """Say whether the bounds of some variable are equal, up to rounding."""
        return bool((model.lower.floats == model.upper.floats).any())

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the reduction without fixed variables, None where there are none."""
        fixed = {j: value for j, value in fixed_values(model).items() if not model.integer[j] or value.denominator == 1}
        if not fixed:
            return None
        draft = Draft(model)
        for variable, value in fixed.items():
            draft.replace(variable, value, {})
        return draft.reduction(self.name)
