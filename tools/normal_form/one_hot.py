"""Replaces a selection Σ w_k = 1 among binaries by the number of the one selected.

Rule. Let w_0, …, w_n be binary with a row Σ w_k = 1, and let their columns outside that row, cost included, be
c_k = c_0 + k·d for one direction d ≠ 0: at equal distances on a line, in some order of the variables. Then Σ c_k w_k =
c_0 + d·s with s = Σ k·w_k, and the model is equivalent to the one with an integer variable s, 0 ≤ s ≤ n, of column d,
without the row, and with c_0 moved to the sides and to the objective's constant. A row Σ w_k ≤ 1 leaves one more
possibility, none of them: it counts as a further w with column 0.

Assumption. At least three possibilities (two are an alias 1 − w, which is simpler), no gaps: each of 0, …, n is taken
exactly once. Upper bounds of one, or none at all, are implied by the row.

Maps. Down: s = Σ k·w_k, or p + Σ (k − p)·w_k where p is the place of "none of them". Up: w_k = 1 where s = k, else 0
(one_hot).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import ClassVar

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.one_hot import OneHot
from tools.normal_form.column_draft import ColumnDraft
from tools.normal_form.step import Reduction

_ZERO, _ONE = Fraction(0), Fraction(1)
_COST = -1
"""The key of the cost in a column."""

Column = Mapping[int, Fraction]


class OneHotSelections:
    """A selection of one among binaries whose columns are equally spaced becomes the number of the selected one."""

    name: ClassVar[str] = "one-hot selections"

    def accepts(self, model: Formulation) -> bool:
        """Say whether there are three integer variables and a row."""
        return int(model.integer.sum()) > 1 and bool(model.rows)

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the model with every such selection replaced, or None without any."""
        del budget
        draft = ColumnDraft(model)
        replaced = [_replace(draft, i) for i in list(draft.rows)]
        return draft.reduction(self.name) if any(replaced) else None


def _replace(draft: ColumnDraft, row: int) -> bool:
    exact = _selection(draft, row)
    if exact is None:
        return False
    chosen = list(draft.rows[row])
    columns = [_outside(draft, j, row) for j in chosen]
    places = _places(columns if exact else [*columns, {}])
    if places is None:
        return False
    options = len(places)
    at = {place: k for k, place in enumerate(places)}
    none: Column = {}
    start = columns[at[0]] if at[0] < len(columns) else none
    second = columns[at[1]] if at[1] < len(columns) else none
    direction = _difference(second, start)

    draft.delete_row(row)
    for i, value in start.items():
        if i != _COST:
            draft.shift_sides(i, -value)
    draft.constant += start.get(_COST, _ZERO)
    name = draft.fresh(f"selected({draft.names[chosen[0]]})")
    nothing = 0 if exact else places[-1]
    moves = {j: Fraction(place - nothing) for j, place in zip(chosen, places, strict=False)}
    down = draft.form(moves, Fraction(nothing))
    cost = direction.pop(_COST, _ZERO)
    top = Fraction(options - 1)
    draft.add_variable(name, (_ZERO, top), integer=True, column=direction, cost=cost, value=down)
    outputs = [draft.fresh(f"one_hot({draft.names[j]})") for j in chosen]
    if not exact:
        outputs.append(draft.fresh(f"one_hot({draft.row_names[row]})"))
    ordered = tuple(outputs[at[place]] for place in range(options))
    draft.remove(
        {j: AffineExpression.variable(output) for j, output in zip(chosen, outputs, strict=False)},
        (OneHot(AffineExpression.variable(name), 0, ordered),),
    )
    return True


def _selection(draft: ColumnDraft, row: int) -> bool | None:
    """Say whether the row is Σ w = 1 (True) or Σ w ≤ 1 (False) over binaries; None for any other row."""
    terms = draft.rows[row]
    scales = set(terms.values())
    if len(terms) < 2 or len(scales) != 1:
        return None
    scale = scales.pop()
    low, high = draft.sides[row] if scale > 0 else draft.sides[row][::-1]
    if high != scale or (low is not None and low != scale and low / scale > 0):
        return None
    for j in terms:
        least, most = draft.bounds[j]
        if not draft.integer[j] or least != 0 or (most is not None and most < 1):
            return None
    return low == high


def _outside(draft: ColumnDraft, j: int, row: int) -> Column:
    column = {i: value for i, value in draft.columns[j].items() if i != row}
    if draft.cost.get(j):
        column[_COST] = draft.cost[j]
    return column


def _difference(one: Column, other: Column) -> dict[int, Fraction]:
    found = dict(one)
    for i, value in other.items():
        found[i] = found.get(i, _ZERO) - value
    return {i: value for i, value in found.items() if value}


def _places(columns: Sequence[Column]) -> list[int] | None:
    """Return for each column its place 0, 1, … on the line, where they fill it evenly; the first is nearer to zero."""
    if len(columns) < 3:
        return None
    direction = _difference(columns[1], columns[0])
    if not direction:
        return None
    pivot, scale = next(iter(direction.items()))
    steps = [_ZERO]
    for column in columns[1:]:
        difference = _difference(column, columns[0])
        step = difference.get(pivot, _ZERO) / scale
        if len(difference) != len(direction) or any(
            difference.get(i, _ZERO) != step * value for i, value in direction.items()
        ):
            return None
        steps.append(step)
    least, most = min(steps), max(steps)
    unit = (most - least) / (len(columns) - 1)
    places = [(step - least) / unit for step in steps]
    if sorted(places) != list(range(len(columns))):
        return None
    backwards = not columns[steps.index(most)] or (columns[steps.index(least)] and steps[0] == most)
    return [int(len(columns) - 1 - place if backwards else place) for place in places]
