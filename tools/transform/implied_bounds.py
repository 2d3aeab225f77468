"""Bounds of variables that single rows and the other variables' bounds imply."""

from __future__ import annotations

import math
from fractions import Fraction

from tools.transform.draft import Draft, Row, Side


def implied_bounds(draft: Draft) -> dict[str, tuple[Side, Side]]:
    """Return for each variable the tightest bounds that one row with the bounds of the others gives, or its own.

    From a·x_j + r ≤ u follows a·x_j ≤ u − min r. Bounds of integer variables are rounded inwards. Rows are looked at
    once, with the declared bounds: a tightened bound is not used to derive another, so that all hold together.
    """
    found = {name: (column.lower, column.upper) for name, column in draft.columns.items()}
    for row in draft.rows.values():
        if row.upper is not None:
            _tighten(draft, row, row.upper, found)
        if row.lower is not None:
            negative = row.scaled(Fraction(-1))
            _tighten(draft, negative, -row.lower, found)
    for name, (low, high) in found.items():
        if draft.columns[name].integral:
            found[name] = (
                None if low is None else Fraction(math.ceil(low)),
                None if high is None else Fraction(math.floor(high)),
            )
    return found


def _tighten(draft: Draft, row: Row, limit: Fraction, found: dict[str, tuple[Side, Side]]) -> None:
    least: dict[str, Side] = {}
    total, missing = Fraction(0), 0
    for name, a in row.terms.items():
        column = draft.columns[name]
        bound = column.lower if a > 0 else column.upper
        least[name] = None if bound is None else a * bound
        if bound is None:
            missing += 1
        else:
            total += a * bound
    if missing > 1:
        return
    for name, a in row.terms.items():
        own = least[name]
        if missing and own is not None:
            continue
        side = (limit - total + (own or 0)) / a
        low, high = found[name]
        if a > 0:
            found[name] = (low, side if high is None else min(high, side))
        else:
            found[name] = (side if low is None else max(low, side), high)
