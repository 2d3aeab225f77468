"""Vectorised exact arithmetic agrees with Python's rationals."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.formulation.numbers import ExactVector
from tools.isomorphism.arithmetic import agree, weighted_row_sums

decimals = st.builds(lambda n, q: float(f"{n}e-{q}"), st.integers(-(10**9), 10**9), st.integers(0, 25))
rationals = st.builds(Fraction, st.integers(-(10**25), 10**25), st.integers(1, 10**25))
numbers = decimals | rationals | st.floats(-1e30, 1e30).filter(lambda x: x == 0 or abs(x) > 1e-30)
nonzero = rationals.filter(bool)


@given(st.lists(st.tuples(numbers, nonzero, nonzero, st.sampled_from([0, 0, 1, Fraction(1, 10**40)])), min_size=1))
def test_agreement_is_exact(cases: list[tuple[float | Fraction, Fraction, Fraction, Fraction | int]]) -> None:
    left = ExactVector.of([case[0] for case in cases])
    scales, factors = [case[1] for case in cases], [case[2] for case in cases]
    perturbed = [left[e] * s / f + case[3] for e, (case, s, f) in enumerate(zip(cases, scales, factors))]
    right = ExactVector.of([value if abs(value) < 10**200 else Fraction(1) for value in perturbed])
    index = np.arange(len(cases), dtype=np.int64)
    expected = [left[e] * scales[e] == right[e] * factors[e] for e in range(len(cases))]
    assert agree(left, right, scales, index, factors, index).tolist() == expected


def test_numbers_that_agree_modulo_two_to_the_64_only_are_unequal() -> None:
    one, index = [Fraction(1)], np.zeros(1, dtype=np.int64)
    for difference in (2**64, 2**128, 3 * 2**64):
        left, right = ExactVector.of([Fraction(5)]), ExactVector.of([Fraction(5 + difference)])
        assert not agree(left, right, one, index, one, index)[0]
    huge = ExactVector.of([Fraction(10**40 + 2**64)])
    assert not agree(huge, ExactVector.of([Fraction(10**40)]), one, index, one, index)[0]
    assert agree(huge, huge, one, index, one, index)[0]


@given(st.lists(st.lists(st.tuples(numbers, rationals), min_size=1, max_size=4), min_size=1, max_size=5))
def test_sums_are_exact(groups: list[list[tuple[float | Fraction, Fraction]]]) -> None:
    flat = [entry for group in groups for entry in group]
    vector = ExactVector.of([entry[0] for entry in flat])
    weights = [entry[1] for entry in flat]
    starts = np.cumsum([0] + [len(group) for group in groups[:-1]])
    positions = np.arange(len(flat), dtype=np.int64)
    expected, e = [], 0
    for group in groups:
        expected.append(sum((vector[e + k] * weights[e + k] for k in range(len(group))), Fraction(0)))
        e += len(group)
    assert weighted_row_sums(vector, positions, starts, weights, positions) == expected
