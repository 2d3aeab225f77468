"""Rows and objectives in the algebra of rules: exact numbers, names that can be copied, long sums abbreviated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from itertools import groupby

import numpy as np

from agent.language.brief.shown_names import shown_name
from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector
from tools.formulation.sides import between_sides

LONGEST_NUMBER = 40
"""Characters up to which a number is written exactly; beyond, it is rounded and marked "≈"."""

_PLAIN_LENGTH = 9


def exact_text(value: Fraction) -> str:
    """Return `value` exactly as 3, 0.25, 1e+40 or 1/3, in a form that rules can hold, or rounded as ≈1.23457e+99."""
    top, bottom = value.numerator, value.denominator
    if max(top.bit_length(), bottom.bit_length()) <= 1100:  # 1e300 and 1e-300 have 1000 bits
        digits = Context(prec=LONGEST_NUMBER)
        quotient = digits.divide(Decimal(top), Decimal(bottom))
        text = f"{top}/{bottom}" if digits.flags[Inexact] else _decimal(quotient.normalize(digits))
        if len(text) <= LONGEST_NUMBER:
            return text
    return f"≈{Context(prec=6).divide(Decimal(top), Decimal(bottom)).normalize():g}"


def _decimal(value: Decimal) -> str:
    plain = f"{value:f}"
    scientific = f"{value:e}"
    return plain if len(plain) <= max(_PLAIN_LENGTH, len(scientific)) else scientific


def is_rounded(value: Fraction) -> bool:
    """Say whether `exact_text` rounds `value`."""
    return exact_text(value).startswith("≈")


def range_text(vector: ExactVector, places: Sequence[int]) -> str:
    """Return "3 to 48" for the entries of `vector` at `places` (finite, at least one), or the one value that all have.

    The ends are exact; two numbers that only differ beyond the precision of a double count as equal in the search.
    """
    floats = vector.floats[np.asarray(places, dtype=np.int64)]
    low, high = vector[int(places[int(np.argmin(floats))])], vector[int(places[int(np.argmax(floats))])]
    return exact_text(low) if low == high else f"{exact_text(low)} to {exact_text(high)}"


def linear_text(
    terms: Sequence[tuple[int, Fraction]],
    model: Formulation,
    *,
    limit: int | None = None,
    group_of: Callable[[int], str] = lambda _: "",
    constant: Fraction = Fraction(0),
) -> str:
    """Return "3*x[1] - y + 2" for (variable, coefficient) pairs; with a `limit` of about so many terms.

    Neighbours of one group (`group_of` names it) are abbreviated together, first and last terms kept, as
    "x[1] + x[2] + ... (17 more x) ... + x[20] - 40*y"; only then do whole groups go.
    """
    runs = [list(run) for _, run in groupby(terms, key=lambda term: group_of(term[0]))]
    text, left = "", len(terms)
    for run, shown in zip(runs, _shown([len(run) for run in runs], limit), strict=True):
        left -= len(run) if shown else 0
        if shown == len(run):
            text = _joined(run, model, text)
        elif shown:
            label = group_of(run[0][0])
            more = f" + ... ({len(run) - shown} more{f' {label}' if label else ''}) ..."
            text = _joined(run[-1:], model, _joined(run[: shown - 1], model, text) + more)
    text += f" + ... ({left} more terms)" if left else ""
    if constant or not text:
        sign = "-" if constant < 0 else "+"
        number = exact_text(abs(constant))
        text = f"{text} {sign} {number}" if text else f"{'-' if constant < 0 else ''}{number}"
    return text


def is_abbreviated(variables: Sequence[int], limit: int, group_of: Callable[[int], str]) -> bool:
    """Say whether `linear_text` leaves out terms of a sum over `variables`."""
    lengths = [len(list(run)) for _, run in groupby(variables, key=group_of)]
    return _shown(lengths, limit) != lengths


def _shown(lengths: Sequence[int], limit: int | None) -> list[int]:
    """Return how many terms are shown of each run of so many; none, or at least two where not all are."""
    if limit is None or sum(lengths) <= limit:
        return list(lengths)
    quota, room = max(2, limit // len(lengths)), limit
    shown: list[int] = []
    for length in lengths:
        shown.append(0 if room <= 0 else length if length <= quota + 1 else quota)
        room -= min(length, quota)
    return shown


def row_text(
    model: Formulation, row: int, *, limit: int | None = None, group_of: Callable[[int], str] = lambda _: ""
) -> str:
    """Return row `row` as "cap[1]: 3*x[1] + 2*y <= 10", as "r: 1 <= x - y <= 2", or with "(free)" behind it."""
    body = linear_text(list(model.row_terms(row).items()), model, limit=limit, group_of=group_of)
    return f"{shown_name(model.rows[row])}: {between_sides(model, row, body, exact_text)}"


def objective_text(
    model: Formulation, *, limit: int | None = None, group_of: Callable[[int], str] = lambda _: ""
) -> str:
    """Return "minimize 3*x[1] + 2*y + 5"."""
    terms = [(j, model.objective[j]) for j in np.flatnonzero(model.objective.floats).tolist()]
    body = linear_text(terms, model, limit=limit, group_of=group_of, constant=model.objective_constant)
    return f"{model.sense} {body}"


def _joined(terms: Sequence[tuple[int, Fraction]], model: Formulation, text: str = "") -> str:
    pieces = [text] if text else []
    for j, coefficient in terms:
        size = abs(coefficient)
        factor = "" if size == 1 else f"{exact_text(size)}*"
        negative = coefficient < 0
        sign = ("- " if negative else "+ ") if pieces else ("-" if negative else "")
        pieces.append(f"{sign}{factor}{shown_name(model.variables[j])}")
    return " ".join(pieces)
