import itertools
from dataclasses import replace
from fractions import Fraction

import pytest
from function_lemmas import broken, check_lemma
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.fifo_allocation import FifoAllocation
from tools.mapping.functions.protocol import GraphRow

F = Fraction


def allocation(periods, surplus=False):
    supply = [AffineExpression.variable(f"X{t}") for t in range(periods)]
    demand = [AffineExpression.variable(f"D{t}") for t in range(periods)]
    return FifoAllocation.by_period(supply, demand, "w", surplus=surplus)


def with_setups(periods, periods_with, largest):
    setups = tuple((t, AffineExpression.variable(f"Y{t}")) for t in periods_with)
    return replace(
        allocation(periods),
        setups=setups,
        capacity=(F(periods * largest),) * len(setups),
        largest_demand=(F(largest),) * periods,
    )


def plans(periods, largest, surplus=False):
    """All whole supplies and demands in which stock never runs below zero."""
    for values in itertools.product(range(largest + 1), repeat=2 * periods):
        supply, demand = values[:periods], values[periods:]
        stocks = [sum(supply[: s + 1]) - sum(demand[: s + 1]) for s in range(periods)]
        if min(stocks) >= 0 and (surplus or stocks[-1] == 0):
            yield {f"X{t}": F(v) for t, v in enumerate(supply)} | {f"D{t}": F(v) for t, v in enumerate(demand)}


@pytest.mark.parametrize("surplus", [False, True])
@pytest.mark.parametrize("periods", [1, 2, 3])
def test_all_small_plans_are_allocated(periods, surplus):
    points = list(plans(periods, 2, surplus))
    check_lemma(allocation(periods, surplus), points[:: max(1, len(points) // 60)])
    assert not any(broken(allocation(periods, surplus), point) for point in points)


def test_setups_limit_what_their_supply_serves():
    points = []
    for plan in plans(3, 2):
        for flags in itertools.product((0, 1), repeat=2):
            if all(plan[f"X{t}"] == 0 or y for t, y in zip((0, 2), flags)):
                points.append(plan | {"Y0": F(flags[0]), "Y2": F(flags[1])})
    function = with_setups(3, (0, 2), 2)
    check_lemma(function, points[::9])
    assert not any(broken(function, point) for point in points)


amounts = st.fractions(0, 9, max_denominator=3)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=5))
def test_plans_with_fractions_are_allocated(periods):
    at = {}
    stock = F(0)
    for t, (supply, demand) in enumerate(periods):
        at[f"X{t}"], at[f"D{t}"] = supply, min(demand, stock + supply)
        stock += supply - at[f"D{t}"]
    assert not broken(allocation(len(periods), surplus=True), at)


def test_first_in_first_out():
    function = allocation(3)
    values = function.evaluate({"X0": F(5), "X1": F(4), "X2": F(0), "D0": F(2), "D1": F(4), "D2": F(3)})
    assert list(values.values()) == [2, 3, 0, 1, 3, 0]
    assert function.amount(1, 0) == AffineExpression.number(0)
    assert function.amount(0, 1).evaluate(values) == 3


@pytest.mark.parametrize("first", [(0, 0), (0, 1), (0, 0, 1), (0, 2), (1, 1)])
@pytest.mark.parametrize("surplus", [False, True])
def test_supplies_that_come_at_other_times_than_demands(first, surplus):
    demands = 3
    supply = tuple(AffineExpression.variable(f"X{t}") for t in range(len(first)))
    demand = tuple(AffineExpression.variable(f"D{k}") for k in range(demands))
    names = tuple(f"w[{t},{k}]" for t, least in enumerate(first) for k in range(least, demands))
    if first[0]:
        demand = (AffineExpression.number(0), *demand[1:])
    function = FifoAllocation(supply, demand, first, names, surplus)
    points = []
    for values in itertools.product(range(3), repeat=len(first) + demands):
        at = {f"X{t}": F(v) for t, v in enumerate(values[: len(first)])}
        at |= {f"D{k}": F(v) for k, v in enumerate(values[len(first) :])}
        supplied, demanded = [e.evaluate(at) for e in supply], [e.evaluate(at) for e in demand]
        left = sum(supplied) - sum(demanded)
        in_time = all(sum(supplied[:t]) >= sum(demanded[:least]) for t, least in enumerate(first) if t)
        if in_time and (left == 0 or (surplus and left > 0)):
            points.append(at if not first[0] else {name: v for name, v in at.items() if name != "D0"})
    check_lemma(function, points[::11], slack=None)
    assert not any(broken(function, at) for at in points)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: allocation(0), "needs a supply"),
        (lambda: replace(allocation(2), demand=()), "needs a supply"),
        (lambda: replace(allocation(2), first=(0,)), "needs a supply"),
        (lambda: replace(allocation(2), first=(1, 0)), "not decrease"),
        (lambda: replace(allocation(2), first=(0, 2)), "not decrease"),
        (lambda: replace(allocation(2), names=("a", "b")), "3 different names"),
        (lambda: replace(allocation(2), names=("a", "b", "b")), "3 different names"),
        (lambda: with_setups(2, (0, 0), 1), "wrong one"),
        (lambda: with_setups(2, (2,), 1), "wrong one"),
        (lambda: replace(with_setups(2, (0,), 1), capacity=()), "a capacity"),
        (lambda: replace(with_setups(2, (0,), 1), capacity=(F(-1),)), "a capacity"),
        (lambda: replace(with_setups(2, (0,), 1), largest_demand=()), "largest amount"),
    ],
)
def test_what_is_no_allocation_is_refused(build, message):
    with pytest.raises(MappingError, match=message):
        build()


def test_a_wrong_row_fails(monkeypatch):
    """Supplies need not be used up where a surplus may remain."""
    right = FifoAllocation.graph
    monkeypatch.setattr(
        FifoAllocation,
        "graph",
        lambda self: [GraphRow(r.label, r.expression, F(0), r.upper) for r in right(self)],
    )
    with pytest.raises(AssertionError, match=r"row s(upply|tock)"):
        check_lemma(allocation(2, surplus=True), list(plans(2, 1, surplus=True)), slack=None)


def test_a_demand_before_every_supply_must_be_nothing():
    """Its graph row reads 0 = D_0, which would empty the model and prove anything."""
    demand = (AffineExpression.number(2), AffineExpression.number(3))
    function = FifoAllocation((AffineExpression.number(5),), demand, (1,), ("w[0,1]",))
    assert broken(function, {}) or any(
        c.upper is not None and c.expression.evaluate({}) > c.upper for c in function.conditions()
    )
