"""Resolves a solver's "infeasible or unbounded" by asking whether there is any feasible point."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

import numpy as np

from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult, SolveStatus


def settle_undecided(
    problem: NumericProblem, limits: Limits, started: float, solve: Callable[[NumericProblem, Limits], SolveResult]
) -> SolveResult:
    """Return the result of `problem`, of which a solver has said "infeasible or unbounded", as one of the two.

    With zero cost the problem cannot be unbounded: infeasible means infeasible, optimal yields a feasible point and
    leaves unbounded. `started` is the `time.monotonic()` at which the first solve began; the time limit covers both.
    """
    if not problem.cost.any():
        return SolveResult("infeasible", "", "infeasible or unbounded with zero cost, hence infeasible")
    remaining = limits.seconds - (time.monotonic() - started)
    if remaining <= 0:
        return SolveResult("limit", "", "time limit, after the solver said infeasible or unbounded")
    second = solve(problem.with_cost(np.zeros(len(problem.cost))), dataclasses.replace(limits, seconds=remaining))
    if second.status == "optimal":
        return SolveResult(
            "unbounded", "", "infeasible or unbounded, and a solve with zero cost found a point", point=second.point
        )
    if second.status == "infeasible":
        return second
    status: SolveStatus = "limit" if second.status == "limit" else "failed"
    return SolveResult(status, "", f"infeasible or unbounded; the solve with zero cost ended with: {second.message}")
