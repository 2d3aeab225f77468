from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from small_models import model

from tools.exact.proofs import linear_bound
from tools.exact.vertices import exact_multipliers, exact_vertex, rounded_multipliers, rounded_points
from tools.formulation.model import Formulation
from tools.solvers.gateway import solve
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult


def thirds() -> Formulation:
    """max x + y over 3x + y ≤ 1, x + 3y ≤ 1: the corner (1/4, 1/4), multipliers 1/4 each."""
    return model(
        continuous={"x": (0, None), "y": (0, None)},
        maximize={"x": 1, "y": 1},
        rows=[({"x": 3, "y": 1}, None, 1), ({"x": 1, "y": 3}, None, 1)],
    )


def test_a_basis_gives_the_exact_corner_and_the_exact_multipliers() -> None:
    formulation = thirds()
    result = solve(NumericProblem.of(formulation))
    assert exact_vertex(formulation, result) == [Fraction(1, 4), Fraction(1, 4)]
    multipliers = exact_multipliers(formulation, formulation.cost_terms, result)
    assert multipliers == {0: Fraction(-1, 4), 1: Fraction(-1, 4)}
    assert linear_bound(formulation, formulation.cost_terms, multipliers) == Fraction(-1, 2)


def test_without_a_basis_there_is_neither() -> None:
    result = SolveResult("optimal", "test")
    assert exact_vertex(thirds(), result) is None
    assert exact_multipliers(thirds(), {0: Fraction(1)}, result) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2))
def test_rounded_points_respect_bounds_and_integrality(values: list[float]) -> None:
    formulation = model(continuous={"x": ("1/3", "2/3")}, integer={"n": (None, None)})
    points = list(rounded_points(formulation, values))
    assert points
    for x, n in points:
        assert Fraction(1, 3) <= x <= Fraction(2, 3)
        assert n == round(values[1])


def test_rounded_multipliers_drop_noise_and_do_not_repeat() -> None:
    found = list(rounded_multipliers([1e-12, 0.3333333333333, -2.0]))
    assert found[0] == {2: Fraction(-2)}
    assert {1: Fraction(1, 3), 2: Fraction(-2)} in found
    assert len(found) == len({tuple(sorted(multipliers.items())) for multipliers in found})
