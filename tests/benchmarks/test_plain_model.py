from fractions import Fraction

from benchmark_models import models
from hypothesis import given

from benchmarks.plain_model import PlainModel, scaled_sides
from tools.formulation.model import Formulation


@given(models())
def test_taking_apart_and_building_gives_the_same_model(model: Formulation) -> None:
    assert PlainModel.of(model).formulation().same_as(model)


def test_a_negative_factor_swaps_the_sides() -> None:
    assert scaled_sides(Fraction(1), None, Fraction(-2)) == (None, Fraction(-2))
    assert scaled_sides(Fraction(1), Fraction(3), Fraction(2)) == (Fraction(2), Fraction(6))
