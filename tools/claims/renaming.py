"""Settle in bulk what a mere renaming settles: rows, bounds and integrality that are carried over unchanged.

For reference variables mapped to one source variable each (coefficient 1, no constant), rows of the target whose image
has exactly the numbers of a source row need no arithmetic: equal doubles without overrides stand for equal decimals.
Everything else is left to exact arithmetic, row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tools.claims.outcome import Obligation
from tools.exact.proofs import LinearProof
from tools.formulation.model import Formulation
from tools.formulation.numbers import BoolArray, ExactVector, IntArray
from tools.mapping.forms import IndexMapping

ONE = Fraction(1)
MINUS_ONE = Fraction(-1)


@dataclass(frozen=True, eq=False)
class Settled:
    """Obligations proved in bulk, and masks of the row sides, bounds and integralities of the target they cover."""

    obligations: list[Obligation]
    row_lower: BoolArray
    row_upper: BoolArray
    lower: BoolArray
    upper: BoolArray
    integrality: BoolArray


def settle_renamed(target: Formulation, source: Formulation, mapping: IndexMapping) -> Settled:
    """Return what the renamed part of `mapping` settles; everything claimed is exact."""
    m, n = target.shape
    partner = _partners(mapping)
    renamed = partner >= 0
    obligations: list[Obligation] = []
    bounds: list[BoolArray] = []
    for kind, ours, theirs, sign in (
        ("lower bound", target.lower, source.lower, 1),
        ("upper bound", target.upper, source.upper, -1),
    ):
        done = np.zeros(n, dtype=np.bool_)
        places = partner[renamed]
        done[renamed] = sign * theirs.floats[places] >= sign * ours.floats[renamed]
        done &= _without(ours, n) & np.isfinite(ours.floats)
        done[renamed] &= _without(theirs, len(theirs))[places]
        for j in np.flatnonzero(done).tolist():
            k = int(partner[j])
            proof = LinearProof({}, theirs[k] if sign > 0 else -theirs[k])
            obligations.append(Obligation("lower bound" if kind == "lower bound" else "upper bound", j, proof))
        bounds.append(done)
    integrality = np.zeros(n, dtype=np.bool_)
    integrality[renamed] = target.integer[renamed] & source.integer[partner[renamed]]
    obligations.extend(Obligation("integrality", j, None) for j in np.flatnonzero(integrality).tolist())
    twin = _equal_rows(target, source, partner)
    sides: list[BoolArray] = []
    for lower_side, ours, theirs in (
        (True, target.row_lower, source.row_lower),
        (False, target.row_upper, source.row_upper),
    ):
        done = np.zeros(m, dtype=np.bool_)
        rows = np.flatnonzero(twin >= 0)
        places = twin[rows]
        sign = 1 if lower_side else -1
        done[rows] = sign * theirs.floats[places] >= sign * ours.floats[rows]
        done[rows] &= _without(theirs, len(theirs))[places]
        done &= _without(ours, m) & np.isfinite(ours.floats)
        for i in np.flatnonzero(done).tolist():
            row = int(twin[i])
            proof = LinearProof({row: ONE}, theirs[row]) if lower_side else LinearProof({row: MINUS_ONE}, -theirs[row])
            obligations.append(Obligation("row lower" if lower_side else "row upper", i, proof))
        sides.append(done)
    return Settled(obligations, sides[0], sides[1], bounds[0], bounds[1], integrality)


def _partners(mapping: IndexMapping) -> IntArray:
    """Return for each target variable the source variable it is renamed from, or -1."""
    partner = np.full(len(mapping.terms), -1, dtype=np.int64)
    for j, terms in enumerate(mapping.terms):
        if len(terms) == 1 and not mapping.constants[j]:
            ((k, a),) = terms.items()
            if a == 1:
                partner[j] = k
    return partner


def _without(vector: ExactVector, length: int) -> BoolArray:
    """Return which entries have no override, so that their double says everything."""
    plain = np.ones(length, dtype=np.bool_)
    if vector.overrides:
        plain[list(vector.overrides)] = False
    return plain


def _equal_rows(target: Formulation, source: Formulation, partner: IntArray) -> IntArray:
    """Return for each target row a source row with exactly the same terms after renaming, or -1.

    Rows are found by a 64-bit hash of their terms and then compared term by term, so that a collision only loses time.
    """
    m = len(target.rows)
    twin = np.full(m, -1, dtype=np.int64)
    if not m or not len(source.rows):
        return twin
    lengths = np.diff(target.indptr)
    row_of = np.repeat(np.arange(m, dtype=np.int64), lengths)
    image = partner[target.columns] if target.nonzeros else target.columns
    usable = np.ones(m, dtype=np.bool_)
    usable[row_of[(image < 0) | ~_without(target.coefficients, target.nonzeros)]] = False
    order = np.lexsort((image, row_of))
    image, values = image[order], target.coefficients.floats[order]
    repeated = np.flatnonzero((np.diff(image) == 0) & (np.diff(row_of) == 0))
    usable[row_of[repeated]] = False
    source_row_of = np.repeat(np.arange(len(source.rows), dtype=np.int64), np.diff(source.indptr))
    source_usable = np.ones(len(source.rows), dtype=np.bool_)
    source_usable[source_row_of[~_without(source.coefficients, source.nonzeros)]] = False
    ours = _row_hashes(image, values, row_of, m)
    theirs = _row_hashes(source.columns, source.coefficients.floats, source_row_of, len(source.rows))
    sorted_rows = np.argsort(theirs, kind="stable")
    place = np.searchsorted(theirs[sorted_rows], ours)
    found = place < len(sorted_rows)
    candidate = np.where(found, sorted_rows[np.minimum(place, len(sorted_rows) - 1)], 0)
    found &= (theirs[candidate] == ours) & usable & source_usable[candidate]
    found &= np.diff(source.indptr)[candidate] == lengths
    rows = np.flatnonzero(found)
    if not rows.size:
        return twin
    counts = lengths[rows]
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    ours_at = np.repeat(target.indptr[rows], counts) + offsets
    theirs_at = np.repeat(source.indptr[candidate[rows]], counts) + offsets
    differs = (image[ours_at] != source.columns[theirs_at]) | (values[ours_at] != source.coefficients.floats[theirs_at])
    wrong = np.zeros(len(rows), dtype=np.bool_)
    wrong[np.repeat(np.arange(len(rows)), counts)[differs]] = True
    twin[rows[~wrong]] = candidate[rows[~wrong]]
    return twin


def _row_hashes(columns: IntArray, values: np.ndarray, row_of: IntArray, rows: int) -> np.ndarray:
    """Return a 64-bit hash of each row's set of (column, value) terms."""
    with np.errstate(over="ignore"):
        words = values.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        words ^= (columns.astype(np.uint64) + np.uint64(1)) * np.uint64(0xD6E8FEB86659FD93)
        words ^= words >> np.uint64(32)
        words *= np.uint64(0xFF51AFD7ED558CCD)
        words ^= words >> np.uint64(29)
        totals = np.zeros(rows, dtype=np.uint64)
        np.add.at(totals, row_of, words)
    return totals
