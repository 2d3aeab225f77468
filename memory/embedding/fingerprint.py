"""The structural fingerprint of a pair: what the two models look like, and above all in what they differ.

Deterministic, names count only where both models share them. Four blocks:

- *differences*: for each trait that columns, rows and objective are counted by (see `_counts`), the signed logarithm of
  how many more the candidate has;
- *agreements*: which share of the reference's columns and rows is found in the candidate, compared as they are, up to
  sides, scale or sign (see `_agreements`), and the other way round;
- *colours*: a histogram of the colours that two rounds of colour refinement (Weisfeiler and Leman) give columns and
  rows of the reference, and of the difference to the candidate's;
- *sizes*: the logarithms of the numbers of columns, rows and nonzeros.
"""

from __future__ import annotations

import itertools
import math
import zlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tools.formulation.model import Formulation, Kind

VERSION = "structure/1"

COLOURS = 32
"""Buckets of each histogram of colours."""

LARGEST_DETAILED = 5_000
"""Of models with more nonzeros only the first rows, up to so many nonzeros, are looked at one by one."""

Floats = NDArray[np.float64]
Row = tuple[Floats, Floats, float, float]
"""Column indices, coefficients, lower and upper side."""


def views(reference: Formulation, candidate: Formulation) -> tuple[View, View]:
    """Return both models in the form that fingerprints are taken of."""
    return View(reference), View(candidate)


def fingerprint(ours: View, theirs: View) -> tuple[float, ...]:
    """Return the fingerprint of a pair, `LENGTH` numbers for every pair, each rounded to four digits."""
    first, second = ours.counts, theirs.counts
    changes = [_signed_log(second[trait] - first[trait]) for trait in TRAITS]
    agreements = _agreements(ours, theirs)
    before, after = _colours(ours), _colours(theirs)
    change = [_signed_log(b - a) for a, b in zip(before, after, strict=True)]
    presence = [math.log1p(a) for a in before]
    sizes = [math.log1p(size) for view in (ours, theirs) for size in view.sizes]
    blocks = ((changes, 1.0), (agreements, 1.5), (change, 0.35), (presence, 0.1), (sizes, 0.1))
    return tuple(round(weight * value, 4) + 0.0 for block, weight in blocks for value in block)


def differences(ours: View, theirs: View) -> dict[str, int]:
    """Return how many more columns or rows of each trait the candidate has, where the numbers differ."""
    first, second = ours.counts, theirs.counts
    return {trait: second[trait] - first[trait] for trait in TRAITS if second[trait] != first[trait]}


class View:
    """One model as floats, with everything that several blocks use."""

    def __init__(self, model: Formulation) -> None:
        self.model = model
        self.lower, self.upper = model.lower.floats, model.upper.floats
        self.cost = model.cost.floats
        self.integer = model.integer
        self.binary = self.integer & (self.lower == 0) & (self.upper == 1)
        self.lengths = np.diff(model.indptr)
        self.degree = np.bincount(model.columns, minlength=len(model.variables))
        stop = int(np.searchsorted(model.indptr, LARGEST_DETAILED, side="right"))
        self.detailed = min(len(model.rows), max(stop - 1, 0))
        self.rows: list[Row] = [self._row(i) for i in range(self.detailed)]
        self.sizes = (len(model.variables), len(model.rows), model.nonzeros)

    @cached_property
    def counts(self) -> Counter[str]:
        """How many columns and rows have each trait."""
        return _counts(self)

    def _row(self, i: int) -> Row:
        model = self.model
        part = slice(int(model.indptr[i]), int(model.indptr[i + 1]))
        low, high = float(model.row_lower.floats[i]), float(model.row_upper.floats[i])
        return model.columns[part].astype(np.float64), model.coefficients.floats[part], low, high


def _signed_log(value: float) -> float:
    return math.copysign(math.log1p(abs(value)), value) if value else 0.0


_BOUND_TRAITS = ("free", "nonnegative", "lower", "upper", "unit", "boxed", "boxed_from_elsewhere", "fixed")
_KINDS = ("continuous", "integer", "binary")
_ROW_TRAITS = (
    "le", "ge", "eq", "range", "single", "pair", "triple", "long", "unit_coefficients", "zero_side", "choose_one",
    "at_most_one", "cover", "variable_bound", "big_m", "decimal_ratios", "binary_ratios", "integers_only",
    "continuous_only", "mixed", "has_singleton", "defines", "precedence", "parallel", "opposed", "objective_like",
)  # fmt: skip
_OTHER_TRAITS = (
    "columns", "costly", "idle", "singleton", "integer_singleton", "rows", "nonzeros", "maximise", "constant",
    "one_cost", "constant_objective",
)  # fmt: skip
TRAITS = (
    *(f"{kind} {bounds}" for kind in _KINDS for bounds in _BOUND_TRAITS),
    *(f"row {trait}" for trait in _ROW_TRAITS),
    *_OTHER_TRAITS,
)
"""What columns, rows and objective are counted by."""

