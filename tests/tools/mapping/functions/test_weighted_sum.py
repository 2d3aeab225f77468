import itertools
import math
from fractions import Fraction

import pytest
from function_lemmas import broken, check_lemma, grid, whole_graph
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.weighted_sum import Part, WeightedSum, free_split, mixed_base

F = Fraction
X = AffineExpression.variable("x")


def parts(*given, integer=True):
    return tuple(
        Part(f"w{k}", F(a), None if low is None else F(low), None if high is None else F(high), integer)
        for k, (a, low, high) in enumerate(given)
    )


def whole(lower, upper, *given):
    return WeightedSum(X, parts(*given), None if lower is None else F(lower), None if upper is None else F(upper), F(1))


@pytest.mark.parametrize(
    ("lower", "upper", "given_parts"),
    [
        (0, 23, [(1, 0, 1), (2, 0, 2), (6, 0, 3)]),  # digits in the bases 2, 3, 4
        (-3, 8, [(1, 0, 5), (1, -3, 3)]),  # a split within bounds
        (0, 4, [(1, 0, 1)] * 4),  # unary, in any order
        (-4, 6, [(-1, 0, 8), (2, -1, 3)]),
        (3, 8, [(3, 0, None), (5, 0, None), (4, 0, 1)]),  # coins: 1, 2 and 6 cannot be had, these can
        (-5, 5, [(1, 0, None), (-1, 0, None)]),
        (-4, 4, [(1, None, None), (7, 0, 1)]),
        (0, 1, [(3, 0, None), (-2, 0, None)]),  # 1 = 3 − 2
        (5, 5, [(2, 0, 1), (3, 0, 1), (7, 0, 1)]),
        (2, 4, [(2, 1, 2), (0, 3, 5), (1, 0, 1)]),
    ],
)
def test_whole_parts_of_whole_values(lower, upper, given_parts):
    check_lemma(whole(lower, upper, *given_parts), grid(x=range(lower, upper + 1)), slack=None)


def test_digits_of_mixed_bases_leave_no_choice():
    digits = mixed_base(X, [3, 2, 4], ["a", "b", "c"])
    points = grid(x=range(24))
    check_lemma(digits, points)
    assert all(list(whole_graph(digits, point)) == [digits.evaluate(point)] for point in points)
    assert digits.evaluate({"x": F(17)}) == {"a": 2, "b": 1, "c": 2}


def test_numbers_of_any_size_have_digits():
    digits = mixed_base(X, [1 << 40] * 30, [f"d{k}" for k in range(30)])
    assert not broken(digits, {"x": F((1 << 1200) - 12345)})


def test_free_splits_are_the_positive_and_negative_part():
    check_lemma(free_split(X, "p", "n"), grid(x=[F(k, 3) for k in range(-7, 8)]))
    check_lemma(free_split(X, "p", "n", integer=True), grid(x=range(-7, 8)))
    assert free_split(X, "p", "n").evaluate({"x": F(-7, 3)}) == {"p": 0, "n": F(7, 3)}
    assert free_split(X, "p", "n").evaluate({"x": F(10**30)}) == {"p": 10**30, "n": 0}


def test_unbounded_values_with_unbounded_digits_on_top():
    function = whole(0, None, (1, 0, 9), (10, 0, None))
    check_lemma(function, grid(x=[0, 9, 10, 123456789]), slack=None)
    function = whole(None, 4, (1, -5, 4), (10, None, 0))
    check_lemma(function, grid(x=[4, -5, -6, -123456789]), slack=None)


def test_whole_and_continuous_parts_without_a_gap():
    mixed = (
        Part("whole", F(2), F(0), F(5), True), Part("more", F(7, 2), F(-1), F(1), True),
        Part("rest", F(-1), F(-1), F(1), False),
    )  # fmt: skip
    function = WeightedSum(X, mixed, F(-9, 2), F(29, 2))
    check_lemma(function, grid(x=[F(-9, 2) + F(k, 3) for k in range(58)] + [F(29, 2)]), slack=None)


def test_a_table_serves_a_continuous_range_amid_gaps():
    gappy = (Part("w", F(3), F(0), F(2), True), Part("rest", F(1), F(0), F(1), False))
    check_lemma(WeightedSum(X, gappy, F(3), F(4)), grid(x=[3, F(7, 2), 4]), slack=None)
    with pytest.raises(MappingError, match="not every value"):
        WeightedSum(X, gappy, F(3), F(5))


