"""Decimal literals of model files: read exactly, and written so that reading gives the same number back."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import numpy as np

from tools.errors import InputError
from tools.formulation.numbers import INFINITY_THRESHOLD, ExactVector, decimal_value, nearest_double, parse_rational

UNSIGNED_NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_NUMBER = re.compile(rf"[+-]?{UNSIGNED_NUMBER}")
_INFINITY = re.compile(r"([+-]?)inf(?:inity)?", re.IGNORECASE)

Number = tuple[float, Fraction | None]
"""The nearest double, and the exact value where it is not the shortest decimal of that double."""

_DIGITS_A_DOUBLE_KEEPS = 15
_LONGEST_LITERAL = 900


def read_number(text: str) -> Number:
    """Return the finite decimal literal `text`, exactly. Raises `InputError` on anything else."""
    if not _NUMBER.fullmatch(text):
        raise InputError(f"expected a number, found {text[:40]!r}")
    value = float(text)
    if len(text) <= _DIGITS_A_DOUBLE_KEEPS and 1e-300 < abs(value) < 1e300:
        return value, None
    if repr(value) == text and 1e-300 < abs(value) < 1e300:
        return value, None
    return exact_number(parse_rational(text))


def exact_number(value: Fraction) -> Number:
    """Return `value` as a double and, where the double's shortest decimal is another number, the value itself."""
    approximate = nearest_double(value)
    return approximate, None if decimal_value(approximate) == value else value


def read_limit(text: str) -> Number:
    """Return a bound or right-hand side; `inf`, `infinity` (any case) and magnitudes from 1e20 on are infinite."""
    word = _INFINITY.fullmatch(text)
    if word:
        return (-math.inf if word[1] == "-" else math.inf), None
    return as_limit(read_number(text))


def as_limit(number: Number) -> Number:
    """Return `number`, or the infinity that its magnitude of 1e20 or more stands for."""
    if abs(number[0]) >= INFINITY_THRESHOLD:
        return math.copysign(math.inf, number[0]), None
    return number


def negated(number: Number) -> Number:
    """Return minus `number`."""
    value, exact = number
    return -value, None if exact is None else -exact


def value_of(number: Number) -> Fraction:
    """Return a finite `number` as a fraction."""
    value, exact = number
    return decimal_value(value) if exact is None else exact


class NumberList:
    """A growing list of numbers, turned into an `ExactVector` at the end."""

    __slots__ = ("exact", "floats")

    def __init__(self) -> None:
        self.floats: list[float] = []
        self.exact: dict[int, Fraction] = {}

    def append(self, number: Number) -> None:
        """Add `number` at the end."""
        if number[1] is not None:
            self.exact[len(self.floats)] = number[1]
        self.floats.append(number[0])

    def set(self, index: int, number: Number) -> None:
        """Replace entry `index`."""
        self.floats[index] = number[0]
        if number[1] is not None:
            self.exact[index] = number[1]
        else:
            self.exact.pop(index, None)

    def get(self, index: int) -> Number:
        """Return entry `index`."""
        return self.floats[index], self.exact.get(index)

    def vector(self) -> ExactVector:
        """Return the immutable vector of these numbers."""
        return ExactVector(np.array(self.floats, dtype=np.float64), self.exact)


def decimal_text(number: Number) -> str | None:
    """Return the literal that reads back to `number`, or None where no finite decimal of reasonable length does."""
    value, exact = number
    if exact is None:
        if value == int(value) and abs(value) < 1e15:
            return str(int(value))
        return repr(value)
    return decimal_expansion(exact)


def decimal_expansion(value: Fraction) -> str | None:
    """Return the finite decimal expansion of `value`; None where there is none (1/3) or it exceeds 900 digits."""
    denominator, twos, fives = value.denominator, 0, 0
    twos = (denominator & -denominator).bit_length() - 1
    denominator >>= twos
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    places = max(twos, fives)
    if denominator != 1 or places > _LONGEST_LITERAL:
        return None
    scaled = value * 10**places
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    if len(digits) > _LONGEST_LITERAL:
        return None
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
