from fractions import Fraction

from tests.tools.normal_form.reduction_check import check_reduction, small_model
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.normal_form.canonical_rows import CanonicalRows

VARIABLES = {"x": (0, 3, "I"), "y": (0, 2, "C")}


def _reduced(model: Formulation) -> Formulation | None:
    reduction = CanonicalRows().apply(model, Budget())
    if reduction is None:
        return None
    check_reduction(reduction)
    return reduction.reduced


def test_two_opposed_inequalities_become_an_equality() -> None:
    model = small_model(VARIABLES, {"r": ({"x": 1, "y": 1}, None, 4), "s": ({"x": -2, "y": -2}, None, -8)}, {"x": 1})
    reduced = _reduced(model)
    assert reduced is not None
    assert reduced.rows == ("r",)
    assert reduced.row_lower[0] == reduced.row_upper[0] == 4


def test_of_proportional_rows_the_tightest_sides_stay() -> None:
    rows = {"r": ({"x": 1, "y": 2}, 0, 4), "s": ({"x": 2, "y": 4}, -2, 6), "t": ({"x": -1, "y": -2}, -5, -1)}
    reduced = _reduced(small_model(VARIABLES, rows))
    assert reduced is not None
    assert (reduced.row_lower[0], reduced.row_upper[0]) == (1, 3)


def test_a_row_with_one_variable_becomes_a_bound_rounded_inward() -> None:
    reduced = _reduced(small_model(VARIABLES, {"r": ({"x": 2}, 1, 5), "s": ({"y": -2}, None, -1)}))
    assert reduced is not None
    assert reduced.rows == ()
    assert (reduced.lower[0], reduced.upper[0], reduced.lower[1]) == (1, 2, Fraction(1, 2))


def test_empty_rows_go_but_for_one_that_cannot_hold() -> None:
    reduced = _reduced(small_model(VARIABLES, {"r": ({}, -1, 1), "s": ({"x": 1, "y": 1}, None, None), "t": ({}, 1, 2)}))
    assert reduced is not None
    assert reduced.rows == ("t",)


def test_rows_that_are_not_proportional_stay() -> None:
    model = small_model(VARIABLES, {"r": ({"x": 1, "y": 1}, None, 4), "s": ({"x": 1, "y": 2}, None, 4)})
    assert CanonicalRows().accepts(model)
    assert CanonicalRows().apply(model, Budget()) is None
