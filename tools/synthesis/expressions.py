"""Linear forms over candidate variables that a reference variable may stand for, read off the candidate's structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations

import numpy as np

from tools.formulation.model import Formulation
from tools.formulation.numbers import BoolArray, FloatArray
from tools.mapping.affine import AffineExpression
from tools.synthesis.points import Point

LARGEST_POOL = 4000
"""Forms read off one candidate; the simplest come first."""

LONGEST_ROW = 400
"""Rows with more entries than this are taken whole only."""

TOLERANCE = 1e-7
"""How far a value in doubles may miss a bound or an integer; what passes is checked exactly before it is yielded."""

CONSTANT_PENALTY = 6.0
"""A variable is seldom constant in a reformulation; but a closing stock may be."""

_SHORT_ROW = 4
"""Rows of at most this many entries are also tried without each entry in turn."""

_VARIANTS = 2
"""Scalings and shifts of one form that are kept for one variable."""

_LONGEST_TAIL = 40
"""Rows with more entries than this are not cut into tails."""

_MOST_NEIGHBOURS = 12
"""Columns in more short rows than this are not eliminated."""

_MOST_SLICES = 12
"""Rows through one group of columns whose coefficients are tried as weights of the group."""


@dataclass(frozen=True, eq=False)
class Form:
    """Σ terms[k]·x_k over candidate variables, where it comes from, and how far-fetched it is (0 is a column).

    `low` and `high` are what is known of its values besides what the bounds of its columns say.
    """

    terms: Mapping[int, Fraction]
    origin: str
    penalty: float
    low: float = -np.inf
    high: float = np.inf


@dataclass(frozen=True, eq=False)
class Choice:
    """One expression for one reference variable: `constant + Σ terms[k]·x_k`.

    `form` identifies expressions that differ by scale and constant only; `values` are its values at the sample points.
    """

    constant: Fraction
    terms: Mapping[int, Fraction]
    form: int
    origin: str
    penalty: float
    values: FloatArray

    def named(self, candidate: Formulation) -> AffineExpression:
        """Return the expression by candidate names."""
        return AffineExpression(self.constant, {candidate.variables[k]: a for k, a in self.terms.items()})


def forms(candidate: Formulation) -> list[Form]:
    """Return the distinct forms (up to a factor) that the candidate's columns, rows and groups of columns suggest.

    Columns; rows; what is left of a row without one column, or with one kind, sign or size of coefficient; the columns
    that share rows of two entries with one column; weighted sums over a row Σ x = 1 or Σ x ≤ 1, weighted by the costs
    or by another row, and sums of its last columns in the order of these weights; what two rows say together when one
    column is eliminated (Fourier and Motzkin).
    """
    found: dict[tuple[tuple[int, Fraction], ...], Form] = {}
    for form in _suggested(candidate):
        first = form.terms[min(form.terms)]
        key = tuple((k, form.terms[k] / first) for k in sorted(form.terms))
        found.setdefault(key, form)
        if len(found) >= LARGEST_POOL:
            break
    return list(found.values())


def _suggested(model: Formulation) -> Iterator[Form]:
    for k in np.flatnonzero(model.lower.floats != model.upper.floats).tolist():
        yield Form({k: Fraction(1)}, "column", 0.0)
    fixed = set(np.flatnonzero(model.lower.floats == model.upper.floats).tolist())
    for form in _compound(model):
        if not fixed.issuperset(form.terms):
            yield form


def _compound(model: Formulation) -> Iterator[Form]:
    settled = set(np.flatnonzero(model.integer & (model.lower.floats == model.upper.floats)).tolist())
    whole = [model.row_terms(i) for i in range(len(model.rows))]
    rows = [{k: a for k, a in terms.items() if k not in settled} for terms in whole]
    for i, terms in enumerate(rows):
        if len(terms) > 1:
            yield Form(terms, f"row {model.rows[i]!r}", 1.0)
    yield from _stars(model, whole)
    for i, terms in enumerate(rows):
        if 2 < len(terms) <= LONGEST_ROW:
            for part in _parts(model, terms):
                yield Form(part, f"part of row {model.rows[i]!r}", 1.2)
    yield from _weighted(model, rows)
    yield from _eliminated(model, rows)


def _parts(model: Formulation, terms: Mapping[int, Fraction]) -> Iterator[dict[int, Fraction]]:
    """Yield the sums over the classes of a row's entries, then the row without the one entry that differs."""
    keys: tuple[dict[int, object], ...] = (
        {k: bool(model.integer[k]) for k in terms},
        {k: a > 0 for k, a in terms.items()},
        dict(terms.items()),
        {k: (a, bool(model.integer[k]), float(model.upper.floats[k])) for k, a in terms.items()},
        {k: model.cost[k] for k in terms},
    )
    for position, key in enumerate(keys):
        classes: dict[object, dict[int, Fraction]] = {}
        for k, value in key.items():
            classes.setdefault(value, {})[k] = terms[k]
        if 1 < len(classes) <= len(terms) // 2 + 1:
            for part in classes.values():
                if len(part) > 1:
                    yield part
                elif position < len(keys) - 1:  # a column that only costs otherwise is no reason to leave it out
                    yield {k: a for k, a in terms.items() if k not in part}
    if len(terms) <= _SHORT_ROW:
        for k in terms:
            yield {other: a for other, a in terms.items() if other != k}


