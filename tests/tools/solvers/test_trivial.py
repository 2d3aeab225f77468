from __future__ import annotations

import numpy as np
import pytest

from tools.solvers.audit import dual_bound
from tools.solvers.problem import NumericProblem
from tools.solvers.result import BasisStatus
from tools.solvers.trivial import settle_trivially

INF = float("inf")


def test_a_box_is_minimised_with_a_basis() -> None:
    problem = NumericProblem.build(cost=[1, -1, 0, 0], lower=[-2, 0, 3, -INF], upper=[5, 4, 9, INF])
    result = settle_trivially(problem)
    assert result is not None
    assert result.status == "optimal"
    assert result.point is not None
    assert result.point.tolist() == [-2, 4, 3, 0]
    assert result.column_basis is not None
    assert result.column_basis.tolist() == [
        BasisStatus.AT_LOWER, BasisStatus.AT_UPPER, BasisStatus.AT_LOWER, BasisStatus.FREE
    ]  # fmt: skip


def test_an_endless_box_gives_a_point_and_a_ray() -> None:
    result = settle_trivially(NumericProblem.build(cost=[0, -2], lower=[1, 5], upper=[2, INF]))
    assert result is not None
    assert result.status == "unbounded"
    assert result.point is not None
    assert result.ray is not None
    assert (result.point.tolist(), result.ray.tolist()) == ([1, 5], [0, 1])


def test_integer_bounds_are_rounded_inwards() -> None:
    result = settle_trivially(NumericProblem.build(cost=[1, -1], lower=[0.5, 0], upper=[3, 2.5], integer=[True, True]))
    assert result is not None
    assert result.point is not None
    assert result.point.tolist() == [1, 2]
    assert result.column_basis is None


@pytest.mark.parametrize(("low", "high"), [(1.0, INF), (-INF, -1.0)])
def test_an_impossible_empty_row_comes_with_its_proof(low: float, high: float) -> None:
    problem = NumericProblem.build(
        cost=[1], lower=[0], upper=[1], matrix=[[1], [0]], row_lower=[0, low], row_upper=[1, high]
    )
    result = settle_trivially(problem)
    assert result is not None
    assert result.status == "infeasible"
    assert "row 1" in result.message
    assert result.dual_ray is not None
    assert dual_bound(problem.with_cost([0]), result.dual_ray) > 0


def test_an_explicit_zero_is_no_coefficient() -> None:
    problem = NumericProblem.build(cost=[1], lower=[2], upper=[3], matrix=[[1.0]], row_lower=[0], row_upper=[9])
    problem.matrix.data[:] = 0.0
    result = settle_trivially(problem)
    assert result is not None
    assert result.status == "optimal"
    assert np.array_equal(result.point, [2.0])


def test_a_real_problem_is_left_to_the_solvers() -> None:
    problem = NumericProblem.build(cost=[1], lower=[0], upper=[3], matrix=[[1]], row_lower=[1], row_upper=[2])
    assert settle_trivially(problem) is None
