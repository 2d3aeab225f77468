"""What a backend is: a name, whose code it runs, what it accepts, and a function that solves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult

Scope = Literal["lp", "milp", "pure-integer"]
"""`lp`: continuous variables only; `milp`: everything; `pure-integer`: bounded integer variables and integer data."""


@dataclass(frozen=True)
class Backend:
    """One solver behind the gateway.

    `family` names the code base that decides the answer: two backends of one family share their bugs and never
    confirm each other. `library` is the importable module that the worker loads beforehand; backends with different
    libraries run in different processes, because two solver libraries may not be loadable together.

    `refusal(problem)` returns why this backend cannot take `problem`, or None; it runs in the caller's process and must
    not import the library. `solve(problem, limits)` runs in the worker: it must be a module-level function (it travels
    by name) and may raise anything, which becomes status `failed`. It is never given a problem that
    `tools.solvers.trivial` settles.
    """

    name: str
    family: str
    library: str
    scope: Scope
    refusal: Callable[[NumericProblem], str | None]
    solve: Callable[[NumericProblem, Limits], SolveResult]
    gives_basis: bool = False
    gives_rays: bool = False


def refuse_nothing(problem: NumericProblem) -> str | None:
    """Return None: every linear or mixed-integer problem is accepted."""
    return None


def refuse_integers(problem: NumericProblem) -> str | None:
    """Return a reason when `problem` has integer variables."""
    return None if problem.is_lp else "it has integer variables, and this backend solves linear programs only"
