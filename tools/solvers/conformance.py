"""One call that tests a backend against the library of known answers.

>>> outcomes = run_solver_tests("highs")
>>> {outcome.verdict for outcome in outcomes} <= {"right", "known wrong", "refused"}
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from tools.solvers.audit import dual_bound
from tools.solvers.backends.backend import Backend
from tools.solvers.gateway import backends, solve
from tools.solvers.known_answers import KnownAnswer, known_answers
from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import BasisStatus, SolveResult, SolveStatus
from tools.solvers.tolerances import DEFAULT_TOLERANCES, Tolerances
from tools.solvers.trivial import ARITHMETIC

Verdict = Literal["right", "known wrong", "refused", "wrong"]

_TEST_LIMITS = Limits(seconds=10.0)


@dataclass(frozen=True)
class KnownWrong:
    """A wrong answer that a backend is known to give: the status it claims, and why."""

    status: SolveStatus
    reason: str


KnownWrongTable = Mapping[tuple[str, str], KnownWrong]
"""(backend, model name) → the wrong answer that is excused, and nothing else."""

KNOWN_WRONG: KnownWrongTable = MappingProxyType({})
"""Empty with the pinned versions: every backend answers every model rightly. Add an entry only with its reason."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one backend answered to one model; `note` says what is wrong, why it is excused, or why it was refused."""

    model: str
    verdict: Verdict
    note: str
    result: SolveResult


def run_solver_tests(
    backend: str | Backend,
    limits: Limits = _TEST_LIMITS,
    tolerances: Tolerances = DEFAULT_TOLERANCES,
    known_wrong: KnownWrongTable = KNOWN_WRONG,
) -> list[Outcome]:
    """Return the outcome of every known-answer model on `backend`; raises `AssertionError` naming all wrong ones.

    `backend` is a name, "auto", or a new `Backend` that is in no registry yet. Checked: status, optimal value,
    feasibility; for linear programs also dual values and signs, basis size, rays. A model that the backend refuses by
    its own rule is an outcome "refused"; a listed wrong answer is "known wrong".
    """
    outcomes = [_outcome(backend, known, limits, tolerances, known_wrong) for known in known_answers()]
    wrong = [f"{outcome.model}: {outcome.note}" for outcome in outcomes if outcome.verdict == "wrong"]
    if wrong:
        raise AssertionError(f"{_name(backend)} answers {len(wrong)} models wrongly:\n" + "\n".join(wrong))
    return outcomes


def _outcome(
    backend: str | Backend, known: KnownAnswer, limits: Limits, tolerances: Tolerances, known_wrong: KnownWrongTable
) -> Outcome:
    result = solve(known.problem, backend=backend, limits=limits)
    implementation = _implementation(backend)
    if result.backend != ARITHMETIC and implementation is not None:
        refusal = implementation.refusal(known.problem)
        if refusal is not None:
            return Outcome(known.name, "refused", refusal, result)
    complaints = _complaints(known, result, implementation, tolerances)
    if not complaints:
        return Outcome(known.name, "right", "", result)
    excuse = known_wrong.get((result.backend, known.name))
    if excuse is not None and excuse.status == result.status:
        return Outcome(known.name, "known wrong", excuse.reason, result)
    return Outcome(known.name, "wrong", "; ".join(complaints), result)


def _complaints(known: KnownAnswer, result: SolveResult, backend: Backend | None, tolerances: Tolerances) -> list[str]:
    if result.status != known.status:
        return [f"status {result.status!r}, expected {known.status!r} ({result.message})"]
    found: list[str] = []
    if known.status == "optimal":
        assert known.optimum is not None
        if result.objective is None or not tolerances.same_objective(result.objective, known.optimum):
            found.append(f"objective {result.objective!r}, expected {known.optimum!r}")
        if known.problem.is_lp:
            found.extend(_dual_complaints(known.problem, known.optimum, result, tolerances))
            if backend is not None and backend.gives_basis and result.column_basis is None:
                found.append("no basis")
    elif result.point is not None and known.status == "infeasible":
        found.append("a point with status infeasible")
    if backend is not None and backend.gives_rays and known.problem.is_lp and result.backend != ARITHMETIC:
        if known.status == "unbounded" and (result.ray is None or result.point is None):
            found.append("no primal ray and point")
        if known.status == "infeasible" and result.dual_ray is None:
            found.append("no dual ray")
    return found


def _dual_complaints(problem: NumericProblem, optimum: float, result: SolveResult, tolerances: Tolerances) -> list[str]:
    if result.row_duals is None:
        return []
    found: list[str] = []
    bound = dual_bound(problem, result.row_duals, tolerances)
    if not tolerances.same_objective(bound, optimum):
        found.append(f"the duals prove the bound {bound!r}, expected {optimum!r}")
    if result.column_basis is not None and result.row_basis is not None:
        basic = int((result.column_basis == BasisStatus.BASIC).sum() + (result.row_basis == BasisStatus.BASIC).sum())
        if basic != len(problem.row_lower):
            found.append(f"the basis has {basic} members, expected {len(problem.row_lower)}")
    return found


def _implementation(backend: str | Backend) -> Backend | None:
    if isinstance(backend, Backend):
        return backend
    return next((candidate for candidate in backends() if candidate.name == backend), None)


def _name(backend: str | Backend) -> str:
    return backend.name if isinstance(backend, Backend) else backend
