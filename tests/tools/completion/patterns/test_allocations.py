from fractions import Fraction

import pytest
from lifting_proofs import identical, unproved
from small_models import model

from tools.completion.complete import complete
from tools.completion.patterns.allocations import AllocationPattern
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.mapping.affine import AffineExpression

DEMANDS = {"a": (3, 0, 4, 2), "b": (1, 5, 2, 6)}


def by_stock(demands, capacity=20):
    """Produce x, keep stock s, none at the end; y says in which periods production is set up."""
    rows, continuous, setups = [], {}, {}
    for item, amounts in demands.items():
        for t, amount in enumerate(amounts):
            before = {f"s{item}{t - 1}": 1} if t else {}
            after = {f"s{item}{t}": -1} if t < len(amounts) - 1 else {}
            rows.append(({f"x{item}{t}": 1, **before, **after}, amount, amount))
            rows.append(({f"x{item}{t}": 1, f"y{item}{t}": -capacity}, None, 0))
            continuous |= {f"x{item}{t}": (0, None)} | dict.fromkeys(after, (0, None))
            setups[f"y{item}{t}"] = (0, 1)
    return model(
        continuous, setups, minimize=dict.fromkeys(setups, 5) | {n: 1 for n in continuous if n[0] == "s"}, rows=rows
    )


def by_demand(demands, shared=None):
    """Produce w in period t for period k; `shared` limits what is produced in a period of all items."""
    rows, continuous, setups = [], {}, {}
    periods = range(len(next(iter(demands.values()))))
    for item, amounts in demands.items():
        for k in periods:
            rows.append(({f"w{item}{t}{k}": 1 for t in periods[: k + 1]}, amounts[k], amounts[k]))
            for t in periods[: k + 1]:
                rows.append(({f"w{item}{t}{k}": 1, f"y{item}{t}": -amounts[k]}, None, 0))
                continuous[f"w{item}{t}{k}"] = (0, None)
            setups[f"y{item}{k}"] = (0, 1)
    if shared is not None:
        rows += [({w: 1 for w in continuous if w[2] == str(t)}, None, shared) for t in periods]
    return model(continuous, setups, rows=rows)


def equations(source, target):
    """x is the sum of what it serves: the recovery of production from amounts."""
    return [
        (
            AffineExpression(
                Fraction(0), {w: Fraction(1) for w in target.variables if w[0] == "w" and w[1:3] == x[1:]}
            ),
            AffineExpression.variable(x),
        )
        for x in source.variables
        if x[0] == "x"
    ]


@pytest.mark.parametrize("items", ["a", "ab"])
@pytest.mark.parametrize("capacity", [20, 7])
def test_stock_lifts_to_amounts(monkeypatch, items, capacity):
    monkeypatch.setattr("tools.completion.search.PATTERNS", (AllocationPattern(),))
    demands = {item: DEMANDS[item] for item in items}
    source, target = by_stock(demands, capacity), by_demand(demands, 60 if len(items) > 1 else None)
    lifting = next(
        complete(Prover(source, Budget()), target, identical(target, "y"), equations=equations(source, target)), None
    )
    assert lifting is not None
    assert {function.name for function in lifting.extension.functions} == {"fifo_allocation"}
    assert unproved(source, target, lifting) == []
    for point in ({name: Fraction(0) for name in source.variables},):
        assert lifting.apply(point).keys() == set(target.variables)


def test_tables_that_are_no_staircase_find_nothing(monkeypatch):
    """Three supplies for three demands in a ring, each for two of them, have no order in time."""
    monkeypatch.setattr("tools.completion.search.PATTERNS", (AllocationPattern(),))
    rows = [({f"w{t}{k}": 1 for t in range(3) if t != k}, 2, 2) for k in range(3)]
    target = model({f"w{t}{k}": (0, None) for t in range(3) for k in range(3) if t != k}, {}, rows=rows)
    source = model({f"x{t}": (1, 3) for t in range(3)}, {}, rows=[({"x0": 1, "x1": 1, "x2": 1}, 6, 6)])
    sums = [
        (
            AffineExpression(Fraction(0), {f"w{t}{k}": Fraction(1) for k in range(3) if k != t}),
            AffineExpression.variable(f"x{t}"),
        )
        for t in range(3)
    ]
    assert next(complete(Prover(source, Budget()), target, {}, equations=sums), None) is None


def test_stocks_given_as_sums_of_amounts_do_not_hide_the_table():
    """s_k = Σ w_tj over t ≤ k < j: more equalities on each amount, which are no part of the table of sums."""
    source, target = by_stock(DEMANDS), by_demand(DEMANDS)
    stocks = [
        (
            AffineExpression(
                Fraction(0),
                {w: Fraction(1) for w in target.variables if w[:2] == f"w{s[1]}" and w[2] <= s[2] < w[3]},
            ),
            AffineExpression.variable(s),
        )
        for s in source.variables
        if s[0] == "s"
    ]
    given = {name: AffineExpression.variable(name) for name in target.variables if name[0] == "y"}
    budget = Budget.lasting(60)
    both = [*equations(source, target), *stocks]
    lifting = next(complete(Prover(source, budget), target, given, equations=both), None)
    assert lifting is not None
    assert {function.name for function in lifting.extension.functions} == {"fifo_allocation"}
