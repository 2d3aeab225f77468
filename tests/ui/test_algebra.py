from collections.abc import Callable
from fractions import Fraction
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.formulation.model import Formulation
from ui.algebra import (
    broken_row_text,
    linear_text,
    number_text,
    objective_text,
    row_text,
    substituted_text,
)


@given(st.fractions())
def test_a_number_reads_back_unless_marked_as_approximate(value: Fraction) -> None:
    text = number_text(value)
    assert len(text) <= 25
    if text.startswith("≈"):
        assert float(text[1:]) == pytest.approx(float(value), rel=1e-5)
    else:
        assert Fraction(text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(3), "3"),
        (Fraction(-5, 2), "-2.5"),
        (Fraction(1, 3), "1/3"),
        (Fraction("0.30000000000000004"), "0.30000000000000004"),
        (Fraction(10) ** 40 * 123, "≈1.23e+42"),
        (Fraction(1, 7**400), "≈9.13659e-339"),
    ],
)
def test_numbers(value: Fraction, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("terms", "constant", "text"),
    [
        ([], 0, "0"),
        ([], -2, "-2"),
        ([("x", Fraction(1))], 0, "x"),
        ([("x", Fraction(-1)), ("y", Fraction(3))], 2, "-x + 3 y + 2"),
        ([("x", Fraction(1, 3)), ("y", Fraction(-1, 2))], -1, "1/3 x - 0.5 y - 1"),
        ([("a\nb", Fraction(1))], 0, "a\\nb"),
    ],
)
def test_linear_forms(terms: list[tuple[str, Fraction]], constant: int, text: str) -> None:
    assert linear_text(terms, Fraction(constant)) == text


def test_long_forms_are_cut_and_say_so() -> None:
    text = linear_text([(f"x{k}", Fraction(1)) for k in range(100)], limit=3)
    assert text == "x0 + x1 + x2 + … (97 more terms)"


@pytest.mark.parametrize(
    ("lower", "upper", "text"),
    [
        (-inf, 10.0, "cap: 3 x - y <= 10"),
        (1.0, inf, "cap: 3 x - y >= 1"),
        (2.0, 2.0, "cap: 3 x - y = 2"),
        (1.0, 2.5, "cap: 1 <= 3 x - y <= 2.5"),
        (-inf, inf, "cap: 3 x - y (free)"),
    ],
)
def test_rows(build: Callable[..., Formulation], lower: float, upper: float, text: str) -> None:
    model = build({"x": (0.0, 1.0, 0), "y": (0.0, 1.0, 0)}, {}, [("cap", {"x": 3, "y": -1}, lower, upper)])
    assert row_text(model, 0) == text


def test_the_objective_is_written_in_its_own_sense(reference_model: Formulation) -> None:
    assert objective_text(reference_model) == "maximize 5 x + 4 y"


def test_a_broken_row_shows_its_numbers(reference_model: Formulation) -> None:
    lines = broken_row_text(reference_model, 0, [Fraction(3), Fraction(1)])
    assert lines == ["row cap: 3 x + 2 y = 11 > 10", "3·3 + 2·1 = 11"]


@pytest.mark.parametrize(
    ("lower", "upper", "point", "line"),
    [
        (4.0, inf, [1, 2], "row r: x + y = 3 < 4"),
        (4.0, 4.0, [1, 2], "row r: x + y = 3 ≠ 4"),
        (4.0, 4.0, [1, 4], "row r: x + y = 5 ≠ 4"),
        (1.0, inf, [0, 0], "row r: x + y = 0 < 1"),
    ],
)
def test_broken_rows(
    build: Callable[..., Formulation], lower: float, upper: float, point: list[int], line: str
) -> None:
    model = build({"x": (0.0, inf, 0), "y": (0.0, inf, 0)}, {}, [("r", {"x": 1, "y": 1}, lower, upper)])
    assert broken_row_text(model, 0, [Fraction(v) for v in point])[0] == line


def test_a_long_broken_row_shows_the_terms_that_count(build: Callable[..., Formulation]) -> None:
    variables = {f"x{k}": (0.0, inf, 0) for k in range(100)}
    model = build(variables, {}, [("r", dict.fromkeys(variables, 1), -inf, 1.0)])
    point = [Fraction(2 if k == 77 else 0) for k in range(100)]
    (first,) = broken_row_text(model, 0, point)
    assert first.startswith("row r: x77 + x0 + ")
    assert first.endswith("(88 more terms) = 2 > 1")


def test_negative_values_are_bracketed() -> None:
    assert substituted_text([(Fraction(-2), Fraction(3)), (Fraction(1), Fraction(-1))]) == "-2·3 + (-1)"
