import random
from fractions import Fraction

import pytest
from definition_checks import check_definitions
from small_models import model

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.weighted_sum import Part, WeightedSum, free_split, mixed_base

F = Fraction
X = AffineExpression.variable("x")


def check(function, values):
    bounds = {"x": (function.lower, function.upper)}
    base = model(None, bounds) if function.step is not None else model(bounds)
    check_definitions(function, base, [{"x": value} for value in values])


def whole(lower, upper, *given):
    parts = tuple(
        Part(f"w{k}", F(a), None if low is None else F(low), None if high is None else F(high), True)
        for k, (a, low, high) in enumerate(given)
    )
    return WeightedSum(X, parts, None if lower is None else F(lower), None if upper is None else F(upper), F(1))


@pytest.mark.parametrize(
    ("lower", "upper", "given"),
    [
        (-3, 8, [(1, 0, 5), (1, -3, 3)]),
        (-4, 6, [(-1, 0, 8), (2, -1, 3)]),
        (3, 8, [(3, 0, None), (5, 0, None), (4, 0, 1)]),
        (-4, 4, [(1, None, None), (7, 0, 1)]),
        (5, 5, [(2, 0, 1), (3, 0, 1), (7, 0, 1)]),
        (2, 4, [(2, 1, 2), (0, 3, 5), (1, 0, 1)]),
    ],
)
def test_whole_parts(lower, upper, given):
    check(whole(lower, upper, *given), range(lower, upper + 1))


def test_mixed_bases_and_free_splits():
    check(mixed_base(X, [3, 2, 4], ["a", "b", "c"]), range(24))
    check(free_split(X, "p", "n"), [F(k, 3) for k in range(-7, 8)])
    check(free_split(X, "p", "n", integer=True), range(-7, 8))
    check(whole(0, None, (1, 0, 9), (10, 0, None)), [0, 9, 10, 12345])
    check(whole(None, 4, (1, -5, 4), (10, None, 0)), [4, -5, -6, -123456789])


def test_whole_and_continuous_parts():
    mixed = (Part("v", F(2), F(0), F(5), True), Part("w", F(7, 2), F(-1), F(1), True),
             Part("rest", F(-1), F(-1), F(1), False))  # fmt: skip
    check(WeightedSum(X, mixed, F(-9, 2), F(29, 2)), [F(-9, 2) + F(k, 3) for k in range(58)])
    gappy = (Part("v", F(3), F(0), F(2), True), Part("w", F(5), F(0), F(2), True),
             Part("rest", F(1), F(0), F(3), False))  # fmt: skip
    check(WeightedSum(X, gappy, F(0), F(8)), [F(k, 2) for k in range(17)])


def test_values_on_a_lattice():
    function = WeightedSum(X * F(1, 2), (Part("v", F(1, 2), F(0), F(3), True), Part("w", F(1), F(-1), F(2), True)),
                           F(-1), F(7, 2), F(1, 2))  # fmt: skip
    check_definitions(function, model(None, {"x": (-2, 7)}), [{"x": k} for k in range(-2, 8)])


@pytest.mark.parametrize("seed", range(4))
def test_random_sums(seed):
    chance = random.Random(seed)
    found = 0
    while found < 3:
        parts = []
        for k in range(chance.randint(1, 4)):
            low = chance.randint(-3, 3)
            high = F(low + chance.randint(0, 3)) if chance.random() < 0.8 else None
            parts.append(Part(f"w{k}", F(chance.randint(-4, 4)), F(low), high, chance.random() < 0.6))
        lower, step = chance.randint(-8, 8), F(1) if chance.random() < 0.6 else None
        upper = lower + chance.randint(0, 6)
        try:
            function = WeightedSum(X, tuple(parts), F(lower), F(upper), step)
        except MappingError:
            continue
        found += 1
        between = [x + F(1, 3) for x in range(lower, upper)] if step is None else []
        check(function, [*range(lower, upper + 1), *between])
