"""Textbook models written in algebra are the same models as written out by hand."""

from typing import Any

import pytest
from algebra_documents import grounded

from tools.algebra.document import SCHEMA, document_of, format_document
from tools.algebra.printing import algebra_lines
from tools.formulation.lp_reader import parse_lp

KNAPSACK = {
    "schema": SCHEMA, "name": "knapsack", "sense": "maximize", "sets": {"I": ["tent", "stove", "book"]},
    "parameters": {"value": {"indices": ["I"], "values": ["60.5", 40, 30]}, "room": 8,
                   "weight": {"tent": 5, "stove": 4, "book": 0.1}},
    "variables": [{"name": "take", "indices": ["I"], "kind": "binary", "description": "whether it is packed"}],
    "objective": "sum(value[i]*take[i] for i in I)",
    "constraints": [{"name": "fits", "expression": "sum(weight[i]*take[i] for i in I) <= room"}],
}  # fmt: skip
KNAPSACK_LP = """
Maximize
 o: 60.5 take[tent] + 40 take[stove] + 30 take[book]
Subject To
 fits: 5 take[tent] + 4 take[stove] + 0.1 take[book] <= 8
Binaries
 take[tent] take[stove] take[book]
End
"""

TRANSPORT = {
    "schema": SCHEMA, "sense": "minimize", "sets": {"I": 2, "J": 3},
    "parameters": {"supply": [20, 30], "demand": [10, 25, 15], "cost": [[8, 6, 10], [9, 12, 13]]},
    "variables": [{"name": "x", "indices": ["I", "J"], "kind": "continuous", "lower": 0, "upper": None}],
    "objective": "sum(cost[i,j]*x[i,j] for i in I for j in J)",
    "constraints": [
        {"name": "out", "for": ["i in I"], "expression": "sum(x[i,j] for j in J) <= supply[i]"},
        {"name": "into", "for": ["j in J"], "expression": "demand[j] <= sum(x[i,j] for i in I)"},
    ],
}  # fmt: skip
TRANSPORT_LP = """
Minimize
 o: 8 x[1,1] + 6 x[1,2] + 10 x[1,3] + 9 x[2,1] + 12 x[2,2] + 13 x[2,3]
Subject To
 out[1]: x[1,1] + x[1,2] + x[1,3] <= 20
 out[2]: x[2,1] + x[2,2] + x[2,3] <= 30
 into[1]: x[1,1] + x[2,1] >= 10
 into[2]: x[1,2] + x[2,2] >= 25
 into[3]: x[1,3] + x[2,3] >= 15
End
"""

LOT_SIZING = {
    "schema": SCHEMA, "sense": "minimize", "sets": {"T": "n", "T0": {"from": 0, "to": "n"}},
    "parameters": {"n": 3, "d": [4, 0, 7], "setup": 25, "hold": "1/3"},
    "variables": [
        {"name": "make", "indices": ["T"], "kind": "continuous", "lower": 0, "upper": None},
        {"name": "stock", "indices": ["t in T0"], "kind": "continuous", "lower": 0, "upper": "0^t*0 + (n - 0^t*n)*100"},
        {"name": "open", "indices": ["T"], "kind": "binary"},
    ],
    "objective": "sum(setup*open[t] + hold*stock[t] for t in T)",
    "constraints": [
        {"name": "balance", "for": ["t in T"], "expression": "stock[t-1] + make[t] = d[t] + stock[t]"},
        {"name": "link", "for": ["t in T"], "expression": "make[t] <= sum(d[s] for s in t..n)*open[t]"},
    ],
}  # fmt: skip
LOT_SIZING_LP = """
Minimize
 o: 25 open[1] + 25 open[2] + 25 open[3]
Subject To
 balance[1]: stock[0] + make[1] - stock[1] = 4
 balance[2]: stock[1] + make[2] - stock[2] = 0
 balance[3]: stock[2] + make[3] - stock[3] = 7
 link[1]: make[1] - 11 open[1] <= 0
 link[2]: make[2] - 7 open[2] <= 0
 link[3]: make[3] - 7 open[3] <= 0
Bounds
 stock[0] = 0
 stock[1] <= 300
 stock[2] <= 300
 stock[3] <= 300
Binaries
 open[1] open[2] open[3]
End
"""

