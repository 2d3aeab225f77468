"""Exact solution of sparse square linear systems: singletons are peeled off, the dense kernel goes to FLINT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import flint

KERNEL_LIMIT = 500
"""Largest dense kernel that is solved; a larger one gives None (a 400 × 400 kernel takes about 0.2 s)."""

SparseRow = Mapping[int, Fraction]


def solve_square(
    equations: Sequence[SparseRow], right_sides: Sequence[Fraction], kernel_limit: int = KERNEL_LIMIT
) -> dict[int, Fraction] | None:
    """Return the unique exact solution {unknown: value} of the equations, or None.

    `equations[i]` is {unknown: coefficient}; None means: not square, singular, or a kernel above `kernel_limit`.
    Rows with one unknown are solved first and columns with one row last, which leaves little of a simplex basis.
    """
    rows: dict[int, dict[int, Fraction]] = {i: dict(row) for i, row in enumerate(equations)}
    sides = list(right_sides)
    users: dict[int, set[int]] = {}
    for i, row in rows.items():
        for unknown in row:
            users.setdefault(unknown, set()).add(i)
    if len(users) != len(rows):
        return None
    values: dict[int, Fraction] = {}
    deferred: list[tuple[int, int, dict[int, Fraction]]] = []
    row_queue = [i for i, row in rows.items() if len(row) == 1]
    column_queue = [unknown for unknown, where in users.items() if len(where) == 1]
    while row_queue or column_queue:
        if row_queue:
            i = row_queue.pop()
            if i not in rows or len(rows[i]) != 1:
                continue
            ((unknown, coefficient),) = rows.pop(i).items()
            value = values[unknown] = sides[i] / coefficient
            for k in users.pop(unknown) - {i}:
                sides[k] -= rows[k].pop(unknown) * value
                if len(rows[k]) == 1:
                    row_queue.append(k)
                elif not rows[k]:
                    return None
        else:
            unknown = column_queue.pop()
            if unknown not in users or len(users[unknown]) != 1:
                continue
            (i,) = users.pop(unknown)
            row = rows.pop(i)
            deferred.append((unknown, i, row))
            for other in row:
                if other != unknown:
                    users[other].discard(i)
                    if len(users[other]) == 1:
                        column_queue.append(other)
                    elif not users[other]:
                        return None
    if rows:
        kernel = _solve_dense(rows, sides, kernel_limit)
        if kernel is None:
            return None
        values.update(kernel)
    for unknown, i, row in reversed(deferred):
        rest = sum((a * values[other] for other, a in row.items() if other != unknown), Fraction(0))
        values[unknown] = (sides[i] - rest) / row[unknown]
    return values


def _solve_dense(
    rows: Mapping[int, SparseRow], sides: Sequence[Fraction], kernel_limit: int
) -> dict[int, Fraction] | None:
    unknowns = sorted({unknown for row in rows.values() for unknown in row})
    size = len(rows)
    if size != len(unknowns) or size > kernel_limit:
        return None
    position = {unknown: k for k, unknown in enumerate(unknowns)}
    matrix = flint.fmpq_mat(size, size)
    right = flint.fmpq_mat(size, 1)
    for k, (i, row) in enumerate(rows.items()):
        right[k, 0] = to_fmpq(sides[i])
        for unknown, coefficient in row.items():
            matrix[k, position[unknown]] = to_fmpq(coefficient)
    try:
        solution = matrix.solve(right)
    except ZeroDivisionError:
        return None
    return {unknown: to_fraction(solution[k, 0]) for unknown, k in position.items()}


def solve_any(columns: Sequence[SparseRow], right: SparseRow) -> list[Fraction] | None:
    """Return exact weights with Σ weights[i]·columns[i] = right, zero where they are free, or None if there are none.

    Dense elimination: meant for a few hundred columns.
    """
    places = {name: i for i, name in enumerate(sorted({name for entries in (*columns, right) for name in entries}))}
    width = len(columns)
    if not places:
        return [Fraction(0)] * width
    matrix = flint.fmpq_mat(len(places), width + 1)
    for k, entries in enumerate((*columns, right)):
        for name, value in entries.items():
            matrix[places[name], k] = to_fmpq(value)
    reduced, rank = matrix.rref()
    weights = [Fraction(0)] * width
    for i in range(int(rank)):
        pivot = next(k for k in range(width + 1) if reduced[i, k] != 0)
        if pivot == width:
            return None
        weights[pivot] = to_fraction(reduced[i, width])
    return weights


def to_fmpq(value: Fraction) -> flint.fmpq:
    """Return the FLINT rational equal to `value`."""
    return flint.fmpq(value.numerator, value.denominator)


def to_fraction(value: flint.fmpq) -> Fraction:
    """Return the `Fraction` equal to `value`."""
    return Fraction(int(value.p), int(value.q))
