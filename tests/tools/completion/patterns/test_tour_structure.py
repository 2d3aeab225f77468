import random
from fractions import Fraction

import pytest
from small_models import model
from tour_models import arc, by_flow, by_paths, by_positions, by_subsets

from tools.completion.patterns.tour_structure import find_tours
from tools.formulation.numbers import ExactVector

F = Fraction


def arcs_of(tour):
    return {next(iter(e.terms)): pair for pair, e in tour.arcs}


def right_nodes(tour):
    """Return the node of the modeller for each node of the tour, or fail: one for each, all arcs agreeing."""
    node = {}
    for name, ends in arcs_of(tour).items():
        for here, there in zip(ends, name[1:].split("_")):
            assert node.setdefault(here, there) == there
    return [int(node[i]) for i in range(tour.nodes)]


@pytest.mark.parametrize("n", [4, 5, 6])
@pytest.mark.parametrize("build", [by_positions, by_flow, by_paths, by_subsets])
def test_tours_of_complete_graphs(n, build):
    tours = find_tours(build(n))
    assert tours
    for tour in tours:
        assert len(arcs_of(tour)) == n * (n - 1)
        assert sorted(right_nodes(tour)) == list(range(n))
    assert right_nodes(tours[0])[tours[0].root] == 0


def test_positions_are_the_potentials():
    tour = find_tours(by_positions(5, depot=2))[0]
    nodes = right_nodes(tour)
    assert nodes[tour.root] == 2
    assert [str(p) for p in tour.potentials] == [f"u{i}" for k, i in enumerate(nodes) if k != tour.root]
    assert (tour.big_m, tour.step) == (4, 1)


def test_loops_that_are_closed_do_not_matter():
    assert sorted(right_nodes(find_tours(by_positions(5, loops=True))[0])) == [0, 1, 2, 3, 4]


def test_rows_in_any_order():
    plain = by_positions(5)
    order = random.Random(3).sample(range(len(plain.rows)), len(plain.rows))
    sides = list(zip(map(plain.row_lower.finite, order), map(plain.row_upper.finite, order)))
    rows = [({plain.variables[j]: a for j, a in plain.row_terms(i).items()}, *s) for i, s in zip(order, sides)]
    bounds = {v: (plain.lower.finite(j), plain.upper.finite(j)) for j, v in enumerate(plain.variables)}
    shuffled = model(
        {v: b for v, b in bounds.items() if v[0] == "u"}, {v: b for v, b in bounds.items() if v[0] == "x"}, rows=rows
    )
    tour = find_tours(shuffled)[0]
    found = arcs_of(tour)
    # The tours may run the other way, but each node keeps its arcs out and its arcs in.
    ways = {(found[arc(0, 1)][way] == found[arc(0, 2)][way]) for way in (0, 1)}
    assert ways == {True, False}


def test_incomplete_graphs_are_paired_by_other_rows():
    """Without (1, 2) and (2, 1), nodes 1 and 2 could exchange their arcs in; the positions tell which are whose."""
    plain = by_positions(5)
    closed = {plain.variable_index[arc(1, 2)], plain.variable_index[arc(2, 1)]}
    upper = [F(0) if j in closed else plain.upper.finite(j) for j in range(len(plain.variables))]
    sparse = plain.changed(upper=ExactVector.of(upper))
    assert sorted(right_nodes(find_tours(sparse)[0])) == [0, 1, 2, 3, 4]


def test_other_models_have_none():
    assert find_tours(model({"a": (0, 1)}, {"b": (0, 1)}, rows=[({"a": 1, "b": 1}, 1, 1)])) == ()
    assignment = model({}, {f"z{i}{j}": (0, 1) for i in "ab" for j in "ab"}, rows=[
        ({"zaa": 1, "zab": 1}, 1, 1), ({"zba": 1, "zbb": 1}, 1, 1),
        ({"zaa": 1, "zba": 1}, 1, 1), ({"zab": 1, "zbb": 1}, 1, 1),
    ])  # fmt: skip
    assert find_tours(assignment) == ()
