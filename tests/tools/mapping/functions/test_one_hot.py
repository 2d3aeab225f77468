from fractions import Fraction

import pytest
from function_lemmas import check_hull, check_lemma, grid, whole_graph

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.one_hot import OneHot

F = Fraction
X = AffineExpression.variable("x")


@pytest.mark.parametrize(("lower", "count"), [(-2, 4), (3, 2)])
def test_codes_of_a_whole_value_leave_no_choice(lower, count):
    code = OneHot(X, lower, tuple(f"w{k}" for k in range(count)))
    points = grid(x=range(lower, lower + count))
    check_lemma(code, points)
    check_hull(code, points)
    assert all(list(whole_graph(code, point)) == [code.evaluate(point)] for point in points)


def test_codes_of_any_value_leave_a_choice_at_whole_values_alone():
    code = OneHot(X, -1, ("a", "b", "c"), integral=False)
    points = grid(x=[F(k, 3) for k in range(-3, 7)])
    check_lemma(code, points, slack=F(1, 100))
    for point in points:
        allowed = list(whole_graph(code, point))
        assert code.evaluate(point) in allowed
        assert len(allowed) == (2 if point["x"] in (0, 1) else 1)


def test_a_code_for_a_single_value():
    check_lemma(OneHot(X, 4, ("w",)), grid(x=[4]), slack=None)


def test_values_outside_take_the_nearest_code():
    code = OneHot(X, 0, ("a", "b"))
    assert code.evaluate({"x": F(-5)}) == {"a": 1, "b": 0}
    assert code.evaluate({"x": F(7, 2)}) == {"a": 0, "b": 1}


def test_a_code_without_outputs_is_refused():
    with pytest.raises(MappingError, match="at least one output"):
        OneHot(X, 0, ())
