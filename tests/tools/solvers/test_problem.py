from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import SolverError
from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import ExactVector
from tools.solvers.problem import NumericProblem


def _formulation(sense: str) -> Formulation:
    return Formulation.build(
        name="small", sense=sense, variables=["x", "y"], lower=ExactVector.of([0, 0]),
        upper=ExactVector.of([Fraction(1, 3), float("inf")]), kinds=[Kind.CONTINUOUS, Kind.BINARY],
        objective=ExactVector.of([2, -1]), objective_constant=Fraction(7), rows=["cap"],
        row_lower=ExactVector.of([float("-inf")]), row_upper=ExactVector.of([4]), indptr=[0, 2], columns=[1, 0],
        coefficients=ExactVector.of([3, 5]),
    )  # fmt: skip


def test_a_maximisation_is_negated_and_its_constant_left_out() -> None:
    problem = NumericProblem.of(_formulation("maximize"))
    assert problem.cost.tolist() == [-2.0, 1.0]
    assert problem.matrix.toarray().tolist() == [[5.0, 3.0]]
    assert problem.integer.tolist() == [False, True]
    assert problem.upper.tolist() == [1 / 3, float("inf")]
    assert NumericProblem.of(_formulation("minimize")).cost.tolist() == [2.0, -1.0]


def test_variants_leave_the_original_alone() -> None:
    problem = NumericProblem.build(cost=[1, 2], lower=[0, 0], upper=[5, 5], integer=[True, False])
    wider = problem.with_rows([[1, 1]], [2], [3]).with_rows(sp.csr_array([[1.0, 0.0]]), [0], [1])
    assert wider.matrix.toarray().tolist() == [[1, 1], [1, 0]]
    assert (wider.row_lower.tolist(), wider.row_upper.tolist()) == ([2, 0], [3, 1])
    assert problem.with_rows([1, 1], 2, 3).shape == (1, 2)
    assert problem.relaxed().is_lp
    assert not problem.is_lp
    assert problem.with_cost([0, 0]).cost.tolist() == [0, 0]
    assert problem.with_bounds([1, 1], [2, 2]).lower.tolist() == [1, 1]
    assert problem.shape == (0, 2)
    assert problem.cost.tolist() == [1, 2]


def test_repeated_entries_are_summed() -> None:
    twice = sp.csr_array((np.array([1.0, 2.0]), np.array([0, 0]), np.array([0, 2])), shape=(1, 1))
    problem = NumericProblem.build(cost=[1], lower=[0], upper=[1], matrix=twice, row_lower=[0], row_upper=[1])
    assert problem.matrix.toarray().tolist() == [[3.0]]
    assert problem.matrix.nnz == 1


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"lower": [0]}, "'lower' has 1 entries, expected 2"),
        ({"cost": [1, float("nan")]}, "must be finite"),
        ({"matrix": [[1.0, float("inf")]]}, "must be finite"),
        ({"row_lower": [float("nan")]}, "'row_lower' holds NaN"),
        ({"matrix": [[1.0]]}, "the matrix has shape"),
        ({"row_upper": [1, 2]}, "'row_upper' has 2 entries, expected 1"),
    ],
)
def test_arrays_that_do_not_fit_are_named(change: dict[str, list[float]], text: str) -> None:
    fitting = {"cost": [1, 1], "lower": [0, 0], "upper": [1, 1], "matrix": [[1, 1]], "row_lower": [0], "row_upper": [1]}
    with pytest.raises(SolverError, match=text):
        NumericProblem.build(**{**fitting, **change})


@given(st.integers(0, 4), st.integers(0, 4), st.randoms(use_true_random=False))
def test_a_pickled_problem_is_the_same_problem(rows: int, columns: int, random: object) -> None:
    generator = np.random.default_rng(random.randrange(1 << 30))  # type: ignore[attr-defined]
    problem = NumericProblem.build(
        cost=generator.normal(size=columns), lower=np.full(columns, -np.inf), upper=np.ones(columns),
        integer=generator.random(columns) < 0.5, matrix=sp.csr_array(generator.integers(-2, 3, (rows, columns))),
        row_lower=np.zeros(rows), row_upper=np.ones(rows),
    )  # fmt: skip
    copy = pickle.loads(pickle.dumps(problem))
    for name in ("cost", "lower", "upper", "integer", "row_lower", "row_upper"):
        assert np.array_equal(getattr(copy, name), getattr(problem, name))
    assert np.array_equal(copy.matrix.toarray(), problem.matrix.toarray())
