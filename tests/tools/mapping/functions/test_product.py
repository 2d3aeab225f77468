import pytest
from function_lemmas import check_hull, check_lemma, grid, whole_graph

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.product import Product

X, Y, Z = map(AffineExpression.variable, "xyz")
ONE = AffineExpression.number(1)


@pytest.mark.parametrize("factors", [(X,), (X, Y), (X, ONE - Y, Z), (X, X)])
def test_products_keep_their_lemma_and_the_rows_allow_nothing_else(factors):
    product = Product(factors, "w")
    points = grid(x=(0, 1), y=(0, 1), z=(0, 1))
    check_lemma(product, points)
    check_hull(product, points)
    for point in points:
        assert list(whole_graph(product, point)) == [product.evaluate(point)]


def test_a_product_is_one_where_all_factors_are():
    assert Product((X, ONE - Y), "w").evaluate({"x": 1, "y": 0}) == {"w": 1}


def test_an_empty_product_is_refused():
    with pytest.raises(MappingError, match="no factor"):
        Product((), "w")