def _stars(model: Formulation, rows: Sequence[Mapping[int, Fraction]]) -> Iterator[Form]:
    """Yield Σ x_k over the partners of one kind that a column has in rows of two entries."""
    partners: dict[int, dict[int, None]] = {}
    for terms in rows:
        if len(terms) == 2:
            j, k = terms
            partners.setdefault(j, {})[k] = None
            partners.setdefault(k, {})[j] = None
    for centre, members in partners.items():
        for integer in (True, False):
            same = [k for k in members if bool(model.integer[k]) is integer]
            if len(same) > 1:
                origin = f"the columns linked to {model.variables[centre]!r}"
                yield Form(dict.fromkeys(same, Fraction(1)), origin, 0.8)


def _weighted(model: Formulation, rows: Sequence[Mapping[int, Fraction]]) -> Iterator[Form]:
    """Yield Σ w_k·x_k over the columns of a row Σ x = b or Σ x ≤ b, with w the costs or the entries of another row."""
    for i, terms in enumerate(rows):
        if len(terms) < 2 or len(terms) > LONGEST_ROW or len(set(terms.values())) > 1:
            continue
        origin = f"over row {model.rows[i]!r}"
        costs = {k: model.cost[k] for k in terms if model.cost.floats[k]}
        if len(costs) > 0 and len(set(costs.values())) > 1:
            yield Form(costs, f"costs {origin}", 1.5)
            yield from _tails(terms, costs, f"the last by cost {origin}")
        slices = 0
        hits: dict[int, int] = {}
        for k in terms:
            for r in model.rows_of(k).tolist():
                hits[r] = hits.get(r, 0) + 1
        for r in sorted(hits, key=lambda r: (-hits[r], r)):
            if r == i or hits[r] < 2 or slices >= _MOST_SLICES:
                continue
            weights = {k: rows[r][k] for k in terms if k in rows[r]}
            if len(set(weights.values())) > 1 or len(weights) < min(len(terms), len(rows[r])):
                slices += 1
                yield Form(weights, f"row {model.rows[r]!r} {origin}", 1.5)
                yield from _tails(terms, weights, f"the last by row {model.rows[r]!r} {origin}")


def _tails(terms: Mapping[int, Fraction], weights: Mapping[int, Fraction], origin: str) -> Iterator[Form]:
    """Yield the sums of the last two, three, … columns of a row, in the order of their weights (0 without one)."""
    if len(terms) > _LONGEST_TAIL or len({weights.get(k, 0) for k in terms}) < len(terms):
        return
    order = sorted(terms, key=lambda k: weights.get(k, Fraction(0)))
    for start in range(1, len(order) - 1):
        yield Form({k: terms[k] for k in order[start:]}, origin, 1.3)


