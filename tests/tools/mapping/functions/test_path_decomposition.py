import itertools
from dataclasses import replace
from fractions import Fraction

import pytest
from function_lemmas import broken, check_lemma
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.path_decomposition import MOST_STEPS, PathDecomposition, simple_paths
from tools.mapping.functions.protocol import GraphRow

F = Fraction
DIAMOND = ((0, 1), (0, 2), (1, 2), (1, 3), (2, 3))
PARALLEL = ((0, 1), (0, 1), (1, 3), (0, 3))
CYCLIC = ((0, 1), (1, 2), (2, 1), (2, 3), (3, 0), (1, 3))


def decomposition(arcs, start=0, end=3, integral=False):
    flow = tuple(AffineExpression.variable(f"y{a}") for a in range(len(arcs)))
    paths = tuple(simple_paths(arcs, start, end))
    return PathDecomposition(start, end, arcs, flow, paths, tuple(f"h{p}" for p in range(len(paths))), integral)


def flows(arcs, largest, start=0, end=3):
    """All whole flows up to `largest` on each arc that are conserved and run from start to end."""
    inner = {node for arc in arcs for node in arc} - {start, end}
    for values in itertools.product(range(largest + 1), repeat=len(arcs)):
        net = {node: 0 for arc in arcs for node in arc}
        for (tail, head), value in zip(arcs, values):
            net[tail] += value
            net[head] -= value
        if all(net[node] == 0 for node in inner) and net[start] >= 0:
            yield {f"y{a}": F(value) for a, value in enumerate(values)}


@pytest.mark.parametrize("integral", [False, True])
@pytest.mark.parametrize("arcs", [DIAMOND, PARALLEL, CYCLIC])
def test_all_small_flows_decompose(arcs, integral):
    check_lemma(decomposition(arcs, integral=integral), list(flows(arcs, 2))[:60], slack=1)


@pytest.mark.parametrize("arcs", [DIAMOND, PARALLEL])
def test_without_cycles_nothing_is_left(arcs):
    function = decomposition(arcs)
    assert not function.has_cycles
    assert all(row.lower == row.upper == 0 for row in function.graph())


def test_with_cycles_they_are_left():
    function = decomposition(CYCLIC)
    assert function.has_cycles
    at = {"y0": F(1), "y1": F(3), "y2": F(3), "y3": F(0), "y4": F(0), "y5": F(1)}
    assert sum(function.evaluate(at).values()) == 1


@given(st.lists(st.fractions(0, 5, max_denominator=4), min_size=3, max_size=3))
def test_mixtures_of_paths_decompose(amounts):
    function = decomposition(DIAMOND)
    at = {f"y{a}": sum((h for p, h in zip(function.paths, amounts) if a in p), F(0)) for a in range(len(DIAMOND))}
    assert not broken(function, at)


def test_paths_of_small_graphs():
    assert simple_paths(DIAMOND, 0, 3) == [(0, 2, 4), (0, 3), (1, 4)]
    assert simple_paths(CYCLIC, 0, 3) == [(0, 1, 3), (0, 5)]
    assert simple_paths(((0, 1), (1, 1), (1, 0)), 0, 1) == [(0,)]
    assert simple_paths(((1, 0),), 0, 1) == []
    assert simple_paths(((0, 1), (1, 0)), 0, 0) == []


def test_too_many_paths_are_refused():
    nodes = 12
    arcs = tuple(itertools.permutations(range(nodes), 2))
    with pytest.raises(MappingError, match=str(MOST_STEPS)):
        simple_paths(arcs, 0, nodes - 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"paths": ((0, 3), (1, 4)), "names": ("a", "b")}, "not all paths"),
        ({"paths": ((0, 3), (1, 4), (0, 1)), "names": ("a", "b", "c")}, "not all paths"),
        ({"paths": ((0, 2, 4), (0, 3), (1, 4), (1, 4)), "names": ("a", "b", "c", "d")}, "not all paths"),
        ({"names": ("a", "b", "b")}, "different name"),
        ({"names": ("a",)}, "a name for each"),
        ({"flow": ()}, "a flow for each"),
        ({"start": 3, "end": 0, "paths": (), "names": ()}, "one path"),
    ],
)
def test_what_is_no_decomposition_is_refused(changes, message):
    with pytest.raises(MappingError, match=message):
        replace(decomposition(DIAMOND), **changes)


def test_a_wrong_row_fails(monkeypatch):
    """In a graph with cycles the paths need not make up the whole flow."""
    function = decomposition(CYCLIC)
    right = PathDecomposition.graph
    monkeypatch.setattr(
        PathDecomposition,
        "graph",
        lambda self: [GraphRow(r.label, r.expression, F(0), r.upper) for r in right(self)],
    )
    with pytest.raises(AssertionError, match="row arc"):
        check_lemma(function, list(flows(CYCLIC, 1)), slack=None)


def test_conditions_are_conservation_and_sign():
    labels = [condition.label for condition in decomposition(DIAMOND).conditions()]
    assert labels == [f"flow({a})" for a in range(5)] + ["conservation(1)", "conservation(2)", "value"]
