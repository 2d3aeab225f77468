"""The part of a model that an isomorphism must carry: one row per hyperplane pair, no fixed and no idle columns."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from tools.formulation.derive import concatenate
from tools.formulation.model import Formulation
from tools.formulation.numbers import BoolArray, ExactVector, FloatArray, IntArray, decimal_value, nearest_double
from tools.isomorphism.arithmetic import HashArray, agree, weighted_row_sums

_ROUNDS = 50
_ROUNDING = Fraction(1, 10**12)
"""An integer column's bound this close to an integer, relatively, is that integer."""
_PARALLEL = 1e-9
"""Largest relative difference at which two rows count as parallel; whether they are exactly so is checked after."""


@dataclass(frozen=True, eq=False)
class Core:
    """A model after steps that any isomorphic model takes alike.

    Singleton rows became bounds, integer bounds are integers, fixed columns moved to the sides, parallel rows became
    one row with the tightest sides, rows without sides or entries went. With n columns and m rows left, `columns` and
    `rows` hold their indices in the model; entries are stored by rows, and one more row, the last, is the minimisation
    objective, so that `indptr` has m + 2 entries. `fixed` and `idle` (in no row and not in the objective) list what
    else the model has, with the idle columns' bounds. `exact` is False when rows were merged that are parallel only to
    within rounding, or an integer bound was taken for the integer next to it; `contradictory` says that an empty row
    cannot hold.
    """

    columns: IntArray
    rows: IntArray
    lower: ExactVector
    upper: ExactVector
    integer: BoolArray
    row_lower: ExactVector
    row_upper: ExactVector
    indptr: IntArray
    indices: IntArray
    coefficients: ExactVector
    fixed: Mapping[int, Fraction]
    idle: IntArray
    idle_lower: ExactVector
    idle_upper: ExactVector
    idle_integer: BoolArray
    exact: bool
    contradictory: bool

    @property
    def shape(self) -> tuple[int, int]:
        """(rows without the objective, columns)."""
        return len(self.rows), len(self.columns)

    @cached_property
    def row_of(self) -> IntArray:
        """The row of each entry; the objective is row number `shape[0]`."""
        return np.repeat(np.arange(len(self.rows) + 1, dtype=np.int64), np.diff(self.indptr))

    @cached_property
    def free(self) -> BoolArray:
        """Boolean array (columns,): no finite bound at all."""
        mask: BoolArray = np.isinf(self.lower.floats) & np.isinf(self.upper.floats)
        return mask

    @cached_property
    def centre(self) -> FloatArray:
        """Where a column's coordinate is measured from: its one finite bound, the middle of two, 0 when free."""
        low, high = self.lower.floats, self.upper.floats
        with np.errstate(invalid="ignore"):
            middle = np.where(np.isinf(high), low, np.where(np.isinf(low), high, (low + high) / 2))
        return np.where(self.free, 0.0, middle)

    def exact_centre(self, column: int) -> Fraction:
        """Return `centre[column]` exactly."""
        low, high = self.lower.finite(column), self.upper.finite(column)
        if low is None or high is None:
            return low if low is not None else high if high is not None else Fraction(0)
        return (low + high) / 2

    def row_centres(self, rows: IntArray) -> list[Fraction]:
        """Return exactly the activity of each of `rows` at the columns' centres."""
        if not rows.size:
            return []
        positions, starts = gather(self.indptr, rows)
        used, place = np.unique(self.indices[positions], return_inverse=True)
        return weighted_row_sums(
            self.coefficients, positions, starts, [self.exact_centre(j) for j in used.tolist()], place
        )


class _Numbers:
    """A vector of exact numbers under construction."""

    def __init__(self, vector: ExactVector) -> None:
        self.floats = vector.floats.copy()
        self.overrides = dict(vector.overrides)

    def get(self, index: int) -> Fraction | None:
        value = float(self.floats[index])
        return self.overrides.get(index) or (decimal_value(value) if math.isfinite(value) else None)

    def put(self, index: int, value: Fraction) -> None:
        self.floats[index] = nearest_double(value)
        self.overrides.pop(index, None)
        if decimal_value(float(self.floats[index])) != value:
            self.overrides[index] = value

    def freeze(self) -> ExactVector:
        return ExactVector(self.floats, self.overrides)


def gather(indptr: IntArray, groups: IntArray) -> tuple[IntArray, IntArray]:
    """Return the positions of all entries of `groups` (in CSR order) and where each group starts among them."""
    lengths = indptr[groups + 1] - indptr[groups]
    starts = np.cumsum(lengths) - lengths
    positions = np.repeat(indptr[groups] - starts, lengths) + np.arange(int(lengths.sum()), dtype=np.int64)
    return positions, starts


def random_words(count: int, seed: int) -> HashArray:
    """Return `count` 64-bit words that depend on `seed` alone."""
    return np.random.default_rng(seed).integers(0, 1 << 64, size=count, dtype=np.uint64)


