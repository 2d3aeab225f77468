"""Coefficients given one by one, in any order and possibly repeated, become sparse rows."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tools.formulation.numbers import ExactVector, IntArray, decimal_value, nearest_double


def sparse_rows(
    row_of: IntArray, column_of: IntArray, values: ExactVector, row_count: int
) -> tuple[IntArray, IntArray, ExactVector]:
    """Return (row starts, columns, coefficients) sorted by row and column; entries of one place are summed exactly."""
    order = np.lexsort((column_of, row_of))
    rows, columns = row_of[order], column_of[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(rows) != 0) | (np.diff(columns) != 0)
    if first.all():
        coefficients = values.take(order)
    else:
        coefficients = _summed(values, order, first)
        rows, columns = rows[first], columns[first]
    starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=row_count)))).astype(np.int64)
    return starts, columns, coefficients


def dense_vector(column_of: IntArray, values: ExactVector, length: int) -> ExactVector:
    """Return the vector of this length with `values` at `column_of`, repeated places summed exactly, zero elsewhere."""
    _, columns, coefficients = sparse_rows(np.zeros(len(column_of), dtype=np.int64), column_of, values, 1)
    floats = np.zeros(length, dtype=np.float64)
    floats[columns] = coefficients.floats
    return ExactVector(floats, {int(columns[k]): value for k, value in coefficients.overrides.items()})


def _summed(values: ExactVector, order: IntArray, first: NDArray[np.bool_]) -> ExactVector:
    starts = np.flatnonzero(first)
    stops = np.append(starts[1:], len(order))
    heads = values.take(order[starts])
    floats, overrides = np.array(heads.floats), dict(heads.overrides)
    for k in np.flatnonzero(stops - starts > 1).tolist():
        total = sum((values[i] for i in order[starts[k] : stops[k]].tolist()), Fraction(0))
        floats[k] = nearest_double(total)
        overrides.pop(k, None)
        if decimal_value(float(floats[k])) != total:
            overrides[k] = total
    return ExactVector(floats, overrides)
