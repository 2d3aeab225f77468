from fractions import Fraction

import pytest
from function_lemmas import check_lemma, grid

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.floor import Floor

F = Fraction
X = AffineExpression.variable("x")


def test_whole_parts_of_any_number():
    check_lemma(Floor(X, "q"), grid(x=[F(k, 7) for k in range(-20, 20)]), slack=F(1, 6))


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_whole_parts_of_multiples_leave_no_choice(parts):
    floor = Floor(X, "q", parts)
    points = grid(x=[F(k, parts) for k in range(-2 * parts, 2 * parts + 1)])
    check_lemma(floor, points, slack=F(1, 100))
    (row,) = floor.graph()
    for point in points:
        q = floor.evaluate(point)["q"]
        fits = [n for n in range(-9, 9) if row.lower <= row.expression.evaluate({**point, "q": F(n)}) <= row.upper]
        assert fits == [q]


def test_no_parts_are_refused():
    with pytest.raises(MappingError, match="positive number"):
        Floor(X, "q", 0)