_AGREEMENTS = 34
LENGTH = len(TRAITS) + _AGREEMENTS + 4 * COLOURS + 6
"""Entries of a fingerprint."""


def _counts(view: View) -> Counter[str]:
    counts: Counter[str] = Counter()
    for j in range(len(view.model.variables)):
        kind = "binary" if view.binary[j] else "integer" if view.integer[j] else "continuous"
        counts[f"{kind} {_bounds(view.lower[j], view.upper[j])}"] += 1
    costly = view.cost != 0
    counts["columns"], counts["rows"], counts["nonzeros"] = view.sizes
    counts["costly"] = int(costly.sum())
    counts["idle"] = int((view.degree == 0).sum())
    counts["singleton"] = int((view.degree == 1).sum())
    counts["integer_singleton"] = int(((view.degree == 1) & view.integer).sum())
    counts["maximise"] = int(view.model.sense == "maximize")
    counts["constant"] = int(view.model.objective_constant != 0)
    counts["one_cost"] = int(costly.sum() == 1)
    counts["constant_objective"] = int(not costly.any())
    seen: Counter[Hashable] = Counter()
    for row in view.rows:
        for trait in _row_traits(view, row):
            counts[f"row {trait}"] += 1
        seen[_row_key(row, scaled=True, sides=False)] += 1
    counts["row parallel"] = sum(number - 1 for number in seen.values())
    return counts


def _bounds(low: float, high: float) -> str:
    if low == high:
        return "fixed"
    if math.isinf(low):
        return "free" if math.isinf(high) else "upper"
    if math.isinf(high):
        return "nonnegative" if low == 0 else "lower"
    if low == 0:
        return "unit" if high == 1 else "boxed"
    return "boxed_from_elsewhere"


def _row_traits(view: View, row: Row) -> Iterable[str]:
    columns, values, low, high = row
    index = columns.astype(np.int64)
    length = len(index)
    if length == 0:
        return
    yield "eq" if low == high else "le" if math.isinf(low) else "ge" if math.isinf(high) else "range"
    yield ("single", "pair", "triple", "long")[min(length, 4) - 1]
    sizes = np.abs(values)
    unit = bool((sizes == 1).all())
    integer = view.integer[index]
    if unit:
        yield "unit_coefficients"
    if low == 0 or high == 0:
        yield "zero_side"
    if unit and bool(view.binary[index].all()) and bool((values == values[0]).all()):
        if low == high:
            yield "choose_one"
        elif abs(high) == 1 or abs(low) == 1:
            yield "at_most_one" if (values[0] > 0) == math.isinf(low) else "cover"
    if length == 2 and (low == 0 or high == 0):
        yield "variable_bound" if integer.any() and not integer.all() else "precedence"
    if length > 1 and bool(view.binary[index].any()) and sizes.max() >= 10 * np.median(sizes):
        yield "big_m"
    if length > 1:
        ratios = sizes / sizes.min()
        if ratios.max() > 1 and bool(np.isin(ratios, _TENS).all()) and bool((ratios >= 10).any()):
            yield "decimal_ratios"
        if ratios.max() > 1 and bool(np.isin(ratios, _TWOS).all()):
            yield "binary_ratios"
    yield "integers_only" if integer.all() else "mixed" if integer.any() else "continuous_only"
    if bool((view.degree[index] == 1).any()):
        yield "has_singleton"
    if low == high and bool(((sizes == 1) & ((view.degree[index] <= 2) | (view.cost[index] != 0))).any()):
        yield "defines"
    if length > 1 and bool(((values > 0).sum() == 1) or ((values < 0).sum() == 1)) and low != high:
        yield "opposed"
    costly = view.cost[index] != 0
    if length > 1 and bool(costly.any()) and view.degree[index][costly].min() == 1 and int(costly.sum()) == 1:
        yield "objective_like"


_TENS = np.array([10.0**k for k in range(8)])
_TWOS = np.array([2.0**k for k in range(24)])


def _row_key(row: Row, *, scaled: bool, sides: bool, signs: bool = True) -> Hashable:
    """Return what two rows have in common that are equal up to order of columns (and scale, sides, signs)."""
    _, values, low, high = row
    if not len(values):
        return ()
    factor = float(np.abs(values).max()) if scaled else 1.0
    numbers = values / factor
    if not signs:
        numbers = np.abs(numbers)
    elif scaled and numbers[int(np.argmax(np.abs(numbers)))] < 0:
        numbers, low, high = -numbers, -high, -low
    key: list[float] = np.sort(np.round(numbers, 9) + 0.0).tolist()
    if sides:
        key += [round(low / factor, 9) + 0.0, round(high / factor, 9) + 0.0]
    return tuple(key)


