import copy
import json
import pickle
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import MappingError
from tools.mapping.affine import LARGEST_DENSE_BLOCK, AffineExpression, AffineMapping

F = Fraction
numbers = st.fractions(min_value=-20, max_value=20, max_denominator=12)
NAMES = ("a", "b", "c[1]", "weird name")
names = st.sampled_from(NAMES)
expressions = st.builds(AffineExpression, numbers, st.dictionaries(names, numbers, max_size=4))
points = st.fixed_dictionaries(dict.fromkeys(NAMES, numbers))
v = AffineExpression.variable


def affine(constant=0, **terms):
    return AffineExpression(F(constant), {name: F(c) for name, c in terms.items()})


def test_zero_terms_are_dropped_and_equality_ignores_order():
    assert affine(1, x=2, y=0) == affine(1, x=2)
    assert hash(affine(0, x=1, y=2)) == hash(affine(0, y=2, x=1))
    assert affine(0, x=1, y=2) == affine(0, y=2, x=1)
    assert affine(0, x=1) != affine(0, x=2)
    assert type(AffineExpression(3, {"x": 2}).terms["x"]) is Fraction


def test_expressions_and_mappings_cannot_be_changed():
    terms = {"x": F(1)}
    expression = AffineExpression(F(0), terms)
    terms["x"] = F(5)
    assert expression == v("x")
    with pytest.raises(TypeError):
        expression.terms["x"] = F(2)
    mapping = AffineMapping.identity(["x"])
    with pytest.raises(TypeError):
        mapping.expressions["x"] = expression
    with pytest.raises(AttributeError):
        mapping.completed = frozenset()


@given(expressions, expressions, numbers, points)
def test_arithmetic_commutes_with_evaluation(left, right, scale, point):
    assert (left + right).evaluate(point) == left.evaluate(point) + right.evaluate(point)
    assert (left - right).evaluate(point) == left.evaluate(point) - right.evaluate(point)
    assert (scale * left).evaluate(point) == (left * scale).evaluate(point) == scale * left.evaluate(point)
    assert (-left).evaluate(point) == -left.evaluate(point)


@given(expressions, st.dictionaries(names, expressions), points)
def test_substitution_commutes_with_evaluation(outer, inner, point):
    image = {**point, **{name: expression.evaluate(point) for name, expression in inner.items()}}
    assert outer.substitute(inner).evaluate(point) == outer.evaluate(image)


def test_other_operands_are_refused():
    with pytest.raises(TypeError):
        v("x") + 1
    with pytest.raises(TypeError):
        v("x") * 0.5
    with pytest.raises(TypeError):
        v("x") - "y"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (AffineExpression(F(-1, 3), {"d[i,1]": F(10), "d[i,0]": F(1)}), "10*d[i,1] + d[i,0] - 1/3"),
        (affine(1, x=-1), "1 - x"),
        (affine(-1, x=-1), "-x - 1"),
        (affine(0, x=F(-1, 2)), "-1/2*x"),
        (affine(0), "0"),
        (affine(-2), "-2"),
    ],
)
def test_text_is_readable(expression, text):
    assert str(expression) == text


def test_a_missing_variable_is_named_with_its_target():
    mapping = AffineMapping({"x": affine(0, u=1)})
    with pytest.raises(MappingError, match=r"cannot map 'x'.*'u'"):
        mapping.apply({})
    assert mapping.apply({"u": F(2), "unused": F(1)}) == {"x": 2}


def test_a_completed_variable_may_have_the_rule_that_completes_it():
    rule = AffineExpression.variable("a")
    mapping = AffineMapping({"x": rule}, frozenset({"x"}))
    assert AffineMapping.from_json(mapping.to_json(), ["x"]) == mapping


@given(st.dictionaries(names, expressions), st.fixed_dictionaries(dict.fromkeys(NAMES, expressions)), points)
def test_composition_is_application_twice(outer, inner, point):
    first, second = AffineMapping(inner), AffineMapping(outer, frozenset({"left open"}))
    composed = second.compose(first)
    assert composed.apply(point) == second.apply(first.apply(point))
    assert composed.completed == {"left open"}


def test_composition_refuses_what_the_inner_mapping_lacks():
    outer = AffineMapping({"x": v("u")})
    with pytest.raises(MappingError, match="'x' uses 'u', which is not mapped"):
        outer.compose(AffineMapping({}))
    with pytest.raises(MappingError, match="only completed"):
        outer.compose(AffineMapping({}, frozenset({"u"})))


def test_monomial_and_square_systems_are_inverted():
    mapping = AffineMapping(
        {"x": affine(3, u=-2), "y": affine(1, v=1, w=1), "z": affine(0, v=1, w=-1), "p": affine(0, q=F(1, 7))}
    )
    inverse = mapping.inverse()
    assert inverse is not None
    assert inverse.compose(mapping) == AffineMapping.identity(["u", "v", "w", "q"])
    assert mapping.compose(inverse) == AffineMapping.identity(["x", "y", "z", "p"])
    assert inverse.expressions["u"] == affine(F(3, 2), x=F(-1, 2))


