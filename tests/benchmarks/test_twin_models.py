from fractions import Fraction

from benchmark_models import build, integer_points, models
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.twin_models import disguised, twin
from tools.formulation.model import Formulation


def spread(model: Formulation) -> list[Fraction]:
    """Objective values of all points from the best, freed of scale and offset."""
    values = sorted(model.cost_value(point) for point in integer_points(model))
    width = values[-1] - values[0] if values else Fraction(0)
    return [(value - values[0]) / width if width else Fraction(0) for value in values]


@given(models("bi"), st.integers(0, 1000))
def test_an_integer_twin_has_the_same_points_and_objective_up_to_scale(model: Formulation, seed: int) -> None:
    assert spread(twin(model, seed)) == spread(model)


@given(models("bi"), st.integers(0, 1000))
def test_a_disguise_keeps_every_objective_value(model: Formulation, seed: int) -> None:
    other = disguised(model, seed)
    assert sorted(map(other.cost_value, integer_points(other))) == sorted(map(model.cost_value, integer_points(model)))
    assert not set(other.variables) & set(model.variables)


@given(st.integers(0, 1000))
def test_a_scaled_column_keeps_bound_row_and_cost_in_step(seed: int) -> None:
    # x[0] reaches its row, its bound and its cost at the same multiple of its scale
    other = twin(build("c", [({0: 1}, None, 4)], [1]), seed)
    ends = [side for side in (other.lower.finite(0), other.upper.finite(0)) if side]
    row = [side for side in (other.row_lower.finite(0), other.row_upper.finite(0)) if side is not None]
    assert len(ends) == len(row) == 1
    assert other.coefficients[0] * ends[0] == row[0]
    # the original's minimum, at x = 0, is the twin's minimum, at u = 0
    assert other.cost_value([ends[0]]) > other.cost_value([Fraction(0)])


def test_the_seed_decides() -> None:
    model = build("ccib", [({0: 1, 1: 2, 2: 1}, 1, None), ({1: 1, 3: 1}, 1, 1)], [1, 2, 3, 4])
    assert twin(model, 1).same_as(twin(model, 1))
    assert not twin(model, 1).same_as(twin(model, 2))
