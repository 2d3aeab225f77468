"""Small models whose answers are known, on which every backend is run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveStatus

_INF = math.inf


@dataclass(frozen=True, eq=False)
class KnownAnswer:
    """A model, its true status, and its optimal value when that status is `optimal`."""

    name: str
    problem: NumericProblem
    status: SolveStatus
    optimum: float | None = None


def _model(
    name: str,
    status: SolveStatus,
    optimum: float | None,
    *,
    cost: Sequence[float],
    bounds: Sequence[tuple[float, float]],
    rows: Sequence[tuple[Sequence[float], float, float]] = (),
    integer: Sequence[int] = (),
) -> KnownAnswer:
    problem = NumericProblem.build(
        cost=cost,
        lower=[low for low, _ in bounds],
        upper=[high for _, high in bounds],
        integer=[j in integer for j in range(len(cost))],
        matrix=[list(terms) for terms, _, _ in rows] if rows else None,
        row_lower=[low for _, low, _ in rows],
        row_upper=[high for _, _, high in rows],
    )
    return KnownAnswer(name, problem, status, optimum)


def known_answers() -> tuple[KnownAnswer, ...]:
    """Return the library of models, each with a distinct name."""
    return (*_linear(), *_integer(), *_without_solver(), *_hard_numbers(), *_answered_wrongly_elsewhere())


def _linear() -> tuple[KnownAnswer, ...]:
    plus = (0.0, _INF)
    free = (-_INF, _INF)
    return (
        _model("lp: two products", "optimal", -36.0, cost=[-3, -5], bounds=[plus, plus],
               rows=[([1, 0], -_INF, 4), ([0, 2], -_INF, 12), ([3, 2], -_INF, 18)]),
        _model("lp: degenerate vertex", "optimal", -2.0, cost=[-1, -1], bounds=[plus, plus],
               rows=[([1, 0], -_INF, 1), ([0, 1], -_INF, 1), ([1, 1], -_INF, 2), ([2, 1], -_INF, 3)]),
        _model("lp: cycling example of Beale", "optimal", -0.05, cost=[-0.75, 150, -0.02, 6], bounds=[plus] * 4,
               rows=[([0.25, -60, -0.04, 9], -_INF, 0), ([0.5, -90, -0.02, 3], -_INF, 0), ([0, 0, 1, 0], -_INF, 1)]),
        _model("lp: assignment, degenerate", "optimal", 5.0, cost=[4, 1, 3, 2, 0, 5, 3, 2, 2], bounds=[plus] * 9,
               rows=[([1, 1, 1, 0, 0, 0, 0, 0, 0], 1, 1), ([0, 0, 0, 1, 1, 1, 0, 0, 0], 1, 1),
                     ([0, 0, 0, 0, 0, 0, 1, 1, 1], 1, 1), ([1, 0, 0, 1, 0, 0, 1, 0, 0], 1, 1),
                     ([0, 1, 0, 0, 1, 0, 0, 1, 0], 1, 1), ([0, 0, 1, 0, 0, 1, 0, 0, 1], 1, 1)]),
        _model("lp: several optima", "optimal", 4.0, cost=[1, 1], bounds=[plus, plus], rows=[([1, 1], 4, _INF)]),
        _model("lp: range row, upper side binds", "optimal", -6.0, cost=[-1, -1], bounds=[(0, 5), (0, 5)],
               rows=[([1, 1], 2, 6)]),
        _model("lp: equality and free variables", "optimal", 3.0, cost=[1, 2], bounds=[free, free],
               rows=[([1, 1], 2, 2), ([1, -1], -_INF, 1), ([0, 1], 1, _INF)]),
        _model("lp: fixed variable", "optimal", 7.0, cost=[1, 2], bounds=[(3, 3), plus], rows=[([1, 1], 5, _INF)]),
        _model("lp: negative upper bound", "optimal", -10.0, cost=[1, -1], bounds=[(-_INF, -2), (-4, 4)],
               rows=[([1, 1], -2, _INF), ([1, 0], -6, _INF)]),
        _model("lp: zero cost", "optimal", 0.0, cost=[0, 0], bounds=[plus, plus], rows=[([1, 2], 3, _INF)]),
        _model("lp: redundant and empty rows", "optimal", 2.0, cost=[1, 1], bounds=[plus, plus],
               rows=[([0, 0], -1, 1), ([1, 1], 2, _INF), ([2, 2], 2, _INF), ([0, 0], -_INF, _INF)]),
        _model("lp: infeasible rows", "infeasible", None, cost=[1, 1], bounds=[plus, plus],
               rows=[([1, 1], 3, _INF), ([1, 1], -_INF, 2)]),
        _model("lp: infeasible by bounds", "infeasible", None, cost=[1, 1], bounds=[(0, 1), (0, 1)],
               rows=[([1, 1], 3, _INF)]),
        _model("lp: infeasible with an improving ray", "infeasible", None, cost=[-1, 0, 0], bounds=[plus] * 3,
               rows=[([0, 1, 1], 3, _INF), ([0, 1, 1], -_INF, 2), ([1, -1, 0], 0, _INF)]),
        _model("lp: infeasible, free variables", "infeasible", None, cost=[0, 0], bounds=[free, free],
               rows=[([1, 1], 1, 1), ([2, 2], 3, 3)]),
        _model("lp: unbounded", "unbounded", None, cost=[-1, -1], bounds=[plus, plus], rows=[([1, -1], -1, 1)]),
        _model("lp: unbounded along a free variable", "unbounded", None, cost=[1, 0], bounds=[free, (0, 2)],
               rows=[([1, 1], -_INF, 3)]),
    )  # fmt: skip


def _integer() -> tuple[KnownAnswer, ...]:
    plus = (0.0, _INF)
    free = (-_INF, _INF)
    unit = (0.0, 1.0)
    return (
        _model("milp: knapsack", "optimal", -21.0, cost=[-8, -11, -6, -4], bounds=[unit] * 4,
               rows=[([5, 7, 4, 3], -_INF, 14)], integer=range(4)),
        _model("milp: rounding the relaxation fails", "optimal", -20.0, cost=[-5, -4], bounds=[(0, 10), (0, 10)],
               rows=[([6, 4], -_INF, 24), ([1, 2], -_INF, 6)], integer=[0, 1]),
        _model("milp: mixed", "optimal", -6.25, cost=[-1, -1], bounds=[(0, 10), (0, 10)],
               rows=[([2, 1], -_INF, 10), ([1, 2], -_INF, 9.5)], integer=[0]),
        _model("milp: general integers with negative bounds", "optimal", -7.0, cost=[1, 1], bounds=[(-5, 5), (-5, 5)],
               rows=[([2, 3], -17, _INF)], integer=[0, 1]),
        _model("milp: fractional data", "optimal", 0.9, cost=[0.3, 0.2], bounds=[(0, 9), (0, 9)],
               rows=[([0.3, 0.1], 0.75, _INF)], integer=[0, 1]),
        _model("milp: fixed charge", "optimal", 27.0, cost=[10, 12, 1, 2], bounds=[unit, unit, (0, 20), (0, 20)],
               rows=[([-20, 0, 1, 0], -_INF, 0), ([0, -20, 0, 1], -_INF, 0), ([0, 0, 1, 1], 17, 17)], integer=[0, 1]),
        _model("milp: set cover, several optima", "optimal", 2.0, cost=[1, 1, 1], bounds=[unit] * 3,
               rows=[([1, 1, 0], 1, _INF), ([0, 1, 1], 1, _INF), ([1, 0, 1], 1, _INF)], integer=range(3)),
        _model("milp: zero cost", "optimal", 0.0, cost=[0, 0], bounds=[(0, 7), (0, 7)], rows=[([3, 5], 11, 11)],
               integer=[0, 1]),
        _model("milp: fractional integer bounds", "optimal", -3.0, cost=[-1, 0], bounds=[(0.5, 3.5), unit],
               rows=[([1, 1], -_INF, 9)], integer=[0, 1]),
        _model("milp: parity (2x = 1)", "infeasible", None, cost=[1], bounds=[(0, 5)], rows=[([2], 1, 1)], integer=[0]),
        _model("milp: even = odd", "infeasible", None, cost=[1, 1], bounds=[(0, 9), (0, 9)], rows=[([2, 4], 7, 7)],
               integer=[0, 1]),
        _model("milp: relaxation infeasible", "infeasible", None, cost=[1, 1], bounds=[unit, unit],
               rows=[([1, 1], 3, _INF)], integer=[0, 1]),
        _model("milp: slab without integer points", "infeasible", None, cost=[0, 0], bounds=[(-20, 20), (-20, 20)],
               rows=[([3, -3], 1, 2)], integer=[0, 1]),
        _model("milp: unbounded, with an integer point", "unbounded", None, cost=[-1, -1], bounds=[plus, plus],
               rows=[([2, -2], -1, 1)], integer=[0, 1]),
        _model("milp: unbounded, one continuous", "unbounded", None, cost=[-1, 0], bounds=[plus, plus],
               rows=[([1, -1], -_INF, 0.5)], integer=[1]),
        _model("milp: endless slab without integer points", "infeasible", None, cost=[-1, 0], bounds=[free, free],
               rows=[([3, -3], 1, 2)], integer=[0, 1]),
        # The sum of the rows is 2x = 2a + 2b + 1.
        _model("milp: endless parity", "infeasible", None, cost=[-1, 0, 0, 0], bounds=[free] * 4,
               rows=[([1, 1, -2, 0], 0, 0), ([1, -1, 0, -2], 1, 1)], integer=range(4)),
    )  # fmt: skip


def _without_solver() -> tuple[KnownAnswer, ...]:
    unit = (0.0, 1.0)
    return (
        _model("empty", "optimal", 0.0, cost=[], bounds=[]),
        _model("no rows", "optimal", -5.0, cost=[1, -2, 0], bounds=[(1, 2), (0, 3), (-_INF, _INF)]),
        _model("no rows, unbounded", "unbounded", None, cost=[-1, 1], bounds=[(0, _INF), unit]),
        _model("no rows, integer", "optimal", 2.0, cost=[1], bounds=[(1.2, 9)], integer=[0]),
        _model("no variables, feasible row", "optimal", 0.0, cost=[], bounds=[], rows=[([], -1, 1)]),
        _model("no variables, infeasible row", "infeasible", None, cost=[], bounds=[], rows=[([], 1, 2)]),
        _model("infeasible empty row", "infeasible", None, cost=[1], bounds=[unit], rows=[([1], 0, 1), ([0], 2, 3)]),
        _model("crossed variable bounds", "infeasible", None, cost=[1, 1], bounds=[(2, 1), unit],
               rows=[([1, 1], 0, 9)]),
        _model("crossed row bounds", "infeasible", None, cost=[1, 1], bounds=[unit, unit], rows=[([1, 1], 2, 1)]),
        _model("integer bounds without an integer", "infeasible", None, cost=[1, 1], bounds=[(0.2, 0.8), unit],
               rows=[([1, 1], 0, 9)], integer=[0]),
    )  # fmt: skip


def _hard_numbers() -> tuple[KnownAnswer, ...]:
    plus = (0.0, _INF)
    unit = (0.0, 1.0)
    return (
        _model("numbers: big-M", "optimal", 11.0, cost=[1, 10], bounds=[(0, 1e6), unit],
               rows=[([1, -1e6], -_INF, 0), ([1, 0], 1, _INF)], integer=[1]),
        _model("numbers: small coefficients", "optimal", 3e-5, cost=[1e-5, 2e-5], bounds=[plus, plus],
               rows=[([1e-5, 1e-5], 3e-5, _INF)]),
        _model("numbers: large coefficients", "optimal", 4e9, cost=[1e9, 2e9], bounds=[plus, plus],
               rows=[([1e6, 1e6], 4e6, _INF)]),
        _model("numbers: wide range in one row", "optimal", 2.0, cost=[1, 1], bounds=[(0, 1e6), (0, 10)],
               rows=[([1e-4, 1e3], 2e3, _INF)]),
        _model("numbers: large right-hand side", "optimal", 1e8, cost=[1, 3], bounds=[plus, plus],
               rows=[([1, 2], 1e8, _INF)]),
        _model("numbers: thirds", "optimal", 3.0, cost=[1, 1], bounds=[plus, plus],
               rows=[([1 / 3, 1 / 3], 1, _INF)]),
    )  # fmt: skip


def _answered_wrongly_elsewhere() -> tuple[KnownAnswer, ...]:
    """Return the two models to which HiGHS 1.14 gives the "optimal" values 99999 and 15."""
    plus = (0.0, _INF)
    return (
        _model("once wrong: switch that need not be on", "optimal", 20.0, cost=[0, 2, 99999],
               bounds=[plus, plus, (0, 1)], rows=[([1, 1, 0], 10, 10), ([1, 0, -100], -_INF, 0)], integer=[2]),
        _model("once wrong: continuous before integer", "optimal", 9.0, cost=[2, 3], bounds=[(0, 10), (0, 10)],
               rows=[([1, 1], 4.5, _INF)], integer=[1]),
    )  # fmt: skip
