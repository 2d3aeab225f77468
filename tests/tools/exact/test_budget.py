import math
import time

from tools.exact.budget import Budget


def test_without_a_deadline_nothing_expires() -> None:
    budget = Budget()
    assert math.isinf(budget.remaining)
    assert not budget.expired
    assert budget.limits.seconds == budget.solve_seconds
    assert budget.limits.nodes == budget.solve_nodes


def test_a_deadline_bounds_every_call_and_survives_shrinking() -> None:
    budget = Budget.lasting(5, tree_nodes=40, seed=3)
    assert 4 < budget.remaining <= 5
    assert budget.limits.seconds <= 5
    assert budget.limits.seed == 3
    assert budget.smaller(4).deadline == budget.deadline
    assert budget.smaller(4).tree_nodes == 10
    assert Budget(deadline=time.monotonic() - 1).expired


def test_the_last_call_still_gets_a_positive_limit() -> None:
    assert Budget.lasting(-10).limits.seconds > 0


def test_shrinking_never_reaches_zero() -> None:
    tiny = Budget().smaller(10**9)
    assert min(tiny.tree_nodes, tiny.solve_nodes, tiny.hunts, tiny.enumeration) > 0
