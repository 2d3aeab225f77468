"""Rows, objectives and numbers of a formulation written as algebra, in a bounded number of terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal, Inexact
from fractions import Fraction

from tools.formulation.model import Formulation
from tools.formulation.sides import between_sides
from ui.safe_text import safe

_NUMBER_WIDTH = 20
_TERMS = 12


def number_text(value: Fraction) -> str:
    """Return `value` as "3", "2.5" or "1/3", exactly where that is short, else as "≈1.23457e+40"."""
    top, bottom = value.numerator, value.denominator
    if max(top.bit_length(), bottom.bit_length()) <= 4 * _NUMBER_WIDTH:
        digits = Context(prec=30)
        quotient = digits.divide(Decimal(top), Decimal(bottom))
        exact = f"{top}/{bottom}" if digits.flags[Inexact] else f"{quotient:f}"
        if len(exact) <= _NUMBER_WIDTH:
            return exact
    return f"≈{Context(prec=6).divide(Decimal(top), Decimal(bottom)).normalize():g}"


def linear_text(terms: Iterable[tuple[str, Fraction]], constant: Fraction = Fraction(0), limit: int = _TERMS) -> str:
    """Return "3 x - y + 2": at most `limit` terms, then how many were left out; "0" when there is nothing."""
    pieces = list(terms)
    text = ""
    for name, coefficient in pieces[:limit]:
        size = "" if abs(coefficient) == 1 else f"{number_text(abs(coefficient))} "
        text = _joined(text, coefficient < 0, size + safe(name))
    if len(pieces) > limit:
        text += f" + … ({len(pieces) - limit} more terms)"
    if constant or not text:
        text = _joined(text, constant < 0, number_text(abs(constant)))
    return text


def row_text(model: Formulation, row: int) -> str:
    """Return row `row` as "cap: 3 x + 2 y <= 10" (or "1 <= x - y <= 2", or "(free)" behind a row without bounds)."""
    body = linear_text(_named(model, model.row_terms(row)))
    return f"{safe(model.rows[row])}: {between_sides(model, row, body, number_text)}"


def objective_text(model: Formulation) -> str:
    """Return "minimize 3 x + 2 y + 5"."""
    sign = 1 if model.sense == "minimize" else -1
    terms = ((model.variables[j], sign * c) for j, c in model.cost_terms.items())
    return f"{model.sense} {linear_text(terms, model.objective_constant)}"


def broken_row_text(model: Formulation, row: int, point: Sequence[Fraction]) -> list[str]:
    """Return the lines "row cap: 3 x + 2 y = 11 > 10" and "3·3 + 2·1 = 11" for a row that `point` breaks."""
    terms = model.row_terms(row)
    present = {j: a for j, a in terms.items() if point[j]}
    activity = sum((a * point[j] for j, a in present.items()), Fraction(0))
    shown = present | {j: a for j, a in terms.items() if j not in present}
    if len(shown) <= _TERMS:
        shown = terms
    low, high = model.row_lower.finite(row), model.row_upper.finite(row)
    relation = ""
    if high is not None and activity > high:
        relation = f" {'≠' if low == high else '>'} {number_text(high)}"
    elif low is not None and activity < low:
        relation = f" {'≠' if low == high else '<'} {number_text(low)}"
    name, total = safe(model.rows[row]), number_text(activity)
    lines = [f"row {name}: {linear_text(_named(model, shown))} = {total}{relation}"]
    products = substituted_text((a, point[j]) for j, a in present.items())
    if products not in ("", total):
        lines.append(f"{products} = {total}")
    return lines


def substituted_text(products: Iterable[tuple[Fraction, Fraction]], limit: int = _TERMS) -> str:
    """Return "3·3 + 2·1" for coefficients and values; a coefficient of one is left out, negative values bracketed."""
    pieces = list(products)
    text = ""
    for coefficient, value in pieces[:limit]:
        factor = "" if abs(coefficient) == 1 else f"{number_text(abs(coefficient))}·"
        number = number_text(value)
        text = _joined(text, coefficient < 0, factor + (f"({number})" if value < 0 else number))
    return text if len(pieces) <= limit else f"{text} + … ({len(pieces) - limit} more)"


def _named(model: Formulation, terms: dict[int, Fraction]) -> Iterable[tuple[str, Fraction]]:
    return ((model.variables[j], a) for j, a in terms.items())


def _joined(text: str, negative: bool, piece: str) -> str:
    if not text:
        return f"-{piece}" if negative else piece
    return f"{text} {'-' if negative else '+'} {piece}"
