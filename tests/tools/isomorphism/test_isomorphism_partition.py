"""Refinement is equitable, and undoing it restores every colour."""

import numpy as np
from isomorphism_twins import assignment, random_regular, twin, vertex_cover

from tools.isomorphism.core import core_of
from tools.isomorphism.graph import Comparison
from tools.isomorphism.matching import complete
from tools.isomorphism.partition import Partition


def partition_of(size: int) -> Partition:
    model = assignment(size)
    comparison = Comparison(core_of(model), core_of(twin(model, 3)), scaled=True, drifting=False)
    return Partition(comparison.graph(fine=True), 10**7, 0)


def test_undo_restores_colours_and_sizes() -> None:
    partition = partition_of(5)
    assert partition.refine_all()
    assert not partition.discrete
    mark, colours, sizes = partition.mark(), partition.colour.copy(), partition.size.copy()
    root = int(np.flatnonzero(partition.size[partition.colour] > 1)[0])
    theirs = np.flatnonzero(partition.colour == partition.colour[root])
    image = int(theirs[theirs >= partition.first_candidate][0])
    assert partition.identify(np.array([root]), np.array([image]))
    assert partition.colours > mark[1]
    partition.undo(mark)
    np.testing.assert_array_equal(partition.colour, colours)
    np.testing.assert_array_equal(partition.size[: partition.colours], sizes[: partition.colours])
    assert complete(partition)
    assert partition.discrete


def test_colours_are_equitable() -> None:
    model = vertex_cover(random_regular(30, 4, 2), 30)
    comparison = Comparison(core_of(model), core_of(twin(model, 1)), scaled=False, drifting=False)
    partition = Partition(comparison.graph(fine=True), 10**7, 0)
    assert partition.refine_all()
    assert complete(partition)
    graph = partition.graph
    seen: dict[int, list[tuple[int, int]]] = {}
    for node in range(len(partition.colour)):
        begin, end = int(graph.indptr[node >> 1]), int(graph.indptr[(node >> 1) + 1])
        neighbours = partition.colour[graph.packed[begin:end] ^ (node & 1)].tolist()
        surroundings = sorted(zip(neighbours, graph.keys[begin:end].tolist()))
        assert seen.setdefault(int(partition.colour[node]), surroundings) == surroundings


def test_the_allowance_ends_the_search() -> None:
    partition = partition_of(6)
    partition.allowance = 1
    assert not (partition.refine_all() and complete(partition))
    assert partition.exhausted
