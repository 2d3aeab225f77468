"""Digits, splits and unary codes: completeness by fibres, against listing every solution."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.claims.fibres import _with_multiples, fibre_requirements
from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.verify import Pair, verify_pair
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector
from tools.mapping.forms import IndexMapping

IDENTITY = ObjectiveRelation(Fraction(1), Fraction(0))


def count_model(upper: int) -> Formulation:
    """min −y, y integer from 0 to `upper`, 3y ≤ 200."""
    return Formulation.build(
        variables=["y"], lower=ExactVector.of([0]), upper=ExactVector.of([upper]), kinds=[1],
        objective=ExactVector.of([-1]), rows=["cap"], row_lower=ExactVector.of([float("-inf")]),
        row_upper=ExactVector.of([200]), indptr=[0, 1], columns=[0], coefficients=ExactVector.of([3]),
    )  # fmt: skip


def coded_model(weights: list[int], uppers: list[int], spoiled: bool = False) -> Formulation:
    """The same with y = Σ weights·x; `spoiled` makes the row look at one digit alone."""
    n = len(weights)
    row = [3 * w for w in weights]
    if spoiled:
        row[0] += 1
    return Formulation.build(
        variables=[f"x{k}" for k in range(n)], lower=ExactVector.of([0] * n), upper=ExactVector.of(uppers),
        kinds=[1] * n, objective=ExactVector.of([-w for w in weights]), rows=["cap"],
        row_lower=ExactVector.of([float("-inf")]), row_upper=ExactVector.of([200]), indptr=[0, n],
        columns=list(range(n)), coefficients=ExactVector.of(row),
    )  # fmt: skip


def mapping(weights: list[int]) -> IndexMapping:
    return IndexMapping([Fraction(0)], [{k: Fraction(w) for k, w in enumerate(weights)}])


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 6)), min_size=2, max_size=4), st.integers(1, 40))
def test_the_lemma_holds_exactly_when_every_value_is_a_sum(parts: list[tuple[int, int]], upper: int) -> None:
    weights, uppers = [w for w, _ in parts], [u for _, u in parts]
    sums = {
        sum(w * v for w, v in zip(weights, values)) for values in itertools.product(*(range(u + 1) for u in uppers))
    }
    found = fibre_requirements(count_model(upper), coded_model(weights, uppers), mapping(weights), IDENTITY)
    assert (found is not None) == set(range(upper + 1)).issubset(sums)


@pytest.mark.parametrize(
    ("weights", "uppers", "upper", "spoiled", "result"),
    [
        ([10, 1], [9, 9], 99, False, "proved"),
        ([10, 1], [5, 9], 99, False, "refuted"),  # 3y ≤ 200 allows 66, the digits end at 59
        ([10, 1], [9, 8], 99, False, "refuted"),  # 9 has no digits
        ([1, 1, 1], [22, 22, 22], 66, False, "proved"),
        ([10, 1], [9, 9], 99, True, "refuted"),
    ],
)
def test_completeness_of_codes(weights: list[int], uppers: list[int], upper: int, spoiled: bool, result: str) -> None:
    pair = Pair(count_model(upper), coded_model(weights, uppers, spoiled), Budget())
    assert verify_pair(pair, mapping(weights)).claims["complete"].result == result


@given(st.integers(1, 9), st.integers(0, 30))
def test_bit_sets_hold_every_multiple(step: int, count: int) -> None:
    assert _with_multiples(1, step, count) == sum(1 << (step * v) for v in range(count + 1))
