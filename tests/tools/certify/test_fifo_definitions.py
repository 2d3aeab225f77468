import random
from fractions import Fraction

import pytest
from definition_checks import check_definitions
from small_models import model

from tools.mapping.affine import AffineExpression
from tools.mapping.functions.fifo_allocation import FifoAllocation

F = Fraction


def allocation(first, demands, *, surplus, setups):
    supplies = len(first)
    supply = tuple(AffineExpression.variable(f"x{t}") for t in range(supplies))
    demand = tuple(AffineExpression.variable(f"d{k}") for k in range(demands))
    names = tuple(f"w{t},{k}" for t in range(supplies) for k in range(first[t], demands))
    extra = {}
    if setups:
        extra["setups"] = tuple((t, AffineExpression.variable(f"y{t}")) for t in range(supplies))
        extra |= {"capacity": (F(50),) * supplies, "largest_demand": (F(9),) * demands}
    return FifoAllocation(supply, demand, tuple(first), names, surplus, **extra)


def base(function):
    supplies, demands = len(function.supply), len(function.demand)
    rows = []
    for s, following in enumerate((*function.first[1:], demands)):
        terms = {f"x{t}": 1 for t in range(s + 1)} | {f"d{k}": -1 for k in range(following)}
        rows.append((terms, 0, 0 if s == supplies - 1 and not function.surplus else None))
    rows += [({f"y{t}": 50, f"x{t}": -1}, 0, None) for t in range(supplies)]
    amounts = {f"x{t}": (0, 50) for t in range(supplies)}
    amounts |= {f"d{k}": (0, 0 if k < function.first[0] else 9) for k in range(demands)}
    return model(amounts, {f"y{t}": (0, 1) for t in range(supplies)}, rows=rows)


def points(function, count):
    chance = random.Random(0)
    for _ in range(count):
        demand = [0 if k < function.first[0] else chance.randint(0, 9) for k in range(len(function.demand))]
        supply: list[int] = []
        for s, following in enumerate((*function.first[1:], len(demand))):
            needed = sum(demand[:following]) - sum(supply)
            more = chance.choice([0, 0, chance.randint(0, 6)])
            if not function.surplus:
                more = 0 if s == len(function.supply) - 1 else min(more, sum(demand) - sum(supply) - max(needed, 0))
            supply.append(max(needed, 0) + more)
        at = {f"x{t}": amount for t, amount in enumerate(supply)} | {f"d{k}": d for k, d in enumerate(demand)}
        yield at | {f"y{t}": int(amount > 0) for t, amount in enumerate(supply)}


@pytest.mark.parametrize("surplus", [False, True])
@pytest.mark.parametrize(("first", "demands"), [((0, 1, 2), 3), ((1, 1), 3)])
def test_shares(first, demands, surplus):
    function = allocation(first, demands, surplus=surplus, setups=True)
    check_definitions(function, base(function), points(function, 80))


def test_shares_without_setups():
    for first, demands in (((0,), 1), ((0, 0, 2, 3), 4)):
        function = allocation(first, demands, surplus=False, setups=False)
        check_definitions(function, base(function), points(function, 80))
