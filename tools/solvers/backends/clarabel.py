"""Clarabel through cvxpy: an interior-point method, third opinion on linear programs; it has no basis."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from tools.formulation.numbers import FloatArray
from tools.quiet_cvxpy import import_cvxpy
from tools.solvers.backends.backend import Backend, refuse_integers
from tools.solvers.backends.undecided import settle_undecided
from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult, SolveStatus

_STATUSES: dict[str, SolveStatus] = {
    "optimal": "optimal",
    "infeasible": "infeasible",
    "user_limit": "limit",
}
"""cvxpy's names; its "inaccurate" statuses are numerical trouble, hence `failed`."""


def solve_with_clarabel(problem: NumericProblem, limits: Limits) -> SolveResult:
    """Return what Clarabel says about the linear program `problem`; its points are interior, good to about 1e-8."""
    cvxpy = import_cvxpy()

    started = time.monotonic()
    x: Any = cvxpy.Variable(problem.shape[1])
    matrix: Any = problem.matrix  # cvxpy expressions are not in scipy's type hints
    low, high = problem.row_lower, problem.row_upper
    equal = np.flatnonzero(low == high)
    below = np.flatnonzero(np.isfinite(low) & (low != high))
    above = np.flatnonzero(np.isfinite(high) & (low != high))
    fixed = np.flatnonzero(problem.lower == problem.upper)
    bounded_below = np.flatnonzero(np.isfinite(problem.lower) & (problem.lower != problem.upper))
    bounded_above = np.flatnonzero(np.isfinite(problem.upper) & (problem.lower != problem.upper))
    # Each entry: row indices, the constraint, and the sign that turns its dual into a row dual of ours.
    rows = [
        (equal, matrix[equal] @ x == low[equal], -1.0) if equal.size else None,
        (below, matrix[below] @ x >= low[below], 1.0) if below.size else None,
        (above, matrix[above] @ x <= high[above], -1.0) if above.size else None,
    ]
    constraints = [entry[1] for entry in rows if entry is not None]
    if fixed.size:
        constraints.append(x[fixed] == problem.lower[fixed])
    if bounded_below.size:
        constraints.append(x[bounded_below] >= problem.lower[bounded_below])
    if bounded_above.size:
        constraints.append(x[bounded_above] <= problem.upper[bounded_above])
    model: Any = cvxpy.Problem(cvxpy.Minimize(problem.cost @ x), constraints)
    options = {} if limits.iterations is None else {"max_iter": limits.iterations}
    model.solve(solver=cvxpy.CLARABEL, time_limit=limits.seconds, **options)
    if model.status == "unbounded":
        # Clarabel has found an improving direction and not looked for a point: the model may be infeasible.
        return settle_undecided(problem, limits, started, solve_with_clarabel)
    status = _STATUSES.get(model.status, "failed")
    if status != "optimal":
        return SolveResult(status, "", str(model.status))
    row_duals: FloatArray = np.zeros(len(low))
    for entry in rows:
        if entry is not None:
            indices, constraint, sign = entry
            row_duals[indices] += sign * np.asarray(constraint.dual_value)
    return SolveResult(
        "optimal", "", "optimal", point=np.array(x.value, dtype=np.float64), bound=float(model.value),
        row_duals=row_duals, reduced_costs=problem.cost - matrix.T @ row_duals,
    )  # fmt: skip


CLARABEL = Backend(
    name="clarabel", family="Clarabel", library="cvxpy", scope="lp", refusal=refuse_integers, solve=solve_with_clarabel
)
