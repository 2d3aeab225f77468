from fractions import Fraction

import pytest
from published_models import digits, flat, lp

from agent.published.one_optimum import OneOptimum
from tools.mapping.affine import AffineExpression, AffineMapping


def linear(**expressions: dict[str, int]) -> AffineMapping:
    return AffineMapping(
        {
            name: AffineExpression(Fraction(0), {v: Fraction(a) for v, a in terms.items()})
            for name, terms in expressions.items()
        }
    )


RIGHT = linear(x={"d1": 10, "d0": 1}, y={"z": 1})


def test_the_right_map_passes_and_others_end_otherwise() -> None:
    optimum = OneOptimum(*digits())
    assert optimum.test(RIGHT).accepted
    assert optimum.test(linear(x={"d1": 10, "d0": 2}, y={"z": 1})).ending == "infeasible"
    assert optimum.test(linear(x={"d1": 10}, y={"z": 1})).ending == "worse"
    assert optimum.test(linear(x={"d1": 10, "d0": 1})).ending == "incomplete"
    assert optimum.test(linear(x={"d1": 10**400, "d0": 1}, y={"z": 1})).ending == "infeasible"
    assert not optimum.test(linear(x={"d1": 10**300, "d0": 10**300}, y={"z": 1})).accepted


def test_an_infeasible_pin_crashes_the_released_code() -> None:
    optimum = OneOptimum(*digits())
    assert optimum.test(linear(x={"d1": 10, "d0": 2}, y={"z": 1}), as_released=True).ending == "crashed"


def test_an_empty_map_passes_as_released_only() -> None:
    optimum = OneOptimum(*digits())
    assert optimum.test(AffineMapping({}), as_released=True).accepted
    assert optimum.test(AffineMapping({})).ending == "incomplete"


def test_two_indices_are_skipped_as_released() -> None:
    reference = lp("max y_1_1 + y_1_2", "c: y_1_1 + y_1_2 <= 3", integer="y_1_1 y_1_2")
    candidate = lp("max u + v", "c: u + v <= 3", integer="u v")
    wrong = linear(y_1_1={"u": 7, "v": 7}, y_1_2={"v": 1})
    optimum = OneOptimum(reference, candidate)
    assert optimum.test(wrong).ending == "infeasible"
    assert optimum.test(wrong, as_released=True).accepted


def test_unsolvable_models_have_nothing_to_map() -> None:
    reference, candidate = flat()
    endless = lp("max u + v", "c: u - v <= 3")
    empty = lp("max u", "c: u <= -1")
    same = linear(a={"u": 1}, b={"v": 1})
    assert OneOptimum(reference, endless).test(same).ending == "no optimum"
    assert OneOptimum(empty, candidate).test(linear(u={"u": 1})).why == "the solver calls the reference infeasible"


@pytest.mark.parametrize("scale", [1, 3])
def test_the_value_of_the_candidate_is_never_read(scale: int) -> None:
    reference, _ = flat()
    candidate = lp(f"max {scale} u + {scale} v + w", "c: u + v <= 10", "d: u <= 6", "e: w <= 4", integer="u v")
    assert OneOptimum(reference, candidate).test(linear(a={"u": 1}, b={"v": 1})).accepted
