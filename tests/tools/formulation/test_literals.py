from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import InputError
from tools.formulation.literals import decimal_expansion, decimal_text, exact_number, read_limit, read_number, value_of


@given(st.integers(-(10**30), 10**30), st.integers(-25, 25))
def test_decimals_are_read_exactly(digits: int, exponent: int) -> None:
    assert value_of(read_number(f"{digits}e{exponent}")) == Fraction(digits) * Fraction(10) ** exponent


@given(st.integers(-(10**30), 10**30), st.integers(0, 40))
def test_decimals_are_written_exactly(digits: int, places: int) -> None:
    value = Fraction(digits, 10**places)
    text = decimal_text(exact_number(value))
    assert text is not None
    assert value_of(read_number(text)) == value


@given(st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: x == 0 or 1e-300 < abs(x) < 1e300))
def test_doubles_mean_their_shortest_decimal(value: float) -> None:
    assert read_number(repr(value)) == (value, None)


def test_numbers_that_are_no_finite_decimal() -> None:
    assert decimal_expansion(Fraction(1, 3)) is None
    assert decimal_expansion(Fraction(1, 2**1000)) is None
    assert decimal_expansion(Fraction(-1, 8)) == "-0.125"


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1_0", "0x1", "1e", "--1", "1e999", "1e-999", "1" * 2000, "٣"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_number(text)


def test_limits() -> None:
    assert read_limit("-INF") == (-float("inf"), None)
    assert read_limit("+Infinity") == (float("inf"), None)
    assert read_limit("1e20") == (float("inf"), None)
    assert value_of(read_limit("-9999999999999999999.5")) == Fraction("-9999999999999999999.5")
