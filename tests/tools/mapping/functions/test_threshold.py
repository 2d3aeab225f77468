from fractions import Fraction
from itertools import combinations

import pytest
from function_lemmas import check_hull, check_lemma, grid, whole_graph

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.threshold import Threshold, unary

F = Fraction
X = AffineExpression.variable("x")


def threshold(lower, upper, places, integral=True):
    names = tuple(f"z{k}" for k in range(len(places)))
    return Threshold(X, F(lower), F(upper), tuple(map(F, places)), names, integral)


@pytest.mark.parametrize("places", [c for n in (1, 2, 4) for c in combinations(range(-1, 3), n)])
def test_thresholds_of_a_whole_value_leave_no_choice(places):
    function = threshold(-2, 2, places)
    points = grid(x=range(-2, 3))
    check_lemma(function, points)
    check_hull(function, points)
    assert all(list(whole_graph(function, point)) == [function.evaluate(point)] for point in points)


def test_thresholds_of_any_value_leave_a_choice_at_the_threshold_alone():
    function = threshold(0, 3, [F(1, 2), F(2), F(3)], integral=False)
    points = grid(x=[F(k, 4) for k in range(13)])
    check_lemma(function, points, slack=F(1, 3))
    for point in points:
        allowed = list(whole_graph(function, point))
        assert function.evaluate(point) in allowed
        assert len(allowed) == (2 if point["x"] in (F(1, 2), 2, 3) else 1)


def test_the_unary_code_sums_to_the_value():
    code = unary(X, -1, ["a", "b", "c"])
    check_lemma(code, grid(x=range(-1, 3)))
    assert [row.expression.terms for row in code.graph() if row.label == "threshold"] == [
        {"x": 1, "a": -1, "b": -1, "c": -1}
    ]


@pytest.mark.parametrize(
    "places", [[], [2, 1], [1, 1], [0], [4], [F(1, 2)]]
)  # fmt: skip
def test_wrong_thresholds_are_refused(places):
    with pytest.raises(MappingError, match="thresholds"):
        threshold(0, 3, places)