@pytest.mark.parametrize(
    "expressions",
    [
        {"x": affine(0, u=1), "y": affine(0, u=1)},
        {"x": affine(0, u=1, v=1)},
        {"x": affine(3)},
        {"x": affine(0, u=1, v=1), "y": affine(0, u=2, v=2)},
        {"x": affine(0, u=1, v=1), "y": affine(0, w=1), "z": affine(0, w=2)},
    ],
)
def test_what_is_no_bijection_has_no_inverse(expressions):
    assert AffineMapping(expressions).inverse() is None


def test_a_huge_dense_block_is_given_up():
    n = LARGEST_DENSE_BLOCK + 1
    chain = {f"x{i}": AffineExpression(F(0), {f"u{i}": F(1), f"u{(i + 1) % n}": F(2)}) for i in range(n)}
    assert AffineMapping(chain).inverse() is None


@given(st.permutations(range(5)), st.lists(numbers.filter(bool), min_size=5, max_size=5), numbers)
def test_monomial_inverses_round_trip(order, scales, shift):
    mapping = AffineMapping(
        {f"x{i}": AffineExpression(shift, {f"u{j}": c}) for i, (j, c) in enumerate(zip(order, scales))}
    )
    inverse = mapping.inverse()
    assert inverse is not None
    assert inverse.compose(mapping) == AffineMapping.identity([f"u{j}" for j in range(5)])
    assert inverse.inverse() == mapping


@given(st.dictionaries(st.text(min_size=1), expressions), st.frozensets(st.just("open")))
def test_json_round_trip_is_exact(contents, completed):
    mapping = AffineMapping({k: e for k, e in contents.items() if k != "open"}, completed)
    text = json.dumps(mapping.to_json())
    assert AffineMapping.from_json(json.loads(text), sorted(completed)) == mapping


def test_json_has_the_shape_of_the_report():
    assert AffineMapping({"x[1]": affine(F(-1, 3), d=1)}).to_json() == {
        "x[1]": {"constant": "-1/3", "terms": {"d": "1"}}
    }


def test_json_numbers_stand_for_their_decimals():
    data = {"x": {"constant": 0.1, "terms": {"u": 2}}}
    assert AffineMapping.from_json(data) == AffineMapping({"x": affine(F(1, 10), u=2)})
    assert AffineMapping.from_json({"x": {"terms": {"u": "1e-3"}}}).expressions["x"].terms["u"] == F(1, 1000)


@pytest.mark.parametrize(
    "data",
    [
        [], None, "x", 3,
        {"x": 3}, {"x": {"constant": "0", "terms": []}}, {"x": {"constant": "0", "terms": {"u": None}}},
        {"x": {"constant": "nonsense"}}, {"x": {"constant": "1/0"}}, {"x": {"constant": "9" * 2000}},
        {"x": {"constant": "1e999999999"}}, {"x": {"constant": float("nan")}}, {"x": {"constant": float("inf")}},
        {"x": {"constant": True}}, {"x": {"constant": {}}}, {"x": {"constant": 10**5000}},
        {"x": {"constants": "1"}}, {"": {"constant": "0"}}, {3: {"constant": "0"}}, {"x": {"terms": {"": "1"}}},
        {"x": {"terms": {3: "1"}}},
    ],
)  # fmt: skip
def test_hostile_json_is_a_mapping_error(data):
    with pytest.raises(MappingError):
        AffineMapping.from_json(data)


@pytest.mark.parametrize("completed", ["x", 3, [3], [""], None])
def test_hostile_completed_is_a_mapping_error(completed):
    with pytest.raises(MappingError):
        AffineMapping.from_json({}, completed)


@given(expressions)
def test_copies_and_pickles_are_equal(expression):
    mapping = AffineMapping({"x": expression}, frozenset({"y"}))
    assert pickle.loads(pickle.dumps(mapping)) == mapping
    assert copy.deepcopy(mapping) == mapping
    assert hash(copy.deepcopy(mapping)) == hash(mapping)


def test_a_hundred_thousand_variables_are_handled_quickly():
    n = 100_000
    start = time.perf_counter()
    mapping = AffineMapping({f"x[{i}]": AffineExpression(F(3), {f"u[{i}]": F(-2)}) for i in range(n)})
    image = mapping.apply({f"u[{i}]": F(i) for i in range(n)})
    inverse = mapping.inverse()
    assert inverse is not None
    assert inverse.compose(mapping).expressions["u[7]"] == v("u[7]")
    assert AffineMapping.from_json(mapping.to_json()) == mapping
    assert image["x[5]"] == -7
    assert time.perf_counter() - start < 30  # about 3 s on an idle machine: this only catches quadratic time
