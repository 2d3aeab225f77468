"""Complete pairings of two models' nodes: individualisation, refinement and backtracking over independent parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from tools.formulation.numbers import IntArray
from tools.isomorphism.arithmetic import HashArray, scramble
from tools.isomorphism.core import gather
from tools.isomorphism.partition import Mark, Partition

_PAIR_KEY = np.uint64(0x2545F4914F6CDD1D)
_EDGES_PER_STEP = 3000
"""Edges that can be analysed in the time of one step of the search: decides whether parts are paired one by one."""
_KIND_SALT = np.uint64(0x9FB21C651E98DF25)


@dataclass(frozen=True, eq=False)
class _Part:
    """Goal: pair all nodes of `mine` with nodes of `theirs`.

    `mine` is in the order in which its nodes are to be paired; those before `position` are. Once the partition's work
    reaches `deadline`, it is worth looking for independent parts again.
    """

    mine: IntArray
    theirs: IntArray
    position: int = 0
    deadline: int = 0


@dataclass(frozen=True, eq=False)
class _Rooted:
    """Goal: pair `root` with one of the equally coloured nodes of `theirs`, then all that depends on it."""

    root: int
    mine: IntArray
    theirs: IntArray


@dataclass(frozen=True)
class _Commit:
    """Goal: forget the choices above this height, because what follows does not depend on them."""

    height: int


@dataclass(frozen=True, eq=False)
class _Goals:
    first: _Part | _Rooted | _Commit
    rest: _Goals | None


@dataclass(frozen=True, eq=False)
class _Attempt:
    """Pairs to identify, then the goals to meet."""

    mine: IntArray
    theirs: IntArray
    goals: _Goals | None


@dataclass(frozen=True, eq=False)
class _Choice:
    mark: Mark
    attempts: Iterator[_Attempt]


_NONE: IntArray = np.empty(0, dtype=np.int64)


def complete(partition: Partition) -> bool:
    """Make the equitable `partition` discrete, so that it pairs all nodes consistently; False when none was found.

    False is a proof that none exists (up to the rounding of colours) unless `partition.exhausted`.

    Nodes that interact only through what is paired already, or through all-to-all edges, form independent parts (twin
    columns, identical blocks). Parts of the same kind are paired in one step; a choice inside one part is never
    revisited for the sake of another.
    """
    choices: list[_Choice] = []
    split = partition.first_candidate
    undecided = np.flatnonzero(partition.size[partition.colour] > 1)
    goals: _Goals | None = _Goals(_Part(undecided[undecided < split], undecided[undecided >= split]), None)
    while goals is not None:
        goal, rest = goals.first, goals.rest
        if isinstance(goal, _Commit):
            del choices[goal.height :]
            goals = rest
            continue
        if isinstance(goal, _Rooted):
            attempts = _rooted_attempts(partition, goal, rest)
        else:
            attempts = _part_attempts(partition, goal, rest, len(choices))
        choices.append(_Choice(partition.mark(), attempts))
        attempt = _next_success(partition, choices)
        if attempt is None:
            return False
        goals = attempt.goals
    return True


def _next_success(partition: Partition, choices: list[_Choice]) -> _Attempt | None:
    while choices and not partition.exhausted:
        choice = choices[-1]
        partition.undo(choice.mark)
        attempt = next(choice.attempts, None)
        if attempt is None:
            choices.pop()
        elif not attempt.mine.size or partition.identify(attempt.mine, attempt.theirs):
            return attempt
    return None


def _candidates(partition: Partition, root: int, theirs: IntArray) -> Iterator[int]:
    """Yield the nodes of `theirs` with the colour of `root`; they are listed only when the first one has failed."""
    partition.charge(len(theirs) // 8)
    same = partition.colour[theirs] == partition.colour[root]
    if not same.any():
        return
    first = int(np.argmax(same))
    yield int(theirs[first])
    yield from theirs[first + 1 :][partition.colour[theirs[first + 1 :]] == partition.colour[root]].tolist()


def _rooted_attempts(partition: Partition, goal: _Rooted, rest: _Goals | None) -> Iterator[_Attempt]:
    then = _Goals(_Part(goal.mine, goal.theirs), rest)
    if partition.size[partition.colour[goal.root]] == 1:
        yield _Attempt(_NONE, _NONE, then)
        return
    for node in _candidates(partition, goal.root, goal.theirs):
        yield _Attempt(_one(goal.root), _one(node), then)


def _part_attempts(partition: Partition, goal: _Part, rest: _Goals | None, height: int) -> Iterator[_Attempt]:
    position = _first_undecided(partition, goal)
    if position == len(goal.mine):
        yield _Attempt(_NONE, _NONE, rest)
        return
    if partition.work < goal.deadline:
        root = int(goal.mine[position])
        then = _Goals(_Part(goal.mine, goal.theirs, position, goal.deadline), rest)
        for node in _candidates(partition, root, goal.theirs):
            yield _Attempt(_one(root), _one(node), then)
        return
    parts = _independent_parts(partition, goal)
    if parts is None:
        return
    if parts.count == 1:
        refined = _Part(parts.mine, parts.theirs, 0, partition.work + parts.edges)
        yield _Attempt(_NONE, _NONE, _Goals(refined, rest))
        return
    if parts.edges < _EDGES_PER_STEP * parts.count:
        yield _Attempt(parts.roots, parts.images, _Goals(_Part(parts.mine, parts.theirs), rest))
    # Either the parts are few and large, or pairing them in order of appearance went wrong: one after the other.
    goals = rest
    for k in range(parts.count - 1, -1, -1):
        mine, theirs = parts.members(k)
        goals = _Goals(_Rooted(int(parts.roots[k]), mine, theirs), _Goals(_Commit(height + 1), goals))
    yield _Attempt(_NONE, _NONE, goals)


def _first_undecided(partition: Partition, goal: _Part) -> int:
    position, window = goal.position, 64
    while position < len(goal.mine):
        ahead = partition.size[partition.colour[goal.mine[position : position + window]]] > 1
        if ahead.any():
            return position + int(np.argmax(ahead))
        position, window = position + window, 2 * window
    return len(goal.mine)


@dataclass(frozen=True, eq=False)
class _Parts:
    """Independent parts of a goal, of equal kinds next to each other; part k of both models is of kind `kinds[k]`.

    `mine` and `theirs` list undecided nodes part by part (`mine_starts`, `theirs_starts`), `roots[k]` and `images[k]`
    are equally coloured nodes of part k, `edges` counts what was looked at.
    """

    mine: IntArray
    theirs: IntArray
    mine_starts: IntArray
    theirs_starts: IntArray
    kinds: HashArray
    roots: IntArray
    images: IntArray
    edges: int

    @property
    def count(self) -> int:
        return len(self.roots)

    def members(self, part: int) -> tuple[IntArray, IntArray]:
        """Return the nodes of one part of the reference and those of all parts of its kind in the candidate."""
        low, high = (
            np.searchsorted(self.kinds, self.kinds[part], side="left"),
            np.searchsorted(self.kinds, self.kinds[part], side="right"),
        )
        mine = self.mine[self.mine_starts[part] : self.mine_starts[part + 1]]
        return mine, self.theirs[self.theirs_starts[low] : self.theirs_starts[high]]


def _independent_parts(partition: Partition, goal: _Part) -> _Parts | None:
    """Return the parts of what is undecided in `goal`; None when the models' parts differ in kind."""
    colour, tags = partition.colour, partition.tags
    mine = np.sort(goal.mine[partition.size[colour[goal.mine]] > 1])
    theirs = np.sort(goal.theirs[np.isin(colour[goal.theirs], colour[mine])])
    if len(mine) != len(theirs):
        return None
    nodes = np.concatenate((mine, theirs))
    source, target, keys = _undecided_edges(partition, nodes)
    partition.charge(2 * len(source))
    links = _informative(partition, nodes, source, target, keys, len(mine))
    ones = np.ones(int(links.sum()), dtype=np.int8)
    network = sp.csr_array((ones, (source[links], target[links])), shape=(len(nodes), len(nodes)))
    total, part = connected_components(network, directed=False)
    kinds: HashArray = np.zeros(total, dtype=np.uint64)
    np.add.at(kinds, part, scramble(tags[colour[nodes]] ^ _KIND_SALT))
    of_mine, of_theirs = np.unique(part[: len(mine)]), np.unique(part[len(mine) :])
    my_order, their_order = (
        of_mine[np.argsort(kinds[of_mine], kind="stable")],
        of_theirs[np.argsort(kinds[of_theirs], kind="stable")],
    )
    if not np.array_equal(kinds[my_order], kinds[their_order]):
        return None
    rank = np.empty(total, dtype=np.int64)
    rank[my_order], rank[their_order] = np.arange(len(my_order)), np.arange(len(their_order))
    my_part, their_part = rank[part[: len(mine)]], rank[part[len(mine) :]]
    my_sort, their_sort = np.lexsort((mine, colour[mine], my_part)), np.lexsort((theirs, colour[theirs], their_part))
    mine, my_part, theirs, their_part = mine[my_sort], my_part[my_sort], theirs[their_sort], their_part[their_sort]
    # Parts of one kind have the same colours equally often, so both lists run through the same groups.
    fresh = (np.diff(my_part, prepend=-1) != 0) | (np.diff(colour[mine], prepend=-1) != 0)
    groups = np.flatnonzero(fresh)
    sizes = np.diff(np.append(groups, len(mine)))
    by_size = np.lexsort((groups, sizes, my_part[groups]))
    chosen = groups[by_size[np.flatnonzero(np.diff(my_part[groups][by_size], prepend=-1))]]
    inside = np.lexsort((np.arange(len(mine)), np.repeat(sizes, sizes), my_part))
    bounds = np.arange(len(my_order) + 1)
    return _Parts(
        mine=mine[inside], theirs=theirs, mine_starts=np.searchsorted(my_part, bounds),
        theirs_starts=np.searchsorted(their_part, bounds), kinds=kinds[my_order], roots=mine[chosen],
        images=theirs[chosen], edges=len(source),
    )  # fmt: skip


