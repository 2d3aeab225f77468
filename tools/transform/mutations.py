"""Candidates with one thing wrong: a mutation keeps the names and the maps and changes what the candidate says.

A mutation can be harmless (a redundant row dropped), so each only says which claim it *should* break about the maps;
whether it does is for an independent look to settle.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from tools.errors import InputError
from tools.formulation.model import Kind
from tools.report import ClaimName
from tools.transform.draft import ONE, ZERO, Column, Draft, Row, Side
from tools.transform.transformed import Transformed

_T = TypeVar("_T")

Change = tuple[str, str]
"""The row or variable that was changed, and what it was and became."""


@dataclass(frozen=True)
class Mutation:
    """One way to spoil a candidate: `change` edits a draft and says what it did, or returns None where it cannot.

    `breaks` is the claim about the true maps that should fail.
    """

    name: str
    summary: str
    breaks: ClaimName
    change: Callable[[Draft, random.Random], Change | None]


@dataclass(frozen=True)
class Mutated:
    """A transformation whose candidate has been spoilt; its maps are still those of the candidate that was right."""

    transformed: Transformed
    mutation: str
    place: str
    detail: str
    breaks: ClaimName


def mutate(made: Transformed, mutation: str | None = None, seed: int = 0) -> Mutated:
    """Return `made` with its candidate changed in one thing, of the given kind or of a random one.

    Raises `InputError` where the kind is unknown or the candidate has nothing that it could change.
    """
    if mutation is not None and mutation not in MUTATIONS:
        raise InputError(f"unknown mutation {mutation[:60]!r}; known are {', '.join(MUTATIONS)}")
    rng = random.Random(f"mutation:{seed}:{mutation}")
    names = [mutation] if mutation is not None else rng.sample(list(MUTATIONS), len(MUTATIONS))
    for name in names:
        kind = MUTATIONS[name]
        draft = Draft.of(made.candidate)
        change = kind.change(draft, rng)
        if change is None:
            continue
        candidate = draft.formulation(made.candidate.name)
        if not candidate.same_as(made.candidate):
            return Mutated(replace(made, candidate=candidate), name, *change, kind.breaks)
    raise InputError(f"the candidate has nothing that {mutation or 'any mutation'} could change")


def _drop_row(draft: Draft, rng: random.Random) -> Change | None:
    row = _pick(_sided_rows(draft), rng)
    if row is None:
        return None
    del draft.rows[row.name]
    return row.name, "dropped"


def _loosen_row(draft: Draft, rng: random.Random) -> Change | None:
    row = _pick(_sided_rows(draft), rng)
    if row is None:
        return None
    step = _step(row.upper if row.upper is not None else row.lower)
    if row.upper is not None and (row.lower is None or rng.random() < 0.5):
        changed = replace(row, upper=row.upper + step)
    else:
        assert row.lower is not None
        changed = replace(row, lower=row.lower - step)
    draft.rows[row.name] = changed
    return row.name, _sides(row, changed)


def _tighten_row(draft: Draft, rng: random.Random) -> Change | None:
    row = _pick([row for row in _sided_rows(draft) if not row.is_equality], rng)
    if row is None:
        return None
    step = _step(row.upper if row.upper is not None else row.lower)
    if row.lower is not None and row.upper is not None:
        step = min(step, row.upper - row.lower)
    if row.upper is not None and (row.lower is None or rng.random() < 0.5):
        changed = replace(row, upper=row.upper - step)
    else:
        assert row.lower is not None
        changed = replace(row, lower=row.lower + step)
    draft.rows[row.name] = changed
    return row.name, _sides(row, changed)


def _shift_row(draft: Draft, rng: random.Random) -> Change | None:
    row = _pick([row for row in _sided_rows(draft) if row.is_equality], rng)
    if row is None or row.lower is None:
        return None
    side = row.lower + rng.choice((-1, 1)) * _step(row.lower)
    changed = replace(row, lower=side, upper=side)
    draft.rows[row.name] = changed
    return row.name, _sides(row, changed)


def _flip_row(draft: Draft, rng: random.Random) -> Change | None:
    row = _pick([row for row in _sided_rows(draft) if (row.lower is None) != (row.upper is None)], rng)
    if row is None:
        return None
    changed = replace(row, lower=row.upper, upper=row.lower)
    draft.rows[row.name] = changed
    return row.name, _sides(row, changed)


def _relax_equality(draft: Draft, rng: random.Random) -> Change | None:
    row = _pick([row for row in _sided_rows(draft) if row.is_equality], rng)
    if row is None:
        return None
    changed = replace(row, lower=None) if rng.random() < 0.5 else replace(row, upper=None)
    draft.rows[row.name] = changed
    return row.name, _sides(row, changed)


def _change_coefficient(draft: Draft, rng: random.Random) -> Change | None:
    row = _pick(_sided_rows(draft), rng)
    if row is None:
        return None
    name = rng.choice(list(row.terms))
    old = row.terms[name]
    new = _other(old, rng)
    draft.rows[row.name] = replace(row, terms={v: a for v, a in {**row.terms, name: new}.items() if a})
    return row.name, f"coefficient of {name}: {old} becomes {new}"


def _loosen_bound(draft: Draft, rng: random.Random) -> Change | None:
    column = _pick([c for c in draft.columns.values() if c.lower is not None or c.upper is not None], rng)
    if column is None:
        return None
    if column.upper is not None and (column.lower is None or rng.random() < 0.5):
        changed = replace(column, upper=column.upper + _step(column.upper))
    else:
        assert column.lower is not None
        changed = replace(column, lower=column.lower - _step(column.lower))
    draft.columns[column.name] = changed
    return column.name, _sides(column, changed)


def _truncate(draft: Draft, rng: random.Random) -> Change | None:
    """Take a part of a variable's range away, from above where it has an upper bound."""
    column = _pick([c for c in draft.columns.values() if (_room(c) or 0) >= 1], rng)
    if column is None:
        unbounded = [c for c in draft.columns.values() if c.lower is not None and c.upper is None]
        column = _pick(unbounded, rng)
        if column is None or column.lower is None:
            return None
        changed = replace(column, lower=column.lower + 1)
    else:
        assert column.upper is not None
        room = _room(column) or ZERO
        changed = replace(column, upper=column.upper - max(ONE, Fraction(math.floor(room / 3))))
    draft.columns[column.name] = changed
    return column.name, _sides(column, changed)


