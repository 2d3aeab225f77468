"""Hypotheses on how a candidate is the reference with its columns and rows permuted, scaled, shifted and reflected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tools.formulation.model import Formulation
from tools.formulation.numbers import IntArray
from tools.isomorphism.core import Core, core_of
from tools.isomorphism.graph import Comparison
from tools.isomorphism.idle import match_idle
from tools.isomorphism.matching import complete
from tools.isomorphism.partial import pair_what_fits
from tools.isomorphism.partition import Partition
from tools.isomorphism.recovery import Carried, Pairing, carry

DEFAULT_WORK = 200_000_000
"""Edges that a search may visit by default: about ten seconds of one core."""


@dataclass(frozen=True, eq=False)
class Matching:
    """A hypothesis `y_j = scale[j] · x_{column_of[j]} + shift[j]` for every reference variable j.

    Where `column_of[j]` is -1, y_j is the constant `shift[j]` and `scale[j]` is 0: j is fixed, or occurs nowhere and
    has no counterpart. `exact` says that every row, bound, kind and objective coefficient (up to one positive factor
    and a constant) was confirmed in exact arithmetic to carry over, after both models were freed of fixed columns,
    parallel and singleton rows. `note` says what kind of map it is.
    """

    column_of: IntArray
    scale: tuple[Fraction, ...]
    shift: tuple[Fraction, ...]
    exact: bool
    note: str


@dataclass(frozen=True)
class _Stage:
    scaled: bool
    drifting: bool

    @property
    def note(self) -> str:
        scales = "columns scaled" if self.scaled else "columns scaled by ±1"
        return f"isomorphism, {scales}{', free columns shifted' if self.drifting else ''}"


def isomorphisms(
    reference: Formulation,
    candidate: Formulation,
    *,
    limit: int = 4,
    work: int = DEFAULT_WORK,
    seed: int = 0,
    best_effort: bool = False,
) -> Iterator[Matching]:
    """Yield at most `limit` hypotheses, cheapest first, each computed when it is asked for.

    Columns may be renamed, permuted, shifted, reflected and, where continuous, scaled; rows permuted, scaled by any
    nonzero number, repeated, split into two inequalities or turned into bounds; the objective scaled by a positive
    number, shifted, and turned from max to min. If the models are related so, the first hypothesis is practically
    always right; nothing follows an exact one. If not, nothing exact is yielded, and rarely anything at all, unless
    `best_effort` asks for a map that pairs as many columns as it can without scaling them. `work` bounds the edges
    visited. The same input and seed give the same output.
    """
    mine, theirs = core_of(reference), core_of(candidate)
    found: list[Matching] = []
    for stage in _stages(mine, theirs):
        comparison = Comparison(mine, theirs, scaled=stage.scaled, drifting=stage.drifting)
        for fine in (True, False) if stage.scaled else (True,):
            if len(found) >= limit or work <= 0:
                return
            # Half of what is left: a stage that gets lost must not starve the ones after it.
            partition = Partition(comparison.graph(fine=fine), (work + 1) // 2, seed)
            paired = partition.refine_all() and complete(partition)
            work -= partition.work
            if not paired:
                continue
            pairing = _pairing(partition, mine)
            carried = carry(mine, theirs, pairing, scaled=stage.scaled, drifting=stage.drifting)
            matching = _matching(reference, mine, theirs, pairing.column, carried, stage.note)
            if not any(_same(matching, earlier) for earlier in found):
                found.append(matching)
                yield matching
            if matching.exact:
                return
    if best_effort and not found and limit > 0:
        closest = pair_what_fits(mine, theirs, seed)
        if closest is not None:
            note = "closest pairing found, some columns or rows differ"
            yield _matching(reference, mine, theirs, *closest, note)


def _stages(mine: Core, theirs: Core) -> Iterator[_Stage]:
    comparable = (
        mine.shape == theirs.shape
        and len(mine.indices) == len(theirs.indices)
        and mine.integer.sum() == theirs.integer.sum()
        and mine.free.sum() == theirs.free.sum()
        and mine.contradictory == theirs.contradictory
    )
    if not comparable:
        return
    for scaled in (False, True) if not mine.integer.all() else (False,):
        for drifting in (False, True) if mine.free.any() else (False,):
            yield _Stage(scaled, drifting)


def _pairing(partition: Partition, mine: Core) -> Pairing:
    colour, split = partition.colour, partition.first_candidate
    partner = np.empty(split, dtype=np.int64)
    partner[np.argsort(colour[:split])] = np.argsort(colour[split:])
    # Node 2b is base node b as it is; where its partner is odd, the partner is negated.
    base, sign = partner[0::2] >> 1, 1 - 2 * (partner[0::2] & 1)
    n = mine.shape[1]
    return Pairing(base[:n], sign[:n], base[n:] - n, sign[n:])


def _matching(
    reference: Formulation, mine: Core, theirs: Core, column: IntArray, carried: Carried, note: str
) -> Matching:
    count = len(reference.variables)
    column_of = np.full(count, -1, dtype=np.int64)
    scale, shift = [Fraction(0)] * count, [Fraction(0)] * count
    for j, value in mine.fixed.items():
        shift[j] = value
    lonely = 0
    for match in match_idle(mine, theirs):
        column_of[match.column], scale[match.column], shift[match.column] = match.partner, match.scale, match.shift
        lonely += match.partner < 0
    column_of[mine.columns] = np.append(theirs.columns, -1)[column]
    for position, j in enumerate(mine.columns.tolist()):
        scale[j], shift[j] = carried.scale[position], carried.shift[position]
    if lonely:
        note += f"; {lonely} variables that occur nowhere have no counterpart and are constant"
    column_of.setflags(write=False)
    return Matching(column_of, tuple(scale), tuple(shift), carried.exact, note)


def _same(one: Matching, other: Matching) -> bool:
    return np.array_equal(one.column_of, other.column_of) and one.scale == other.scale and one.shift == other.shift
