"""Exact primal and dual solutions recovered from what a floating-point LP solver returns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from tools.exact.linear_algebra import solve_square
from tools.exact.proofs import NO_BOX, Box, Form, bounds_of
from tools.formulation.model import Formulation
from tools.solvers.result import BasisStatus, SolveResult

ROUNDING_DENOMINATORS = (1, 720, 10**4, 10**7)
"""Denominators tried, in order, when a float is replaced by a simple fraction nearby."""

DUAL_NOISE = 1e-11
"""Duals below this share of the largest one are taken for zero; a wrong guess only costs one attempt at a proof."""


def rounded_points(model: Formulation, values: Sequence[float]) -> Iterator[list[Fraction]]:
    """Yield exact points near `values`: integers rounded, others to simple fractions and clipped to their bounds."""
    integers = model.integer.tolist()
    for denominator in ROUNDING_DENOMINATORS:
        point: list[Fraction] = []
        for j, value in enumerate(values):
            if integers[j]:
                point.append(Fraction(round(value)))
                continue
            nearby = Fraction(value).limit_denominator(denominator)
            low, high = model.lower.finite(j), model.upper.finite(j)
            if low is not None and nearby < low:
                nearby = low
            if high is not None and nearby > high:
                nearby = high
            point.append(nearby)
        yield point


def exact_vertex(model: Formulation, result: SolveResult, box: Box = NO_BOX) -> list[Fraction] | None:
    """Return the exact basic solution of the basis in `result`, or None (no basis, singular, kernel too large).

    The point satisfies the active rows and bounds exactly; the caller checks the rest. Source: Applegate, Cook, Dash,
    Espinoza, "Exact solutions to linear programming problems" (2007).
    """
    if result.column_basis is None or result.row_basis is None:
        return None
    point: list[Fraction | None] = [None] * len(model.variables)
    for j, status in enumerate(result.column_basis.tolist()):
        if status == BasisStatus.BASIC:
            continue
        low, high = bounds_of(model, j, box)
        value = low if status == BasisStatus.AT_LOWER else high if status == BasisStatus.AT_UPPER else Fraction(0)
        if value is None:
            return None
        point[j] = value
    equations, sides = [], []
    for i in np.flatnonzero(result.row_basis != BasisStatus.BASIC).tolist():
        low, high = model.row_lower.finite(i), model.row_upper.finite(i)
        side = low if result.row_basis[i] == BasisStatus.AT_LOWER else high
        if side is None:
            side = low if low is not None else high
        if side is None:
            return None
        unknown: dict[int, Fraction] = {}
        for j, a in model.row_terms(i).items():
            known = point[j]
            if known is None:
                unknown[j] = a
            elif known:
                side -= a * known
        equations.append(unknown)
        sides.append(side)
    solution = solve_square(equations, sides)
    if solution is None:
        return None
    for j, value in solution.items():
        point[j] = value
    return None if any(value is None for value in point) else [value for value in point if value is not None]


def exact_multipliers(model: Formulation, form: Form, result: SolveResult) -> dict[int, Fraction] | None:
    """Return the exact row multipliers of the basis in `result` for minimising `form`, or None.

    They make the reduced costs of all basic variables zero, exactly.
    """
    if result.column_basis is None or result.row_basis is None:
        return None
    active = np.flatnonzero(result.row_basis != BasisStatus.BASIC).tolist()
    basic = np.flatnonzero(result.column_basis == BasisStatus.BASIC).tolist()
    if len(active) != len(basic):
        return None
    columns: dict[int, dict[int, Fraction]] = {j: {} for j in basic}
    for i in active:
        for j, a in model.row_terms(i).items():
            if j in columns:
                columns[j][i] = a
    solution = solve_square(list(columns.values()), [form.get(j, Fraction(0)) for j in basic])
    return None if solution is None else {i: value for i, value in solution.items() if value}


def rounded_multipliers(duals: Sequence[float]) -> Iterator[dict[int, Fraction]]:
    """Yield simple exact multipliers near the float duals of an LP, the simplest first."""
    largest = max((abs(value) for value in duals), default=0.0)
    kept = [(i, value) for i, value in enumerate(duals) if abs(value) > DUAL_NOISE * largest]
    seen: list[dict[int, Fraction]] = []
    for denominator in ROUNDING_DENOMINATORS:
        multipliers = {i: Fraction(value).limit_denominator(denominator) for i, value in kept}
        multipliers = {i: value for i, value in multipliers.items() if value}
        if multipliers not in seen:
            seen.append(multipliers)
            yield multipliers
