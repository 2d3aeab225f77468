"""The numbers of a formulation as the finite decimals that LP and MPS files hold, or a refusal that says what to do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from tools.errors import InputError
from tools.formulation.literals import Number, decimal_expansion, decimal_text
from tools.formulation.model import Formulation
from tools.formulation.numbers import INFINITY_THRESHOLD, ExactVector

_LEAST, _GREATEST = Fraction(1, 10**300), Fraction(10**300)


@dataclass(frozen=True)
class DecimalRow:
    """A row whose numbers are finite decimals; `terms` holds (variable index, literal), an infinite side is None."""

    name: str
    lower: str | None
    upper: str | None
    terms: list[tuple[int, str]]


def decimal_term(number: Number, where: str, form: str) -> str:
    """Return the literal of `number`. Raises `InputError` where it is no finite decimal."""
    text = decimal_text(number)
    exact = number[1]
    if text is None or (exact is not None and not _LEAST < abs(exact) < _GREATEST):
        raise InputError(f"{where} is {_short(number[1])}, which {form} files cannot hold exactly; write JSON instead")
    return text


def limit_text(vector: ExactVector, index: int, where: str, form: str) -> str | None:
    """Return the literal of a bound, None where it is infinite. Raises `InputError` where files cannot hold it."""
    value = float(vector.floats[index])
    if math.isinf(value):
        return None
    if abs(value) >= INFINITY_THRESHOLD:
        raise InputError(f"{where} is {value!r}, which {form} files take for infinite; write JSON instead")
    return decimal_term((value, vector.overrides.get(index)), where, form)


def decimal_row(formulation: Formulation, row: int, form: str) -> DecimalRow:
    """Return row `row` with finite decimals, multiplied by an integer where its own numbers are none.

    Raises `InputError` where even the multiple cannot be written.
    """
    start, stop = int(formulation.indptr[row]), int(formulation.indptr[row + 1])
    coefficients, name = formulation.coefficients, formulation.rows[row]
    columns = formulation.columns[start:stop].tolist()
    where = f"row {name!r}"
    own = _own_decimals(formulation, row, start, stop)
    if own is not None:
        return DecimalRow(
            name, limit_text(formulation.row_lower, row, f"the lower side of {where}", form),
            limit_text(formulation.row_upper, row, f"the upper side of {where}", form),
            list(zip(columns, own, strict=True)),
        )  # fmt: skip
    values = coefficients.slice(start, stop)
    sides = [formulation.row_lower.finite(row), formulation.row_upper.finite(row)]
    scale = _scale([*values, *(side for side in sides if side is not None)])
    scaled_sides: list[str | None] = []
    for side in sides:
        scaled_sides.append(None if side is None else _scaled(side * scale, where, form))
        if side is not None and abs(side * scale) >= INFINITY_THRESHOLD:
            raise InputError(f"{where} has a side that {form} files take for infinite; write JSON instead")
    texts = [_scaled(value * scale, where, form) for value in values]
    return DecimalRow(name, scaled_sides[0], scaled_sides[1], list(zip(columns, texts, strict=True)))


def _own_decimals(formulation: Formulation, row: int, start: int, stop: int) -> list[str] | None:
    for vector in (formulation.row_lower, formulation.row_upper):
        exact = vector.overrides.get(row)
        if exact is not None and decimal_expansion(exact) is None:
            return None
    floats, overrides = formulation.coefficients.floats[start:stop].tolist(), formulation.coefficients.overrides
    texts = []
    for k, value in enumerate(floats, start):
        text = decimal_text((value, overrides.get(k)))
        if text is None:
            return None
        texts.append(text)
    return texts


def _scale(values: list[Fraction]) -> int:
    """Return the least positive integer that makes all these numbers finite decimals."""
    scale = 1
    for value in values:
        denominator = value.denominator
        for prime in (2, 5):
            while denominator % prime == 0:
                denominator //= prime
        scale = math.lcm(scale, denominator)
    return scale


def _scaled(value: Fraction, where: str, form: str) -> str:
    text = decimal_expansion(value)
    if text is None or not (value == 0 or _LEAST < abs(value) < _GREATEST):
        raise InputError(f"{where} has numbers that {form} files cannot hold exactly; write JSON instead")
    return text


def _short(value: Fraction | None) -> str:
    text = (
        str(value) if value is not None and value.numerator.bit_length() + value.denominator.bit_length() < 200 else ""
    )
    return text or "a long fraction"
