"""Two models as one coloured graph on which equal colours mean "may correspond"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from tools.formulation.numbers import BoolArray, FloatArray, IntArray
from tools.isomorphism.arithmetic import HashArray, scramble
from tools.isomorphism.core import Core
from tools.isomorphism.scaling import Logarithms, curtis_reid, row_factors

_NOISE = 1e-12
"""A side this much smaller than the terms it is the difference of is zero: rounded data leave no more than that."""
_CANCELLATION = 1e-6
"""A side this much smaller than the terms it is the difference of is computed again, exactly."""
_FINE_GAP = 1e-11
_COARSE_GAP = 1e-7
"""Logarithms closer than the gap are equal. The coarse one allows for the noise that least squares may leave."""
_SIDE_GAP = 1e-9
"""Sides are differences and carry that much noise where `_CANCELLATION` does not apply."""
_MISSING, _OBJECTIVE = 1 << 40, 1 << 42
"""Codes of a side that is absent, and of the objective's only "side"."""


@dataclass(frozen=True, eq=False)
class Graph:
    """The signed double cover of two cores, as adjacency of *base* nodes.

    Base nodes: the reference's columns, rows, objective, then the candidate's, `split` being the candidate's first.
    Each base node b stands for two nodes, 2b as it is and 2b + 1 negated (x and -x, a row and its negation). An entry
    `packed` = 2b' + sign of b joins node 2b + o to node 2b' + (sign xor o), with edge colour `keys`. `labels` are the
    nodes' initial colours.
    """

    split: int
    indptr: IntArray
    packed: IntArray
    keys: HashArray
    labels: IntArray


@dataclass(frozen=True, eq=False)
class _Sides:
    """The sides of a core's rows relative to its columns' centres; `vague` rows contain a column with no centre."""

    lower: FloatArray
    upper: FloatArray
    vague: BoolArray


class Comparison:
    """The numbers of two cores on a common scale.

    With `scaled`, they do not depend on the scale of continuous columns; with `drifting`, nor on where a free column
    has its zero, so that sides of rows with free columns are compared by their distance alone. They never depend on
    the order, scale or sign of rows, nor on shifts and reflections of bounded columns.
    """

    def __init__(self, reference: Core, candidate: Core, *, scaled: bool, drifting: bool) -> None:
        self.cores = (reference, candidate)
        self.scaled = scaled
        self._sides = [_relative_sides(core, drifting) for core in self.cores]
        self._logs = [_logarithms(core, sides) for core, sides in zip(self.cores, self._sides, strict=True)]
        entries: list[FloatArray] = []
        sizes: list[FloatArray] = []
        widths: list[FloatArray] = []
        for core, logs in zip(self.cores, self._logs, strict=True):
            r, s = curtis_reid(logs, core.integer) if scaled else (row_factors(logs), np.zeros(core.shape[1]))
            entries.append(logs.entry_values + r[logs.entry_rows] + s[logs.entry_columns])
            sizes.append(logs.row_values + r[logs.row_ids])
            widths.append(logs.column_values - s[logs.column_ids])
        self._entries, self._sizes, self._widths = entries, sizes, widths

    def graph(self, *, fine: bool) -> Graph:
        """Return the joint graph; `fine` ones tell apart what the coarse ones may take for noise."""
        gap = _FINE_GAP if fine else _COARSE_GAP
        edges = _joint_classes(self._entries, gap)
        sizes = _joint_classes(self._sizes, max(gap, _SIDE_GAP))
        widths = _joint_classes(self._widths, gap)
        labels = [
            np.concatenate((_column_labels(core, logs, width), _row_labels(core, sides, size)))
            for core, sides, logs, size, width in zip(self.cores, self._sides, self._logs, sizes, widths, strict=True)
        ]
        words = np.concatenate(labels).astype(np.uint64)
        mixed = scramble(scramble(words[:, 0]) + words[:, 1])
        _, dense = np.unique(scramble(scramble(mixed + words[:, 2]) + words[:, 3]), return_inverse=True)
        halves = [_adjacency(core, edge) for core, edge in zip(self.cores, edges, strict=True)]
        split = sum(self.cores[0].shape) + 1
        indptr = np.concatenate((halves[0][0], halves[0][0][-1] + halves[1][0][1:]))
        packed = np.concatenate((halves[0][1], halves[1][1] + 2 * split))
        edge = np.concatenate((halves[0][2], halves[1][2]))
        table = np.random.default_rng(3).integers(0, 1 << 64, size=int(edge.max(initial=0)) + 1, dtype=np.uint64)
        return Graph(split, indptr, packed, table[edge], dense.astype(np.int64))


def _relative_sides(core: Core, drifting: bool) -> _Sides:
    m = core.shape[0]
    centre = core.centre
    terms = core.coefficients.floats * centre[core.indices]
    shift = np.bincount(core.row_of, terms, minlength=m + 1)[:m]
    size = np.bincount(core.row_of, np.abs(terms), minlength=m + 1)[:m]
    relative: list[FloatArray] = []
    for side in (core.row_lower, core.row_upper):
        values = side.floats - shift
        scale = np.where(np.isfinite(side.floats), np.abs(side.floats) + size, 0.0)
        doubtful = np.flatnonzero((values != 0) & (np.abs(values) < _CANCELLATION * scale))
        for i, centred in zip(doubtful.tolist(), core.row_centres(doubtful), strict=True):
            values[i] = float(side[i] - centred)
        values[np.abs(values) < _NOISE * scale] = 0.0
        relative.append(values)
    vague = np.zeros(m, dtype=np.bool_)
    if drifting:
        touched = core.row_of[core.free[core.indices]]
        vague[touched[touched < m]] = True
    return _Sides(relative[0], relative[1], vague)


