from fractions import Fraction

from tests.tools.normal_form.reduction_check import check_reduction, small_model
from tools.exact.budget import Budget
from tools.normal_form.fixed_variables import FixedVariables


def test_a_fixed_variable_moves_to_sides_and_constant() -> None:
    model = small_model(
        {"x": (0, 3, "I"), "k": (2, 2, "I"), "h": (Fraction(1, 3), Fraction(1, 3), "C"), "y": (0, None, "C")},
        {"r": ({"x": 1, "k": 3, "h": 3, "y": -1}, 7, 9), "s": ({"k": 1, "y": 1}, None, 4)},
        {"k": 5, "y": 1},
        constant=1,
    )
    reduction = FixedVariables().apply(model, Budget())
    assert reduction is not None
    reduced = reduction.reduced
    assert reduced.variables == ("x", "y")
    assert (reduced.row_lower[0], reduced.row_upper[0], reduced.row_upper[1]) == (0, 2, 2)
    assert reduced.objective_constant == 11
    assert reduction.up.apply({"x": Fraction(1), "y": Fraction(0)})["h"] == Fraction(1, 3)
    check_reduction(reduction)


def test_an_integer_without_an_integer_value_stays() -> None:
    model = small_model({"x": (Fraction(1, 2), Fraction(1, 2), "I"), "y": (0, 1, "C")}, {})
    assert FixedVariables().accepts(model)
    assert FixedVariables().apply(model, Budget()) is None


def test_free_variables_stay() -> None:
    model = small_model({"x": (None, None, "C"), "y": (0, 1, "C")}, {})
    assert not FixedVariables().accepts(model)