def core_of(model: Formulation) -> Core:
    """Return the core of `model`."""
    m, n = model.shape
    row_of = np.repeat(np.arange(m, dtype=np.int64), np.diff(model.indptr))
    lower, upper = _Numbers(model.lower), _Numbers(model.upper)
    row_lower, row_upper = _Numbers(model.row_lower), _Numbers(model.row_upper)
    alive: BoolArray = np.isfinite(row_lower.floats) | np.isfinite(row_upper.floats)
    active = np.ones(n, dtype=np.bool_)
    fixed: dict[int, Fraction] = {}
    contradictory, exact = False, True
    for _ in range(_ROUNDS):
        exact = _round_inward(model.integer, lower, upper) and exact
        equal = np.flatnonzero(active & (lower.floats == upper.floats))
        newly = [j for j in equal.tolist() if lower.get(j) == upper.get(j)]
        if newly:
            fixed.update({j: value for j in newly if (value := lower.get(j)) is not None})
            _move_to_sides(model, row_of, alive, newly, fixed, row_lower, row_upper)
            active[newly] = False
        live = alive[row_of] & active[model.columns]
        count = np.bincount(row_of[live], minlength=m)
        for i in np.flatnonzero(alive & (count == 0)).tolist():
            contradictory = contradictory or bool(row_lower.floats[i] > 0 or row_upper.floats[i] < 0)
            alive[i] = False
        singles = np.flatnonzero(live & (count == 1)[row_of])
        _move_to_bounds(model, singles, row_of, row_lower, row_upper, lower, upper)
        alive[row_of[singles]] = False
        if not newly and not singles.size:
            break
    live = alive[row_of] & active[model.columns]
    alive &= np.bincount(row_of[live], minlength=m) > 0
    kept, parallel = _merge_parallel(model, row_of, live, alive, row_lower, row_upper)
    live &= kept[row_of]
    used = model.objective.floats != 0
    used[model.columns[live]] = True
    columns, rows = np.flatnonzero(active & used), np.flatnonzero(kept)
    place = np.full(n, -1, dtype=np.int64)
    place[columns] = np.arange(len(columns))
    entries = np.flatnonzero(live)
    costs = columns[model.objective.floats[columns] != 0]
    lengths = np.append(np.bincount(row_of[entries], minlength=m)[rows], len(costs))
    low, high, idle = lower.freeze(), upper.freeze(), np.flatnonzero(active & ~used)
    return Core(
        columns=columns, rows=rows, lower=low.take(columns), upper=high.take(columns),
        integer=model.integer[columns], row_lower=row_lower.freeze().take(rows),
        row_upper=row_upper.freeze().take(rows), indptr=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        indices=np.concatenate((place[model.columns[entries]], place[costs])),
        coefficients=concatenate(model.coefficients.take(entries), model.cost.take(costs)),
        fixed=fixed, idle=idle, idle_lower=low.take(idle), idle_upper=high.take(idle),
        idle_integer=model.integer[idle], exact=exact and parallel, contradictory=contradictory,
    )  # fmt: skip


def _round_inward(integer: BoolArray, lower: _Numbers, upper: _Numbers) -> bool:
    """Make integer columns' bounds integers; False when one was moved outwards because it misses one by rounding."""
    exact = True
    for numbers, whole in ((lower, math.ceil), (upper, math.floor)):
        fractional = integer & np.isfinite(numbers.floats) & (numbers.floats != np.rint(numbers.floats))
        candidates = set(np.flatnonzero(fractional).tolist()) | {j for j in numbers.overrides if integer[j]}
        for j in sorted(candidates):
            value = numbers.get(j)
            if value is None:
                continue
            nearest = round(value)
            if abs(value - nearest) > _ROUNDING * max(Fraction(1), abs(value)):
                nearest = whole(value)
            exact = exact and nearest == whole(value)
            numbers.put(j, Fraction(nearest))
    return exact


def _move_to_sides(
    model: Formulation, row_of: IntArray, alive: BoolArray, newly: list[int], fixed: Mapping[int, Fraction],
    row_lower: _Numbers, row_upper: _Numbers,
) -> None:  # fmt: skip
    moved = np.zeros(len(model.variables), dtype=np.bool_)
    moved[[j for j in newly if fixed[j]]] = True
    positions = np.flatnonzero(moved[model.columns] & alive[row_of])
    if not positions.size:
        return
    rows, starts = np.unique(row_of[positions], return_index=True)
    used, place = np.unique(model.columns[positions], return_inverse=True)
    sums = weighted_row_sums(model.coefficients, positions, starts, [fixed[j] for j in used.tolist()], place)
    for i, total in zip(rows.tolist(), sums, strict=True):
        for side in (row_lower, row_upper):
            value = side.get(i)
            if value is not None:
                side.put(i, value - total)