def _agreements(ours: View, theirs: View) -> list[float]:
    """Return shares between 0 and 1, centred: how much of each model is found in the other, in ever weaker senses."""
    shares: list[float] = []
    for key in _COLUMN_KEYS:
        shares += _overlap(key(ours), key(theirs))
    for options in ((False, True, True), (True, True, True), (True, False, True), (False, False, False)):
        scaled, sides, signs = options
        first, second = (
            Counter(_row_key(row, scaled=scaled, sides=sides, signs=signs) for row in view.rows)
            for view in (ours, theirs)
        )
        shares += _overlap(first, second)
    known = theirs.model.variable_index
    shared = [(j, known[name]) for j, name in enumerate(ours.model.variables) if name in known]
    named_rows = ours.model.row_index.keys() & theirs.model.row_index.keys()
    shares.append(len(shared) / max(1, ours.sizes[0]))
    shares.append(len(shared) / max(1, theirs.sizes[0]))
    shares.append(len(named_rows) / max(1, ours.sizes[1]))
    shares.append(len(named_rows) / max(1, theirs.sizes[1]))
    shares.append(_share(a == b for a, b in shared))
    shares.append(_share(a < b for (_, a), (_, b) in itertools.pairwise(shared)))
    shares.append(_share(ours.cost[a] == theirs.cost[b] for a, b in shared))
    shares.append(_share(ours.cost[a] == -theirs.cost[b] for a, b in shared))
    shares.append(_share(ours.lower[a] == theirs.lower[b] and ours.upper[a] == theirs.upper[b] for a, b in shared))
    shares.append(_share(ours.lower[a] == -theirs.upper[b] and ours.upper[a] == -theirs.lower[b] for a, b in shared))
    shares.append(_share(ours.integer[a] == theirs.integer[b] for a, b in shared))
    shares.append(float(ours.model.sense == theirs.model.sense))
    shares.append(float(ours.model.objective_constant == theirs.model.objective_constant))
    costs = [np.sort(view.cost[view.cost != 0]) for view in (ours, theirs)]
    shares.append(float(len(costs[0]) == len(costs[1])))
    shares.append(float(np.array_equal(costs[0], costs[1])))
    scaled_costs = [np.round(c / np.abs(c).max(), 9) if len(c) else c for c in costs]
    shares.append(float(np.array_equal(scaled_costs[0], scaled_costs[1])))
    return [share - 0.5 for share in shares]


_COLUMN_KEYS: tuple[Callable[[View], Counter[Hashable]], ...] = (
    lambda v: Counter(zip(v.integer.tolist(), v.lower.tolist(), v.upper.tolist(), v.cost.tolist(), strict=True)),
    lambda v: Counter(zip(v.integer.tolist(), v.lower.tolist(), v.upper.tolist(), strict=True)),
    lambda v: Counter(zip(v.integer.tolist(), (v.upper - v.lower).tolist(), np.abs(v.cost).tolist(), strict=True)),
    lambda v: Counter(np.abs(v.cost).tolist()),
    lambda v: Counter(zip(v.integer.tolist(), v.degree.tolist(), strict=True)),
)


def _overlap(first: Counter[Hashable], second: Counter[Hashable]) -> list[float]:
    common = (first & second).total()
    return [common / max(1, first.total()), common / max(1, second.total())]


def _share(answers: Iterable[bool | np.bool_]) -> float:
    listed = [bool(answer) for answer in answers]
    return sum(listed) / len(listed) if listed else 0.5


def _colours(view: View) -> list[float]:
    """Return a histogram of refined colours, shape (2 · COLOURS,): columns, then rows."""
    columns = [_code((_kind(view, j), bool(view.cost[j]), min(int(view.degree[j]), 4))) for j in range(view.sizes[0])]
    rows = [0] * len(view.rows)
    for _ in range(2):
        rows = [_code((row[2] == row[3], *_seen(row, columns))) for row in view.rows]
        around: list[list[int]] = [[] for _ in columns]
        for colour, row in zip(rows, view.rows, strict=True):
            for j, value in zip(row[0].tolist(), row[1].tolist(), strict=True):
                around[int(j)].append(_code((colour, value > 0)))
        columns = [_code((colour, *_counted(found))) for colour, found in zip(columns, around, strict=True)]
    histogram = [0.0] * (2 * COLOURS)
    for colour in columns:
        histogram[colour % COLOURS] += 1
    for colour in rows:
        histogram[COLOURS + colour % COLOURS] += 1
    return histogram


def _kind(view: View, j: int) -> tuple[int, str]:
    kind = Kind.BINARY if view.binary[j] else Kind.INTEGER if view.integer[j] else Kind.CONTINUOUS
    return int(kind), _bounds(float(view.lower[j]), float(view.upper[j]))


def _seen(row: Row, columns: Sequence[int]) -> list[int]:
    terms = zip(row[0].tolist(), row[1].tolist(), strict=True)
    return _counted(_code((columns[int(j)], value > 0)) for j, value in terms)


def _counted(codes: Iterable[int]) -> list[int]:
    """Return a multiset that is the same for similar sizes: each code with the logarithm of how often it occurs."""
    return [value for code, number in sorted(Counter(codes).items()) for value in (code, number.bit_length())]


def _code(value: Hashable) -> int:
    return zlib.crc32(repr(value).encode())