def _eliminated(model: Formulation, rows: Sequence[Mapping[int, Fraction]]) -> Iterator[Form]:
    """Yield combinations of two short rows in which a column that they share, and that both hold, cancels."""
    low, high = model.row_lower.floats, model.row_upper.floats
    for k in range(len(model.variables)):
        near = [r for r in model.rows_of(k).tolist() if k in rows[r] and len(rows[r]) <= _SHORT_ROW]
        if len(near) > _MOST_NEIGHBOURS:
            continue
        for one, two in combinations(near, 2):
            a, b = rows[one][k], rows[two][k]
            # Positive multiples may be added where one row holds the column from below and the other from above.
            factor = -a / b
            senses = [(np.isfinite(low[r]), np.isfinite(high[r])) for r in (one, two)]
            if factor < 0:
                senses[1] = senses[1][::-1]
            if not (senses[0][0] and senses[1][0]) and not (senses[0][1] and senses[1][1]):
                continue
            sum_ = dict(rows[one])
            for j, c in rows[two].items():
                sum_[j] = sum_.get(j, Fraction(0)) + factor * c
            left = {j: c for j, c in sum_.items() if c}
            if len(left) > 1:
                smallest = min(map(abs, left.values()))
                left = {j: c / smallest for j, c in left.items()}
                size, other = float(smallest), float(factor)
                ends = (low[two], high[two]) if other > 0 else (high[two], low[two])
                least, most = (low[one] + other * ends[0]) / size, (high[one] + other * ends[1]) / size
                yield Form(left, f"rows {model.rows[one]!r} and {model.rows[two]!r}", 1.4, least, most)


