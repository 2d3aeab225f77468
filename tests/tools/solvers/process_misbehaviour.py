"""Functions that misbehave, run in worker processes by the tests; they import no solver."""

from __future__ import annotations

import os
import time

from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult


def hang(problem: NumericProblem, limits: Limits) -> SolveResult:
    time.sleep(60)
    raise AssertionError("nobody killed this worker")


def crash(problem: NumericProblem, limits: Limits) -> SolveResult:
    os.write(2, b"F0000 check failed: x == y\n")
    os.abort()


def print_loudly(problem: NumericProblem, limits: Limits) -> SolveResult:
    os.write(1, b"BANNER\n" * 100_000)
    print("BANNER")
    return SolveResult("infeasible", "", "printed")


def fill_memory(problem: NumericProblem, limits: Limits) -> SolveResult:
    held = [bytearray(1 << 24) for _ in range(1 << 10)]
    return SolveResult("infeasible", "", f"held {len(held)} blocks")


def raise_something(problem: NumericProblem, limits: Limits) -> SolveResult:
    raise ZeroDivisionError("inside the solver")


def answer_wrongly(problem: NumericProblem, limits: Limits) -> SolveResult:
    return SolveResult("infeasible", "", "everything is infeasible")
