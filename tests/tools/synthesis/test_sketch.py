from fractions import Fraction

import pytest
from synthesis_checks import plain

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.rules import parse_rules
from tools.synthesis.sketch import MOST_OPEN, Sketch, read_sketch, support_sketch

DIGITS = [f"d[{i},{k}]" for i in (1, 2) for k in (0, 1)]
STARTS = [f"z[{j},{t}]" for j in (1, 2) for t in range(3)]


def parts(sketch: Sketch, name: str) -> list[str]:
    return [str(part) for part in sketch.open.get(name, ())]


def test_each_variable_has_coefficients_of_its_own() -> None:
    sketch = read_sketch(parse_rules("x[i] = ?*d[i,1] + ?*d[i,0] + 3"), ["x[1]", "x[2]"], DIGITS)
    assert plain(sketch.fixed) == {"x[1]": "3", "x[2]": "3"}
    assert parts(sketch, "x[1]") == ["d[1,1]", "d[1,0]"]
    assert parts(sketch, "x[2]") == ["d[2,1]", "d[2,0]"]
    weights = {("x[1]", 0): Fraction(10), ("x[1]", 1): Fraction(1), ("x[2]", 1): Fraction(1, 2)}
    assert plain(sketch.filled(weights)) == {"x[1]": "d[1,0] + 10*d[1,1] + 3", "x[2]": "1/2*d[2,0] + 3"}


def test_one_coefficient_outside_a_sum_and_one_for_each_summand_inside() -> None:
    once = read_sketch(parse_rules("x[i] = ?*sum(z[i,t] for t)"), ["x[1]"], STARTS)
    assert parts(once, "x[1]") == ["z[1,0] + z[1,1] + z[1,2]"]
    each = read_sketch(parse_rules("x[i] = sum(?*z[i,t] for t)"), ["x[1]"], STARTS)
    assert parts(each, "x[1]") == ["z[1,0]", "z[1,1]", "z[1,2]"]


def test_factors_beside_an_open_coefficient_stay() -> None:
    sketch = read_sketch(parse_rules("a = 2*?*(u - v) - ?"), ["a"], ["u", "v"])
    assert parts(sketch, "a") == ["2*u - 2*v", "-1"]
    assert plain(sketch.filled({("a", 0): Fraction(3), ("a", 1): Fraction(5)})) == {"a": "6*u - 6*v - 5"}


def test_rules_without_open_coefficients_are_fixed() -> None:
    sketch = read_sketch(parse_rules("a = ?*u\nb = 2*v + 1"), ["a", "b", "c"], ["u", "v"])
    assert sketch.targets == ["a", "b"]
    assert parts(sketch, "b") == []
    assert plain(sketch.filled({})) == {"a": "0", "b": "2*v + 1"}


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("a = ?*?*u", "once in a product"),
        ("a = u/?", "once in a product"),
        ("a = (1 + ?)*(2 - ?)*u", "once in a product"),
        ("a = ?^2*u", "coefficient only"),
        ("a = ?*w", "w"),
    ],
)
def test_what_is_not_linear_in_open_coefficients_is_refused(rule: str, message: str) -> None:
    with pytest.raises(MappingError, match=message):
        read_sketch(parse_rules(rule), ["a"], ["u", "v"])


def test_too_many_open_coefficients_are_refused() -> None:
    rules = parse_rules(f"a = {' + '.join(['?*u'] * (MOST_OPEN + 1))}")
    with pytest.raises(MappingError, match=f"at most {MOST_OPEN}"):
        read_sketch(rules, ["a"], ["u"])


def test_a_support_sketch_has_a_constant_and_every_source_for_every_target() -> None:
    given = {"c": AffineExpression.variable("u") * 2}
    sketch = support_sketch(["a", "b"], ["u", "v"], given)
    assert set(sketch.targets) == {"a", "b", "c"}
    assert [parts(sketch, name) for name in "abc"] == [["1", "u", "v"], ["1", "u", "v"], []]
    filled = sketch.filled({("a", 0): Fraction(7), ("a", 2): Fraction(-1), ("b", 1): Fraction(2)})
    assert plain(filled) == {"c": "2*u", "a": "7 - v", "b": "2*u"}


def test_a_sketch_cannot_be_changed_through_what_it_was_made_of() -> None:
    fixed = {"a": AffineExpression.number(0)}
    sketch = Sketch(fixed, {"a": (AffineExpression.variable("u"),)})
    fixed["b"] = AffineExpression.number(1)
    assert sketch.targets == ["a"]
