"""Rows as people read them: a linear form between its sides."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tools.formulation.model import Formulation


def between_sides(model: Formulation, row: int, form: str, number: Callable[[Fraction], str]) -> str:
    """Return `form` with the sides of row `row`: "form = 3", "form >= 1", "1 <= form <= 2", or "form (free)"."""
    low, high = model.row_lower.finite(row), model.row_upper.finite(row)
    if low is not None and low == high:
        return f"{form} = {number(low)}"
    if low is not None and high is not None:
        return f"{number(low)} <= {form} <= {number(high)}"
    if low is not None:
        return f"{form} >= {number(low)}"
    if high is not None:
        return f"{form} <= {number(high)}"
    return f"{form} (free)"
