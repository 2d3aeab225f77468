"""GLOP through MathOpt: the simplex of OR-tools, second opinion on linear programs with a basis of its own."""

from __future__ import annotations

import time

from tools.solvers.backends.backend import Backend, refuse_integers
from tools.solvers.backends.mathopt import LIBRARY, ask_mathopt, is_undecided, read_answer
from tools.solvers.backends.undecided import settle_undecided
from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult


def solve_with_glop(problem: NumericProblem, limits: Limits) -> SolveResult:
    """Return what GLOP says about the linear program `problem`."""
    started = time.monotonic()
    answer = ask_mathopt(problem, limits, "SOLVER_TYPE_GLOP")
    if is_undecided(answer):
        return settle_undecided(problem, limits, started, solve_with_glop)
    return read_answer(problem, answer)


GLOP = Backend(
    name="glop", family="GLOP", library=LIBRARY, scope="lp", refusal=refuse_integers, solve=solve_with_glop,
    gives_basis=True,
)  # fmt: skip