def _relax_integrality(draft: Draft, rng: random.Random) -> Change | None:
    column = _pick([c for c in draft.columns.values() if c.integral], rng)
    if column is None:
        return None
    draft.columns[column.name] = replace(column, kind=Kind.CONTINUOUS)
    return column.name, "no longer integer"


def _cut(draft: Draft, rng: random.Random) -> Change | None:
    """Add a row that cuts a corner of the box of a few bounded variables off."""
    wide = [c for c in draft.columns.values() if (_room(c) or 0) > 0]
    if not wide:
        return None
    chosen = rng.sample(wide, rng.randint(1, min(2, len(wide))))
    terms = {column.name: Fraction(rng.choice((-1, 1))) for column in chosen}
    low, high = draft.activity(terms)
    assert low is not None
    assert high is not None
    limit = high - max((high - low) / 4, min(ONE, high - low))
    row = draft.add_row("extra", terms, None, limit)
    return row.name, f"{' + '.join(f'{a}*{v}' for v, a in terms.items())} <= {limit} added"


def _change_objective(draft: Draft, rng: random.Random) -> Change | None:
    column = _pick([c for c in draft.columns.values() if c.cost], rng)
    if column is None:
        return None
    new = _other(column.cost, rng)
    draft.columns[column.name] = replace(column, cost=new)
    return column.name, f"objective coefficient {column.cost} becomes {new}"


def _swap_sense(draft: Draft, rng: random.Random) -> Change | None:
    if not any(column.cost for column in draft.columns.values()):
        return None
    old = draft.sense
    draft.sense = "maximize" if old == "minimize" else "minimize"
    return "the objective", f"{old} becomes {draft.sense}, coefficients as they were"


