"""What is written is read back as the same numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import InputError
from tools.solutions.read import parse_solution
from tools.solutions.write import format_solution

NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, blacklist_categories=["Z", "C"]), min_size=1)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6).map(Fraction)


@given(st.dictionaries(NAMES.filter(lambda name: name[0] not in "#"), DECIMALS, min_size=1))
def test_json_and_csv_hold_any_name(values: dict[str, Fraction]) -> None:
    for suffix in (".json", ".csv"):
        text, rounded = format_solution(values, suffix)
        assert (dict(parse_solution(text).values), rounded) == (values, 0)


def test_gurobi_style() -> None:
    text, rounded = format_solution({"x[1]": Fraction(1, 8), "y": Fraction(-3)}, ".SOL")
    assert text == "# Solution written by quasikarp\nx[1] 0.125\ny -3\n"
    assert rounded == 0


def test_only_json_keeps_thirds() -> None:
    values = {"x": Fraction(1, 3)}
    assert parse_solution(format_solution(values, ".json")[0]).values == values
    text, rounded = format_solution(values, ".csv")
    assert rounded == 1
    assert parse_solution(text).values == {"x": Fraction("0.3333333333333333")}


@pytest.mark.parametrize(("name", "suffix"), [("a b", ".sol"), ("#a", ".sol"), ("a\nb", ".sol"), ("a\nb", ".csv")])
def test_names_that_a_format_cannot_hold(name: str, suffix: str) -> None:
    with pytest.raises(InputError, match=r"write \.json"):
        format_solution({name: Fraction(1)}, suffix)


def test_unknown_suffixes() -> None:
    with pytest.raises(InputError, match=r"\.json, \.sol, \.csv"):
        format_solution({}, ".xlsx")
