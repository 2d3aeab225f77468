from fractions import Fraction

import pytest
from function_lemmas import broken, check_lemma, grid
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.greedy_fill import GreedyFill, select

F = Fraction
E, U, V = map(AffineExpression.variable, "euv")
amounts = st.fractions(0, 5, max_denominator=6)


def points_that_fit(step):
    values = [k * step for k in range(4)]
    return [p for p in grid(e=[2 * v for v in values], u=values, v=values) if p["e"] <= 2 * p["u"] + p["v"] + 1]


def test_fillings_keep_their_lemma():
    capacities = (U, V + AffineExpression.number(1), U)
    check_lemma(GreedyFill(E, capacities, ("a", "b", "c")), points_that_fit(F(1, 2)))
    check_lemma(GreedyFill(E, capacities, ("a", "b", "c"), integral=True), points_that_fit(F(1)))


@given(st.lists(amounts, min_size=1, max_size=6), st.fractions(0, 1))
def test_any_total_that_fits_fills_from_the_front(capacities, share):
    names = tuple(f"v{k}" for k in range(len(capacities)))
    fill = GreedyFill(E, tuple(map(AffineExpression.number, capacities)), names)
    point = {"e": sum(capacities) * share}
    assert not broken(fill, point)
    values = list(fill.evaluate(point).values())
    for k, value in enumerate(values):
        assert value == capacities[k] or not any(values[k + 1 :])


def test_the_first_offer_that_stands_is_selected():
    selection = select(E, [U, V], ["a", "b"])
    points = [p for p in grid(e=(0, 1), u=(0, 1), v=(0, 1)) if p["e"] <= p["u"] + p["v"]]
    check_lemma(selection, points)
    assert selection.evaluate({"e": F(1), "u": F(1), "v": F(1)}) == {"a": 1, "b": 0}
    assert selection.evaluate({"e": F(1), "u": F(0), "v": F(1)}) == {"a": 0, "b": 1}
    assert selection.evaluate({"e": F(0), "u": F(1), "v": F(1)}) == {"a": 0, "b": 0}


def test_one_output_a_capacity():
    for names in ((), ("a", "b")):
        with pytest.raises(MappingError, match="one output for each"):
            GreedyFill(E, (U,), names)
