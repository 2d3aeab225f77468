"""Projects out variables without cost that only rows limit, where that does not make more rows.

Rule. Let x have no cost. Its rows and bounds say L_i ≤ x for i in I and x ≤ U_j for j in J, with L_i and U_j affine in
the other variables. A value for x exists if and only if L_i ≤ U_j for all i and j (Fourier–Motzkin), so the model
without x, with those rows in place of the rows of x, has as feasible set the projection. Rows that bounds imply are
left out; a constant L_i or U_j is a bound of x.

Assumptions. |I|·|J| ≤ |I| + |J|; no row of x is an equality (those define variables). x is continuous, or in no row:
to project integers as well (where all L_i are whole) would take decisions, such as what to open, out of a model.

Maps. Down leaves x out. Up: x = L_1 or x = U_1 where there is one lower or one upper limit, else x = max L_i, or
x = min U_j where nothing is below (maximum, minimum); a variable without any limit is 0.

Source: Schrijver, "Theory of Linear and Integer Programming" (1986), section 12.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.extremum import Maximum, Minimum, leads_of
from tools.mapping.functions.protocol import TotalFunction
from tools.normal_form.column_draft import ColumnDraft, Range
from tools.normal_form.step import Reduction

LARGEST_PRODUCT = 400
"""A variable of which more rows would come stays."""

GROWTH = 2
"""The nonzeros of the rows of a variable may grow by this factor, and by `SPARE` more."""

SPARE = 20

_ZERO = Fraction(0)


@dataclass(frozen=True)
class Limit:
    """The limit Σ terms + constant, from row `row` (None: a bound)."""

    row: int | None
    terms: dict[int, Fraction]
    constant: Fraction


class Projection:
    """Variables without cost that only rows limit leave the model where that does not make more rows."""

    name: ClassVar[str] = "projection"
    affine_only: ClassVar[bool] = False

    def accepts(self, model: Formulation) -> bool:
        """Say whether some variable has no cost."""
        return bool((model.objective.floats == 0).any())

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the model without the variables that can be projected out, or None where none can."""
        draft = ColumnDraft(model)
        candidates = [j for j in draft.columns if j not in draft.cost]
        candidates.sort(key=lambda j: len(draft.columns[j]))
        projected = [_project(draft, j, self.affine_only) for j in candidates if not budget.expired]
        return draft.reduction(self.name) if any(projected) else None


class AffineProjection(Projection):
    """The same, but variables of which the way back needs a maximum or minimum stay."""

    name: ClassVar[str] = "projection (affine)"
    affine_only: ClassVar[bool] = True


def _project(draft: ColumnDraft, j: int, affine_only: bool) -> bool:
    """Take variable `j` out of the draft where the rule allows it; say whether it did."""
    limits = _limits(draft, j)
    if limits is None or (draft.integer[j] and draft.columns[j]):
        return False
    lower, upper = limits
    if len(lower) * len(upper) > min(len(lower) + len(upper), LARGEST_PRODUCT):
        return False
    chosen = min((side for side in (lower, upper) if side), key=len, default=[])
    if affine_only and len(chosen) > 1:
        return False
    rows = _combined(draft, lower, upper)
    removed = sum(len(draft.rows[i]) for i in draft.columns[j])
    if rows is None or sum(len(terms) for _, terms, _ in rows) > GROWTH * removed + SPARE:
        return False
    value = AffineExpression.number(0)
    functions: tuple[TotalFunction, ...] = ()
    if chosen:
        value, functions = _value(draft, j, chosen, at_least=chosen is lower)
    names = {i: draft.row_names[i] for i in draft.columns[j]}
    for i in names:
        draft.delete_row(i)
    for i, terms, least in rows:
        draft.add_row(names[i], terms, least, None)
    draft.remove({j: value}, functions)
    return True


def _limits(draft: ColumnDraft, j: int) -> tuple[list[Limit], list[Limit]] | None:
    """Return the lower and the upper limits of the variable; None where an equality has it or its bounds cross."""
    low, high = draft.bounds[j]
    if low is not None and high is not None and low > high:
        return None
    lower = [] if low is None else [Limit(None, {}, low)]
    upper = [] if high is None else [Limit(None, {}, high)]
    for i, scale in draft.columns[j].items():
        row_low, row_high = draft.sides[i]
        if row_low is not None and row_high is not None and row_low >= row_high:
            return None
        form = {k: -value / scale for k, value in draft.rows[i].items() if k != j}
        for side, below in ((row_low, scale > 0), (row_high, scale < 0)):
            if side is not None:
                (lower if below else upper).append(Limit(i, form, side / scale))
    return lower, upper


def _combined(
    draft: ColumnDraft, lower: Sequence[Limit], upper: Sequence[Limit]
) -> list[tuple[int, dict[int, Fraction], Fraction]] | None:
    """Return the rows (row it comes from, terms, lower side) that say L_i ≤ U_j; None where they cannot hold."""
    rows = []
    for above in upper:
        for below in lower:
            if above.row == below.row:
                continue
            terms = dict(above.terms)
            for k, value in below.terms.items():
                terms[k] = terms.get(k, _ZERO) - value
            terms = {k: value for k, value in terms.items() if value}
            side = below.constant - above.constant
            least = draft.activity(terms)[0]
            if least is not None and least >= side:
                continue
            source = above.row if above.row is not None else below.row
            if not terms or source is None:
                return None
            rows.append((source, terms, side))
    return rows


def _value(
    draft: ColumnDraft, j: int, limits: Sequence[Limit], *, at_least: bool
) -> tuple[AffineExpression, tuple[TotalFunction, ...]]:
    """Return the value of the variable at the tightest of the limits."""
    forms = tuple(draft.form(limit.terms, limit.constant) for limit in limits)
    if len(forms) == 1:
        return forms[0], ()
    extremum = Maximum if at_least else Minimum
    ranges: list[Range] = []
    for limit in limits:
        least, most = draft.activity(limit.terms)
        ranges.append(
            (None if least is None else least + limit.constant, None if most is None else most + limit.constant)
        )
    leads = leads_of(ranges, extremum.sign)
    known = any(all(bound is not None for k, bound in enumerate(row) if k != i) for i, row in enumerate(leads))
    output = draft.fresh(f"{extremum.name}({draft.names[j]})")
    binaries = tuple(draft.fresh(f"{output} at {k}") for k in range(len(forms))) if known else ()
    function = extremum(forms, output, binaries, leads if known else ())
    return AffineExpression.variable(output), (function,)
