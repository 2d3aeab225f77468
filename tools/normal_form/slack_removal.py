"""A slack variable in an equality → a row with two sides.

Rule: let s ∈ [l, u] occur in one row alone, an equality a·x + c·s = b with c ≠ 0. Then s = (b − a·x)/c, and the row
becomes b − c·u ≤ a·x ≤ b − c·l (sides exchanged for c < 0). A cost d·s becomes the cost d·(b − a·x)/c; so a variable
that an equality defines as the objective value, t = f(x), gives way to f as well.

Assumes that s is continuous, or that (b − a·x)/c is an integer because all its numbers and variables are. Of several
such variables in one row the first without cost goes; where all have costs and there are two, none goes, since the
result would depend on which. Maps: down drops s; up gives s = (b − a·x)/c.
Source: Andersen & Andersen, "Presolving in linear programming" (1995), section 3.2 (column singletons);
MathOptInterface, `Bridges.Constraint.ScalarSlackBridge`, read backwards.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.formulation.numbers import IntArray
from tools.normal_form.draft import Draft
from tools.normal_form.integral_definition import is_integral
from tools.normal_form.step import Reduction


class SlackRemoval:
    """No equality has a variable that could be its slack, costly ones in competition aside."""

    name: ClassVar[str] = "slack removal"

    def accepts(self, model: Formulation) -> bool:
        """Say whether some variable occurs in one row alone, an equality."""
        return bool(_candidates(model).size)

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the reduction without slacks, one for each equality that has some, None where none has."""
        slacks: dict[int, list[int]] = {}
        for position in _candidates(model).tolist():
            row = int(np.searchsorted(model.indptr, position, side="right")) - 1
            slacks.setdefault(row, []).append(int(model.columns[position]))
        draft = Draft(model)
        changed = False
        for row, variables in slacks.items():
            side = draft.row_lower[row]
            if side is None or side != draft.row_upper[row]:
                continue
            terms = draft.rows[row]
            usable = []
            for variable in variables:
                scale = terms[variable]
                value = {k: -a / scale for k, a in terms.items() if k != variable}
                if not model.integer[variable] or is_integral(model, side / scale, value):
                    usable.append((variable, value))
            free = [pair for pair in usable if pair[0] not in model.cost_terms]
            if not free and len(usable) != 1:
                continue
            variable, value = (free or usable)[0]
            scale = terms.pop(variable)
            low, high = draft.lower[variable], draft.upper[variable]
            if scale < 0:
                low, high = high, low
            draft.row_lower[row] = None if high is None else side - scale * high
            draft.row_upper[row] = None if low is None else side - scale * low
            draft.replace(variable, side / scale, value)
            changed = True
        if not changed:
            return None
        draft.drop_free_rows()
        return draft.reduction(self.name)


def _candidates(model: Formulation) -> IntArray:
    """Return the entries, as positions, of variables in one row alone where that is an equality with other entries."""
    counts = np.bincount(model.columns, minlength=len(model.variables))
    equality = (model.row_lower.floats == model.row_upper.floats) & (np.diff(model.indptr) > 1)
    row_of = np.repeat(np.arange(len(model.rows), dtype=np.int64), np.diff(model.indptr))
    return np.flatnonzero((counts[model.columns] == 1) & equality[row_of]).astype(np.int64)
