"""Exact solution of sparse linear equations, for the zero points of free columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_OPERATIONS = 200_000


@dataclass(frozen=True)
class Equation:
    """`sum of terms[j] · t_j = value`."""

    terms: dict[int, Fraction]
    value: Fraction


def solve_sparse(equations: Sequence[Equation], operations: int = _OPERATIONS) -> dict[int, Fraction] | None:
    """Return one solution (unknowns that stay open are 0); None when there is none or it takes too many operations.

    Gaussian elimination, short equations first.
    """
    if all(equation.value == 0 for equation in equations):
        return {}
    pivots: dict[int, tuple[dict[int, Fraction], Fraction]] = {}
    done: list[int] = []
    for equation in sorted(equations, key=lambda each: len(each.terms)):
        terms, value = dict(equation.terms), equation.value
        while (known := next((j for j in terms if j in pivots), None)) is not None:
            value -= _eliminate(terms, known, pivots[known])
            operations -= len(pivots[known][0]) + 1
            if operations < 0:
                return None
        if not terms:
            if value != 0:
                return None
            continue
        pivot = min(terms)
        lead = terms.pop(pivot)
        pivots[pivot] = {j: a / lead for j, a in terms.items()}, value / lead
        done.append(pivot)
    solution: dict[int, Fraction] = {}
    for pivot in reversed(done):
        others, value = pivots[pivot]
        solution[pivot] = value - sum((a * solution.get(j, Fraction(0)) for j, a in others.items()), Fraction(0))
    return solution


def _eliminate(terms: dict[int, Fraction], pivot: int, row: tuple[dict[int, Fraction], Fraction]) -> Fraction:
    """Subtract from `terms` the multiple of the pivot's row that removes it; return what to take from the value."""
    factor = terms.pop(pivot)
    others, value = row
    for j, a in others.items():
        new = terms.get(j, Fraction(0)) - factor * a
        if new:
            terms[j] = new
        else:
            terms.pop(j, None)
    return factor * value
