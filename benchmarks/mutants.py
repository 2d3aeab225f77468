"""Mutants: a model with one thing changed and every name kept."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from benchmarks.plain_model import PlainModel, Row, Side
from tools.formulation.model import Formulation, Kind


@dataclass(frozen=True)
class Mutation:
    """What was changed: `kind` is a key of `KINDS`, `place` the row or variable, `detail` what it was and became."""

    kind: str
    place: str
    detail: str


def mutant(model: Formulation, seed: int | str) -> tuple[Formulation, Mutation] | None:
    """Return `model` with one seeded change, and what it was; None when nothing can be changed."""
    rng = random.Random(seed)
    kinds = list(KINDS)
    rng.shuffle(kinds)
    for kind in kinds:
        plain = PlainModel.of(model)
        made = KINDS[kind](plain, rng)
        if made is not None:
            return plain.formulation(f"mutant of {model.name}"), Mutation(kind, *made)
    return None


_Made = tuple[str, str] | None
"""(name of the row or variable, what changed); None where the model has nothing of the kind."""


def _drop_row(plain: PlainModel, rng: random.Random) -> _Made:
    i = _pick([i for i, row in enumerate(plain.rows) if row.terms and _bounded(row)], rng)
    if i is None:
        return None
    return plain.rows.pop(i).name, "dropped"


def _change_side(plain: PlainModel, rng: random.Random) -> _Made:
    i = _pick([i for i, row in enumerate(plain.rows) if row.terms and _bounded(row)], rng)
    if i is None:
        return None
    row = plain.rows[i]
    low, high = row.lower, row.upper
    if low is not None and low == high:
        low = high = _moved(low, rng, towards=0)
    elif high is None or (low is not None and rng.random() < 0.5):
        assert low is not None
        low = _moved(low, rng, towards=0 if high is None else -1)
    else:
        high = _moved(high, rng, towards=0 if low is None else 1)
    plain.rows[i] = replace(row, lower=low, upper=high)
    return row.name, f"{_shown(row.lower, row.upper)} becomes {_shown(low, high)}"


def _change_bound(plain: PlainModel, rng: random.Random) -> _Made:
    j = _pick([j for j, c in enumerate(plain.columns) if c.lower is not None or c.upper is not None], rng)
    if j is None:
        return None
    column = plain.columns[j]
    low, high = column.lower, column.upper
    outwards = rng.random() < 0.5
    if high is None or (low is not None and rng.random() < 0.5):
        assert low is not None
        low = _moved(low, rng, towards=-1 if outwards or (high is not None and high - low < 1) else 1)
    else:
        high = _moved(high, rng, towards=1 if outwards or (low is not None and high - low < 1) else -1)
    if low is not None and high is not None and low > high:
        low = high
    kind = column.kind
    if kind == Kind.BINARY and not (low is not None and low >= 0 and high is not None and high <= 1):
        kind = Kind.INTEGER
    plain.columns[j] = replace(column, lower=low, upper=high, kind=kind)
    return column.name, f"{_shown(column.lower, column.upper)} becomes {_shown(low, high)}"


def _change_coefficient(plain: PlainModel, rng: random.Random) -> _Made:
    i = _pick([i for i, row in enumerate(plain.rows) if row.terms and _bounded(row)], rng)
    if i is None:
        return None
    row = plain.rows[i]
    j = rng.choice(list(row.terms))
    old = row.terms[j]
    new = _other(old, rng)
    terms = {k: value for k, value in (row.terms | {j: new}).items() if value}
    plain.rows[i] = replace(row, terms=terms)
    return row.name, f"coefficient of {plain.columns[j].name} {old} becomes {new}"


def _flip_sense(plain: PlainModel, rng: random.Random) -> _Made:
    one_sided = [i for i, row in enumerate(plain.rows) if row.terms and (row.lower is None) != (row.upper is None)]
    equalities = [i for i, r in enumerate(plain.rows) if r.terms and r.lower is not None and r.lower == r.upper]
    i = _pick(one_sided + equalities, rng)
    if i is None:
        return None
    row = plain.rows[i]
    low, high = row.upper, row.lower
    if low is not None and low == high:
        low, high = (low, None) if rng.random() < 0.5 else (None, high)
    plain.rows[i] = replace(row, lower=low, upper=high)
    return row.name, f"{_shown(row.lower, row.upper)} becomes {_shown(low, high)}"


def _toggle_integrality(plain: PlainModel, rng: random.Random) -> _Made:
    j = _pick(list(range(len(plain.columns))), rng)
    if j is None:
        return None
    column = plain.columns[j]
    kind = Kind.INTEGER if column.kind == Kind.CONTINUOUS else Kind.CONTINUOUS
    plain.columns[j] = replace(column, kind=kind)
    return column.name, f"{column.kind.name.lower()} becomes {kind.name.lower()}"


def _change_objective(plain: PlainModel, rng: random.Random) -> _Made:
    used = [j for j, column in enumerate(plain.columns) if column.cost]
    j = _pick(used if used and rng.random() < 0.8 else list(range(len(plain.columns))), rng)
    if j is None:
        return None
    column = plain.columns[j]
    new = _other(column.cost, rng)
    plain.columns[j] = replace(column, cost=new)
    return column.name, f"objective coefficient {column.cost} becomes {new}"


KINDS: dict[str, Callable[[PlainModel, random.Random], _Made]] = {
    "row dropped": _drop_row,
    "right-hand side changed": _change_side,
    "bound changed": _change_bound,
    "coefficient changed": _change_coefficient,
    "row sense flipped": _flip_sense,
    "integrality toggled": _toggle_integrality,
    "objective changed": _change_objective,
}
"""Every kind of mutation; each changes the model in place and says what it did."""


def _bounded(row: Row) -> bool:
    return row.lower is not None or row.upper is not None


def _pick(choices: Sequence[int], rng: random.Random) -> int | None:
    return rng.choice(choices) if choices else None


def _moved(value: Fraction, rng: random.Random, *, towards: int) -> Fraction:
    """Return `value` moved up (towards 1), down (-1) or either way (0) by a quarter, or by 1 where that is less."""
    step = Fraction(max(1, abs(round(value)) // 4))
    return value + step * (towards or rng.choice((-1, 1)))


def _other(value: Fraction, rng: random.Random) -> Fraction:
    if not value:
        return Fraction(rng.choice((-1, 1)))
    others: tuple[Fraction, ...] = (value * 2, -value, value + 1, value * Fraction(11, 10))
    return rng.choice(others)


def _shown(low: Side, high: Side) -> str:
    return f"[{'-inf' if low is None else low}, {'inf' if high is None else high}]"
