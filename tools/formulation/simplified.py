"""A formulation with every fixed variable found: canonical form and fixings in turn, until nothing changes."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np

from tools.formulation.canonical import canonical_form
from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector

ROUNDS = 50
"""Chains of fixings longer than this are not followed to their end."""


@lru_cache(maxsize=8)
def simplified(model: Formulation) -> Formulation:
    """Return a formulation with the same variables, objective and, exactly, the same feasible set as `model`.

    Parallel rows are one row, rows with one variable are bounds, and fixed variables occur in no row: their share has
    moved to the sides, which may turn further rows into bounds and fix further variables.
    """
    current = canonical_form(model).formulation
    for _ in range(ROUNDS):
        exact = fixed_values(current)
        used = np.isin(current.columns, np.array(list(exact), dtype=np.int64))
        if not used.any():
            return current
        current = canonical_form(_without(current, exact, used)).formulation
    return current


def fixed_values(model: Formulation) -> dict[int, Fraction]:
    """Return the variables whose bounds coincide, exactly, with their values."""
    close = np.flatnonzero(model.lower.floats == model.upper.floats).tolist()
    return {j: model.lower[j] for j in close if model.lower[j] == model.upper[j]}


def _without(model: Formulation, fixed: dict[int, Fraction], used: np.ndarray) -> Formulation:
    """Return the model with the entries `used`, which belong to fixed variables, moved to the rows' sides."""
    row_of = np.repeat(np.arange(len(model.rows), dtype=np.int64), np.diff(model.indptr))
    shift: dict[int, Fraction] = {}
    for position in np.flatnonzero(used).tolist():
        value = fixed[int(model.columns[position])]
        if value:
            row = int(row_of[position])
            shift[row] = shift.get(row, Fraction(0)) + model.coefficients[position] * value
    keep = np.flatnonzero(~used)
    counts = np.bincount(row_of[keep], minlength=len(model.rows))
    return model.changed(
        row_lower=_shifted(model.row_lower, shift),
        row_upper=_shifted(model.row_upper, shift),
        indptr=np.concatenate(([0], np.cumsum(counts))),
        columns=model.columns[keep],
        coefficients=model.coefficients.take(keep),
    )


def _shifted(sides: ExactVector, shift: dict[int, Fraction]) -> ExactVector:
    def side(i: int) -> Fraction | float:
        value = sides.finite(i)
        return float(sides.floats[i]) if value is None else value - shift.get(i, Fraction(0))

    return ExactVector.of(side(i) for i in range(len(sides))) if shift else sides