def _move_to_bounds(
    model: Formulation, singles: IntArray, row_of: IntArray, row_lower: _Numbers, row_upper: _Numbers,
    lower: _Numbers, upper: _Numbers,
) -> None:  # fmt: skip
    for e in singles.tolist():
        i, j, coefficient = int(row_of[e]), int(model.columns[e]), model.coefficients[e]
        low, high = row_lower.get(i), row_upper.get(i)
        if coefficient < 0:
            low, high = high, low
        if low is not None:
            _raise_to(lower, j, low / coefficient)
        if high is not None:
            _lower_to(upper, j, high / coefficient)


def _raise_to(numbers: _Numbers, index: int, value: Fraction) -> None:
    current = numbers.get(index)
    if current is None or value > current:
        numbers.put(index, value)


def _lower_to(numbers: _Numbers, index: int, value: Fraction) -> None:
    current = numbers.get(index)
    if current is None or value < current:
        numbers.put(index, value)


def _merge_parallel(
    model: Formulation, row_of: IntArray, live: BoolArray, alive: BoolArray, row_lower: _Numbers, row_upper: _Numbers
) -> tuple[BoolArray, bool]:
    """Return which rows are kept, and whether all merged rows are exactly parallel; tightens the kept rows' sides."""
    kept = alive.copy()
    entries = np.flatnonzero(live)
    if not entries.size:
        return kept, True
    rows, starts = np.unique(row_of[entries], return_index=True)
    lengths = np.diff(np.append(starts, len(entries)))
    columns = model.columns[entries]
    pattern = np.add.reduceat(random_words(len(model.variables), 1)[columns], starts)
    _, inverse, sizes = np.unique(pattern, return_inverse=True, return_counts=True)
    shared = np.flatnonzero(sizes[inverse] > 1)
    if not shared.size:
        return kept, True
    values = model.coefficients.floats[entries]
    ratios = values / np.repeat(values[starts], lengths)
    weights = (1.0 + np.random.default_rng(2).random(len(model.variables)))[columns]
    # Parallel rows have the same pattern and the same ratios, hence the same weighted sum of ratios.
    key = np.add.reduceat(weights * ratios, starts)
    size = np.add.reduceat(weights * np.abs(ratios), starts)
    order = shared[np.lexsort((rows[shared], key[shared], pattern[shared]))]
    first, second = order[:-1], order[1:]
    near = (pattern[first] == pattern[second]) & (lengths[first] == lengths[second])
    near &= np.abs(key[first] - key[second]) <= _PARALLEL * size[first]
    link = np.zeros(len(order), dtype=np.bool_)
    pairs = np.flatnonzero(near)
    if pairs.size:
        bounds = np.append(starts, len(entries))
        one, heads = gather(bounds, first[pairs])
        two, _ = gather(bounds, second[pairs])
        close = (np.abs(ratios[one] - ratios[two]) <= _PARALLEL * np.abs(ratios[one])) & (columns[one] == columns[two])
        link[pairs + 1] = np.logical_and.reduceat(close, heads)
    exact = True
    ends = np.append(np.flatnonzero(~link), len(order))
    for k in np.flatnonzero(np.diff(ends) > 1).tolist():
        cluster = np.sort(order[ends[k] : ends[k + 1]])
        exact = _merge_cluster(model, entries, starts, lengths, rows, cluster, row_lower, row_upper) and exact
        kept[rows[cluster[1:]]] = False
    return kept, exact


def _merge_cluster(
    model: Formulation, entries: IntArray, starts: IntArray, lengths: IntArray, rows: IntArray, cluster: IntArray,
    row_lower: _Numbers, row_upper: _Numbers,
) -> bool:  # fmt: skip
    head = int(cluster[0])
    length = int(lengths[head])
    mine = entries[starts[head] : starts[head] + length]
    keeper, exact = int(rows[head]), True
    for other in cluster[1:].tolist():
        theirs = entries[starts[other] : starts[other] + length]
        factor = model.coefficients[int(theirs[0])] / model.coefficients[int(mine[0])]
        exact = exact and _is_multiple(model, mine, theirs, factor)
        low, high = row_lower.get(int(rows[other])), row_upper.get(int(rows[other]))
        if factor < 0:
            low, high = high, low
        if low is not None:
            _raise_to(row_lower, keeper, low / factor)
        if high is not None:
            _lower_to(row_upper, keeper, high / factor)
    return exact


def _is_multiple(model: Formulation, mine: IntArray, theirs: IntArray, factor: Fraction) -> bool:
    """Say whether the entries at `theirs` are exactly `factor` times those at `mine`."""
    vector = model.coefficients
    if abs(factor) == 1 and not vector.overrides:
        return bool(np.array_equal(vector.floats[mine] * float(factor), vector.floats[theirs]))
    zeros = np.zeros(len(mine), dtype=np.int64)
    return bool(agree(vector.take(mine), vector.take(theirs), [factor], zeros, [Fraction(1)], zeros).all())
