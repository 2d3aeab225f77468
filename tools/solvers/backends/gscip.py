"""SCIP through MathOpt (GSCIP): branch and cut for every mixed-integer problem, quick on tiny ones."""

from __future__ import annotations

import time

from tools.solvers.backends.backend import Backend, refuse_nothing
from tools.solvers.backends.mathopt import LIBRARY, ask_mathopt, is_undecided, read_answer
from tools.solvers.backends.undecided import settle_undecided
from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult


def solve_with_gscip(problem: NumericProblem, limits: Limits) -> SolveResult:
    """Return what SCIP says about `problem`; one thread, zero gaps."""
    from pybind11_abseil.status import StatusNotOk  # type: ignore[import-untyped]

    started = time.monotonic()
    try:
        answer = ask_mathopt(problem, limits, "SOLVER_TYPE_GSCIP")
    except StatusNotOk as error:
        # MathOpt cannot express the objective -inf that SCIP reports when it finds a model unbounded on the way.
        if "-inf; invalid PrimalSolutionProto.objective_value" not in str(error):
            raise
        return settle_undecided(problem, limits, started, solve_with_gscip)
    if is_undecided(answer):
        return settle_undecided(problem, limits, started, solve_with_gscip)
    return read_answer(problem, answer)


GSCIP = Backend(
    name="gscip", family="SCIP", library=LIBRARY, scope="milp", refusal=refuse_nothing, solve=solve_with_gscip
)
