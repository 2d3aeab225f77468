"""Colour refinement of two models at once, incremental and reversible."""

from __future__ import annotations

import numpy as np

from tools.formulation.numbers import BoolArray, IntArray
from tools.isomorphism.arithmetic import HashArray, scramble
from tools.isomorphism.core import gather
from tools.isomorphism.graph import Graph

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_PAIR_KEY = np.uint64(0xD1B54A32D192ED03)
"""Edge colour between a node and its negation."""
_CHUNK = 1 << 20
_ROUND_COST = 300
"""Work charged for a round besides its edges: what numpy's call overhead amounts to, counted in edges."""

Mark = tuple[int, int]


class Partition:
    """Colours of the nodes of a `Graph`, always balanced: each colour has as many nodes in either model.

    `refine_all` and `identify` make it equitable: nodes of equal colour have equally many neighbours of each colour
    along edges of each colour. Changes are logged, so that `undo` returns to an earlier `mark`. `work` counts edges
    visited; once it exceeds `allowance`, `exhausted` is set and refining fails.
    """

    def __init__(self, graph: Graph, allowance: int, seed: int) -> None:
        self.graph = graph
        nodes = len(graph.labels)
        self.first_candidate = 2 * graph.split
        self.colour: IntArray = graph.labels.copy()
        self.size = np.zeros(max(nodes, 1), dtype=np.int64)
        self.colours = int(self.colour.max(initial=-1)) + 1
        self.allowance = allowance
        self.work = 0
        self.tags = scramble(np.arange(max(nodes, 1), dtype=np.uint64) * _GOLDEN + np.uint64(seed))
        self._signature: HashArray = np.zeros(nodes, dtype=np.uint64)
        self._log: list[tuple[IntArray, IntArray]] = []
        mine = np.bincount(self.colour[: self.first_candidate], minlength=self.colours)
        theirs = np.bincount(self.colour[self.first_candidate :], minlength=self.colours)
        self.balanced = bool(np.array_equal(mine, theirs))
        self.size[: self.colours] = mine

    @property
    def exhausted(self) -> bool:
        """Whether the work allowance is used up."""
        return self.work > self.allowance

    @property
    def discrete(self) -> bool:
        """Whether each colour has one node in either model, so that colours pair all nodes."""
        return bool((self.size[self.colour] == 1).all())

    def charge(self, work: int) -> None:
        """Count work that the search does outside refinement, in edges."""
        self.work += work

    def mark(self) -> Mark:
        """Return a token with which `undo` comes back to the present colours."""
        return len(self._log), self.colours

    def undo(self, mark: Mark) -> None:
        """Restore the colours that held when `mark` was taken."""
        length, colours = mark
        while len(self._log) > length:
            nodes, before = self._log.pop()
            mine = nodes < self.first_candidate
            np.subtract.at(self.size, self.colour[nodes[mine]], 1)
            np.add.at(self.size, before[mine], 1)
            self.colour[nodes] = before
        self.colours = colours

    def refine_all(self) -> bool:
        """Make the initial colours equitable (or discrete); False when the models prove different or work runs out."""
        return self.balanced and self._refine(np.arange(len(self.colour), dtype=np.int64), stop_when_discrete=True)

    def identify(self, mine: IntArray, theirs: IntArray) -> bool:
        """Give each pair (mine[k], theirs[k]) of equally coloured nodes its own colour, then make colours equitable.

        Returns False when that proves the pairing wrong, or when work runs out; the caller then undoes.
        """
        fresh = self.colours + np.arange(len(mine), dtype=np.int64)
        nodes = np.concatenate((mine, theirs))
        self._recolour(nodes, np.concatenate((fresh, fresh)), mine, fresh)
        return self._refine(nodes, stop_when_discrete=False)

    def _recolour(self, nodes: IntArray, colours: IntArray, mine: IntArray, colours_of_mine: IntArray) -> None:
        before = self.colour[nodes]
        self._log.append((nodes, before))
        np.subtract.at(self.size, self.colour[mine], 1)
        np.add.at(self.size, colours_of_mine, 1)
        self.colour[nodes] = colours
        self.colours = max(self.colours, int(colours.max(initial=-1)) + 1)

    def _refine(self, changed: IntArray, stop_when_discrete: bool) -> bool:
        # Until something is identified no colour is empty, so that as many colours as nodes means one node each.
        while changed.size and not (stop_when_discrete and self.colours == self.first_candidate):
            if self.exhausted:
                return False
            touched, signature = self._spread(changed)
            outcome = self._split(touched, signature)
            if outcome is None:
                return False
            changed = outcome
        return True

    def _spread(self, changed: IntArray) -> tuple[IntArray, HashArray]:
        """Return the neighbours of `changed` and, for each, the sum of hashes of its edges to them."""
        graph = self.graph
        base = changed >> 1
        lengths = graph.indptr[base + 1] - graph.indptr[base]
        total = int(lengths.sum())
        self.work += total + len(changed) + _ROUND_COST
        seen: list[IntArray] = []
        ends = np.searchsorted(np.cumsum(lengths), np.arange(_CHUNK, total + _CHUNK, _CHUNK), side="right")
        begin = 0
        for end in np.unique(np.append(ends, len(changed))).tolist():
            part, count = changed[begin:end], lengths[begin:end]
            begin = end
            positions, _ = gather(graph.indptr, part >> 1)
            tags = self.tags[self.colour[part]]
            neighbours = graph.packed[positions] ^ np.repeat(part & 1, count)
            np.add.at(self._signature, neighbours, scramble(graph.keys[positions] ^ np.repeat(tags, count)))
            np.add.at(self._signature, part ^ 1, scramble(tags ^ _PAIR_KEY))
            seen += [neighbours, part ^ 1]
        touched = self._distinct(seen)
        signature = self._signature[touched]
        self._signature[touched] = 0
        return touched, signature

    def _distinct(self, seen: list[IntArray]) -> IntArray:
        if sum(map(len, seen)) * 8 < len(self.colour):
            return np.unique(np.concatenate(seen))
        flags = np.zeros(len(self.colour), dtype=np.bool_)
        for nodes in seen:
            flags[nodes] = True
        return np.flatnonzero(flags)

    def _split(self, touched: IntArray, signature: HashArray) -> IntArray | None:
        """Split colours by signature; return the nodes that got a new colour, None when the models' counts differ.

        Of each colour that is split one part keeps the old name and need not be looked at again: what it would say
        follows from the other parts and from what the whole has said (Hopcroft's argument).
        """
        colour = self.colour[touched]
        key = scramble(signature) ^ self.tags[colour]
        order = np.argsort(key)
        key = key[order]
        starts = np.flatnonzero(np.concatenate((np.ones(1, dtype=np.bool_), key[1:] != key[:-1])))
        group_colour = colour[order[starts]]
        in_reference: BoolArray = (touched < self.first_candidate)[order]
        mine = np.add.reduceat(in_reference.astype(np.int64), starts)
        sizes = np.diff(np.append(starts, len(order)))
        if not np.array_equal(2 * mine, sizes):
            return None
        ranking = np.lexsort((key[starts], -mine, group_colour))
        ranked_colour = group_colour[ranking]
        heads = np.flatnonzero(np.concatenate((np.ones(1, dtype=np.bool_), ranked_colour[1:] != ranked_colour[:-1])))
        covered = np.add.reduceat(mine[ranking], heads)
        keeps = np.zeros(len(ranking), dtype=np.bool_)
        keeps[heads[covered == self.size[ranked_colour[heads]]]] = True
        fresh = ranking[~keeps]
        if not fresh.size:
            return np.empty(0, dtype=np.int64)
        name = np.full(len(starts), -1, dtype=np.int64)
        name[fresh] = self.colours + np.arange(len(fresh), dtype=np.int64)
        names = np.repeat(name, sizes)
        moved = names >= 0
        nodes, names, mine_moved = touched[order[moved]], names[moved], in_reference[moved]
        self._recolour(nodes, names, nodes[mine_moved], names[mine_moved])
        return nodes
