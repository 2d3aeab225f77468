from fractions import Fraction

import pytest
from small_models import model
from synthesis_checks import prover

from tools.formulation.model import Formulation
from tools.synthesis.points import BOX, sample_points


def mixed() -> Formulation:
    """Thirds at the vertices, and integers."""
    return model(
        {"t": (0, None)},
        {"a": (0, 4), "b": (0, 4)},
        minimize={"t": 1, "a": 1},
        rows=[({"a": 2, "b": 3}, 5, 13), ({"t": 3, "a": 1}, 4, 10)],
    )


def test_points_are_exact_distinct_and_feasible() -> None:
    points = sample_points(prover(mixed()), 12, 0)
    assert len(points) > 5
    assert len(set(map(tuple, points))) == len(points)
    assert all(mixed().is_feasible(point) for point in points)
    assert any(point[0].denominator == 3 for point in points)


def test_both_ends_of_the_objective_are_the_first_points() -> None:
    """min t + a: t = (4 − a)/3, so 4/3 at a = 0; max: t = (10 − a)/3 and a = 4 give 6."""
    costs = [mixed().cost_value(point) for point in sample_points(prover(mixed()), 2, 0)]
    assert costs == [Fraction(4, 3), Fraction(6)]


def test_known_points_come_first_and_count_for_themselves() -> None:
    known = [(Fraction(2), Fraction(2), Fraction(2)), (Fraction(3), Fraction(1), Fraction(2))]
    points = sample_points(prover(mixed()), 3, 0, known)
    assert points[:2] == known
    assert 2 < len(points) <= 5


def test_the_same_seed_gives_the_same_points_and_another_seed_others() -> None:
    first, again, other = (sample_points(prover(mixed()), 6, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_an_unbounded_set_gives_points_at_a_finite_distance() -> None:
    free = model({"x": (None, None), "y": (0, None)}, minimize={"x": 1, "y": 1}, rows=[({"x": 1, "y": -1}, -3, None)])
    points = sample_points(prover(free), 10, 0)
    assert len(points) > 2
    assert all(free.is_feasible(point) and all(abs(value) <= 2 * BOX for value in point) for point in points)


@pytest.mark.parametrize("rows", [[({"a": 2}, 1, 1)], [({"a": 1}, 7, None)]])
def test_an_empty_set_gives_no_point(rows: list) -> None:
    assert sample_points(prover(model(integer={"a": (0, 4)}, minimize={"a": 1}, rows=rows)), 5, 0) == []