def _drop_objective(draft: Draft, rng: random.Random) -> Change | None:
    if not any(column.cost for column in draft.columns.values()):
        return None
    draft.columns = {name: replace(column, cost=ZERO) for name, column in draft.columns.items()}
    return "the objective", "dropped: any solution will do"


def _other_data(draft: Draft, rng: random.Random) -> Change | None:
    """Change about half of the coefficients and sides: the same kind of model with the data of another case."""
    if not draft.rows:
        return None
    changed = 0
    for name, row in draft.rows.items():
        terms = {v: (a * rng.choice((2, 3)) if abs(a) != 1 and rng.random() < 0.5 else a) for v, a in row.terms.items()}
        low, high = row.lower, row.upper
        if rng.random() < 0.5:
            shift = rng.choice((-1, 1)) * _step(high if high is not None else low)
            low, high = (None if side is None else side + shift for side in (low, high))
        if (terms, low, high) != (dict(row.terms), row.lower, row.upper):
            draft.rows[name] = Row(name, terms, low, high)
            changed += 1
    for name, column in draft.columns.items():
        if column.cost and rng.random() < 0.5:
            draft.columns[name] = replace(column, cost=column.cost + rng.choice((1, 2)))
            changed += 1
    return ("the data", f"{changed} rows and objective coefficients have other numbers") if changed else None


_ALL = (
    Mutation("drop-row", "a row is left out", "sound", _drop_row),
    Mutation("loosen-row", "a side of a row is moved outwards", "sound", _loosen_row),
    Mutation("tighten-row", "a side of an inequality is moved inwards", "complete", _tighten_row),
    Mutation("shift-row", "the right-hand side of an equality is changed", "sound", _shift_row),
    Mutation("flip-row", "an inequality is turned round", "sound", _flip_row),
    Mutation("relax-equality", "an equality becomes an inequality", "sound", _relax_equality),
    Mutation("change-coefficient", "a coefficient of a row is changed", "sound", _change_coefficient),
    Mutation("loosen-bound", "a bound of a variable is moved outwards", "sound", _loosen_bound),
    Mutation("truncate", "a part of a variable's range, such as a digit's, is cut off", "complete", _truncate),
    Mutation("relax-integrality", "an integer variable becomes continuous", "sound", _relax_integrality),
    Mutation("cut", "a row is added that removes solutions", "complete", _cut),
    Mutation("change-objective", "a coefficient of the objective is changed", "optima", _change_objective),
    Mutation("swap-sense", "the objective is optimised in the other direction", "optima", _swap_sense),
    Mutation("drop-objective", "the objective is left out", "optima", _drop_objective),
    Mutation("other-data", "many numbers are those of another case", "sound", _other_data),
)

MUTATIONS: Mapping[str, Mutation] = MappingProxyType({mutation.name: mutation for mutation in _ALL})
"""Every mutation by name."""


def _sided_rows(draft: Draft) -> list[Row]:
    return [r for r in draft.rows.values() if r.terms and (r.lower is not None or r.upper is not None)]


def _pick(choices: Sequence[_T], rng: random.Random) -> _T | None:
    return rng.choice(choices) if choices else None


def _room(column: Column) -> Side:
    return None if column.lower is None or column.upper is None else column.upper - column.lower


def _step(value: Side) -> Fraction:
    """Return a quarter of the value's size, whole and at least 1."""
    return Fraction(max(1, abs(round(value or 0)) // 4))


def _other(value: Fraction, rng: random.Random) -> Fraction:
    others: tuple[Fraction, ...] = (value * 2, -value, value + 1, value * Fraction(11, 10))
    return rng.choice(others)


def _sides(old: Row | Column, new: Row | Column) -> str:
    texts = [
        f"[{'-inf' if low is None else low}, {'inf' if high is None else high}]"
        for low, high in ((old.lower, old.upper), (new.lower, new.upper))
    ]
    return " becomes ".join(texts)
