from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tools.solvers.audit import audited, dual_bound, violation
from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult

INF = float("inf")
LIMITS = Limits()
PROBLEM = NumericProblem.build(
    cost=[1, 2], lower=[0, 0], upper=[4, 4], integer=[True, False], matrix=[[1, 1]], row_lower=[2], row_upper=[INF]
)


def _optimal(point: list[float], **changes: object) -> SolveResult:
    result = SolveResult("optimal", "test", "said so", point=np.array(point))
    return dataclasses.replace(result, **changes)  # type: ignore[arg-type]


def test_objective_and_residual_come_from_the_point() -> None:
    result = audited(PROBLEM, _optimal([2, 1e-8], objective=-99.0, bound=2.0), LIMITS)
    assert result.status == "optimal"
    assert result.objective == pytest.approx(2.0)
    assert result.residual == 0.0


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ([1, 0.5], "violates the model by 0.5"),
        ([1.5, 1.0], "violates the model by 0.5"),
        ([5, 0], "violates the model by 1"),
        ([2, -0.001], "violates the model by 0.001"),
        ([float("nan"), 0], "no finite point"),
        ([2], "no finite point"),
    ],
)
def test_an_optimum_that_is_infeasible_is_a_failure(point: list[float], words: str) -> None:
    result = audited(PROBLEM, _optimal(point), LIMITS)
    assert result.status == "failed"
    assert result.point is None
    assert words in result.message
    assert "said so" in result.message


def test_an_optimum_without_a_point_is_a_failure() -> None:
    assert audited(PROBLEM, SolveResult("optimal", "test"), LIMITS).status == "failed"


def test_a_bound_away_from_the_objective_is_a_failure_unless_the_gap_allows_it() -> None:
    contradicted = _optimal([3, 0], bound=2.0)
    assert audited(PROBLEM, contradicted, LIMITS).status == "failed"
    assert audited(PROBLEM, contradicted, Limits(absolute_gap=1.0)).status == "optimal"
    assert audited(PROBLEM, contradicted, Limits(relative_gap=0.4)).status == "optimal"


def test_an_infeasible_point_of_a_limit_is_dropped() -> None:
    result = audited(PROBLEM, _optimal([0, 0], status="limit"), LIMITS)
    assert (result.status, result.point, result.objective) == ("limit", None, None)


def test_violations_of_large_rows_are_relative() -> None:
    problem = NumericProblem.build(
        cost=[0], lower=[-INF], upper=[INF], matrix=[[1e6]], row_lower=[1e9], row_upper=[1e9]
    )
    absolute, relative = violation(problem, np.array([1000.0001]))
    assert absolute == pytest.approx(100.0)
    assert relative == pytest.approx(1e-7, rel=1e-3)


def test_a_ray_that_leaves_the_cone_or_does_not_improve_is_dropped() -> None:
    problem = NumericProblem.build(
        cost=[-1, -1], lower=[0, 0], upper=[INF, INF], matrix=[[1, -1]], row_lower=[-1], row_upper=[1]
    )
    unbounded = SolveResult("unbounded", "test")
    good = audited(problem, dataclasses.replace(unbounded, ray=np.array([3.0, 3.0])), LIMITS)
    assert good.ray is not None
    assert good.ray.tolist() == [1.0, 1.0]
    for wrong in ([1.0, 0.0], [-1.0, -1.0], [0.0, 0.0], [float("nan"), 1.0]):
        assert audited(problem, dataclasses.replace(unbounded, ray=np.array(wrong)), LIMITS).ray is None


def test_a_dual_ray_that_proves_nothing_is_dropped() -> None:
    problem = NumericProblem.build(
        cost=[1, 1], lower=[0, 0], upper=[INF, INF], matrix=[[1, 1], [1, 1]], row_lower=[3, -INF], row_upper=[INF, 2]
    )
    infeasible = SolveResult("infeasible", "test")
    good = audited(problem, dataclasses.replace(infeasible, dual_ray=np.array([2.0, -2.0])), LIMITS)
    assert good.dual_ray is not None
    assert good.dual_ray.tolist() == [1.0, -1.0]
    for wrong in ([-1.0, 1.0], [1.0, 0.0], [0.0, 0.0]):
        assert audited(problem, dataclasses.replace(infeasible, dual_ray=np.array(wrong)), LIMITS).dual_ray is None


def test_row_duals_give_the_bound_of_weak_duality() -> None:
    problem = PROBLEM.relaxed()
    assert dual_bound(problem, np.array([1.0])) == 2.0
    assert dual_bound(problem, np.array([2.0])) == 0.0  # 2·2 + (1 − 2)·4
    assert dual_bound(problem, np.array([-1.0])) == -INF
