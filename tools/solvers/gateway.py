"""The one door to every solver: solves happen in child processes that cannot crash, hang or pollute the caller.

>>> from tools.solvers.problem import NumericProblem
>>> box = {"lower": [0, 0], "upper": [4, 4]}
>>> rows = {"matrix": [[1, 2]], "row_lower": [3], "row_upper": [9]}
>>> solve(NumericProblem.build(cost=[1, 1], **box, **rows)).objective
1.5
"""

from __future__ import annotations

import atexit
import dataclasses
import os
import time
from collections.abc import Sequence

from tools.errors import SolverError
from tools.solvers.audit import audited
from tools.solvers.backends.backend import Backend
from tools.solvers.backends.registry import ALL, LP_ORDER, MILP_ORDER
from tools.solvers.limits import Limits
from tools.solvers.pool import WorkerPool
from tools.solvers.problem import NumericProblem
from tools.solvers.process import WorkerError
from tools.solvers.result import SolveResult, SolveStatus
from tools.solvers.trivial import ARITHMETIC, settle_trivially

__all__ = ["Backend", "Limits", "SolveResult", "backends", "second_opinion", "shutdown", "solve", "warm_up"]

DEFAULT_LIMITS = Limits()

_GRACE_SECONDS = 2.0
"""A solver checks its clock only now and then; its worker is killed this much after the time limit …"""

_GRACE_FACTOR = 1.2
"""… times this for long limits."""

_POOL = WorkerPool()
atexit.register(_POOL.close)
os.register_at_fork(after_in_child=_POOL.forget)


def solve(problem: NumericProblem, *, backend: str | Backend = "auto", limits: Limits = DEFAULT_LIMITS) -> SolveResult:
    """Return what `backend` says about `problem`, normalised and audited; never raises for what a solver does.

    "auto" asks the default backend of the problem's kind and, where that one fails, the next that accepts the problem.
    Problems that need no solver are settled by arithmetic whatever the backend. Raises `SolverError` for an unknown
    backend name.
    """
    if isinstance(backend, str) and backend != "auto":
        backend = _named(backend)
    started = time.monotonic()
    settled = settle_trivially(problem)
    if settled is not None:
        return dataclasses.replace(audited(problem, settled, limits), seconds=time.monotonic() - started)
    if isinstance(backend, Backend):
        return _ask(backend, problem, limits)
    return _first_answer(_accepting(problem), problem, limits)


def second_opinion(problem: NumericProblem, first: SolveResult, limits: Limits = DEFAULT_LIMITS) -> SolveResult:
    """Return the answer of a backend whose code base differs from that of `first.backend`.

    Where several differ, each but the last gets half of the time that is left, and the next is asked where one comes
    to no decision. A result settled by arithmetic needs no second opinion and comes back as it is.
    """
    if first.backend == ARITHMETIC:
        return first
    families = {backend.family for backend in ALL if backend.name == first.backend}
    others = [backend for backend in _accepting(problem) if backend.family not in families]
    return _first_answer(others, problem, limits, passed_over=("failed", "limit"))


def backends() -> tuple[Backend, ...]:
    """Return every backend, whether its library is installed or not."""
    return ALL


def warm_up() -> None:
    """Start the workers of the default backends in the background; returns at once."""
    for backend in (LP_ORDER[0], MILP_ORDER[0]):
        _POOL.start(backend.library)


def shutdown() -> None:
    """End every worker process; the next solve starts new ones. Happens by itself when the interpreter ends."""
    _POOL.close()


def _named(name: str) -> Backend:
    for backend in ALL:
        if backend.name == name:
            return backend
    known = ", ".join(repr(backend.name) for backend in ALL)
    raise SolverError(f"there is no solver backend {name!r}; choose one of {known} or 'auto'")


def _accepting(problem: NumericProblem) -> list[Backend]:
    return [backend for backend in (LP_ORDER if problem.is_lp else MILP_ORDER) if backend.refusal(problem) is None]


def _first_answer(
    candidates: Sequence[Backend],
    problem: NumericProblem,
    limits: Limits,
    *,
    passed_over: tuple[SolveStatus, ...] = ("failed",),
) -> SolveResult:
    """Return the first answer whose status is not `passed_over`, else the last; the time limit covers all tries."""
    deadline = time.monotonic() + limits.seconds
    result = SolveResult("failed", "none", "no backend accepts the problem")
    earlier: list[str] = []
    for position, backend in enumerate(candidates):
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            break
        share = 0.5 if "limit" in passed_over and position + 1 < len(candidates) else 1.0
        result = _ask(backend, problem, dataclasses.replace(limits, seconds=share * remaining), accepted=True)
        if result.status not in passed_over:
            return result
        earlier.append(f"{backend.name}: {result.message}")
    return dataclasses.replace(result, message="; ".join(earlier) or result.message)


def _ask(backend: Backend, problem: NumericProblem, limits: Limits, *, accepted: bool = False) -> SolveResult:
    started = time.monotonic()
    reason = None if accepted else backend.refusal(problem)
    if reason is not None:
        return SolveResult("failed", backend.name, f"refused: {reason}")
    seconds = limits.seconds * _GRACE_FACTOR + _GRACE_SECONDS
    try:
        answer = _POOL.call(backend.library, backend.solve, (problem, limits), seconds, limits.memory_bytes)
        result = audited(problem, dataclasses.replace(answer, backend=backend.name), limits)
    except WorkerError as error:
        result = SolveResult("limit" if error.kind == "deadline" else "failed", backend.name, str(error))
    return dataclasses.replace(result, seconds=time.monotonic() - started)
