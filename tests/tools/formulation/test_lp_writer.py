from fractions import Fraction

import pytest
from hypothesis import given
from random_formulations import (
    ANY_NUMBERS,
    FILE_NUMBERS,
    ODD_NAMES,
    PLAIN_NAMES,
    difference,
    formulations,
    refusal,
    vector,
)

from tools.errors import InputError
from tools.formulation.lp_reader import parse_lp
from tools.formulation.lp_writer import format_lp
from tools.formulation.model import Formulation, Kind


def one_row(numbers: list[Fraction], side: Fraction, *, names: tuple[str, ...] = ("x", "y")) -> Formulation:
    return Formulation.build(
        variables=names, lower=vector([Fraction(0)] * 2), upper=vector([float("inf")] * 2), kinds=[Kind.CONTINUOUS] * 2,
        objective=vector([Fraction(1), Fraction(0)]), rows=["r"], row_lower=vector([side]),
        row_upper=vector([float("inf")]), indptr=[0, 2], columns=[0, 1], coefficients=vector(numbers),
    )  # fmt: skip


@given(formulations(FILE_NUMBERS, PLAIN_NAMES))
def test_reading_gives_the_same_model(model: Formulation) -> None:
    refused = refusal(lambda: format_lp(model))
    if refused:
        assert "word of the LP format" in refused
    else:
        assert difference(parse_lp(format_lp(model)), model) == ""


@given(formulations(FILE_NUMBERS, ODD_NAMES))
def test_odd_names_survive_or_are_refused(model: Formulation) -> None:
    refused = refusal(lambda: format_lp(model))
    if refused:
        assert "cannot hold the" in refused
    else:
        assert difference(parse_lp(format_lp(model)), model) == ""


@given(formulations(ANY_NUMBERS, PLAIN_NAMES))
def test_fractions_are_scaled_or_refused(model: Formulation) -> None:
    refused = refusal(lambda: format_lp(model))
    if refused:
        assert "JSON" in refused
        return
    back = parse_lp(format_lp(model))
    assert back.variables == model.variables
    for i in range(len(model.rows)):
        ours, theirs = model.row_terms(i), back.row_terms(i)
        assert ours.keys() == theirs.keys()
        sides = [
            (model.row_lower.finite(i), back.row_lower.finite(i)),
            (model.row_upper.finite(i), back.row_upper.finite(i)),
        ]
        pairs = [(ours[j], theirs[j]) for j in ours]
        pairs += [(a, b) for a, b in sides if a is not None and b is not None]
        assert [a is None for a, _ in sides] == [b is None for _, b in sides]
        scales = {b / a for a, b in pairs if a}
        assert len(scales) <= 1
        assert all(scale > 0 for scale in scales)


def test_a_row_of_thirds_is_multiplied() -> None:
    text = format_lp(one_row([Fraction(1, 3), Fraction(1)], Fraction(2)))
    assert "r: + x + 3 y >= 6" in text


def test_a_third_in_a_bound_is_refused() -> None:
    model = parse_lp("min x st c: x >= 1 bounds x <= 5 end")
    third = Formulation.build(
        variables=model.variables, lower=vector([Fraction(1, 3)]), upper=model.upper, kinds=model.kinds,
        objective=model.objective, rows=model.rows, row_lower=model.row_lower, row_upper=model.row_upper,
        indptr=model.indptr, columns=model.columns, coefficients=model.coefficients,
    )  # fmt: skip
    with pytest.raises(InputError, match=r"lower bound of 'x' is 1/3.*JSON"):
        format_lp(third)


@pytest.mark.parametrize("name", ["a b", "3x", "x+y", "(x)", "inf", "st", "x:y", "x\\y", "x(", "[x]", ".x"])
def test_names_that_would_be_misread_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="cannot hold the variable name"):
        format_lp(one_row([Fraction(1), Fraction(1)], Fraction(2), names=(name, "y")))


def test_long_rows_are_wrapped_and_read_back() -> None:
    terms = " + ".join(f"{k}.5 variable_{k}" for k in range(1, 60))
    model = parse_lp(f"min obj: {terms}\nst\n a: {terms} >= 3\n b: -2 <= {terms} <= 2\nend\n")
    text = format_lp(model)
    assert max(len(line) for line in text.splitlines() if " b:" not in line) <= 150
    assert difference(parse_lp(text), model) == ""
