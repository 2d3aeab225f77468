import random
from fractions import Fraction

from brute_force import Model
from hypothesis import given, settings
from hypothesis import strategies as st
from random_pairs import random_draft
from small_models import model

from tools.claims.enumeration import enumerate_points, finite_bounds
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.model import Formulation


def prover(formulation: Formulation) -> Prover:
    return Prover(formulation, Budget())


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_every_point_is_listed_once(seed: int) -> None:
    formulation = random_draft(random.Random(seed), "integer").build()
    truth = Model(formulation)
    points = enumerate_points(prover(formulation), 1000)
    if truth.is_cut_off:
        return
    assert points is not None
    assert sorted(map(tuple, points)) == sorted(piece[0] for piece in truth.slices)


def test_rows_bound_what_bounds_leave_open() -> None:
    formulation = model(
        integer={"x": (0, None), "y": (None, 4)}, rows=[({"x": 1, "y": 1}, None, "7/2"), ({"y": 2, "x": -1}, -5, None)]
    )
    bounds = finite_bounds(prover(formulation))
    assert bounds is not None
    points = enumerate_points(prover(formulation), 1000)
    assert points is not None
    expected = {(x, y) for x in range(20) for y in range(-20, 5) if x + y <= 3.5 and 2 * y - x >= -5}
    assert {(int(x), int(y)) for x, y in points} == expected


def test_sets_that_are_infinite_or_too_large_give_nothing() -> None:
    assert enumerate_points(prover(model(integer={"x": (0, None)})), 100) is None
    assert enumerate_points(prover(model(integer={"x": (0, 9)}, continuous={"t": (0, 1)})), 100) is None
    assert enumerate_points(prover(model(integer={"x": (0, 9)})), 9) is None
    assert enumerate_points(prover(model(integer={"x": (0, 10**15)})), 9) is None


def test_an_exact_limit_is_enough() -> None:
    points = enumerate_points(prover(model(integer={"x": (0, 9)})), 10)
    assert points is not None
    assert len(points) == 10


def test_empty_sets_have_no_points() -> None:
    assert enumerate_points(prover(model(integer={"x": ("1/3", "2/3")})), 10) == []
    assert enumerate_points(prover(model(integer={"x": (0, 3)}, rows=[({"x": 2}, 1, 1)])), 10) == []
    assert enumerate_points(prover(model(integer={"x": (0, 3)}, rows=[({}, 1, None)])), 10) == []


def test_a_last_digit_decides_exactly() -> None:
    formulation = model(integer={"x": (0, 10)}, rows=[({"x": 0.1 * 3}, None, "0.9")])
    assert enumerate_points(prover(formulation), 20) == [[Fraction(k)] for k in range(3)]
