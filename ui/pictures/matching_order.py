"""Rows and columns of two models brought into the order in which a recovery pairs them, exactly and in linear time.

A row of the reference becomes, with the recovery put in, a form in candidate variables. It is *equal* to a candidate
row of the same form and limits up to a factor, has *other limits* where only the form agrees, and is *similar* where
only the variables do or, failing that, the name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

import numpy as np

from tools.formulation.model import Formulation
from tools.formulation.numbers import IntArray
from tools.mapping.affine import AffineMapping


class Standing(IntEnum):
    """What is known of an entry, a row or a limit: the same in both models, different, or in one of them only."""

    SAME = 0
    DIFFERENT = 1
    ALONE = 2


@dataclass(frozen=True)
class Side:
    """One model in its new order: `rows` and `columns` say which stands where; the first `paired_*` have a partner.

    Entry e stands at (`at_row[e]`, `at_column[e]`), places in the new order, and has `standing[e]`.
    """

    rows: IntArray
    columns: IntArray
    at_row: IntArray
    at_column: IntArray
    standing: IntArray


@dataclass(frozen=True)
class Pairing:
    """Both models in matching order; `other_limits` are the places of paired rows whose limits differ."""

    reference: Side
    candidate: Side
    paired_rows: int
    paired_columns: int
    equal_rows: int
    other_limits: tuple[int, ...]


_Limits = tuple[Fraction | None, Fraction | None]
_Terms = tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True)
class _Form:
    """A row over candidate columns, and its limits once constants are on the other side."""

    terms: Mapping[int, Fraction]
    limits: _Limits

    def normal(self) -> tuple[_Terms, _Limits]:
        first = min(self.terms)
        factor = self.terms[first]
        low, high = (None if limit is None else limit / factor for limit in self.limits)
        limits = (low, high) if factor > 0 else (high, low)
        return tuple((k, self.terms[k] / factor) for k in sorted(self.terms)), limits


def paired(reference: Formulation, candidate: Formulation, recovery: AffineMapping) -> Pairing:
    """Return both models in matching order; variables of `recovery` that a model lacks raise `KeyError`."""
    images = [_image(reference, row, candidate, recovery) for row in range(len(reference.rows))]
    forms = [_own(candidate, row) for row in range(len(candidate.rows))]
    partner, equal, other = _row_partners(reference, candidate, images, forms)
    columns = _column_partners(reference, candidate, recovery)
    different: dict[int, set[int]] = {}
    for mine, theirs in partner.items():
        image = images[mine]
        if mine in equal or mine in other or image is None:
            continue
        different[mine] = _differing(image.terms, forms[theirs].terms)
    row_order = _orders(partner, len(reference.rows), len(candidate.rows))
    column_order = _orders(columns, len(reference.variables), len(candidate.variables))
    uses = [
        [candidate.variable_index[s] for s in recovery.expressions[v].terms] if v in recovery.expressions else []
        for v in reference.variables
    ]
    used = {k for sources in uses for k in sources}
    back = {theirs: mine for mine, theirs in partner.items()}

    def in_reference(row: int, column: int) -> Standing:
        if row not in partner:
            return Standing.ALONE
        bad = different.get(row)
        return Standing.DIFFERENT if bad and not bad.isdisjoint(uses[column]) else Standing.SAME

    def in_candidate(row: int, column: int) -> Standing:
        if row not in back or column not in used:
            return Standing.ALONE
        return Standing.DIFFERENT if column in different.get(back[row], ()) else Standing.SAME

    return Pairing(
        reference=_side(reference, row_order[0], column_order[0], in_reference),
        candidate=_side(candidate, row_order[1], column_order[1], in_candidate),
        paired_rows=len(partner),
        paired_columns=len(columns),
        equal_rows=len(equal),
        other_limits=tuple(place for place, row in enumerate(sorted(partner)) if row in other),
    )


def _image(reference: Formulation, row: int, candidate: Formulation, recovery: AffineMapping) -> _Form | None:
    """Return a reference row with the recovery put in; None where a variable has no expression or nothing is left."""
    terms: dict[int, Fraction] = {}
    constant = Fraction(0)
    for column, factor in reference.row_terms(row).items():
        expression = recovery.expressions.get(reference.variables[column])
        if expression is None:
            return None
        if expression.constant:
            constant += factor * expression.constant
        for name, coefficient in expression.terms.items():
            source = candidate.variable_index[name]
            product = factor if coefficient == 1 else factor * coefficient
            terms[source] = terms[source] + product if source in terms else product
    terms = {source: value for source, value in terms.items() if value}
    low, high = reference.row_lower.finite(row), reference.row_upper.finite(row)
    limits = (None if low is None else low - constant, None if high is None else high - constant)
    return _Form(terms, limits) if terms else None


def _own(candidate: Formulation, row: int) -> _Form:
    return _Form(candidate.row_terms(row), (candidate.row_lower.finite(row), candidate.row_upper.finite(row)))


def _row_partners(
    reference: Formulation, candidate: Formulation, images: Sequence[_Form | None], forms: Sequence[_Form]
) -> tuple[dict[int, int], set[int], set[int]]:
    """Return the candidate row of each paired reference row, which pairs are equal, and which differ in limits only."""
    mine = {row: (*image.normal(), reference.rows[row]) for row, image in enumerate(images) if image is not None}
    theirs = {row: (*form.normal(), candidate.rows[row]) for row, form in enumerate(forms) if form.terms}
    partner: dict[int, int] = {}
    found: list[set[int]] = []
    keys: tuple[Callable[[tuple[_Terms, _Limits, str]], Hashable], ...] = (
        lambda row: row[:2],
        lambda row: row[0],
        lambda row: tuple(k for k, _ in row[0]),
        lambda row: row[2],
    )
    for key in keys:
        waiting: dict[Hashable, list[int]] = {}
        for row in sorted(theirs, reverse=True):
            waiting.setdefault(key(theirs[row]), []).append(row)
        now = {
            row: places.pop()
            for row in sorted(mine)
            if (places := waiting.get(key(mine[row]))) and _share(mine[row][0], theirs[places[-1]][0])
        }
        partner |= now
        found.append(set(now))
        for own, other in now.items():
            del mine[own], theirs[other]
    return partner, found[0], found[1]


def _share(terms: _Terms, others: _Terms) -> bool:
    return not {column for column, _ in terms}.isdisjoint(column for column, _ in others)


def _column_partners(reference: Formulation, candidate: Formulation, recovery: AffineMapping) -> dict[int, int]:
    """Return the candidate column of each reference variable that is one candidate variable, scaled and shifted."""
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for column, name in enumerate(reference.variables):
        expression = recovery.expressions.get(name)
        if expression is None or len(expression.terms) != 1:
            continue
        source = candidate.variable_index[next(iter(expression.terms))]
        if source not in taken:
            partner[column] = source
            taken.add(source)
    return partner


def _differing(image: Mapping[int, Fraction], own: Mapping[int, Fraction]) -> set[int]:
    """Return the candidate columns in which two rows differ once they are scaled to agree in as many as possible."""
    ratios = {k: own[k] / value for k, value in image.items() if k in own}
    usual = Counter(ratios.values()).most_common(1)
    return {k for k in {*image, *own} if k not in ratios or ratios[k] != usual[0][0]}


def _orders(partner: Mapping[int, int], mine: int, theirs: int) -> tuple[list[int], list[int]]:
    firsts = sorted(partner)
    seconds = [partner[k] for k in firsts]
    return _with_the_rest(firsts, mine), _with_the_rest(seconds, theirs)


def _with_the_rest(first: list[int], count: int) -> list[int]:
    known = set(first)
    return [*first, *(k for k in range(count) if k not in known)]


def _side(
    model: Formulation, rows: Iterable[int], columns: Iterable[int], standing: Callable[[int, int], Standing]
) -> Side:
    row_order, column_order = np.fromiter(rows, dtype=np.int64), np.fromiter(columns, dtype=np.int64)
    row_place, column_place = np.argsort(row_order), np.argsort(column_order)
    of_row = np.repeat(np.arange(len(model.rows), dtype=np.int64), np.diff(model.indptr))
    standings = [int(standing(i, j)) for i, j in zip(of_row.tolist(), model.columns.tolist(), strict=True)]
    return Side(
        rows=row_order,
        columns=column_order,
        at_row=row_place[of_row],
        at_column=column_place[model.columns],
        standing=np.array(standings, dtype=np.int64),
    )
