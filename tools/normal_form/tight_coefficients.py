"""Coefficients of integer variables that are larger than the row needs → the smallest that do the same.

Rule: let a·x ≤ b have no other side, the finite largest activity M, and D := M − b > 0. Where |a_j| > D for an integer
x_j, the row restricts the rest only while x_j is at the bound e_j that M takes (u_j for a_j > 0, l_j for a_j < 0): one
unit off, it holds by itself. So a_j may be sign(a_j)·D, with b lowered by (a_j − sign(a_j)·D)·e_j. D stays the same, so
the order does not matter. This makes x ≤ 100·y into x ≤ 40·y where x ≤ 40, and some knapsacks into the cover they mean.

Assumes that e_j is finite, as it is where M is, and an integer. The integer points stay the same, the relaxation
shrinks. Maps: down and up are the identity.
Source: Savelsbergh, "Preprocessing and probing techniques for mixed integer programming problems" (1994), section 2.1;
Achterberg et al., "Presolve reductions in mixed integer programming" (2020), section 3.2 (coefficient strengthening).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.formulation.numbers import IntArray
from tools.normal_form.activities import MARGIN, rough_activities
from tools.normal_form.draft import Draft, unchanged_variables
from tools.normal_form.step import Reduction


class TightCoefficients:
    """No coefficient of an integer variable in a row with one side can shrink by itself."""

    name: ClassVar[str] = "tight coefficients"

    def accepts(self, model: Formulation) -> bool:
        """Say whether some coefficient of an integer variable is too large, up to rounding."""
        return bool(_suspects(model).size)

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the reduction with such coefficients and their sides lowered, None where there are none."""
        draft = Draft(model)
        changed = [_tightened(draft, row) for row in _suspects(model).tolist()]
        return unchanged_variables(model, draft.freeze(), self.name) if any(changed) else None


def _tightened(draft: Draft, row: int) -> bool:
    """Lower the coefficients of `row`, a row with one side; say whether some were too large."""
    terms, sign = draft.rows[row], 1 if draft.row_lower[row] is None else -1
    side = draft.row_upper[row] if sign > 0 else draft.row_lower[row]
    assert side is not None  # a row with one side
    ends = {j: draft.upper[j] if sign * a > 0 else draft.lower[j] for j, a in terms.items()}
    excess = -sign * side
    for j, end in ends.items():
        if end is None:
            return False
        excess += sign * terms[j] * end
    if excess <= 0:
        return False
    changed = False
    for j, a in list(terms.items()):
        end = ends[j]
        if abs(a) <= excess or end is None or end.denominator != 1 or not draft.model.integer[j]:
            continue
        terms[j] = excess if a > 0 else -excess
        side -= (a - terms[j]) * end
        changed = True
    if sign > 0:
        draft.row_upper[row] = side
    else:
        draft.row_lower[row] = side
    return changed


def _suspects(model: Formulation) -> IntArray:
    """Return the rows with one side and a coefficient of an integer variable above what the row needs, in doubles."""
    smallest, largest = rough_activities(model)
    low, high = model.row_lower.floats, model.row_upper.floats
    with np.errstate(invalid="ignore"):
        excess = np.where(np.isinf(low), largest - high, low - smallest)
    row_of = np.repeat(np.arange(len(model.rows), dtype=np.int64), np.diff(model.indptr))
    biggest = np.zeros(len(model.rows))
    np.maximum.at(biggest, row_of, np.where(model.integer[model.columns], np.abs(model.coefficients.floats), 0.0))
    one_sided = np.isinf(low) != np.isinf(high)
    with np.errstate(invalid="ignore"):
        fits = np.isfinite(excess) & (excess > 0) & (biggest > excess * (1 + MARGIN))
    return np.flatnonzero(one_sided & fits).astype(np.int64)
