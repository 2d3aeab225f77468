"""A formulation without repeated, opposed, single-variable and empty rows: the same feasible set, fewer rows.

Rows `l ≤ a·x ≤ u` whose coefficient vectors are multiples of each other become one row with the tighter sides, in the
scale of the first of them; rows with one variable become bounds; bounds of integer variables move inward to integers;
rows without variables or without sides go, unless a row without variables is violated, which then stays. Every
comparison that decides is made in rationals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tools.formulation.literals import Number, NumberList, exact_number
from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import BoolArray, ExactVector, IntArray

RowFactor = tuple[int, Fraction]
"""(index of an original row, factor that turns its left side into that of the row or variable it became)."""

_PRIMES = (2_147_483_647, 2_147_483_629, 2_147_483_587, 2_147_483_579)


@dataclass(frozen=True)
class CanonicalForm:
    """What `canonical_form` returns.

    `formulation` has the input's variables and objective. `row_sources[i]` lists the original rows merged into row i,
    the first with factor 1; a factor below zero swaps the sides. `bound_sources[j]` lists the original rows that
    became bounds of variable j. `dropped` are the original rows that restrict nothing.
    """

    formulation: Formulation
    row_sources: tuple[tuple[RowFactor, ...], ...]
    bound_sources: Mapping[int, tuple[RowFactor, ...]]
    dropped: tuple[int, ...]


def canonical_form(formulation: Formulation) -> CanonicalForm:
    """Return the canonical form of `formulation`, whose feasible set is the same exactly."""
    counts = np.diff(formulation.indptr)
    free = np.isinf(formulation.row_lower.floats) & np.isinf(formulation.row_upper.floats)
    dropped = [int(i) for i in np.flatnonzero(free)]
    for i in np.flatnonzero((counts == 0) & ~free).tolist():
        if _allows(formulation, i, Fraction(0)):
            dropped.append(i)
    gone = np.zeros(len(counts), dtype=np.bool_)
    gone[dropped] = True

    lower, upper = _numbers(formulation.lower), _numbers(formulation.upper)
    bound_sources = _rows_to_bounds(formulation, np.flatnonzero((counts == 1) & ~gone), lower, upper)
    _round_integers(formulation, lower, upper)

    groups = _parallel_rows(formulation, (counts >= 2) & ~gone)
    groups.extend([(i, Fraction(1))] for i in np.flatnonzero((counts == 0) & ~gone).tolist())
    groups.sort(key=lambda group: group[0][0])
    merged = _merged(formulation, groups, lower, upper)
    return CanonicalForm(
        formulation=merged,
        row_sources=tuple(tuple(group) for group in groups),
        bound_sources=bound_sources,
        dropped=tuple(sorted(dropped)),
    )


def _allows(formulation: Formulation, row: int, value: Fraction) -> bool:
    low, high = formulation.row_lower.finite(row), formulation.row_upper.finite(row)
    return (low is None or low <= value) and (high is None or value <= high)


def _numbers(vector: ExactVector) -> NumberList:
    numbers = NumberList()
    numbers.floats = vector.floats.tolist()
    numbers.exact = dict(vector.overrides)
    return numbers


def _sides(formulation: Formulation, row: int, factor: Fraction) -> tuple[Fraction | None, Fraction | None]:
    """Return the sides of `row` multiplied by `factor`, None where infinite."""
    low, high = formulation.row_lower.finite(row), formulation.row_upper.finite(row)
    if factor < 0:
        low, high = high, low
    if factor == 1:
        return low, high
    return None if low is None else low * factor, None if high is None else high * factor


def _rows_to_bounds(
    formulation: Formulation, rows: IntArray, lower: NumberList, upper: NumberList
) -> dict[int, tuple[RowFactor, ...]]:
    sources: dict[int, list[RowFactor]] = {}
    starts = formulation.indptr[rows].tolist()
    for row, start in zip(rows.tolist(), starts, strict=True):
        variable = int(formulation.columns[start])
        factor = 1 / formulation.coefficients[start]
        low, high = _sides(formulation, row, factor)
        if low is not None and _exceeds(low, lower.get(variable)):
            lower.set(variable, exact_number(low))
        if high is not None and _exceeds(-high, _negative(upper.get(variable))):
            upper.set(variable, exact_number(high))
        sources.setdefault(variable, []).append((row, factor))
    return {variable: tuple(rows_of) for variable, rows_of in sources.items()}


def _exceeds(value: Fraction, number: Number) -> bool:
    if math.isinf(number[0]):
        return number[0] < 0
    return value > _exact(number)


def _negative(number: Number) -> Number:
    return -number[0], None if number[1] is None else -number[1]


def _exact(number: Number) -> Fraction:
    return ExactVector(np.array([number[0]]), {} if number[1] is None else {0: number[1]})[0]
