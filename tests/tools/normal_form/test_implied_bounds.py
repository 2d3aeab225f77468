from fractions import Fraction

from tests.tools.normal_form.reduction_check import check_reduction, small_model
from tools.exact.budget import Budget
from tools.formulation.model import Formulation, Kind
from tools.normal_form.implied_bounds import ImpliedBounds


def _bounds(model: Formulation) -> list[tuple[Fraction | None, Fraction | None]] | None:
    reduction = ImpliedBounds().apply(model, Budget())
    if reduction is None:
        return None
    check_reduction(reduction)
    reduced = reduction.reduced
    return [(reduced.lower.finite(j), reduced.upper.finite(j)) for j in range(len(reduced.variables))]


def test_binaries_of_a_choice_become_nonnegative_integers() -> None:
    variables = {f"x{j}": (0, 1, "B") for j in range(3)}
    model = small_model(variables, {"one": (dict.fromkeys(variables, 1), 1, 1)})
    assert _bounds(model) == [(0, None)] * 3
    reduction = ImpliedBounds().apply(model, Budget())
    assert reduction is not None
    assert (reduction.reduced.kinds == Kind.INTEGER).all()


def test_of_two_bounds_that_imply_each_other_one_stays() -> None:
    model = small_model({"x": (None, 3, "C"), "y": (None, 3, "C")}, {"equal": ({"x": 1, "y": -1}, 0, 0)})
    assert _bounds(model) == [(None, None), (None, 3)]


def test_a_bound_of_an_integer_follows_after_rounding() -> None:
    rows = {"r": ({"x": 2, "y": 1}, None, 7)}
    assert _bounds(small_model({"x": (0, 3, "I"), "y": (0, 2, "C")}, rows)) == [(0, None), (0, 2)]
    assert _bounds(small_model({"x": (0, 3, "C"), "y": (0, 2, "C")}, rows)) is None


def test_lower_bounds_and_negative_coefficients() -> None:
    rows = {"above": ({"x": 1, "y": -2}, 0, None), "below": ({"x": -1, "z": -1}, -4, None)}
    model = small_model({"x": (0, 9, "C"), "y": (0, 1, "C"), "z": (0, 9, "C")}, rows)
    assert _bounds(model) == [(None, None), (0, 1), (0, None)]


def test_bounds_that_no_row_implies_stay() -> None:
    model = small_model({"x": (0, 3, "I"), "y": (0, 2, "C")}, {"r": ({"x": 1, "y": 1}, 1, 4)})
    assert not ImpliedBounds().accepts(model)
    assert ImpliedBounds().apply(model, Budget()) is None
