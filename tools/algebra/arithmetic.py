"""Exact numbers of bounded size: integers where they are whole, fractions elsewhere."""

from __future__ import annotations

from fractions import Fraction

from tools.algebra.faults import FaultError
from tools.algebra.limits import LONGEST_NUMBER_BITS
from tools.errors import InputError
from tools.formulation.literals import decimal_expansion
from tools.formulation.numbers import parse_rational

Exact = int | Fraction
"""A rational number; whole ones are `int`."""

_LARGEST_EXPONENT = 400
_LONGEST_DECIMAL = 40


def exact(value: Fraction) -> Exact:
    """Return `value`, as an `int` where it is whole."""
    return value.numerator if value.denominator == 1 else value


def number_of(text: str) -> Exact:
    """Return the number that "3", "-2.5e3" or "1/3" means; raises `FaultError`."""
    try:
        return exact(parse_rational(text))
    except InputError as error:
        raise FaultError(str(error)) from None


def number_text(value: Exact) -> str:
    """Return the decimal or fraction that reads back to `value`."""
    if isinstance(value, int):
        return str(value)
    decimal = decimal_expansion(value)
    return decimal if decimal is not None and len(decimal) <= _LONGEST_DECIMAL else str(value)


def bounded(value: Exact) -> Exact:
    """Return `value`; raises `FaultError` where it has too many digits."""
    if isinstance(value, int):
        if value.bit_length() > LONGEST_NUMBER_BITS:
            raise FaultError("a number has too many digits")
        return value
    if value.denominator == 1:
        return bounded(value.numerator)
    if value.numerator.bit_length() + value.denominator.bit_length() > LONGEST_NUMBER_BITS:
        raise FaultError("a number has too many digits")
    return value


def quotient(left: Exact, right: Exact) -> Exact:
    """Return left / right; raises `FaultError` on zero."""
    if not right:
        raise FaultError("a division by zero")
    return bounded(exact(Fraction(left) / right))


def power(base: Exact, exponent: Exact) -> Exact:
    """Return base to a whole power; raises `FaultError` on other exponents, on 1/0, and on absurd sizes."""
    if not isinstance(exponent, int) or abs(exponent) > _LARGEST_EXPONENT:
        raise FaultError(f"a power needs a whole exponent within ±{_LARGEST_EXPONENT}")
    if not base and exponent < 0:
        raise FaultError("a division by zero")
    size = base.numerator.bit_length() + base.denominator.bit_length()
    if size * abs(exponent) > 2 * LONGEST_NUMBER_BITS:
        raise FaultError("a number has too many digits")
    return bounded(exact(Fraction(base) ** exponent))
