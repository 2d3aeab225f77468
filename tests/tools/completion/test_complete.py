from fractions import Fraction

import pytest
from completion_cases import first, proved, total, tour_by_flow, tour_by_flows, tour_by_positions, var
from small_models import model

from tools.claims.objective_relation import ObjectiveRelation
from tools.completion.complete import complete
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.mapping.affine import AffineExpression
from tools.mapping.total import TotalMapping

SAME = ObjectiveRelation(Fraction(1), Fraction(0))


def arcs(n, source, target):
    return {target(i, j): var(source(i, j)) for i in range(n) for j in range(n) if i != j}


def plain(i, j):
    return f"x[{i},{j}]"


def hidden(i, j):
    return f"v{7 * i + 3 * j}q{i}"


@pytest.mark.parametrize("n", [4, 5])
def test_positions_follow_from_one_flow(n):
    source = tour_by_flow(n, hidden, lambda i, j: f"w{11 * i + j}")
    target = tour_by_positions(n, plain, lambda i: f"u[{i}]")
    found = first(source, target, arcs(n, hidden, plain), objective=SAME)
    assert found is not None
    assert proved(source, target, found)


def test_positions_and_one_flow_follow_from_many_flows():
    n = 4
    source = tour_by_flows(n, hidden, lambda k, i, j: f"w{100 * k + 10 * i + j}")
    for target in (
        tour_by_positions(n, plain, lambda i: f"u[{i}]"),
        tour_by_flow(n, plain, lambda i, j: f"f[{i},{j}]"),
    ):
        found = first(source, target, arcs(n, hidden, plain))
        assert found is not None
        assert found.as_affine() is not None
        assert proved(source, target, found)


def test_a_flow_follows_from_positions():
    n = 4
    source = tour_by_positions(n, plain, lambda i: f"u[{i}]")
    target = tour_by_flow(n, plain, lambda i, j: f"f[{i},{j}]")
    found = first(source, target, arcs(n, plain, plain))
    assert found is not None
    assert proved(source, target, found)


def test_stock_levels_follow_from_production():
    demand = [3, 2, 4]
    ahead = [({f"q{k}": 1 for k in range(t + 1)}, sum(demand[: t + 1]), None) for t in range(3)]
    source = model({f"q{t}": (0, 9) for t in range(3)}, minimize={"q0": 6, "q1": 4, "q2": 1}, rows=ahead)
    balance = [({f"p{t}": 1, f"s{t}": -1} | ({f"s{t - 1}": 1} if t else {}), demand[t], demand[t]) for t in range(3)]
    target = model(
        {f"p{t}": (0, 9) for t in range(3)} | {f"s{t}": (0, None) for t in range(3)},
        minimize={"p0": 1, "s0": 1, "s1": 1}, rows=balance,
    )  # fmt: skip
    found = first(source, target, {f"p{t}": var(f"q{t}") for t in range(3)})
    assert found is not None
    assert str(found.expressions["s2"]) == "q2 + q1 + q0 - 9"
    assert proved(source, target, found)


def test_equalities_are_solved_together():
    source = model({"a": (0, 5), "b": (0, 5)})
    target = model(
        dict.fromkeys(("x", "y", "p", "q"), (None, None)),
        rows=[({"p": 1, "q": 1, "x": -1}, 0, 0), ({"p": 1, "q": -1, "y": -1}, 0, 0)],
    )
    found = first(source, target, {"x": var("a"), "y": var("b")})
    assert found is not None
    assert found.expressions["p"] == total("a", "b") * Fraction(1, 2)


def test_an_aggregate_is_shared_out_among_what_is_open():
    source = model(integer={"z": (0, 1), "y1": (0, 1), "y2": (0, 1)}, maximize={"z": 5},
                   rows=[({"z": 1, "y1": -1, "y2": -1}, None, 0)])  # fmt: skip
    target = model(
        integer=dict.fromkeys(("w1", "w2", "y1", "y2"), (0, 1)), maximize={"w1": 5, "w2": 5},
        rows=[({"w1": 1, "y1": -1}, None, 0), ({"w2": 1, "y2": -1}, None, 0), ({"w1": 1, "w2": 1}, None, 1)],
    )  # fmt: skip
    equations = [(total("w1", "w2"), var("z"))]
    found = first(source, target, {"y1": var("y1"), "y2": var("y2")}, equations=equations, objective=SAME)
    assert found is not None
    assert [function.name for function in found.extension.functions] == ["greedy_fill"]
    assert proved(source, target, found, equations)


def test_the_objective_decides_between_completions():
    source = model({"t": (0, 9)}, minimize={"t": 1})
    target = model({"t": (0, 9), "e": (0, 20)}, minimize={"e": 1}, rows=[({"e": 1, "t": -1}, 0, None)])
    found = first(source, target, {"t": var("t")}, objective=SAME)
    assert found is not None
    assert found.expressions["e"] == var("t")
    wasteful = ObjectiveRelation(Fraction(1), Fraction(-1))
    assert first(source, target, {"t": var("t")}, objective=wasteful) is None


def test_a_variable_in_no_row_rests_at_a_bound():
    source = model({"a": (0, 1)})
    target = model({"a": (0, 1), "idle": (2, 5), "low": (None, -1)})
    found = first(source, target, {"a": var("a")})
    assert found is not None
    assert found.expressions["idle"] == AffineExpression.number(2)
    assert found.expressions["low"] == AffineExpression.number(-1)


def test_what_the_target_forbids_is_not_completed():
    source = model({"a": (0, 3)})
    target = model({"a": (0, 2), "b": (0, None)}, rows=[({"b": 1, "a": -1}, 0, None)])
    notes = []
    assert first(source, target, {"a": var("a")}, notes=notes) is None
    assert "sample point" in notes[0]


def test_an_impossible_completion_is_explained():
    source = model(integer={"a": (0, 2)})
    target = model(
        {"u": (0, 1), "v": (0, 1)}, {"a": (0, 2)},
        rows=[({"u": 1, "v": 1, "a": -2}, 0, 0), ({"u": 1, "v": -1}, 0, 0)],
    )  # fmt: skip
    notes = []
    assert first(source, target, {"a": var("a")}, notes=notes) is None


def test_completions_are_many_lazy_and_the_same_each_time():
    source = model(integer={"a": (0, 9)})
    target = model({"e": (0, 99)}, {"a": (0, 9)}, rows=[({"e": 1, "a": -3}, 0, None)])

    def run():
        return [m.to_json() for m in complete(Prover(source, Budget()), target, {"a": var("a")})]

    found = run()
    assert found[0]["e"]["arguments"]["terms"] == {"a": "3"}
    assert len({str(entry) for entry in found}) == len(found) > 1
    assert found == run()
    assert all(proved(source, target, TotalMapping.from_json(entry)) for entry in found)
