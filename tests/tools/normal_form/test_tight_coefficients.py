from fractions import Fraction

from tests.tools.normal_form.reduction_check import check_reduction, small_model
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.normal_form.tight_coefficients import TightCoefficients


def _row(model: Formulation) -> tuple[dict[int, Fraction], Fraction | None, Fraction | None]:
    reduction = TightCoefficients().apply(model, Budget())
    assert reduction is not None
    check_reduction(reduction)
    reduced = reduction.reduced
    return reduced.row_terms(0), reduced.row_lower.finite(0), reduced.row_upper.finite(0)


def test_a_big_m_becomes_the_bound() -> None:
    variables = {"x": (0, 4, "C"), "y": (0, 1, "B")}
    assert _row(small_model(variables, {"m": ({"x": 1, "y": -100}, None, 0)})) == ({0: 1, 1: -4}, None, 0)
    assert _row(small_model(variables, {"m": ({"x": -2, "y": 100}, 0, None)})) == ({0: -2, 1: 8}, 0, None)
    assert _row(small_model(variables, {"m": ({"x": 1, "y": 100}, None, 100)})) == ({0: 1, 1: 4}, None, 4)


def test_a_knapsack_becomes_its_cover() -> None:
    variables = dict.fromkeys("abc", (0, 1, "B"))
    model = small_model(variables, {"knapsack": ({"a": 3, "b": 3, "c": 2}, None, 7)})
    assert _row(model) == ({0: 1, 1: 1, 2: 1}, None, 2)


def test_an_integer_with_many_values_counts_at_its_end() -> None:
    variables = {"x": (-1, 4, "C"), "n": (1, 3, "I")}
    terms, low, high = _row(small_model(variables, {"r": ({"x": 1, "n": 10}, None, 32)}))
    assert (terms, low, high) == ({0: 1, 1: 2}, None, 8)


def test_what_is_needed_stays() -> None:
    variables = {"x": (0, 4, "C"), "z": (0, None, "C"), "y": (0, 1, "B"), "w": (0, 9, "C")}
    rows = {
        "tight": ({"x": 1, "y": -4}, None, 0),
        "unbounded": ({"z": 1, "y": -100}, None, 0),
        "two sides": ({"x": 1, "y": 100}, 1, 100),
        "continuous": ({"x": 1, "w": 100}, None, 900),
        "loose": ({"x": 1, "y": 1}, None, 9),
    }
    model = small_model(variables, rows)
    assert not TightCoefficients().accepts(model)
    assert TightCoefficients().apply(model, Budget()) is None
