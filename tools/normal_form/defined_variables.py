"""Substitutes variables that an equality defines.

Rule. Let a row be Σ a_k x_k = b and put x_j = (b − Σ_{k≠j} a_k x_k) / a_j into every other row and the objective. What
is left of the row are the bounds of x_j, as l_j ≤ (b − Σ_{k≠j} a_k x_k) / a_j ≤ u_j:

- two variables (an alias): they become bounds of the other variable;
- implied bounds: where the bounds of the other variables imply l_j and u_j, or x_j is free, the row goes;
- else the row stays with these sides. `BoundedDefinitions` does this, and only where x_j is by far the variable of
  the row to choose, since of two like variables either could go.

Assumption. x_j is continuous, or integer and defined as a whole number: every a_k / a_j and b / a_j is whole and every
x_k integer. Of several that a row defines goes, in this order: one of an alias, one with implied bounds, a continuous
one, one without cost, the one with the least fill-in; ties are broken by what the variable looks like, not by its name.

Maps. Down leaves x_j out, up is the definition: both affine. Source: doubleton equations and implied free variables
of LP presolve (Andersen, Andersen, "Presolving in linear programming", Math. Programming 71 (1995), sections 3.2, 3.3).
"""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.normal_form.column_draft import ColumnDraft, Range, Terms, scaled
from tools.normal_form.step import Reduction

GROWTH = 3
"""The nonzeros may grow by this factor, and by `SPARE` more, before a substitution that adds some is left out."""

SPARE = 200

PASSES = 50
"""Substitutions that open others are followed up this often."""

_ZERO = Fraction(0)
_ALIAS, _IMPLIED, _BOUNDED = range(3)

Score = tuple[int, bool, bool, int, int, int]


class DefinedVariables:
    """Aliases and variables with implied bounds that an equality defines leave the model."""

    name: ClassVar[str] = "defined variables"
    bounded: ClassVar[bool] = False

    def accepts(self, model: Formulation) -> bool:
        """Say whether some row is an equality of two or more variables."""
        lengths = model.indptr[1:] - model.indptr[:-1]
        return bool(((model.row_lower.floats == model.row_upper.floats) & (lengths > 1)).any())

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the model without the variables that equalities define, or None where none is defined."""
        draft = ColumnDraft(model)
        looks = _looks(draft)
        nonzeros, room = model.nonzeros, GROWTH * model.nonzeros + SPARE
        changed = False
        for _ in range(PASSES):
            chosen = [(choice, i) for i in draft.rows if (choice := self._choice(draft, i, looks)) is not None]
            again = False
            for _, i in sorted(chosen):
                choice = self._choice(draft, i, looks)
                if choice is None or budget.expired:
                    continue
                score, j = choice
                if score[3] > 0 and nonzeros + score[3] > room:
                    continue
                nonzeros += max(score[3], 0)
                _substitute(draft, i, j, score[0])
                again = changed = True
            if not again:
                break
        return draft.reduction(self.name) if changed else None

    def _choice(self, draft: ColumnDraft, row: int, looks: list[int]) -> tuple[Score, int] | None:
        """Return the best variable that the row defines with its score, None where it defines none."""
        low, high = draft.sides.get(row, (None, None))
        if low is None or low != high or len(draft.rows[row]) < 2:
            return None
        terms = draft.rows[row]
        implied = _with_implied_bounds(draft, terms, low)
        found: list[tuple[Score, int]] = []
        for j in terms:
            if draft.integer[j] and not _is_whole(draft, terms, j, low):
                continue
            kind = _ALIAS if len(terms) == 2 else _IMPLIED if j in implied else _BOUNDED
            length = len(draft.columns[j])
            fill = (len(terms) - 1) * (length - 1) - len(terms) - length + 1
            found.append(((kind, draft.integer[j], j in draft.cost, fill, length, looks[j]), j))
        if not found:
            return None
        best = min(found)
        if best[0][0] == _BOUNDED and (not self.bounded or sum(score[:5] == best[0][:5] for score, _ in found) > 1):
            return None
        return best


class BoundedDefinitions(DefinedVariables):
    """The same, and a variable whose bounds are not implied leaves them to the row, if the row has no like one."""

    name: ClassVar[str] = "bounded definitions"
    bounded: ClassVar[bool] = True


def _is_whole(draft: ColumnDraft, terms: Terms, j: int, side: Fraction) -> bool:
    scale = terms[j]
    return (side / scale).denominator == 1 and all(
        draft.integer[k] and (value / scale).denominator == 1 for k, value in terms.items()
    )


def _with_implied_bounds(draft: ColumnDraft, terms: Terms, side: Fraction) -> set[int]:
    """Return the variables of the row whose bounds the row and the bounds of its other variables imply."""
    spans = {j: scaled(draft.bounds[j], value) for j, value in terms.items()}
    open_below = sum(low is None for low, _ in spans.values())
    open_above = sum(high is None for _, high in spans.values())
    least = sum((low for low, _ in spans.values() if low is not None), _ZERO)
    most = sum((high for _, high in spans.values() if high is not None), _ZERO)
    found = set()
    for j, (low, high) in spans.items():
        # a_j x_j = side - rest, and the rest lies between these
        rest_least = None if open_below > (low is None) else least - (low or _ZERO)
        rest_most = None if open_above > (high is None) else most - (high or _ZERO)
        below = low is None or (rest_most is not None and side - rest_most >= low)
        above = high is None or (rest_least is not None and side - rest_least <= high)
        if below and above:
            found.add(j)
    return found


def _substitute(draft: ColumnDraft, row: int, j: int, kind: int) -> None:
    side = draft.sides[row][0] or _ZERO
    terms = dict(draft.rows[row])
    scale = terms.pop(j)
    low, high = scaled(draft.bounds[j], scale)
    rest: Range = (None if high is None else side - high, None if low is None else side - low)
    draft.delete_row(row)
    draft.substitute(j, {k: -value / scale for k, value in terms.items()}, side / scale)
    if kind == _ALIAS:
        ((other, value),) = terms.items()
        draft.tighten(other, scaled(rest, 1 / value))
    elif kind == _BOUNDED and rest != (None, None):
        draft.add_row(draft.row_names[row], terms, *rest)


def _looks(draft: ColumnDraft) -> list[int]:
    """Return a number for each variable that tells what it looks like: its kind, its bounds, its rows, their columns.

    It knows no names, no order and no sizes of numbers, so that like models choose alike.
    """
    columns = {
        j: hash((draft.integer[j], j in draft.cost, draft.bounds[j][0] is None, draft.bounds[j][1] is None))
        for j in draft.columns
    }
    sides = {i: hash((low is None, high is None, low == high)) for i, (low, high) in draft.sides.items()}
    rows = sides
    for _ in range(3):
        rows = {i: hash((sides[i], *sorted(columns[j] for j in terms))) for i, terms in draft.rows.items()}
        columns = {j: hash((columns[j], *sorted(rows[i] for i in column))) for j, column in draft.columns.items()}
    return [columns[j] for j in range(len(draft.names))]
