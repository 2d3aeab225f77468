import itertools
from fractions import Fraction

import pytest
from function_lemmas import broken, check_lemma, mutants, noticed, whole_graph

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.protocol import GraphRow
from tools.mapping.functions.tour import LARGEST_WITHOUT_POTENTIALS, Tour

F = Fraction
EVERYTHING = {"position": "p", "flow": "y", "leg": "q", "before": "b"}


def arcs_between(n, missing=()):
    pairs = [arc for arc in itertools.permutations(range(n), 2) if arc not in missing]
    return {(i, j): AffineExpression.variable(f"x[{i},{j}]") for i, j in pairs}


def complete(n):
    return Tour.over(n, arcs_between(n))


def tours(n, start=0):
    """All tours as lists of nodes from the start."""
    others = [i for i in range(n) if i != start]
    return [(start, *order) for order in itertools.permutations(others)]


def point(order, n):
    used = set(zip(order, (*order[1:], order[0])))
    return {f"x[{i},{j}]": F((i, j) in used) for i, j in itertools.permutations(range(n), 2)}


def potentials(n, root=0):
    return [AffineExpression.variable(f"u[{i}]") for i in range(n) if i != root]


def with_potentials(order, n):
    return point(order, n) | {f"u[{i}]": F(place) for place, i in enumerate(order) if place}


@pytest.mark.parametrize("n", [2, 3, 4, 5])
@pytest.mark.parametrize("wanted", [{"position": "p"}, {"flow": "y"}, {"leg": "q"}, {"before": "b"}, EVERYTHING])
def test_every_tour_satisfies_every_row(n, wanted):
    tour = complete(n).wanting(**wanted, cycles=n)
    if not tour.outputs:
        pytest.skip("so few nodes need no such output")
    points = [point(order, n) for order in tours(n)]
    # Over five nodes and more each row is as tight as a whole number allows; fewer nodes leave special cases.
    check_lemma(tour, points if n < 5 else points[::3], slack=None)


@pytest.mark.parametrize("wanted", [{"position": "p"}, {"flow": "y"}, {"leg": "q"}, {"before": "b"}, EVERYTHING])
def test_no_row_can_be_tightened(wanted):
    tour = complete(5).wanting(**wanted)
    points = [point(order, 5) for order in tours(5)]
    values = [{**p, **tour.evaluate(p)} for p in points]
    for row in tour.graph():
        activities = [row.expression.evaluate(v) for v in values]
        assert row.lower is None or min(activities) == row.lower, row.label
        assert row.upper is None or max(activities) == row.upper, row.label
    for output in tour.outputs:
        found = [v[output.name] for v in values]
        assert (min(found), max(found)) == (output.lower, output.upper), output.name


def test_six_nodes_satisfy_every_row():
    tour = complete(6).wanting(**EVERYTHING, cycles=6)
    for order in tours(6)[::7]:
        assert not broken(tour, point(order, 6))


@pytest.mark.parametrize("wanted", [{"position": "p"}, {"flow": "y"}, {"before": "b"}])
def test_at_a_tour_the_rows_allow_the_function_values_alone(wanted):
    tour = complete(4).wanting(**wanted)
    for order in tours(4):
        at = point(order, 4)
        assert list(whole_graph(tour, at)) == [tour.evaluate(at)]


def test_legs_at_a_tour_are_determined():
    tour = complete(4).wanting(leg="q")
    for order in tours(4):
        assert len(list(whole_graph(tour, point(order, 4)))) == 1


def test_values_on_one_tour():
    tour = complete(5).wanting(**EVERYTHING)
    at = point((0, 3, 1, 4, 2), 5)
    values = {**at, **tour.evaluate(at)}
    assert [tour.position_of(i).evaluate(values) for i in range(5)] == [0, 2, 4, 1, 3]
    assert [tour.flow_on(*arc).evaluate(values) for arc in [(0, 3), (3, 1), (1, 4), (4, 2), (2, 0), (1, 3)]] == [
        4, 3, 2, 1, 0, 0,
    ]  # fmt: skip
    assert [tour.leg_on(*arc, 4).evaluate(values) for arc in [(0, 3), (3, 1), (1, 4), (4, 2), (2, 0)]] == [
        1, 1, 1, 0, 0,
    ]  # fmt: skip
    assert tour.precedence(3, 4).evaluate(values) == 1
    assert tour.precedence(4, 3).evaluate(values) == 0


def test_missing_arcs_are_never_used():
    missing = {(0, 1), (2, 3), (3, 0), (4, 2)}
    tour = Tour.over(5, arcs_between(5, missing)).wanting(**EVERYTHING)
    points = [
        point(order, 5) for order in tours(5) if not missing & set(zip(order, (*order[1:], order[0])))
    ]  # fmt: skip
    assert points
    check_lemma(tour, points, slack=None)
    assert tour.arc(0, 1) == AffineExpression.number(0)


def test_conditions_admit_tours_alone():
    """Over all sets of arcs with one arc out of each node and one into it, subset rows admit exactly the tours."""
    for n in (3, 4, 5):
        tour = complete(n).wanting(position="p")
        conditions = list(tour.conditions())
        for following in itertools.permutations(range(n)):
            if any(i == j for i, j in enumerate(following)):
                continue
            at = {f"x[{i},{j}]": F(following[i] == j) for i, j in itertools.permutations(range(n), 2)}
            fine = all(
                (c.lower is None or c.expression.evaluate(at) >= c.lower)
                and (c.upper is None or c.expression.evaluate(at) <= c.upper)
                for c in conditions
            )
            if fine:
                assert set(tour.evaluate(at).values()) == set(range(1, n))
            else:
                with pytest.raises(MappingError, match="no tour"):
                    tour.evaluate(at)


