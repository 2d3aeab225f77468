"""Simplified formulations keep variables, objective and feasible set."""

import itertools
import random
from fractions import Fraction

import pytest

from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector
from tools.formulation.simplified import simplified


def random_box(seed: int) -> Formulation:
    """Four integers from 0 to 2 with small rows, some of which fix variables."""
    rng = random.Random(seed)
    rows = [{j: rng.choice((-2, -1, 1, 2)) for j in rng.sample(range(4), rng.choice((1, 1, 2, 3)))} for _ in range(5)]
    lows = [rng.choice((-4, -1, 0, 1, float("-inf"))) for _ in rows]
    highs = [low + rng.choice((0, 0, 1, 3)) if low != float("-inf") else rng.choice((0, 2)) for low in lows]
    return Formulation.build(
        variables=list("abcd"), lower=ExactVector.of([0] * 4), upper=ExactVector.of([2] * 4), kinds=[1] * 4,
        objective=ExactVector.of([1, 2, 3, 4]), rows=[f"r{i}" for i in range(5)], row_lower=ExactVector.of(lows),
        row_upper=ExactVector.of(highs), indptr=[0, *itertools.accumulate(map(len, rows))],
        columns=[j for row in rows for j in row], coefficients=ExactVector.of(a for row in rows for a in row.values()),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_the_feasible_set_is_the_same(seed: int) -> None:
    model = random_box(seed)
    simple = simplified(model)
    assert simple.variables == model.variables
    assert simple.objective == model.objective
    for point in itertools.product(map(Fraction, range(3)), repeat=4):
        assert simple.is_feasible(point) == model.is_feasible(point)


def test_a_chain_of_fixings_is_followed() -> None:
    """a = 1 makes a + b = 3 fix b = 2, which makes b − c ≤ 0 with c ≤ 2 fix c."""
    model = Formulation.build(
        variables=list("abc"), lower=ExactVector.of([1, 0, 0]), upper=ExactVector.of([1, 5, 2]), kinds=[0, 0, 0],
        objective=ExactVector.of([1, 1, 1]), rows=["sum", "order"], row_lower=ExactVector.of([3, float("-inf")]),
        row_upper=ExactVector.of([3, 0]), indptr=[0, 2, 4], columns=[0, 1, 1, 2],
        coefficients=ExactVector.of([1, 1, 1, -1]),
    )  # fmt: skip
    simple = simplified(model)
    assert [simple.lower[j] for j in range(3)] == [simple.upper[j] for j in range(3)] == [1, 2, 2]
    assert simple.nonzeros == 0