TOUR = {
    "schema": SCHEMA, "sense": "minimize", "sets": {"V": 3},
    "parameters": {"d": [[0, 1, 2], [3, 0, 4], [5, 6, 0]]},
    "variables": [
        {"name": "x", "indices": ["i in V", "j in V if j != i"], "kind": "binary"},
        {"name": "u", "indices": ["2..3"], "kind": "continuous", "lower": 2, "upper": 3},
    ],
    "objective": "sum(d[i,j]*x[i,j] for i in V for j in V if i != j)",
    "constraints": [
        {"name": "leave", "for": ["i in V"], "expression": "sum(x[i,j] for j in V if j != i) == 1"},
        {"name": "enter", "for": ["j in V"], "expression": "sum(x[i,j] for i in V if i != j) == 1"},
        {"name": "order", "for": ["i in 2..3", "j in 2..3 if i != j"], "expression": "u[i] - u[j] + 3*x[i,j] <= 2"},
    ],
}  # fmt: skip
TOUR_LP = """
Minimize
 o: x[1,2] + 2 x[1,3] + 3 x[2,1] + 4 x[2,3] + 5 x[3,1] + 6 x[3,2]
Subject To
 leave[1]: x[1,2] + x[1,3] = 1
 leave[2]: x[2,1] + x[2,3] = 1
 leave[3]: x[3,1] + x[3,2] = 1
 enter[1]: x[2,1] + x[3,1] = 1
 enter[2]: x[1,2] + x[3,2] = 1
 enter[3]: x[1,3] + x[2,3] = 1
 order[2,3]: u[2] - u[3] + 3 x[2,3] <= 2
 order[3,2]: u[3] - u[2] + 3 x[3,2] <= 2
Bounds
 2 <= u[2] <= 3
 2 <= u[3] <= 3
Binaries
 x[1,2] x[1,3] x[2,1] x[2,3] x[3,1] x[3,2]
End
"""

PAIRS = [(KNAPSACK, KNAPSACK_LP), (TRANSPORT, TRANSPORT_LP), (LOT_SIZING, LOT_SIZING_LP), (TOUR, TOUR_LP)]


@pytest.mark.parametrize(("data", "lp"), PAIRS, ids=["knapsack", "transport", "lot sizing", "tour"])
def test_algebra_means_what_is_written_out(data: dict[str, Any], lp: str) -> None:
    found, expected = grounded(data), parse_lp(lp)
    assert contents(found) == contents(expected)
    if data in (KNAPSACK, TRANSPORT):  # written in the order of the file
        assert found.same_as(expected)


def contents(model: Any) -> Any:
    """Everything but the order of variables."""
    thirds = {f"stock[{t}]" for t in (1, 2, 3)}  # LP cannot hold 1/3
    variables = {
        name: (
            model.lower.finite(j),
            model.upper.finite(j),
            int(model.kinds[j]),
            0 if name in thirds else model.objective[j],
        )
        for j, name in enumerate(model.variables)
    }
    rows = {
        name: (model.row_lower.finite(i), model.row_upper.finite(i),
               {model.variables[j]: a for j, a in model.row_terms(i).items()})
        for i, name in enumerate(model.rows)
    }  # fmt: skip
    return model.sense, model.objective_constant, variables, rows


def test_a_third_stays_a_third() -> None:
    model = grounded(LOT_SIZING)
    assert model.objective[model.variable_index["stock[2]"]] * 3 == 1


def test_people_read_algebra() -> None:
    lines = algebra_lines(document_of(KNAPSACK))
    assert lines == [
        "maximize sum(value[i]*take[i] for i in I)",
        "sets:",
        "  I = {tent, stove, book} (3)",
        "parameters:",
        "  value[I] = 60.5, 40, 30 (3)",
        "  room = 8",
        "  weight = 5, 4, 0.1 (3 at tent, stove, book)",
        "variables:",
        "  take[I] binary, 0 <= take <= 1  -- whether it is packed",
        "constraints:",
        "  fits: sum(weight[i]*take[i] for i in I) <= room",
    ]
    assert "  into for j in J: demand[j] <= sum(x[i,j] for i in I)" in algebra_lines(document_of(TRANSPORT))
    assert "  T0 = 0..3 (4)" in algebra_lines(document_of(LOT_SIZING))


def test_what_people_read_is_bounded_and_inert() -> None:
    data = TRANSPORT | {
        "description": "bad \x1b[31m words\n" * 500,
        "sets": {"I": 2, "J": 3, "K": list(range(500))},
        "parameters": TRANSPORT["parameters"] | {"big": [[1] * 300] * 300, "long": ["0." + "3" * 200]},  # type: ignore[operator]
    }
    lines = algebra_lines(document_of(data))
    assert all(line.isprintable() and len(line) < 400 for line in lines)
    assert "  K = {0, 1, 2, 3, 4, 5, 6, 7, …} (500)" in lines
    assert "  big = 1, 1, 1, 1, 1, 1, 1, 1, … (300×300)" in lines


def test_the_document_can_be_edited_by_hand() -> None:
    text = format_document(document_of(KNAPSACK))
    assert '\n  "room": 8' in text
    assert '"expression": "sum(weight[i]*take[i] for i in I) <= room"' in text
