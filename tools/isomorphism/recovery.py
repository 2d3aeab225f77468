"""Exact scales and shifts from a pairing of columns and rows, and the exact check that everything carries over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import breadth_first_order, connected_components

from tools.formulation.numbers import BoolArray, ExactVector, IntArray
from tools.isomorphism.arithmetic import agree, weighted_row_sums
from tools.isomorphism.core import Core, gather
from tools.isomorphism.shifts import Equation, solve_sparse

_ZERO, _ONE = Fraction(0), Fraction(1)
_SIMPLE = 10_000
_ROUNDING = Fraction(1, 10**12)
"""A scale this close, relatively, to a fraction with a denominator of at most `_SIMPLE` is taken to be it."""


@dataclass(frozen=True, eq=False)
class Pairing:
    """Partners of the reference core's columns and rows in the candidate core, and whether they are negated.

    The last row is the objective, which is paired with the objective.
    """

    column: IntArray
    column_sign: IntArray
    row: IntArray
    row_sign: IntArray


@dataclass(frozen=True, eq=False)
class Carried:
    """`y_j = scale[j] · x_column[j] + shift[j]`, and whether rows, bounds and objective carry over exactly."""

    scale: list[Fraction]
    shift: list[Fraction]
    exact: bool


def carry(reference: Core, candidate: Core, pairing: Pairing, *, scaled: bool, drifting: bool) -> Carried:
    """Return the exact affine map along `pairing`; without `scaled` its scales are ±1.

    With `drifting`, free columns are shifted so that the rows' sides fit, where that has a solution.
    """
    entries = _aligned_entries(reference, candidate, pairing)
    if entries is None:
        signs = [Fraction(int(sign)) for sign in pairing.column_sign]
        return Carried(signs, anchored_shifts(reference, candidate, pairing, signs), False)
    aligned = _Aligned(reference, candidate, pairing, entries)
    if scaled:
        scale, factor = aligned.propagated_scales(drifting)
    else:
        scale = [_ONE if sign > 0 else -_ONE for sign in pairing.column_sign.tolist()]
        factor = aligned.row_factors(scale)
    first = _carried(aligned, scale, factor, drifting)
    if first.exact or not scaled:
        return first
    # Data that a program rounded: 0.3333333333333333 was 1/3.
    return _carried(aligned, [_unrounded(s) for s in scale], [_unrounded(f) for f in factor], drifting)


def _carried(aligned: _Aligned, scale: list[Fraction], factor: list[Fraction], drifting: bool) -> Carried:
    shift = anchored_shifts(aligned.reference, aligned.candidate, aligned.pairing, scale)
    if drifting:
        shift = aligned.with_drift(shift, factor)
    exact = (
        aligned.reference.exact
        and aligned.candidate.exact
        and factor[-1] > 0
        and aligned.entries_agree(scale, factor)
        and aligned.sides_agree(shift, factor)
        and aligned.bounds_agree(scale, shift)
    )
    return Carried(scale, shift, exact)


def _unrounded(value: Fraction) -> Fraction:
    simple = value.limit_denominator(_SIMPLE)
    return simple if abs(simple - value) <= _ROUNDING * abs(value) else value


def _aligned_entries(reference: Core, candidate: Core, pairing: Pairing) -> IntArray | None:
    """Return for each entry of the reference its counterpart in the candidate; None when the patterns differ."""
    if len(reference.indices) != len(candidate.indices):
        return None
    column_back, row_back = np.argsort(pairing.column), np.argsort(pairing.row)
    n = max(len(column_back), 1)
    place = row_back[candidate.row_of] * n + column_back[candidate.indices]
    order = np.argsort(place, kind="stable")
    same = np.array_equal(place[order], reference.row_of * n + reference.indices)
    return order if same else None


def anchored_shifts(reference: Core, candidate: Core, pairing: Pairing, scale: Sequence[Fraction]) -> list[Fraction]:
    """Return the shifts that carry the first finite bound of each column onto its partner; 0 where there is none."""
    partner, sign = pairing.column, pairing.column_sign
    low, high = reference.lower, reference.upper
    shifts = [_ZERO] * len(partner)
    paired = np.flatnonzero(~reference.free & (partner >= 0))
    # Bounds of 0 on both sides are by far the most frequent, and need no shift.
    flipped = sign[paired] < 0
    other = np.where(flipped, candidate.upper.floats[partner[paired]], candidate.lower.floats[partner[paired]])
    for j in paired[(low.floats[paired] != 0) | (other != 0)].tolist():
        k, ends = int(partner[j]), (candidate.lower, candidate.upper)
        first, last = ends if sign[j] > 0 else ends[::-1]
        mine, theirs = low.finite(j), first.finite(k)
        if mine is None or theirs is None:
            mine, theirs = high.finite(j), last.finite(k)
        if mine is not None and theirs is not None:
            shifts[j] = mine - scale[j] * theirs
    return shifts


class _Aligned:
    """Two cores whose entries, rows and columns are paired one to one."""

    def __init__(self, reference: Core, candidate: Core, pairing: Pairing, entries: IntArray) -> None:
        self.reference = reference
        self.candidate = candidate
        self.pairing = pairing
        self.mine = reference.coefficients
        self.theirs = candidate.coefficients.take(entries)

    def row_factors(self, scale: Sequence[Fraction]) -> list[Fraction]:
        """Return, for each row, what its paired row is to be multiplied by, judged by its first entry."""
        starts, heads = self.reference.indptr, self.reference.indices
        plain = not self.mine.overrides and not self.theirs.overrides
        factors: list[Fraction] = []
        for begin, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
            if begin == end:
                factors.append(_ONE)
                continue
            s = scale[int(heads[begin])]
            if plain and self.mine.floats[begin] == self.theirs.floats[begin]:
                factors.append(s)
            else:
                factors.append(self.mine[begin] * s / self.theirs[begin])
        return factors

    def propagated_scales(self, drifting: bool) -> tuple[list[Fraction], list[Fraction]]:
        """Return column scales and row factors that agree along a spanning forest of the entries.

        Trees start at columns whose scale is known: ±1 for integers, the ratio of the widths of two-sided bounds; else
        at a row whose sides tell its factor; else anywhere, with scale ±1.
        """
        m, n = self.reference.shape
        rows = m + 1
        scale = [Fraction(int(sign)) for sign in self.pairing.column_sign.tolist()]
        factor = [_ONE] * rows
        anchored = self._known_scales(scale)
        columns, row_of = self.reference.indices, self.reference.row_of
        network = sp.csr_array(
            (np.ones(len(columns), dtype=np.int8), (columns, n + row_of)), shape=(n + rows, n + rows)
        )
        total, part = connected_components(network, directed=False)
        lacking = np.ones(total, dtype=np.bool_)
        lacking[part[np.flatnonzero(anchored)]] = False
        roots = np.flatnonzero(anchored).tolist()
        for i in self._known_factors(factor, lacking[part[n:]], drifting):
            if lacking[part[n + i]]:
                lacking[part[n + i]] = False
                roots.append(n + i)
        if lacking.any():
            _, first = np.unique(part, return_index=True)
            roots += first[lacking].tolist()
        source = np.concatenate((columns, np.full(len(roots), n + rows)))
        target = np.concatenate((n + row_of, np.array(roots, dtype=np.int64)))
        forest = sp.csr_array((np.ones(len(source), dtype=np.int8), (source, target)), shape=(n + rows + 1,) * 2)
        order, parent = breadth_first_order(forest, n + rows, directed=False)
        self._propagate(scale, factor, order.astype(np.int64)[1:], parent.astype(np.int64))
        return scale, factor

    def _propagate(self, scale: list[Fraction], factor: list[Fraction], order: IntArray, parent: IntArray) -> None:
        m, n = self.reference.shape
        top = n + m + 1
        order = order[parent[order] != top]
        before = parent[order]
        row, column = np.where(order >= n, order, before) - n, np.where(order >= n, before, order)
        width = max(n, 1)
        entries = np.searchsorted(self.reference.row_of * width + self.reference.indices, row * width + column)
        for node, i, j, e in zip(order.tolist(), row.tolist(), column.tolist(), entries.tolist(), strict=True):
            if node >= n:
                factor[i] = self.mine[e] * scale[j] / self.theirs[e]
            else:
                scale[j] = factor[i] * self.theirs[e] / self.mine[e]

    def _known_scales(self, scale: list[Fraction]) -> BoolArray:
        """Set the scales that bounds tell; return for which columns the scale is known."""
        low, high = self.reference.lower, self.reference.upper
        known = self.reference.integer.copy()
        two_sided = np.isfinite(low.floats) & np.isfinite(high.floats) & ~known
        for j in np.flatnonzero(two_sided).tolist():
            k = int(self.pairing.column[j])
            width = self.candidate.upper.finite(k), self.candidate.lower.finite(k)
            if width[0] is not None and width[1] is not None and width[0] != width[1]:
                scale[j] *= (high[j] - low[j]) / (width[0] - width[1])
                known[j] = True
        return known

    def _known_factors(self, factor: list[Fraction], wanted: BoolArray, drifting: bool) -> list[int]:
        """Set factors of wanted rows that their sides tell; return those rows.

        Sides are compared relative to the columns' centres; where a free column drifts, by their distance alone.
        """
        found: list[int] = []
        m, _ = self.reference.shape
        has_free = np.zeros(m + 1, dtype=np.bool_)
        has_free[self.reference.row_of[self.reference.free[self.reference.indices]]] = True
        rows = np.flatnonzero(wanted[:m])
        mine = self.reference.row_centres(rows)
        theirs = self.candidate.row_centres(self.pairing.row[rows])
        for i, my_centre, their_centre in zip(rows.tolist(), mine, theirs, strict=True):
            p = int(self.pairing.row[i])
            ours = [self.reference.row_lower.finite(i), self.reference.row_upper.finite(i)]
            other = [self.candidate.row_lower.finite(p), self.candidate.row_upper.finite(p)]
            if self.pairing.row_sign[i] < 0:
                other.reverse()
            if drifting and has_free[i]:
                # The distance of a side to the other one: zero, hence no help, for equations.
                my_centre, their_centre = ours[1] or _ZERO, other[1] or _ZERO
                if None in ours or None in other:
                    continue
            for here, there in zip(ours, other, strict=True):
                if here is not None and there is not None and here != my_centre and there != their_centre:
                    factor[i] = (here - my_centre) / (there - their_centre)
                    found.append(i)
                    break
        return found

    def with_drift(self, shift: list[Fraction], factor: Sequence[Fraction]) -> list[Fraction]:
        """Return `shift` with the free columns' shifts chosen such that the rows' sides fit, if there is a way."""
        free = self.reference.free
        m, _ = self.reference.shape
        involved = np.unique(self.reference.row_of[free[self.reference.indices]])
        rows = involved[involved < m]
        moved = self._moved_by(rows, shift)
        equations: list[Equation] = []
        for i, total in zip(rows.tolist(), moved, strict=True):
            begin, end = int(self.reference.indptr[i]), int(self.reference.indptr[i + 1])
            mine, theirs = self._one_side(i, factor[i])
            if mine is None or theirs is None:
                continue
            columns = self.reference.indices[begin:end].tolist()
            values = self.mine.slice(begin, end)
            terms = {j: a for j, a in zip(columns, values, strict=True) if free[j]}
            equations.append(Equation(terms, mine - total - factor[i] * theirs))
        solution = solve_sparse(equations)
        return shift if solution is None else [solution.get(j, t) for j, t in enumerate(shift)]

    def _one_side(self, row: int, factor: Fraction) -> tuple[Fraction | None, Fraction | None]:
        p, core = int(self.pairing.row[row]), self.candidate
        low, high = (core.row_lower, core.row_upper) if factor > 0 else (core.row_upper, core.row_lower)
        mine = self.reference.row_lower.finite(row)
        if mine is not None:
            return mine, low.finite(p)
        return self.reference.row_upper.finite(row), high.finite(p)

    def _moved_by(self, rows: IntArray, shift: Sequence[Fraction]) -> list[Fraction]:
        """Return exactly by how much the shifts move the activity of each of `rows`."""
        if not rows.size:
            return []
        positions, starts = gather(self.reference.indptr, rows)
        return weighted_row_sums(self.mine, positions, starts, shift, self.reference.indices[positions])

    def entries_agree(self, scale: Sequence[Fraction], factor: Sequence[Fraction]) -> bool:
        """Say whether each entry times its column's scale is its row's factor times the paired entry."""
        return bool(
            agree(self.mine, self.theirs, scale, self.reference.indices, factor, self.reference.row_of).all()
        )  # fmt: skip

    def sides_agree(self, shift: Sequence[Fraction], factor: Sequence[Fraction]) -> bool:
        """Say whether each row's sides, less what shifts move, are the factor times the paired row's sides."""
        m, _ = self.reference.shape
        positive = np.array([f > 0 for f in factor[:m]], dtype=np.bool_)
        partner = self.pairing.row[:m]
        shifted = np.array([t != 0 for t in shift], dtype=np.bool_)
        touched = np.unique(self.reference.row_of[shifted[self.reference.indices]])
        touched = touched[touched < m]
        moved = dict(zip(touched.tolist(), self._moved_by(touched, shift), strict=True))
        core = self.candidate
        for mine, same, opposite in (
            (self.reference.row_lower, core.row_lower, core.row_upper),
            (self.reference.row_upper, core.row_upper, core.row_lower),
        ):
            theirs = _selected(positive, same.take(partner), opposite.take(partner))
            finite = np.isfinite(mine.floats)
            if not np.array_equal(finite, np.isfinite(theirs.floats)):
                return False
            rows = np.flatnonzero(finite)
            less = mine.take(rows)
            if moved:
                less = ExactVector.of([mine[i] - moved.get(i, _ZERO) for i in rows.tolist()])
            zeros = np.zeros(len(rows), dtype=np.int64)
            if not agree(less, theirs.take(rows), [_ONE], zeros, factor, rows).all():
                return False
        return True

    def bounds_agree(self, scale: Sequence[Fraction], shift: Sequence[Fraction]) -> bool:
        """Say whether each column's kind and bounds are the image of its partner's."""
        partner = self.pairing.column
        core, reference = self.candidate, self.reference
        if not np.array_equal(reference.integer, core.integer[partner]):
            return False
        positive = np.array([s > 0 for s in scale], dtype=np.bool_)
        low = _selected(positive, core.lower.take(partner), core.upper.take(partner))
        high = _selected(positive, core.upper.take(partner), core.lower.take(partner))
        shifted = np.array([t != 0 for t in shift], dtype=np.bool_)
        for mine, theirs in ((reference.lower, low), (reference.upper, high)):
            if not np.array_equal(np.isfinite(mine.floats), np.isfinite(theirs.floats)):
                return False
            still = np.flatnonzero(np.isfinite(mine.floats) & ~shifted)
            zeros = np.zeros(len(still), dtype=np.int64)
            if not agree(mine.take(still), theirs.take(still), [_ONE], zeros, scale, still).all():
                return False
            for j in np.flatnonzero(np.isfinite(mine.floats) & shifted).tolist():
                if mine[j] != scale[j] * theirs[j] + shift[j]:
                    return False
        whole = all(
            abs(scale[j]) == 1 and shift[j].denominator == 1 for j in np.flatnonzero(reference.integer).tolist()
        )
        return whole and all(scale)


def _selected(condition: BoolArray, yes: ExactVector, no: ExactVector) -> ExactVector:
    overrides = {k: v for k, v in yes.overrides.items() if condition[k]}
    overrides |= {k: v for k, v in no.overrides.items() if not condition[k]}
    return ExactVector(np.where(condition, yes.floats, no.floats), overrides)
