from fractions import Fraction

import pytest

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.affine import AffineFunction


def test_it_is_its_expression():
    function = AffineFunction(AffineExpression(Fraction(1), {"x": Fraction(2)}))
    assert function.sources == {"x"}
    assert function.evaluate({"x": Fraction(1, 2)}) == 2
    assert AffineFunction.from_arguments(function.arguments(), owner="d") == function


def test_malformed_arguments_name_the_variable():
    with pytest.raises(MappingError, match="'d'"):
        AffineFunction.from_arguments({"slope": "1"}, owner="d")
