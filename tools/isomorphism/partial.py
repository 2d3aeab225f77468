"""The closest pairing of two models that are not isomorphic: columns that look alike, then what surrounds them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from tools.formulation.numbers import BoolArray, IntArray
from tools.isomorphism.arithmetic import HashArray, scramble
from tools.isomorphism.core import Core, gather
from tools.isomorphism.graph import Comparison, Graph
from tools.isomorphism.recovery import Carried, Pairing, anchored_shifts

_DEPTH = 3
"""Neighbourhoods up to this radius are compared whole; beyond, one difference spoils too many of them."""
_PASSES = 60


def pair_what_fits(reference: Core, candidate: Core, seed: int) -> tuple[IntArray, Carried] | None:
    """Return a partner for each reference column (-1 where none was found) with scales ±1 and shifts, never `exact`.

    Two nodes become partners when their neighbourhoods are equal and unique, deepest first; then when their edges to
    nodes that have partners are, so that rows without a counterpart do no harm. Where that stops, one pair of nodes
    that still look alike is chosen. None when fewer than half of the columns find a partner.
    """
    graph = Comparison(reference, candidate, scaled=False, drifting=False).graph(fine=True)
    search = _Percolation(graph, seed)
    search.match_whole_neighbourhoods()
    for _ in range(_PASSES):
        if not search.match_by_partners() and not search.choose_one():
            break
    n = reference.shape[1]
    partner = search.partner[: 2 * n : 2]
    found = partner >= 0
    if 2 * int(found.sum()) < n:
        return None
    column = np.where(found, (partner >> 1) - graph.split, -1)
    sign = np.where(found & (partner & 1 == 1), -1, 1)
    none = np.empty(0, dtype=np.int64)
    scale = [Fraction(int(s)) if ok else Fraction(0) for s, ok in zip(sign, found, strict=True)]
    shift = anchored_shifts(reference, candidate, Pairing(column, sign, none, none), scale)
    for j in np.flatnonzero(~found).tolist():
        shift[j] = reference.exact_centre(j)
        if reference.integer[j] and shift[j].denominator != 1:
            shift[j] -= Fraction(1, 2)
    return column, Carried(scale, shift, False)


class _Percolation:
    """Partners of nodes of a joint graph, grown from what is unmistakable."""

    def __init__(self, graph: Graph, seed: int) -> None:
        self.graph = graph
        nodes = len(graph.labels)
        self.split = 2 * graph.split
        self.words: HashArray = np.random.default_rng(seed).integers(0, 1 << 64, size=2 * nodes + 1, dtype=np.uint64)
        self.partner: IntArray = np.full(nodes, -1, dtype=np.int64)
        self.word: HashArray = self.words[graph.labels]
        self.label: HashArray = self.words[graph.labels]
        everything = np.arange(nodes, dtype=np.int64)
        positions, _ = gather(graph.indptr, everything >> 1)
        lengths = graph.indptr[(everything >> 1) + 1] - graph.indptr[everything >> 1]
        self.source: IntArray = np.repeat(everything, lengths)
        self.target: IntArray = graph.packed[positions] ^ (self.source & 1)
        self.keys: HashArray = graph.keys[positions]

    def match_whole_neighbourhoods(self) -> None:
        """Pair nodes whose neighbourhoods of some radius are equal and unique, the largest radius first."""
        everything = np.ones(len(self.partner), dtype=np.bool_)
        signatures = [self.label]
        for _ in range(_DEPTH):
            signatures.append(self._surroundings(signatures[-1], everything))
        for signature in reversed(signatures):
            self._pair_unique(signature, everything)

    def match_by_partners(self) -> bool:
        """Pair nodes whose edges to nodes with partners are equal and unique; say whether there were any."""
        settled = self.partner >= 0
        signature = self._surroundings(np.where(settled, self.word, self.label), settled)
        touched = np.zeros(len(settled), dtype=np.bool_)
        touched[self.source[settled[self.target]]] = True
        return self._pair_unique(signature, touched)

    def choose_one(self) -> bool:
        """Pair the first two nodes with equal edges to nodes with partners; False when there are none."""
        settled = self.partner >= 0
        signature = self._surroundings(np.where(settled, self.word, self.label), settled)
        left = np.flatnonzero(~settled)
        mine, theirs = left[left < self.split], left[left >= self.split]
        equal = np.flatnonzero(np.isin(signature[mine], signature[theirs]))
        if not equal.size:
            return False
        node = int(mine[equal[0]])
        image = int(theirs[np.flatnonzero(signature[theirs] == signature[node])[0]])
        self._pair(np.array([node]), np.array([image]))
        return True

    def _surroundings(self, word: HashArray, seen: BoolArray) -> HashArray:
        kept = seen[self.target]
        total: HashArray = np.zeros(len(word), dtype=np.uint64)
        np.add.at(total, self.source[kept], scramble(word[self.target[kept]] ^ self.keys[kept]))
        return scramble(word) + total

    def _pair_unique(self, signature: HashArray, eligible: BoolArray) -> bool:
        left = np.flatnonzero((self.partner < 0) & eligible)
        values, first, inverse, counts = np.unique(
            signature[left], return_index=True, return_inverse=True, return_counts=True
        )
        ours = np.bincount(inverse[left < self.split], minlength=len(values))
        lone = np.flatnonzero((ours == 1) & (counts == 2))
        if not lone.size:
            return False
        # `first` is the smaller node of the two, the reference's; the reversed list gives the candidate's.
        _, last = np.unique(signature[left][::-1], return_index=True)
        self._pair(left[first[lone]], left[len(left) - 1 - last[lone]])
        return True

    def _pair(self, mine: IntArray, theirs: IntArray) -> None:
        """Pair nodes, and their negations with each other; pairs that contradict an earlier one are left out."""
        for node, image in zip(mine.tolist(), theirs.tolist(), strict=True):
            if self.partner[node] < 0 and self.partner[image] < 0:
                for one, other in ((node, image), (node ^ 1, image ^ 1)):
                    self.partner[one], self.partner[other] = other, one
                    self.word[one] = self.word[other] = self.words[-1 - one]