def _undecided_edges(partition: Partition, nodes: IntArray) -> tuple[IntArray, IntArray, HashArray]:
    """Return all edges between `nodes` (sorted), as positions in it, with their colours; pairs x, -x are edges too."""
    graph = partition.graph
    positions, _ = gather(graph.indptr, nodes >> 1)
    lengths = graph.indptr[(nodes >> 1) + 1] - graph.indptr[nodes >> 1]
    source = np.repeat(np.arange(len(nodes), dtype=np.int64), lengths)
    neighbour = graph.packed[positions] ^ (nodes & 1)[source]
    source = np.concatenate((source, np.arange(len(nodes), dtype=np.int64)))
    neighbour = np.concatenate((neighbour, nodes ^ 1))
    keys = np.concatenate((graph.keys[positions], np.full(len(nodes), _PAIR_KEY)))
    target = np.minimum(np.searchsorted(nodes, neighbour), len(nodes) - 1)
    inside = nodes[target] == neighbour
    return source[inside], target[inside], keys[inside]


def _informative(
    partition: Partition, nodes: IntArray, source: IntArray, target: IntArray, keys: HashArray, mine: int
) -> NDArray[np.bool_]:
    """Say which edges are not one of a complete set (every node of one colour to every node of the other, alike)."""
    colour, size, tags = partition.colour[nodes], partition.size, partition.tags
    here, there = colour[source], colour[target]
    kind = scramble(scramble(tags[here] ^ keys) + tags[there])
    _, first, inverse = np.unique(kind, return_index=True, return_inverse=True)
    count = np.bincount(inverse[source < mine], minlength=len(first))
    complete_set = count == size[here[first]] * size[there[first]]
    return np.asarray(~complete_set[inverse], dtype=np.bool_)


def _one(node: int) -> IntArray:
    return np.array([node], dtype=np.int64)
