"""Replaces variables that count only through their sum, each under a cap of its own, by the sum under all caps.

Rule. Let x_h ≥ 0 (h in a group H) have equal columns d, cost included, but for a row x_h ≤ u_h(y) or an upper bound
u_h of its own, where u_h is affine in variables y outside the group. With z = Σ x_h,

    { (z, y) : 0 ≤ x_h ≤ u_h(y) for all h }  =  { (z, y) : 0 ≤ z ≤ Σ u_h(y), u_h(y) ≥ 0 for all h }:

fill the x_h one after the other up to their caps until z is used up. So the model is equivalent to the one with a
variable z ≥ 0 of column d and the row z ≤ Σ u_h(y), provided the rest of the model implies u_h(y) ≥ 0.

Assumptions. The bounds of y imply u_h(y) ≥ 0, or a row says it. The x_h are all continuous, or all integer with caps
that are whole numbers (integer coefficients on integer variables and an integer constant), so that filling keeps them
whole. A further constant bound x_h ≤ B is allowed where it is implied: u_h ≤ B by the bounds of y, or z ≤ B by a row of
d. At least one cap is a row: with bounds only the columns are parallel. Where a member has no cap the others' caps do
not limit z.

Maps. Down: z = Σ x_h. Up: greedy_fill, in the order of the variables; affine where a member has no cap.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.greedy_fill import GreedyFill
from tools.normal_form.column_draft import ColumnDraft
from tools.normal_form.step import Reduction

_ZERO, _ONE = Fraction(0), Fraction(1)
_COST = -1


@dataclass(frozen=True)
class Cap:
    """The cap Σ terms + constant ≥ 0, by row `row` (None: a constant bound)."""

    row: int | None
    terms: dict[int, Fraction]
    constant: Fraction


class CappedSums:
    """Variables that occur only through their sum but for caps of their own become the sum under the sum of caps."""

    name: ClassVar[str] = "capped sums"

    def accepts(self, model: Formulation) -> bool:
        """Say whether there are two variables and two rows."""
        return len(model.variables) > 1 and len(model.rows) > 1

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the model with every such group replaced, or None without any."""
        del budget
        draft = ColumnDraft(model)
        replaced = False
        for group in sorted(_groups(draft), key=lambda found: (-len(found), min(found))):
            left = {j: row for j, row in group.items() if j in draft.columns and (row is None or row in draft.rows)}
            replaced |= len(left) > 1 and _replace(draft, left)
        return draft.reduction(self.name) if replaced else None


def _groups(draft: ColumnDraft) -> list[dict[int, int | None]]:
    """Return groups {variable: its cap row or None}, of two or more, whose columns are equal outside the cap rows."""
    found: dict[tuple[bool, int], dict[int, list[int | None]]] = {}
    for j, column in draft.columns.items():
        if draft.bounds[j][0] != 0:
            continue
        marks = {i: hash((i, value)) for i, value in column.items()}
        whole = sum(marks.values()) + hash((_COST, draft.cost.get(j, _ZERO)))
        integer = draft.integer[j]
        found.setdefault((integer, whole), {}).setdefault(j, []).append(None)
        for i, value in column.items():
            if _is_cap(draft, i, value):
                found.setdefault((integer, whole - marks[i]), {}).setdefault(j, []).append(i)
    groups: list[dict[int, int | None]] = []
    for owners in found.values():
        if len(owners) < 2:
            continue
        # equal hashes are only likely to mean equal columns
        exact: dict[tuple[object, ...], dict[int, int | None]] = {}
        for j, rows in owners.items():
            for row in rows:
                rest = frozenset((i, value) for i, value in draft.columns[j].items() if i != row)
                if rest or draft.cost.get(j):
                    exact.setdefault((draft.cost.get(j, _ZERO), rest), {}).setdefault(j, row)
        groups.extend(
            group for group in exact.values() if len(group) > 1 and any(row is not None for row in group.values())
        )
    return groups


def _is_cap(draft: ColumnDraft, row: int, coefficient: Fraction) -> bool:
    """Say whether the row does no more than limit the variable of this coefficient from above."""
    low, high = draft.sides[row]
    return (low is None and high is not None) if coefficient > 0 else (high is None and low is not None)


