"""The one door to every solver: solves happen in child processes that cannot crash, hang or pollute the caller."""

from __future__ import annotations

from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult

__all__ = ["Limits", "SolveResult", "solve", "second_opinion", "backends", "warm_up", "shutdown"]


def solve(problem: NumericProblem, *, backend: str = "auto", limits: Limits = Limits()) -> SolveResult:  # noqa: B008
    raise NotImplementedError


def second_opinion(problem: NumericProblem, first: SolveResult, limits: Limits = Limits()) -> SolveResult:  # noqa: B008
    raise NotImplementedError


def backends():
    raise NotImplementedError


def warm_up() -> None:
    raise NotImplementedError


def shutdown() -> None:
    raise NotImplementedError
