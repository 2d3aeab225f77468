from fractions import Fraction

import pytest
from function_lemmas import broken, check_lemma, grid, mutants, noticed, whole_graph

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.digits import Digits
from tools.mapping.functions.protocol import GraphRow

F = Fraction
X = AffineExpression.variable("x")


@pytest.mark.parametrize(("base", "places"), [(2, 1), (2, 4), (3, 2), (10, 2)])
def test_digits_keep_their_lemma_and_the_rows_allow_nothing_else(base, places):
    digits = Digits(X * 2 - X, base, tuple(f"d{k}" for k in range(places)))
    points = grid(x=range(base**places))
    check_lemma(digits, points)
    assert all(list(whole_graph(digits, point)) == [digits.evaluate(point)] for point in points)


def test_digits_of_a_large_number():
    names = tuple(f"d{k}" for k in range(200))
    digits = Digits(X, 7, names)
    value = F(7**200 - 5)
    assert not broken(digits, {"x": value})


def test_a_base_of_one_and_no_place_are_refused():
    for base, names in ((1, ("d",)), (10, ())):
        with pytest.raises(MappingError, match="digits"):
            Digits(X, base, names)


def first_of(function):
    return AffineExpression.variable(function.names[0])


class TestTheHarness:
    """The harness itself must fail where a lemma is wrong."""

    def test_a_tightened_row_fails(self):
        digits = Digits(X, 2, ("d0", "d1"))
        for what, outputs, rows in mutants(digits, F(1, 1000)):
            assert noticed(grid(x=range(4)), digits, outputs, rows), what

    def test_a_wrong_row_fails(self, monkeypatch):
        monkeypatch.setattr(Digits, "graph", lambda self: [GraphRow("wrong", first_of(self), F(0), F(0))])
        with pytest.raises(AssertionError, match="row wrong"):
            check_lemma(Digits(X, 2, ("d0", "d1")), grid(x=range(4)), slack=None)

    def test_a_row_that_says_nothing_fails(self, monkeypatch):
        monkeypatch.setattr(Digits, "graph", lambda self: [GraphRow("empty", first_of(self), F(-5), None)])
        with pytest.raises(AssertionError, match="no point would notice"):
            check_lemma(Digits(X, 2, ("d0",)), grid(x=range(2)))

    def test_a_point_outside_the_conditions_fails(self):
        with pytest.raises(AssertionError, match="breaks condition"):
            check_lemma(Digits(X, 2, ("d0",)), grid(x=[2]))

    @pytest.mark.parametrize("method", ["renamed", "substitute"])
    def test_a_method_that_does_nothing_fails(self, monkeypatch, method):
        monkeypatch.setattr(Digits, method, lambda self, names: self)
        with pytest.raises((AssertionError, MappingError), match=r"fresh|no value for variable 'x'"):
            check_lemma(Digits(X, 2, ("d0", "d1")), grid(x=range(4)))
