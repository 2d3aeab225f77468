"""A formulation without repeated, opposed, single-variable and empty rows: the same feasible set, fewer rows.

Rows `l ≤ a·x ≤ u` whose coefficient vectors are multiples of each other become one row with the tighter sides, in the
scale of the first of them; rows with one variable become bounds; bounds of integer variables move inward to integers;
rows without variables or without sides go, unless a row without variables is violated, which then stays. Every
comparison that decides is made in rationals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tools.formulation.literals import Number, NumberList, exact_number, negated, value_of
from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import BoolArray, ExactVector, IntArray, decimal_value

RowFactor = tuple[int, Fraction]
"""(index of an original row, factor that turns its left side into that of the row or variable it became)."""

_ONE = Fraction(1)
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
    row_lower, row_upper = formulation.row_lower, formulation.row_upper
    coefficients = formulation.coefficients
    long_rows = row_lower.overrides.keys() | row_upper.overrides.keys()
    for row, start in zip(rows.tolist(), formulation.indptr[rows].tolist(), strict=True):
        variable = int(formulation.columns[start])
        coefficient = float(coefficients.floats[start])
        long_number = (
            start in coefficients.overrides or row in long_rows or variable in lower.exact or variable in upper.exact
        )
        if abs(coefficient) == 1.0 and not long_number:
            # the doubles compare as the decimals they stand for
            low_side, high_side = float(row_lower.floats[row]), float(row_upper.floats[row])
            if coefficient < 0:
                low_side, high_side = -high_side, -low_side
            lower.floats[variable] = max(lower.floats[variable], low_side)
            upper.floats[variable] = min(upper.floats[variable], high_side)
            factor = _ONE if coefficient > 0 else -_ONE
        else:
            factor = 1 / coefficients[start]
            low, high = _sides(formulation, row, factor)
            if low is not None and _exceeds(low, lower.get(variable)):
                lower.set(variable, exact_number(low))
            if high is not None and _exceeds(-high, negated(upper.get(variable))):
                upper.set(variable, exact_number(high))
        sources.setdefault(variable, []).append((row, factor))
    return {variable: tuple(rows_of) for variable, rows_of in sources.items()}


def _exceeds(value: Fraction, number: Number) -> bool:
    if math.isinf(number[0]):
        return number[0] < 0
    return value > value_of(number)


def _round_integers(formulation: Formulation, lower: NumberList, upper: NumberList) -> None:
    for numbers, rounded in ((lower, math.ceil), (upper, math.floor)):
        floats = np.array(numbers.floats, dtype=np.float64)
        fractional = formulation.integer & np.isfinite(floats) & (floats != np.floor(floats))
        for j in {*np.flatnonzero(fractional).tolist(), *(k for k in numbers.exact if formulation.integer[k])}:
            numbers.set(j, exact_number(Fraction(rounded(value_of(numbers.get(j))))))


def _parallel_rows(formulation: Formulation, considered: BoolArray) -> list[list[RowFactor]]:
    """Return the considered rows in groups of rows that are exact multiples of the group's first one."""
    buckets: dict[tuple[int, int], list[int]] = {}
    patterns = _pattern_hashes(formulation)
    rows = np.flatnonzero(considered)
    _, inverse, counts = np.unique(patterns[rows], return_inverse=True, return_counts=True)
    repeated = counts[inverse] > 1
    groups: list[list[RowFactor]] = [[(row, Fraction(1))] for row in rows[~repeated].tolist()]
    candidates = rows[repeated]
    directions = _direction_hashes(formulation, candidates)
    for row, pattern, direction in zip(
        candidates.tolist(), patterns[candidates].tolist(), directions.tolist(), strict=True
    ):
        buckets.setdefault((pattern, direction), []).append(row)
    for bucket in buckets.values():
        found: list[list[RowFactor]] = []
        for row in bucket:
            for group in found:
                factor = _factor(formulation, group[0][0], row)
                if factor is not None:
                    group.append((row, factor))
                    break
            else:
                found.append([(row, Fraction(1))])
        groups.extend(found)
    return groups


def _pattern_hashes(formulation: Formulation) -> NDArray[np.uint64]:
    """Return a number per row that rows with the same columns share; others share it by accident only."""
    weights = np.random.default_rng(0).integers(1, 2**63, size=len(formulation.variables), dtype=np.uint64)
    sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(weights[formulation.columns], dtype=np.uint64)))
    return np.asarray(sums[formulation.indptr[1:]] - sums[formulation.indptr[:-1]], dtype=np.uint64)


