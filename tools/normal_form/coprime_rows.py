"""Rows over integer variables → coprime integer coefficients, integer sides.

Rule: where all variables of l ≤ a·x ≤ u are integer, let q > 0 be the largest number of which all a_j are multiples;
the row becomes ⌈l/q⌉ ≤ (a/q)·x ≤ ⌊u/q⌋. The sides move inward only past values that a·x does not take, so
2x + 4y ≤ 5 becomes x + 2y ≤ 2. An isomorphism sees the scaling, but not the rounding.

Assumes nothing; sides that cross say that the row cannot hold. Maps: down and up are the identity.
Source: Achterberg, Bixby, Gu, Rothberg, Weninger, "Presolve reductions in mixed integer programming" (2020), section
3.1 (GCD of row coefficients).
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import ClassVar

import numpy as np

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.formulation.numbers import IntArray
from tools.normal_form.draft import Draft, unchanged_variables
from tools.normal_form.step import Reduction


class CoprimeRows:
    """Every row over integer variables has coprime integer coefficients and integer sides."""

    name: ClassVar[str] = "coprime rows"

    def accepts(self, model: Formulation) -> bool:
        """Say whether some row has integer variables alone and may not be coprime with integer sides."""
        return bool(_suspects(model).size)

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the reduction with such rows divided and rounded, None where all are coprime with integer sides."""
        draft = Draft(model)
        changed = False
        for i in _suspects(model).tolist():
            terms, low, high = draft.rows[i], draft.row_lower[i], draft.row_upper[i]
            denominator = math.lcm(*(a.denominator for a in terms.values()))
            step = Fraction(math.gcd(*(int(a * denominator) for a in terms.values())), denominator)
            new_low = None if low is None else Fraction(math.ceil(low / step))
            new_high = None if high is None else Fraction(math.floor(high / step))
            if step == 1 and new_low == low and new_high == high:
                continue
            changed = True
            draft.rows[i] = {j: a / step for j, a in terms.items()}
            draft.row_lower[i], draft.row_upper[i] = new_low, new_high
        return unchanged_variables(model, draft.freeze(), self.name) if changed else None


def _suspects(model: Formulation) -> IntArray:
    """Return the nonempty rows over integer variables, but for those that doubles show to be coprime and integer."""
    counts = np.diff(model.indptr)
    whole = np.flatnonzero(counts > 0)
    if not whole.size:
        return whole
    starts = model.indptr[whole]
    integer = np.logical_and.reduceat(model.integer[model.columns], starts)
    values = np.abs(model.coefficients.floats)
    plain = (values == np.floor(values)) & (values < 2**53)
    divisors = np.gcd.reduceat(np.where(plain, values, 0.0).astype(np.int64), starts)
    settled = np.logical_and.reduceat(plain, starts) & (divisors == 1)
    for sides in (model.row_lower.floats, model.row_upper.floats):
        settled &= (sides[whole] == np.floor(sides[whole])) & (np.isinf(sides[whole]) | (np.abs(sides[whole]) < 2**53))
    if model.coefficients.overrides or model.row_lower.overrides or model.row_upper.overrides:
        settled[:] = False
    return np.asarray(whole[integer & ~settled], dtype=np.int64)
