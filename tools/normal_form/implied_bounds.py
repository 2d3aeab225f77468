"""Variable bounds that one row implies → no bound.

Rule: let a_j > 0 in l ≤ a·x ≤ u, and let the other terms be at least m over the bounds that are left. Then
x_j ≤ (u − m)/a_j, rounded down for an integer x_j, and an upper bound of x_j that is no smaller goes; the same for
lower bounds and for a_j < 0 with signs exchanged. One bound is tested at a time against the bounds that are left, all
upper bounds first: of x = y with x, y ≤ 3 one bound goes and the other stays.

Two models of the same set may state such a bound or leave it out (a binary in Σ x_j = 1, an arc's flow that a capacity
row limits), so it must be in both or in none; tightening instead need not end. Other steps profit from bounds: this
one comes last.

Assumes nothing. Maps: down and up are the identity.
Source: Andersen & Andersen, "Presolving in linear programming" (1995), section 3.2 (implied free variables);
Achterberg et al., "Presolve reductions in mixed integer programming" (2020), section 3.2 (bound strengthening).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

import numpy as np

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.normal_form.activities import MARGIN, Activities, rough_activities
from tools.normal_form.draft import Draft, Side, unchanged_variables
from tools.normal_form.step import Reduction


class ImpliedBounds:
    """No finite bound of a variable follows from one row and the other bounds."""

    name: ClassVar[str] = "implied bounds"

    def accepts(self, model: Formulation) -> bool:
        """Say whether some row implies some finite bound, up to rounding."""
        return next(_suspects(model), None) is not None

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the reduction without implied bounds, None where there are none."""
        suspects = list(_suspects(model))
        if not suspects:
            return None
        draft = Draft(model)
        activities = Activities(draft.rows, draft.lower, draft.upper)
        changed = False
        for variable, upper, row in suspects:
            bound = (activities.upper if upper else activities.lower)[variable]
            if bound is None:
                continue
            implied = self._implied(draft, activities, row, variable, upper)
            if implied is not None and (implied <= bound if upper else implied >= bound):
                activities.drop_bound(variable, upper=upper, rows=model.rows_of(variable).tolist())
                changed = True
        if not changed:
            return None
        draft.lower, draft.upper = activities.lower, activities.upper
        return unchanged_variables(model, draft.freeze(), self.name)

    @staticmethod
    def _implied(draft: Draft, activities: Activities, row: int, variable: int, upper: bool) -> Side:
        """Return the upper or lower bound of `variable` that `row` implies, None where it implies none."""
        coefficient = draft.rows[row][variable]
        from_above = (coefficient > 0) == upper
        side = (draft.row_upper if from_above else draft.row_lower)[row]
        rest = activities.of(row, largest=not from_above, without=variable)
        if side is None or rest is None:
            return None
        value = (side - rest) / coefficient
        if draft.model.integer[variable]:
            value = Fraction(math.floor(value) if upper else math.ceil(value))
        return value


def _suspects(model: Formulation) -> Iterator[tuple[int, bool, int]]:
    """Yield (variable, whether its upper bound, row that may imply it): upper bounds first, then by variable.

    Taking bounds away only weakens what rows imply, so that what is not implied at first never is.
    """
    smallest, largest = rough_activities(model)
    values, columns = model.coefficients.floats, model.columns
    row_of = np.repeat(np.arange(len(model.rows), dtype=np.int64), np.diff(model.indptr))
    lower, upper = model.lower.floats[columns], model.upper.floats[columns]
    missing = {False: _missing(model, row_of, False), True: _missing(model, row_of, True)}
    order = np.argsort(columns, kind="stable")
    for of_upper in (True, False):
        bound = upper if of_upper else lower
        from_above = (values > 0) == of_upper
        side = np.where(from_above, model.row_upper.floats[row_of], model.row_lower.floats[row_of])
        total = np.where(from_above, smallest[row_of], largest[row_of])
        # the variable's own part of that activity comes from its other bound
        own = values * (lower if of_upper else upper)
        count = np.where(from_above, missing[False][row_of], missing[True][row_of]) - np.isinf(own)
        finite = np.where(from_above, missing[False][row_of], missing[True][row_of]) == 0
        with np.errstate(invalid="ignore"):
            rest = np.where(finite, total - own, 0.0)
            implied = (side - rest) / values
            slack = MARGIN * (1 + np.abs(bound) + np.abs(rest / values))
            whole = np.floor(implied + slack) if of_upper else np.ceil(implied - slack)
            implied = np.where(model.integer[columns], whole, implied)
            near = implied <= bound + slack if of_upper else implied >= bound - slack
        # an infinite part of its own leaves a finite rest whose value the exact look computes
        near |= ~finite & (count == 0)
        for position in order[(near & (count == 0) & np.isfinite(bound) & np.isfinite(side))[order]].tolist():
            yield int(columns[position]), of_upper, int(row_of[position])


def _missing(model: Formulation, row_of: np.ndarray, largest: bool) -> np.ndarray:
    """Return how many terms of each row's smallest or largest activity are infinite."""
    values, columns = model.coefficients.floats, model.columns
    part = np.where((values > 0) == largest, model.upper.floats[columns], model.lower.floats[columns])
    return np.bincount(row_of, np.isinf(part), minlength=len(model.rows)).astype(np.int64)
