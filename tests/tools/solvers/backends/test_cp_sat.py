from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.formulation.numbers import decimal_value
from tools.solvers.backends.cp_sat import integer_form, refuse_inexact
from tools.solvers.problem import NumericProblem

INF = float("inf")
decimals = st.integers(-40, 40).map(lambda value: value / 10)


@st.composite
def problems(draw: st.DrawFn) -> NumericProblem:
    columns, rows = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    matrix = np.array([[draw(decimals) for _ in range(columns)] for _ in range(rows)])
    return NumericProblem.build(
        cost=[draw(decimals) for _ in range(columns)], lower=[-2] * columns, upper=[2] * columns,
        integer=[True] * columns, matrix=matrix,
        row_lower=[draw(st.one_of(st.just(-INF), decimals)) for _ in range(rows)], row_upper=[4.0] * rows,
    )  # fmt: skip


@given(problems())
def test_the_integer_form_has_exactly_the_same_points_and_costs(problem: NumericProblem) -> None:
    form = integer_form(problem)
    indptr, columns = problem.matrix.indptr, problem.matrix.indices
    exact = [decimal_value(value) for value in problem.matrix.data.tolist()]
    for point in itertools.product(range(-2, 3), repeat=len(problem.cost)):
        cost = sum((decimal_value(c) * v for c, v in zip(problem.cost.tolist(), point)), Fraction(0))
        assert sum(c * v for c, v in zip(form.cost.tolist(), point)) == cost * form.cost_scale
        for row in range(len(problem.row_lower)):
            entries = range(indptr[row], indptr[row + 1])
            activity = sum((exact[k] * point[columns[k]] for k in entries), Fraction(0))
            low, high = problem.row_lower[row], problem.row_upper[row]
            truth = (math.isinf(low) or activity >= decimal_value(float(low))) and activity <= decimal_value(
                float(high)
            )
            scaled = sum(int(form.coefficients[k]) * point[columns[k]] for k in entries)
            assert (form.row_lower[row] <= scaled <= form.row_upper[row]) == truth


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"integer": [True, False]}, "continuous variables"),
        ({"upper": [4, INF]}, "unbounded variables"),
        ({"upper": [4, 1e12]}, "beyond 1e+09"),
        ({"matrix": [[1 / 3, 0.1234567]]}, "row 0 does not scale exactly"),
        ({"cost": [1e19, 1]}, "the objective does not scale exactly"),
        ({"matrix": [[1e300, 1e-300]]}, "does not scale exactly"),
    ],
)
def test_what_cannot_be_exact_is_refused(change: dict[str, list[float]], reason: str) -> None:
    fitting = {
        "cost": [1, 1], "lower": [0, 0], "upper": [4, 400_000_000], "integer": [True, True], "matrix": [[1, 2]],
        "row_lower": [3], "row_upper": [9],
    }  # fmt: skip
    assert refuse_inexact(NumericProblem.build(**fitting)) is None
    refusal = refuse_inexact(NumericProblem.build(**{**fitting, **change}))
    assert refusal is not None
    assert reason in refusal
