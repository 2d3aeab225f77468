"""Values that a program hands over, as exact numbers."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tools.errors import InputError
from tools.formulation.numbers import decimal_value, parse_rational

_LARGEST_EXPONENT = 400


def exact_values(solution: Mapping[str, Any]) -> dict[str, Fraction]:
    """Return `{name: exact number}`; raises `InputError` naming the variable whose value is none.

    Whole numbers, `Fraction`, `Decimal` and text such as "1/3" are what they say; a float stands for its shortest
    decimal, as in a model: 0.1 is 1/10. Scalars of numpy count as numbers.
    """
    if not isinstance(solution, Mapping):
        raise InputError(
            f"a solution is a mapping from variable names to numbers, found a {type(solution).__name__}; dict(…) makes "
            "one of most things"
        )
    return {_name(name): _exact(name, value) for name, value in solution.items()}


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise InputError(f"a solution names variables by text, found the key {str(name)[:60]!r}")
    return name


def _exact(name: str, value: Any) -> Fraction:
    if hasattr(value, "dtype") and getattr(value, "ndim", 1) == 0:
        # The text of a narrow float of numpy is its own shortest decimal, which its double is not.
        value = str(value) if isinstance(value.item(), float) else value.item()
    try:
        if isinstance(value, str):
            return parse_rational(value)
        if isinstance(value, Decimal):
            if not value.is_finite() or abs(value.adjusted()) > _LARGEST_EXPONENT:
                raise InputError(f"expected a finite number, found {str(value)[:40]}")
            return Fraction(value)
        if isinstance(value, numbers.Rational):
            return Fraction(int(value.numerator), int(value.denominator))
        if isinstance(value, float):
            return decimal_value(float(value))
        if isinstance(value, numbers.Real):
            return parse_rational(str(value))
    except InputError as error:
        raise InputError(f"the value of {name[:60]!r}: {error}") from error
    raise InputError(f"the value of {name[:60]!r} must be a number, found a {type(value).__name__}")