def _replace(draft: ColumnDraft, group: dict[int, int | None]) -> bool:
    alone = {
        j: row for j, row in group.items() if row is None or not any(k in group for k in draft.rows[row] if k != j)
    }
    first = next(iter(alone), None)
    if first is None:
        return False
    column = _shared(draft, first, alone[first])
    own = {j: row for j, row in alone.items() if _shared(draft, j, row) == column}
    most = _most(draft, column, own)
    caps = {j: cap for j, row in own.items() if (cap := _cap(draft, j, row, most)) is not None}
    unlimited = next((j for j in own if own[j] is None and draft.bounds[j][1] is None), None)
    if unlimited is not None:
        caps[unlimited] = Cap(None, {}, _ZERO)
    if len(caps) < 2 or all(cap.row is None for cap in caps.values()):
        return False
    for cap in caps.values():
        if cap.row is None:
            continue
        draft.delete_row(cap.row)
    name = draft.fresh(f"sum({draft.names[first]})")
    down = draft.form(dict.fromkeys(caps, _ONE))
    cost = draft.cost.get(first, _ZERO)
    integer = draft.integer[first]
    z = draft.add_variable(name, (_ZERO, None), integer=integer, column=column, cost=cost, value=down)
    whole = AffineExpression.variable(name)
    if unlimited is not None:
        nothing = AffineExpression.number(0)
        draft.remove({j: whole if j == unlimited else nothing for j in caps})
        return True
    forms = [draft.form(cap.terms, cap.constant) for cap in caps.values()]
    together: dict[int, Fraction] = {}
    for cap in caps.values():
        for k, value in cap.terms.items():
            together[k] = together.get(k, _ZERO) - value
    together = {z: _ONE} | {k: value for k, value in together.items() if value}
    draft.add_row(f"cap({name})", together, None, sum((cap.constant for cap in caps.values()), _ZERO))
    outputs = [draft.fresh(f"greedy_fill({draft.names[j]})") for j in caps]
    function = GreedyFill(whole, tuple(forms), tuple(outputs), integral=integer)
    draft.remove({j: AffineExpression.variable(output) for j, output in zip(caps, outputs, strict=True)}, (function,))
    return True


def _shared(draft: ColumnDraft, j: int, cap_row: int | None) -> dict[int, Fraction]:
    return {i: value for i, value in draft.columns[j].items() if i != cap_row}


def _most(draft: ColumnDraft, column: Mapping[int, Fraction], members: Container[int]) -> Fraction | None:
    """Return an upper bound of the sum of the members that one of the rows they share implies, None without any."""
    found: list[Fraction] = []
    for i, value in column.items():
        least, most = draft.activity({j: a for j, a in draft.rows[i].items() if j not in members})
        low, high = draft.sides[i]
        side, rest = (high, least) if value > 0 else (low, most)
        if side is not None and rest is not None:
            found.append((side - rest) / value)
    return min(found, default=None)


def _cap(draft: ColumnDraft, j: int, row: int | None, most: Fraction | None) -> Cap | None:
    """Return the cap of variable `j`; None where there are two, or it may be negative or not whole."""
    bound = draft.bounds[j][1]
    if row is None:
        return None if bound is None or bound < 0 else Cap(None, {}, bound)
    scale = draft.rows[row][j]
    low, high = draft.sides[row]
    side = high if scale > 0 else low
    if side is None:
        return None
    cap = Cap(row, {k: -a / scale for k, a in draft.rows[row].items() if k != j}, side / scale)
    if draft.integer[j] and not _is_whole(draft, cap):
        return None
    if bound is not None and (most is None or most > bound):
        highest = draft.activity(cap.terms)[1]
        if highest is None or highest + cap.constant > bound:
            return None
    least = draft.activity(cap.terms)[0]
    return cap if (least is not None and least + cap.constant >= 0) or _a_row_says(draft, cap) else None


def _a_row_says(draft: ColumnDraft, cap: Cap) -> bool:
    """Say whether some row is a multiple of cap ≥ 0, or of more."""
    first = next(iter(cap.terms), None)
    for i, value in draft.columns[first].items() if first is not None else ():
        terms = draft.rows[i]
        factor = cap.terms[first] / value if first is not None else _ONE
        if len(terms) == len(cap.terms) and all(terms.get(k, _ZERO) * factor == a for k, a in cap.terms.items()):
            side = draft.sides[i][0] if factor > 0 else draft.sides[i][1]
            if side is not None and side * factor >= -cap.constant:
                return True
    return False


def _is_whole(draft: ColumnDraft, cap: Cap) -> bool:
    return cap.constant.denominator == 1 and all(
        draft.integer[k] and value.denominator == 1 for k, value in cap.terms.items()
    )
