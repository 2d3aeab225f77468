from fractions import Fraction

import pytest
from function_lemmas import check_hull, check_lemma, grid, whole_graph

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.switched import Switched

F = Fraction
B, V = map(AffineExpression.variable, "bv")


@pytest.mark.parametrize(("lower", "upper"), [(0, 4), (-3, 5), (2, 4), (-4, -2), (3, 3)])
def test_switched_values_keep_their_lemma_and_the_rows_allow_nothing_else(lower, upper):
    whole = Switched(B, V, F(lower), F(upper), "w", integral=True)
    points = grid(b=(0, 1), v=range(lower, upper + 1))
    check_lemma(whole, points)
    check_hull(whole, points)
    assert all(list(whole_graph(whole, point)) == [whole.evaluate(point)] for point in points)
    steps = [lower + F(k * (upper - lower), 5) for k in range(6)]
    check_lemma(Switched(B, V, F(lower), F(upper), "w"), grid(b=(0, 1), v=steps), slack=F(1, 100))


def test_an_empty_range_is_refused():
    with pytest.raises(MappingError, match="empty range"):
        Switched(B, V, F(1), F(0), "w")
