"""Settles problems that need no solver: crossed bounds, impossible empty rows, and problems without any coefficient."""

from __future__ import annotations

import numpy as np

from tools.formulation.numbers import BoolArray, FloatArray
from tools.solvers.problem import NumericProblem
from tools.solvers.result import BasisStatus, SolveResult

ARITHMETIC = "arithmetic"
"""The backend name of these results. Comparing doubles is monotone in the exact data, so `infeasible` is exact here."""


def settle_trivially(problem: NumericProblem) -> SolveResult | None:
    """Return the result of a problem that comparisons settle, else None.

    Infeasible: a variable whose bounds cross or hold no integer, a row whose bounds cross, a row without coefficients
    whose bounds exclude zero. A problem whose matrix has no coefficient is minimised variable by variable.
    """
    lower, upper = _integer_hull(problem)
    for label, low, high in (("variable", lower, upper), ("row", problem.row_lower, problem.row_upper)):
        crossed = np.flatnonzero((low > high) | np.isposinf(low) | np.isneginf(high))
        if crossed.size:
            index = int(crossed[0])
            return SolveResult("infeasible", ARITHMETIC, f"the bounds of {label} {index} admit no value")
    has_coefficient = _rows_with_coefficients(problem)
    excluded = ~has_coefficient & ((problem.row_lower > 0) | (problem.row_upper < 0))
    if excluded.any():
        row = int(np.flatnonzero(excluded)[0])
        proof: FloatArray | None = None
        if problem.is_lp:
            proof = np.zeros(len(problem.row_lower))
            proof[row] = 1.0 if problem.row_lower[row] > 0 else -1.0
        message = f"row {row} has no coefficients and its bounds exclude zero"
        return SolveResult("infeasible", ARITHMETIC, message, dual_ray=proof)
    return None if has_coefficient.any() else _minimise_over_box(problem, lower, upper)


def _integer_hull(problem: NumericProblem) -> tuple[FloatArray, FloatArray]:
    if problem.is_lp:
        return problem.lower, problem.upper
    return (
        np.where(problem.integer, np.ceil(problem.lower), problem.lower),
        np.where(problem.integer, np.floor(problem.upper), problem.upper),
    )


def _rows_with_coefficients(problem: NumericProblem) -> BoolArray:
    matrix = problem.matrix
    nonzero_before = np.concatenate(([0], np.cumsum(matrix.data != 0.0)))
    counts = nonzero_before[matrix.indptr[1:]] - nonzero_before[matrix.indptr[:-1]]
    return np.asarray(counts > 0)


def _minimise_over_box(problem: NumericProblem, lower: FloatArray, upper: FloatArray) -> SolveResult:
    cost = problem.cost
    point = np.where(cost > 0, lower, np.where(cost < 0, upper, np.clip(0.0, lower, upper)))
    endless = ~np.isfinite(point)
    if endless.any():
        column = int(np.flatnonzero(endless)[0])
        ray = np.zeros(len(cost))
        ray[column] = -np.sign(cost[column])
        start = np.where(endless, np.clip(0.0, lower, upper), point)
        message = f"variable {column} improves the objective without end"
        return SolveResult("unbounded", ARITHMETIC, message, point=start, ray=ray)
    objective = problem.objective_at(point)
    result = SolveResult("optimal", ARITHMETIC, "no row has a coefficient", point=point, bound=objective)
    if not problem.is_lp:
        return result
    basis = np.where(point == lower, BasisStatus.AT_LOWER, BasisStatus.AT_UPPER)
    basis = np.where((point != lower) & (point != upper), BasisStatus.FREE, basis)
    rows = len(problem.row_lower)
    return SolveResult(
        "optimal", ARITHMETIC, result.message, point=point, bound=objective,
        row_duals=np.zeros(rows), reduced_costs=cost.copy(),
        column_basis=basis.astype(np.int8), row_basis=np.full(rows, BasisStatus.BASIC, dtype=np.int8),
    )  # fmt: skip