class Pool:
    """The forms of a candidate with their values at sample points, from which choices for a variable are drawn."""

    def __init__(self, candidate: Formulation, points: Sequence[Point], tight: Formulation | None = None) -> None:
        """Draw forms from `candidate` as written; `tight` is the same model with tighter bounds, if they are known."""
        self.candidate = candidate
        self.tight = candidate if tight is None else tight
        self.forms = forms(candidate)
        self.points = np.array([[float(value) for value in point] for point in points])
        self.points = self.points.reshape(len(points), len(candidate.variables))
        self.values: FloatArray = np.array(
            [self.points[:, list(f.terms)] @ [float(a) for a in f.terms.values()] for f in self.forms]
        ).reshape(len(self.forms), len(points))

    @cached_property
    def ranges(self) -> tuple[FloatArray, FloatArray]:
        """Lower and upper bounds of the forms, by the bounds of their columns and the sides of their rows."""
        model = self.candidate
        low, high = np.empty(len(self.forms)), np.empty(len(self.forms))
        sides: dict[tuple[tuple[int, Fraction], ...], int] = {
            tuple(sorted(model.row_terms(i).items())): i for i in range(len(model.rows))
        }
        for f, form in enumerate(self.forms):
            columns = np.array(list(form.terms), dtype=np.int64)
            weights = np.array([float(a) for a in form.terms.values()])
            down, up = self.tight.lower.floats[columns], self.tight.upper.floats[columns]
            low[f] = (weights * np.where(weights > 0, down, up)).sum()
            high[f] = (weights * np.where(weights > 0, up, down)).sum()
            low[f], high[f] = max(low[f], form.low), min(high[f], form.high)
            row = sides.get(tuple(sorted(form.terms.items())))
            if row is not None:
                low[f] = max(low[f], model.row_lower.floats[row])
                high[f] = min(high[f], model.row_upper.floats[row])
        return low, high

    @cached_property
    def price(self) -> FloatArray:
        """For each form the number r with cost = r·form on its columns; NaN where there is none."""
        prices = np.full(len(self.forms), np.nan)
        cost = self.candidate.cost
        for f, form in enumerate(self.forms):
            ratios = {cost[k] / a for k, a in form.terms.items()}
            if len(ratios) == 1:
                prices[f] = float(ratios.pop())
        return prices

    def choices(self, reference: Formulation, j: int, keep: int) -> list[Choice]:
        """Return at most `keep` expressions whose values at all points suit variable j of the reference, best first."""
        cost = float(reference.cost.floats[j])
        low, high = float(reference.lower.floats[j]), float(reference.upper.floats[j])
        tolerance = TOLERANCE * (1 + max(abs(v) for v in (low, high, 0.0) if np.isfinite(v)))
        smallest, largest = self._extremes
        below, above = self.ranges
        ranked: list[tuple[float, int, float, int]] = []
        for sign in (1, -1):
            for kind in ("unit", "price", "width"):
                scales = self._scales(kind, sign, cost, low, high)
                if scales is None:
                    continue
                for anchor in (0, 1, 2):
                    with np.errstate(invalid="ignore"):
                        ends = (below, above) if sign > 0 else (above, below)
                        shift = np.zeros(len(scales)) if anchor == 0 else (
                            low - scales * ends[0] if anchor == 1 else high - scales * ends[1]
                        )  # fmt: skip
                        one, two = scales * smallest + shift, scales * largest + shift
                        ok = np.isfinite(shift) & np.isfinite(scales) & (scales != 0)
                        if anchor:
                            ok &= np.abs(shift) > TOLERANCE
                        ok &= (np.minimum(one, two) >= low - tolerance) & (np.maximum(one, two) <= high + tolerance)
                    if reference.integer[j]:
                        ok &= self._integral(scales, shift, ok)
                    penalty = self._penalty(scales, cost, kind, sign, anchor)
                    if not reference.integer[j]:
                        penalty = penalty + 1.0 * self._whole
                    with np.errstate(invalid="ignore"):
                        penalty = penalty + 0.5 * (np.minimum(one, two) > low + tolerance)
                        penalty = penalty + 0.5 * (np.maximum(one, two) < high - tolerance)
                    if low < high:
                        penalty = penalty + 1.5 * (largest - smallest <= TOLERANCE)
                    for f in np.flatnonzero(ok).tolist():
                        ranked.append((float(penalty[f]), f, float(scales[f]), 10 * (sign > 0) + anchor))
        ranked.sort()
        result: list[Choice] = []
        seen: set[tuple[int, Fraction, Fraction]] = set()
        variants: dict[int, int] = {}
        room = {True: keep // 2, False: keep - keep // 2}
        for penalty_, f, scale, code in ranked:
            column = len(self.forms[f].terms) == 1
            if variants.get(f, 0) >= _VARIANTS or room[column] <= 0:
                continue
            exact = self._exact(reference, j, f, scale, code // 10 > 0, code % 10)
            if exact is None or (f, *exact) in seen:
                continue
            seen.add((f, *exact))
            variants[f] = variants.get(f, 0) + 1
            room[column] -= 1
            factor, constant = exact
            form = self.forms[f]
            terms = {k: factor * a for k, a in form.terms.items()}
            values = float(factor) * self.values[f] + float(constant)
            result.append(Choice(constant, terms, f, form.origin, penalty_, values))
        for bound in (reference.lower.finite(j), reference.upper.finite(j)):
            if bound is not None:
                values = np.full(len(self.points), float(bound))
                result.append(Choice(bound, {}, -1, "a bound", CONSTANT_PENALTY, values))
        return result

    def column_of(self, expression: AffineExpression) -> int | None:
        """Return the form (the column) that the expression is up to scale and constant, or None."""
        if len(expression.terms) != 1:
            return None
        return self._columns.get(self.candidate.variable_index[next(iter(expression.terms))])

    @cached_property
    def _columns(self) -> dict[int, int]:
        return {next(iter(form.terms)): f for f, form in enumerate(self.forms) if len(form.terms) == 1}

    @cached_property
    def _continuous(self) -> BoolArray:
        kinds = [not any(self.candidate.integer[k] for k in form.terms) for form in self.forms]
        return np.array(kinds, dtype=np.bool_)

    @cached_property
    def _mixed(self) -> BoolArray:
        return ~self._whole & ~self._continuous

    @cached_property
    def _whole(self) -> BoolArray:
        return np.array([all(self.candidate.integer[k] for k in form.terms) for form in self.forms], dtype=np.bool_)

    @cached_property
    def _extremes(self) -> tuple[FloatArray, FloatArray]:
        return self.values.min(axis=1), self.values.max(axis=1)

    def _integral(self, scales: FloatArray, shift: FloatArray, ok: BoolArray) -> BoolArray:
        result: BoolArray = np.zeros(len(scales), dtype=np.bool_)
        where = np.flatnonzero(ok)
        image = scales[where, None] * self.values[where] + shift[where, None]
        result[where] = (np.abs(image - np.round(image)) <= 1e-6).all(axis=1)
        return result

    def _scales(self, kind: str, sign: int, cost: float, low: float, high: float) -> FloatArray | None:
        if kind == "unit":
            return np.full(len(self.forms), float(sign))
        if kind == "price":
            if not cost:
                return None
            scales = self.price / cost
        else:
            below, above = self.ranges
            with np.errstate(invalid="ignore", divide="ignore"):
                scales = sign * (high - low) / (above - below)
        with np.errstate(invalid="ignore"):
            wanted = (np.sign(scales) == sign) & (scales != sign) & np.isfinite(scales)
        return np.where(wanted, scales, np.nan) if wanted.any() else None

    def _penalty(self, scales: FloatArray, cost: float, kind: str, sign: int, anchor: int) -> FloatArray:
        simple = np.array([form.penalty for form in self.forms])
        with np.errstate(invalid="ignore"):
            expected = np.where(np.isnan(self.price), np.nan, self.price / scales)
            fits = np.isclose(expected, cost, rtol=1e-9, atol=1e-12)
            alike = np.isclose(np.sign(expected), np.sign(cost)) & ~fits
        mismatch = np.where(
            fits, 0.0, np.where(alike, 1.0, np.where(np.isnan(self.price) & self._continuous, 1.5, 3.0))
        )
        shifted = (0.3 if sign < 0 else 1.0) * (anchor > 0)
        return np.asarray(simple + mismatch + 0.4 * (kind != "unit") + 0.3 * (sign < 0) + shifted + 1.5 * self._mixed)

    def _exact(
        self, reference: Formulation, j: int, f: int, scale: float, positive: bool, anchor: int
    ) -> tuple[Fraction, Fraction] | None:
        """Return scale and constant in rationals: those of the data where they explain the floats."""
        form = self.forms[f]
        factor = _explained(scale, self._exact_scales(reference, j, form))
        if not anchor:
            return factor, Fraction(0)
        below, above = (float(end[f]) for end in self.ranges)
        end = (below if anchor == 1 else above) if positive else (above if anchor == 1 else below)
        bound = (reference.lower if anchor == 1 else reference.upper).finite(j)
        if bound is None or not np.isfinite(end):
            return None
        return factor, bound - factor * Fraction(end).limit_denominator(10**6)

    def _exact_scales(self, reference: Formulation, j: int, form: Form) -> list[Fraction]:
        scales = [Fraction(1), Fraction(-1)]
        k, a = next(iter(form.terms.items()))
        if reference.cost.floats[j]:
            scales.append(self.candidate.cost[k] / a / reference.cost[j])
        return scales


def _explained(value: float, exact: Sequence[Fraction]) -> Fraction:
    for number in exact:
        if abs(float(number) - value) <= 1e-12 * abs(value):
            return number
    return Fraction(value).limit_denominator(10**6)
