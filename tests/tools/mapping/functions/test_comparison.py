from fractions import Fraction

import pytest
from function_lemmas import check_hull, check_lemma, grid, whole_graph

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.comparison import Comparison

F = Fraction
X, Y = map(AffineExpression.variable, "xy")


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("step", [None, F(1), F(1, 2)])
def test_comparisons_keep_their_lemma(strict, step):
    size = step or F(1, 3)
    values = [k * size for k in range(4)]
    comparison = Comparison(X, Y, strict, -3 * size, 3 * size, "o", step)
    points = grid(x=values, y=values)
    check_lemma(comparison, points, slack=F(1, 100))
    for point in points:
        allowed = list(whole_graph(comparison, point))
        assert comparison.evaluate(point) in allowed
        assert len(allowed) == (2 if step is None and point["x"] == point["y"] else 1)


@pytest.mark.parametrize(("lower", "upper"), [(None, None), (-2, None), (None, 2)])
def test_a_missing_bound_costs_its_row_alone(lower, upper):
    comparison = Comparison(
        X, Y, True, None if lower is None else F(lower), None if upper is None else F(upper), "o", F(1)
    )
    check_lemma(comparison, grid(x=range(3), y=range(3)))
    assert len(list(comparison.graph())) == (lower is not None) + (upper is not None)


@pytest.mark.parametrize(("lower", "upper"), [(1, 3), (-3, -1), (0, 0)])
def test_ranges_that_decide_the_comparison(lower, upper):
    points = [p for p in grid(x=range(4), y=range(4)) if lower <= p["y"] - p["x"] <= upper]
    for strict in (True, False):
        for step in (None, F(1)):
            check_lemma(Comparison(X, Y, strict, F(lower), F(upper), "o", step), points, slack=None)


@pytest.mark.parametrize("strict", [True, False])
def test_the_rows_of_one_difference_are_the_convex_hull(strict):
    check_hull(Comparison(X, AffineExpression(F(1)), strict, F(-3), F(2), "o", F(1)), grid(x=range(-1, 5)))


def test_a_step_of_zero_is_refused():
    with pytest.raises(MappingError, match="positive step"):
        Comparison(X, Y, True, None, None, "o", F(0))