@pytest.mark.parametrize("step", [F(1, 2), F(2), F(3)])
def test_values_on_a_lattice(step):
    function = WeightedSum(X, parts((step, 0, 3), (2 * step, -1, 2)), -2 * step, 7 * step, step)
    check_lemma(function, [{"x": k * step} for k in range(-2, 8)], slack=None)


@pytest.mark.parametrize(
    ("lower", "upper", "given_parts"),
    [
        (0, 3, [(2, 0, 1), (1, 0, 0)]), (0, 3, [(2, 0, 5)]), (0, None, [(1, 0, 10)]), (None, 0, [(1, 0, None)]),
        (0, 2, [(F(1, 2), 0, 3)]), (-1, 0, [(1, 0, None)]), (0, 10**9, [(2, 0, 10**9), (3, 0, 10**9)]),
        (0, 1, [(6, None, None), (4, None, None)]),
    ],
)  # fmt: skip
def test_values_that_cannot_be_written_are_refused(lower, upper, given_parts):
    with pytest.raises(MappingError, match="not every multiple of 1"):
        whole(lower, upper, *given_parts)


def test_whole_parts_of_values_that_are_not_whole_are_refused():
    with pytest.raises(MappingError, match="not every value"):
        WeightedSum(X, parts((1, 0, 9)), F(0), F(9))


def test_other_mistakes_are_refused():
    for wrong, message in (
        (lambda: WeightedSum(X, (), F(0), F(1)), "at least one part"),
        (lambda: WeightedSum(X, parts((1, 0, 1)), F(0), F(1), F(0)), "step"),
        (lambda: WeightedSum(X, parts((1, F(1, 3), F(2, 3))), F(0), F(1), F(1)), "no value within its bounds"),
        (lambda: whole(0, 1, (1, 0, 1)).evaluate({"x": F(2)}), "found 2"),
        (lambda: whole(0, 1, (1, 0, 1)).evaluate({"x": F(1, 2)}), "found 1/2"),
    ):
        with pytest.raises(MappingError, match=message):
            wrong()


small = st.integers(-4, 4)
terms = st.tuples(small, small, st.integers(0, 3), st.booleans())


@settings(max_examples=300, deadline=None)
@given(st.lists(terms, min_size=1, max_size=4), st.integers(-8, 8), st.integers(0, 6), st.booleans())
def test_construction_succeeds_exactly_where_brute_force_writes_every_value(chosen, lower, length, lattice):
    upper = lower + length
    listed = tuple(
        Part(f"w{k}", F(a), F(low), F(low + count), integer) for k, (a, low, count, integer) in enumerate(chosen)
    )
    sums = {
        sum(a * v for (a, *_), v in zip((c for c in chosen if c[3]), choice))
        for choice in itertools.product(*(range(low, low + count + 1) for _, low, count, integer in chosen if integer))
    }
    least = sum(min(a * low, a * (low + count)) for a, low, count, integer in chosen if not integer)
    span = sum(abs(a) * count for a, _, count, integer in chosen if not integer)
    # Ends of reachable intervals are whole, so quarters find every gap.
    targets = [F(k) for k in range(lower, upper + 1)] if lattice else [F(k, 4) for k in range(4 * lower, 4 * upper + 1)]
    reachable = all(any(s + least <= target <= s + least + span for s in sums) for target in targets)
    try:
        function = WeightedSum(X, listed, F(lower), F(upper), F(1) if lattice else None)
    except MappingError:
        assert not reachable
        return
    assert reachable
    for target in targets:
        assert not broken(function, {"x": target})


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(small.filter(bool), st.none() | small, st.none() | small), min_size=1, max_size=3),
    st.none() | st.integers(-9, 9), st.none() | st.integers(-9, 9),
)  # fmt: skip
def test_what_is_built_on_infinite_ranges_writes_every_value(chosen, lower, upper):
    try:
        function = whole(lower, upper, *chosen)
    except MappingError:
        return
    least, most = -60 if lower is None else lower, 60 if upper is None else upper
    for value in range(least, most + 1):
        assert not broken(function, {"x": F(value)})
    assert math.gcd(*(a for a, *_ in chosen)) == 1 or least >= most
