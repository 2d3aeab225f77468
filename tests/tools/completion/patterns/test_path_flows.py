from fractions import Fraction

import pytest
from lifting_proofs import unproved
from small_models import model

from tools.completion.complete import complete
from tools.completion.patterns.path_flows import PathFlowPattern
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.path_decomposition import simple_paths

F = Fraction
ARCS = ((0, 1), (0, 2), (1, 4), (2, 4), (4, 5), (4, 6), (5, 3), (6, 3))
"""Four paths, whose flows the arcs leave open."""


@pytest.fixture(autouse=True)
def paths_alone(monkeypatch):
    monkeypatch.setattr("tools.completion.search.PATTERNS", (PathFlowPattern(),))


def by_arcs(amounts, shown=(0, 1, 2, 3, 4, 5, 6), turned=False, arcs=ARCS, integer=False):
    """Send amounts from 0 to 3 along arcs; `shown` are the nodes that have a conservation row."""
    rows, flows = [], {}
    for item, amount in amounts.items():
        flows |= {f"y{item}{a}": (0, 9) for a in range(len(arcs))}
        for node in shown:
            sign = -1 if turned and node % 2 else 1
            out = {f"y{item}{a}": sign for a, (tail, _) in enumerate(arcs) if tail == node}
            into = {f"y{item}{a}": -sign for a, (_, head) in enumerate(arcs) if head == node}
            net = sign * amount * ((node == 0) - (node == 3))
            rows.append(({**out, **into}, net, net))
    rows += [({f"y{item}{a}": 1 for item in amounts}, None, 4) for a in range(len(arcs))]
    return model(
        {} if integer else flows,
        flows if integer else {},
        minimize={f: 1 + k % 3 for k, f in enumerate(flows)},
        rows=rows,
    )


def by_paths(amounts, arcs=ARCS, integer=False):
    paths = simple_paths(arcs, 0, 3)
    flows = {f"h{item}{p}": (0, None) for item in amounts for p in range(len(paths))}
    rows = [({f"h{item}{p}": 1 for p in range(len(paths))}, amount, amount) for item, amount in amounts.items()]
    rows += [
        ({f"h{item}{p}": 1 for item in amounts for p, path in enumerate(paths) if a in path}, None, 4)
        for a in range(len(arcs))
    ]
    target = model({} if integer else flows, flows if integer else {}, rows=rows)
    sums = [
        (
            AffineExpression(F(0), {f"h{item}{p}": F(1) for p, path in enumerate(paths) if a in path}),
            AffineExpression.variable(f"y{item}{a}"),
        )
        for item in amounts
        for a in range(len(arcs))
    ]
    return target, sums


@pytest.mark.parametrize("amounts", [{"a": 3}, {"a": 3, "b": 2}])
@pytest.mark.parametrize("shown", [(0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 4, 5, 6), (1, 2, 3, 4, 5, 6)])
@pytest.mark.parametrize("turned", [False, True])
def test_arc_flows_lift_to_path_flows(amounts, shown, turned):
    source = by_arcs(amounts, shown, turned)
    target, sums = by_paths(amounts)
    lifting = next(complete(Prover(source, Budget()), target, {}, equations=sums), None)
    assert lifting is not None
    assert [function.name for function in lifting.extension.functions] == ["path_decomposition"] * len(amounts)
    assert unproved(source, target, lifting) == []


def test_whole_flows_stay_whole():
    source = by_arcs({"a": 3}, integer=True)
    target, sums = by_paths({"a": 3}, integer=True)
    lifting = next(complete(Prover(source, Budget()), target, {}, equations=sums))
    assert lifting.extension.functions[0].integral


def test_a_missing_path_finds_nothing():
    source = by_arcs({"a": 3})
    target, sums = by_paths({"a": 3})
    without = [
        (AffineExpression(F(0), {n: c for n, c in left.terms.items() if n != "ha0"}), right) for left, right in sums
    ]
    assert (
        next(complete(Prover(source, Budget()), target, {"ha0": AffineExpression.number(0)}, equations=without), None)
        is None
    )
