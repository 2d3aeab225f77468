from fractions import Fraction

from tests.tools.normal_form.reduction_check import check_reduction, small_model
from tools.exact.budget import Budget
from tools.normal_form.coprime_rows import CoprimeRows

VARIABLES = {"x": (0, 3, "I"), "y": (0, 3, "I"), "z": (0, 2, "C")}


def test_coefficients_are_divided_and_sides_rounded() -> None:
    model = small_model(
        VARIABLES,
        {
            "even": ({"x": 2, "y": 4}, 1, 5),
            "parts": ({"x": Fraction(1, 2), "y": Fraction(1, 3)}, None, Fraction(9, 4)),
            "side": ({"x": 1, "y": 1}, None, Fraction(9, 2)),
        },
    )
    reduction = CoprimeRows().apply(model, Budget())
    assert reduction is not None
    reduced = reduction.reduced
    assert [dict(reduced.row_terms(i)) for i in range(3)] == [{0: 1, 1: 2}, {0: 3, 1: 2}, {0: 1, 1: 1}]
    assert list(reduced.row_upper) == [2, 13, 4]
    assert reduced.row_lower[0] == 1
    check_reduction(reduction)


def test_an_equality_that_cannot_hold_stays_empty() -> None:
    reduction = CoprimeRows().apply(small_model(VARIABLES, {"odd": ({"x": 2, "y": 2}, 3, 3)}), Budget())
    assert reduction is not None
    assert reduction.reduced.row_lower[0] > reduction.reduced.row_upper[0]
    check_reduction(reduction)


def test_a_row_with_a_continuous_variable_and_a_coprime_one_stay() -> None:
    rows = {"mixed": ({"x": 2, "z": 2}, None, 3), "coprime": ({"x": 2, "y": 3}, 1, 5)}
    assert not CoprimeRows().accepts(small_model(VARIABLES, rows))