def _side_values(sides: _Sides) -> tuple[FloatArray, FloatArray]:
    """Return the comparable numbers of each row's sides, 0 or infinite where there is none.

    A vague row has its width only, as two sides of opposite sign around zero.
    """
    lower, upper = sides.lower.copy(), sides.upper.copy()
    both = np.isfinite(lower) & np.isfinite(upper)
    ranged, open_rows = sides.vague & both, sides.vague & ~both
    width = upper[ranged] - lower[ranged]
    lower[ranged], upper[ranged] = -width, width
    for side in (lower, upper):
        side[open_rows & np.isfinite(side)] = 0.0
    return lower, upper


def _logarithms(core: Core, sides: _Sides) -> Logarithms:
    m, n = core.shape
    lower, upper = _side_values(sides)
    with_lower = np.flatnonzero(np.isfinite(lower) & (lower != 0))
    with_upper = np.flatnonzero(np.isfinite(upper) & (upper != 0))
    with np.errstate(invalid="ignore"):
        width = core.upper.floats - core.lower.floats
    wide = np.flatnonzero(np.isfinite(width))
    return Logarithms(
        shape=(m + 1, n), entry_rows=core.row_of, entry_columns=core.indices,
        entry_values=np.log(np.abs(core.coefficients.floats)),
        row_ids=np.concatenate((with_lower, with_upper)),
        row_values=np.log(np.abs(np.concatenate((lower[with_lower], upper[with_upper])))),
        column_ids=wide, column_values=np.log(np.maximum(np.abs(width[wide]), np.finfo(np.float64).tiny)),
    )  # fmt: skip


def _joint_classes(values: list[FloatArray], gap: float) -> list[IntArray]:
    """Return class numbers, one array for each of `values`, equal exactly where no gap lies between two values."""
    together = np.concatenate(values)
    order = np.argsort(together, kind="stable")
    classes = np.empty(len(together), dtype=np.int64)
    classes[order] = np.cumsum(np.diff(together[order], prepend=together[order[:1]]) > gap)
    return [classes[: len(values[0])], classes[len(values[0]) :]]


def _column_labels(core: Core, logs: Logarithms, width_classes: IntArray) -> IntArray:
    """Shape (2 · columns, 4): kind, whether there is a lower and an upper bound, their distance; x and -x alternate."""
    n = core.shape[1]
    width = np.full(n, _MISSING, dtype=np.int64)
    width[logs.column_ids] = width_classes
    below, above = np.isfinite(core.lower.floats), np.isfinite(core.upper.floats)
    kind = core.integer.astype(np.int64)
    labels = np.empty((2 * n, 4), dtype=np.int64)
    labels[0::2] = np.stack((kind, below, above, width), axis=1)
    labels[1::2] = np.stack((kind, above, below, width), axis=1)
    return labels


def _row_labels(core: Core, sides: _Sides, size_classes: IntArray) -> IntArray:
    """Shape (2 · rows + 2, 4): a row's mark and signed codes of its sides; a row and its negation alternate."""
    m = core.shape[0]
    codes: list[IntArray] = []
    taken = 0
    for side, missing in zip(_side_values(sides), (-_MISSING, _MISSING), strict=True):
        code = np.where(np.isinf(side), missing, 0)
        comparable = np.flatnonzero(np.isfinite(side) & (side != 0))
        magnitudes = size_classes[taken : taken + len(comparable)]
        code[comparable] = np.where(side[comparable] > 0, magnitudes + 1, -magnitudes - 1)
        taken += len(comparable)
        codes.append(code)
    lower, upper = codes
    mark = np.full(m, 2, dtype=np.int64) + sides.vague
    labels = np.empty((2 * m + 2, 4), dtype=np.int64)
    labels[0 : 2 * m : 2] = np.stack((mark, lower, upper, np.zeros(m, dtype=np.int64)), axis=1)
    labels[1 : 2 * m : 2] = np.stack((mark, -upper, -lower, np.zeros(m, dtype=np.int64)), axis=1)
    labels[2 * m] = (4, _OBJECTIVE, _OBJECTIVE, 0)
    labels[2 * m + 1] = (4, -_OBJECTIVE, -_OBJECTIVE, 0)
    return labels


def _adjacency(core: Core, edge_classes: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return indptr, packed neighbours and edge classes of the core's base nodes: columns, then rows."""
    m, n = core.shape
    negative = (core.coefficients.floats < 0).astype(np.int64)
    entries = np.arange(len(core.indices), dtype=np.int64)
    by_column = sp.csr_array((entries, core.indices, core.indptr), shape=(m + 1, n)).tocsc()
    order = by_column.data
    indptr = np.concatenate((by_column.indptr, by_column.indptr[-1] + core.indptr[1:])).astype(np.int64)
    packed = np.concatenate((2 * (n + core.row_of[order]) + negative[order], 2 * core.indices + negative))
    return indptr, packed, np.concatenate((edge_classes[order], edge_classes))