@pytest.mark.parametrize("root", [0, 2])
def test_potentials_are_conditions_instead_of_node_sets(root):
    n = 5
    tour = Tour.over(n, arcs_between(n), potentials(n, root), big_m=F(n - 1), root=root).wanting(**EVERYTHING)
    points = [with_potentials(order, n) for order in tours(n, root)[::2]]
    check_lemma(tour, points, slack=None)
    labels = [c.label for c in tour.conditions() if c.label.startswith("rise")]
    assert len(labels) == (n - 1) * (n - 2)
    assert not any(str(root) in label for label in labels)


def test_no_potentials_fit_two_cycles():
    """A cycle that avoids the root needs potentials that rise all the way round."""
    tour = Tour.over(5, arcs_between(5), potentials(5), big_m=F(4), step=F(1, 2))
    at = {name: F(0) for name in point((0, 1, 2, 3, 4), 5)}
    for i, j in ((0, 1), (1, 0), (2, 3), (3, 4), (4, 2)):
        at[f"x[{i},{j}]"] = F(1)
    rises = {c.label: c for c in tour.conditions() if c.label in ("rise(2,3)", "rise(3,4)", "rise(4,2)")}
    total = sum((c.expression - AffineExpression.number(c.lower)).evaluate(at | {f"u[{i}]": F(i) for i in range(5)})
                for c in rises.values())  # fmt: skip
    assert total == -3 * F(1, 2)


def test_another_start_keeps_the_tour():
    tour = Tour.over(5, arcs_between(5), potentials(5), big_m=F(4))
    moved = tour.starting_at(3).wanting(position="p", flow="y")
    assert moved.root == 3
    assert moved.starting_at(3).wanting() == tour
    points = [with_potentials(order, 5) for order in tours(5)]
    check_lemma(moved, points[::2], slack=None)
    at = with_potentials((0, 1, 3, 2, 4), 5)
    assert [moved.position_of(i).evaluate(moved.evaluate(at)) for i in range(5)] == [0, 4, 1, 3, 2]


@pytest.mark.parametrize(
    ("used", "message"),
    [
        ([(0, 1), (1, 0), (2, 3), (3, 2)], "2 nodes only"),
        ([(0, 1), (1, 2)], "3 nodes only"),
        ([(0, 1), (0, 2), (1, 2), (2, 3)], "second arc"),
        ([(0, 1), (1, 2), (2, 3), (3, 1)], "lead back"),
        ([], "1 nodes only"),
    ],
)
def test_arcs_that_are_no_tour_are_refused(used, message):
    at = {f"x[{i},{j}]": F((i, j) in used) for i, j in itertools.permutations(range(4), 2)}
    with pytest.raises(MappingError, match=message):
        complete(4).wanting(position="p").evaluate(at)


def test_a_fractional_arc_is_refused():
    at = point((0, 1, 2), 3) | {"x[0,1]": F(1, 2)}
    with pytest.raises(MappingError, match="no tour"):
        complete(3).wanting(position="p").evaluate(at)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Tour.over(1, {}), "at least 2"),
        (lambda: Tour.over(3, {(0, 0): AffineExpression.variable("x")}), "cannot use the arc"),
        (lambda: Tour.over(3, {(0, 3): AffineExpression.variable("x")}), "cannot use the arc"),
        (lambda: Tour.over(4, arcs_between(4), potentials(3)), "3 potentials"),
        (lambda: Tour.over(3, arcs_between(3), potentials(3), step=F(0)), "more than 0"),
        (lambda: Tour.over(3, arcs_between(3), root=3), "root"),
        (lambda: complete(LARGEST_WITHOUT_POTENTIALS + 1), "needs potentials"),
        (lambda: Tour(3, complete(3).arcs, position=("p",)), "2 names"),
        (lambda: Tour(3, complete(3).arcs, position=("p", "p")), "same name"),
        (lambda: Tour(3, (*complete(3).arcs, *complete(3).arcs)), "twice"),
        (lambda: complete(12).wanting(cycles=12) and Tour.over(60, arcs_between(60), potentials(60)), "20000"),
        (lambda: complete(4).flow_on(1, 2), "no output 'flow'"),
    ],
)
def test_what_cannot_be_a_tour_is_refused(build, message):
    with pytest.raises(MappingError, match=message):
        build()


@pytest.mark.parametrize("wanted", [{"position": "p"}, {"flow": "y"}, {"leg": "q"}, {"before": "b"}])
def test_tightened_rows_fail(wanted):
    tour = complete(5).wanting(**wanted)
    points = [point(order, 5) for order in tours(5)]
    for what, outputs, rows in itertools.islice(mutants(tour, F(1, 100)), 0, None, 37):
        assert noticed(points, tour, outputs, rows), what


def test_a_wrong_row_fails(monkeypatch):
    tour = complete(4).wanting(position="p")
    monkeypatch.setattr(
        Tour, "graph", lambda self: [GraphRow("wrong", self.position_of(1) - self.position_of(2), None, F(1))]
    )
    with pytest.raises(AssertionError, match="row wrong"):
        check_lemma(tour, [point(order, 4) for order in tours(4)], slack=None)
