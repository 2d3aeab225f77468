"""Smallest and largest values of rows over the box of the variables' bounds: doubles to look, fractions to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from tools.formulation.model import Formulation
from tools.formulation.numbers import FloatArray
from tools.normal_form.draft import Side

MARGIN = 1e-9
"""What is this near in doubles, relatively, is worth an exact look."""

_ZERO = Fraction(0)


def rough_activities(model: Formulation) -> tuple[FloatArray, FloatArray]:
    """Return the smallest and the largest activity of every row in doubles, infinite where a bound is missing."""
    values, columns = model.coefficients.floats, model.columns
    row_of = np.repeat(np.arange(len(model.rows), dtype=np.int64), np.diff(model.indptr))
    low, high = model.lower.floats[columns], model.upper.floats[columns]
    smallest = np.bincount(row_of, np.where(values > 0, values * low, values * high), minlength=len(model.rows))
    largest = np.bincount(row_of, np.where(values > 0, values * high, values * low), minlength=len(model.rows))
    return np.asarray(smallest, dtype=np.float64), np.asarray(largest, dtype=np.float64)


class Activities:
    """Exact activities of rows, kept up to date while bounds are dropped.

    With the smallest activity Σ_{a_j>0} a_j·l_j + Σ_{a_j<0} a_j·u_j of a row goes the number of its infinite terms.
    """

    def __init__(self, rows: Sequence[Mapping[int, Fraction]], lower: Sequence[Side], upper: Sequence[Side]) -> None:
        self.rows = rows
        self.lower, self.upper = list(lower), list(upper)
        self._sums: tuple[list[Fraction], list[Fraction]] = ([], [])
        self._infinite: tuple[list[int], list[int]] = ([], [])
        for terms in rows:
            for largest in (False, True):
                parts = [self._part(j, a, largest) for j, a in terms.items()]
                self._sums[largest].append(sum((part for part in parts if part is not None), _ZERO))
                self._infinite[largest].append(sum(part is None for part in parts))

    def of(self, row: int, *, largest: bool, without: int | None = None) -> Side:
        """Return the smallest or largest activity of `row`, without the term of one variable; None where infinite."""
        total, infinite = self._sums[largest][row], self._infinite[largest][row]
        if without is not None:
            part = self._part(without, self.rows[row][without], largest)
            if part is None:
                infinite -= 1
            else:
                total -= part
        return None if infinite else total

    def drop_bound(self, variable: int, *, upper: bool, rows: Sequence[int]) -> None:
        """Take away a finite bound of `variable`, which occurs in `rows`."""
        bounds = self.upper if upper else self.lower
        value = bounds[variable]
        if value is None:
            return
        for row in rows:
            a = self.rows[row][variable]
            largest = (a > 0) == upper
            self._sums[largest][row] -= a * value
            self._infinite[largest][row] += 1
        bounds[variable] = None

    def _part(self, variable: int, coefficient: Fraction, largest: bool) -> Side:
        bound = (self.upper if (coefficient > 0) == largest else self.lower)[variable]
        return None if bound is None else coefficient * bound
