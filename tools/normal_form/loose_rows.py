"""Row sides that the variables' bounds imply → no side.

Rule: in l ≤ a·x ≤ u the side l goes where the smallest activity, Σ_{a_j>0} a_j·l_j + Σ_{a_j<0} a_j·u_j, is at least l,
and u goes where the largest is at most u; a row that loses all its sides goes. Bounds imply a side whatever the other
rows are, so all such sides go at once. Of an equality both sides go or none.

Assumes nothing. Maps: down and up are the identity.
Source: Andersen & Andersen, "Presolving in linear programming" (1995), section 3.3 (redundant constraints).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from tools.exact.budget import Budget
from tools.exact.proofs import linear_bound
from tools.formulation.model import Formulation
from tools.formulation.numbers import BoolArray
from tools.normal_form.activities import MARGIN, rough_activities
from tools.normal_form.draft import Draft, unchanged_variables
from tools.normal_form.step import Reduction


class LooseRows:
    """No inequality follows from the variables' bounds."""

    name: ClassVar[str] = "loose rows"

    def accepts(self, model: Formulation) -> bool:
        """Say whether the bounds imply some row side, up to rounding."""
        lower, upper = _suspects(model)
        return bool(lower.any() or upper.any())

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the reduction without implied sides, None where the bounds imply none."""
        lower, upper = _suspects(model)
        draft = Draft(model)
        changed = False
        for row in np.flatnonzero(lower | upper).tolist():
            terms, low, high = draft.rows[row], draft.row_lower[row], draft.row_upper[row]
            low_implied = high_implied = False
            if low is not None and lower[row]:
                smallest = linear_bound(model, terms, {})
                low_implied = smallest is not None and smallest >= low
            if high is not None and upper[row]:
                smallest = linear_bound(model, {j: -a for j, a in terms.items()}, {})
                high_implied = smallest is not None and -smallest <= high
            if low is not None and low == high:
                low_implied = high_implied = low_implied and high_implied
            if low_implied:
                draft.row_lower[row] = None
            if high_implied:
                draft.row_upper[row] = None
            changed = changed or low_implied or high_implied
        if not changed:
            return None
        draft.drop_free_rows()
        return unchanged_variables(model, draft.freeze(), self.name)


def _suspects(model: Formulation) -> tuple[BoolArray, BoolArray]:
    """Return which rows have a lower side, and which an upper one, that the bounds imply up to rounding."""
    smallest, largest = rough_activities(model)
    low, high = model.row_lower.floats, model.row_upper.floats
    with np.errstate(invalid="ignore"):
        lower = (
            np.isfinite(low) & np.isfinite(smallest) & (smallest >= low - MARGIN * (1 + np.abs(low) + np.abs(smallest)))
        )
        upper = (
            np.isfinite(high) & np.isfinite(largest) & (largest <= high + MARGIN * (1 + np.abs(high) + np.abs(largest)))
        )
    equal = low == high
    both = lower & upper
    return np.where(equal, both, lower), np.where(equal, both, upper)