def _direction_hashes(formulation: Formulation, rows: IntArray) -> IntArray:
    """Return a number per row that multiples of each other share.

    It is a random combination of the coefficients divided by the first one, computed exactly modulo a prime, so that
    rounding never tells two parallel rows apart; rows that share it are compared exactly afterwards.
    """
    starts = formulation.indptr[rows]
    lengths = formulation.indptr[rows + 1] - starts
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    first = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)[:-1]))
    entries = np.repeat(starts - first, lengths) + np.arange(int(lengths.sum()), dtype=np.int64)
    values, inverse = np.unique(formulation.coefficients.floats[entries], return_inverse=True)
    fractions = [decimal_value(value) for value in values.tolist()]
    overrides = formulation.coefficients.overrides
    special = {k: overrides[e] for k, e in enumerate(entries.tolist()) if e in overrides} if overrides else {}
    for prime in _PRIMES:
        everything = (*fractions, *special.values())
        if all(value.numerator % prime and value.denominator % prime for value in everything):
            break
    else:
        return np.zeros(len(rows), dtype=np.int64)
    residues = np.array([_residue(value, prime) for value in fractions], dtype=np.int64)[inverse]
    for k, value in special.items():
        residues[k] = _residue(value, prime)
    leading, leading_inverse = np.unique(residues[first], return_inverse=True)
    inverses = np.array([pow(value, -1, prime) for value in leading.tolist()], dtype=np.int64)[leading_inverse]
    ratios = residues * np.repeat(inverses, lengths) % prime
    weights = np.random.default_rng(1).integers(1, prime, size=len(formulation.variables), dtype=np.int64)
    return np.asarray(np.add.reduceat(ratios * weights[formulation.columns[entries]] % prime, first) % prime)


def _residue(value: Fraction, prime: int) -> int:
    return value.numerator * pow(value.denominator, -1, prime) % prime


def _factor(formulation: Formulation, first: int, second: int) -> Fraction | None:
    """Return the factor that turns the left side of row `second` into that of row `first`, None where none does."""
    a, b = (slice(int(formulation.indptr[i]), int(formulation.indptr[i + 1])) for i in (first, second))
    if not np.array_equal(formulation.columns[a], formulation.columns[b]):
        return None
    coefficients = formulation.coefficients
    if not coefficients.overrides:
        if np.array_equal(coefficients.floats[a], coefficients.floats[b]):
            return Fraction(1)
        if np.array_equal(coefficients.floats[a], -coefficients.floats[b]):
            return Fraction(-1)
    mine, other = coefficients.slice(a.start, a.stop), coefficients.slice(b.start, b.stop)
    factor = mine[0] / other[0]
    return factor if all(x == factor * y for x, y in zip(mine, other, strict=True)) else None


def _merged(
    formulation: Formulation, groups: Sequence[Sequence[RowFactor]], lower: NumberList, upper: NumberList
) -> Formulation:
    kept = np.array([group[0][0] for group in groups], dtype=np.int64)
    lengths = formulation.indptr[kept + 1] - formulation.indptr[kept]
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)))
    entries = np.repeat(formulation.indptr[kept] - starts[:-1], lengths) + np.arange(int(starts[-1]), dtype=np.int64)
    row_lower, row_upper = _numbers(formulation.row_lower.take(kept)), _numbers(formulation.row_upper.take(kept))
    for position, group in enumerate(groups):
        for row, factor in group[1:]:
            low, high = _sides(formulation, row, factor)
            if low is not None and _exceeds(low, row_lower.get(position)):
                row_lower.set(position, exact_number(low))
            if high is not None and _exceeds(-high, negated(row_upper.get(position))):
                row_upper.set(position, exact_number(high))
    kinds = np.array(formulation.kinds)
    low_bounds, high_bounds = np.array(lower.floats), np.array(upper.floats)
    # a binary that a row leaves no value is an integer with crossed bounds: the bounds of binaries lie in [0, 1]
    kinds[(kinds == Kind.BINARY) & ((low_bounds > 1) | (high_bounds < 0))] = Kind.INTEGER
    return Formulation.build(
        name=formulation.name, sense=formulation.sense, variables=formulation.variables, lower=lower.vector(),
        upper=upper.vector(), kinds=kinds, objective=formulation.objective,
        objective_constant=formulation.objective_constant, rows=[formulation.rows[i] for i in kept.tolist()],
        row_lower=row_lower.vector(), row_upper=row_upper.vector(), indptr=starts,
        columns=formulation.columns[entries], coefficients=formulation.coefficients.take(entries),
        auxiliary=formulation.auxiliary,
    )  # fmt: skip
