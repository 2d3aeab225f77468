"""Each pattern completes the shape that it is for, the completion is proved, and what looks alike is left alone."""

from fractions import Fraction

import pytest
from completion_cases import first, proved, total, var
from hypothesis import given
from hypothesis import strategies as st
from small_models import model

from tools.claims.objective_relation import ObjectiveRelation
from tools.mapping.affine import AffineExpression

SAME = ObjectiveRelation(Fraction(1), Fraction(0))
BIT = (0, 1)


def names_of(found):
    return [function.name for function in found.extension.functions]


@pytest.mark.parametrize(
    "rows",
    [
        [({"w": 1, "a": -1}, None, 0), ({"w": 1, "b": -1}, None, 0), ({"w": 1, "a": -1, "b": -1}, -1, None)],
        [({"w": 1, "a": -1}, 0, None), ({"w": 1, "b": -1}, 0, None), ({"w": 1, "a": -1, "b": -1}, None, 0)],
    ],
)
def test_products_of_binaries_and_of_their_complements(rows):
    source = model(integer={"p": BIT, "q": BIT}, minimize={"p": 1})
    target = model({"w": BIT}, {"a": BIT, "b": BIT}, rows=rows)
    found = first(source, target, {"a": var("p"), "b": AffineExpression.number(1) - var("q")})
    assert found is not None
    assert names_of(found) == ["product"]
    assert proved(source, target, found)


@pytest.mark.parametrize("least", [0, -3])
def test_a_value_that_a_binary_switches(least):
    source = model({"x": (least, 7)}, {"b": BIT}, minimize={"b": 1})
    target = model(
        {"x": (least, 7), "w": (min(least, 0), 7)}, {"b": BIT},
        rows=[({"w": 1, "b": -7}, None, 0), ({"w": 1, "b": -least}, 0, None), ({"w": 1, "x": -1, "b": -7}, -7, None),
              ({"w": 1, "x": -1, "b": -least}, None, -least)],
    )  # fmt: skip
    found = first(source, target, {"x": var("x"), "b": var("b")})
    assert found is not None
    assert names_of(found) == ["switched"]
    assert proved(source, target, found)


def test_ordered_binaries_with_a_known_sum():
    source = model(integer={"x": (0, 3)}, minimize={"x": 1})
    target = model(integer=dict.fromkeys("rpq", BIT), rows=[({"p": 1, "q": -1}, 0, None), ({"r": 1, "q": -1}, None, 0)])
    equations = [(total("p", "q", "r"), var("x"))]
    found = first(source, target, {}, equations=equations)
    assert found is not None
    assert names_of(found) == ["threshold"]
    assert proved(source, target, found, equations)
    assert found.apply({"x": Fraction(2)}) == {"p": 1, "q": 1, "r": 0}


def test_a_one_hot_group_with_a_known_value():
    source = model(integer={"x": (0, 3)}, minimize={"x": 1})
    target = model(integer=dict.fromkeys("abcd", BIT), rows=[(dict.fromkeys("abcd", 1), 1, 1)])
    equations = [(AffineExpression(Fraction(5), {"a": 6, "b": 4, "d": 2}), AffineExpression(Fraction(5), {"x": 2}))]
    found = first(source, target, {}, equations=equations)
    assert found is not None
    assert names_of(found) == ["one_hot"]
    assert proved(source, target, found, equations)
    assert found.apply({"x": Fraction(2)}) == {"a": 0, "b": 1, "c": 0, "d": 0}


@given(st.lists(st.integers(2, 6), min_size=2, max_size=3))
def test_digits_in_mixed_bases(bases):
    weights, weight = {}, 1
    for k, base in enumerate(bases):
        weights[f"d{k}"] = weight
        weight *= base
    source = model(integer={"x": (0, weight - 1)}, minimize={"x": 1})
    target = model(integer={f"d{k}": (0, base - 1) for k, base in enumerate(bases)})
    equations = [(AffineExpression(Fraction(0), weights), var("x"))]
    found = first(source, target, {}, equations=equations)
    assert found is not None
    assert names_of(found) == ["weighted_sum"]
    assert proved(source, target, found, equations)


def test_capacities_are_filled_where_it_costs_least():
    source = model({"x": (0, 9)}, {"a": BIT, "b": BIT}, minimize={"x": 1},
                   rows=[({"x": 1, "a": -4, "b": -5}, None, 0)])  # fmt: skip
    target = model(
        {"u": (0, None), "v": (0, 3)}, {"a": BIT, "b": BIT}, minimize={"u": 2, "v": 1},
        rows=[({"u": 1, "a": -4}, None, 0), ({"v": 1, "b": -9}, None, 0), ({"v": 1, "b": -5}, None, 0)],
    )  # fmt: skip
    given_ = {"a": var("a"), "b": var("b")}
    assert first(source, target, given_, equations=[(total("u", "v"), var("x"))]) is None
    wide = target.changed(upper=type(target.upper).of([float("inf"), 9, 1, 1]))
    equations = [(total("u", "v"), var("x"))]
    found = first(source, wide, given_, equations=equations)
    assert found is not None
    assert proved(source, wide, found, equations)
    assert found.apply({"x": Fraction(6), "a": Fraction(1), "b": Fraction(1)}) == {"u": 1, "v": 5, "a": 1, "b": 1}


def test_the_greatest_of_several_lower_limits():
    source = model({"x": (0, 4), "y": (0, 4)}, minimize={"x": 1})
    target = model({"x": (0, 4), "y": (0, 4), "m": (None, None)}, minimize={"m": 1},
                   rows=[({"m": 1, "x": -1}, 0, None), ({"m": 1, "y": -1}, 1, None)])  # fmt: skip
    found = first(source, target, {"x": var("x"), "y": var("y")})
    assert found is not None
    assert names_of(found) == ["maximum"]
    assert proved(source, target, found)
    negated = model({"x": (0, 4), "y": (0, 4), "m": (None, 9)}, maximize={"m": 1},
                    rows=[({"m": 1, "x": -1}, None, 0), ({"m": 1, "y": -1}, None, 1)])  # fmt: skip
    found = first(source, negated, {"x": var("x"), "y": var("y")})
    assert found is not None
    assert names_of(found) == ["minimum"]


def test_whole_variables_round_to_what_their_rows_allow():
    source = model(integer={"x": (0, 23)}, minimize={"x": 1})
    target = model(integer={"x": (0, 23), "y": (0, 5)}, minimize={"y": 1}, rows=[({"x": 1, "y": -5}, None, 0)])
    found = first(source, target, {"x": var("x")})
    assert found is not None
    assert names_of(found) == ["floor"]
    assert proved(source, target, found)
    assert found.apply({"x": Fraction(11)})["y"] == 3


def test_a_linked_binary_tells_whether_its_value_is_positive():
    source = model(integer={"x": (0, 5)}, minimize={"x": 1})
    target = model(integer={"x": (0, 5), "y": BIT}, minimize={"y": 1}, rows=[({"x": 1, "y": -5}, None, 0)])
    found = first(source, target, {"x": var("x")})
    assert found is not None
    assert names_of(found) == ["comparison"]
    assert proved(source, target, found)
    assert [found.apply({"x": Fraction(x)})["y"] for x in (0, 1, 5)] == [0, 1, 1]


def test_order_binaries_follow_from_start_times():
    def disjunction(big, binary):
        return [({"s": 1, "t": -1, binary: big}, None, big - 3), ({"t": 1, "s": -1, binary: -big}, None, -2)]

    source = model({"s": (0, 18), "t": (0, 18)}, {"k": BIT}, minimize={"s": 1, "t": 1}, rows=disjunction(21, "k"))
    target = model({"s": (0, 18), "t": (0, 18)}, {"o": BIT}, minimize={"s": 1, "t": 1}, rows=disjunction(30, "o"))
    found = first(source, target, {"s": var("s"), "t": var("t")}, objective=SAME)
    assert found is not None
    assert names_of(found) == ["comparison"]
    assert proved(source, target, found)
    assert found.apply({"s": Fraction(0), "t": Fraction(5), "k": Fraction(1)})["o"] == 1


def test_a_product_that_other_rows_contradict_is_not_proposed():
    source = model(integer={"a": BIT, "b": BIT}, minimize={"a": 1})
    rows = [({"w": 1, "a": -1}, None, 0), ({"w": 1, "b": -1}, None, 0), ({"w": 1, "a": -1}, 0, None)]
    target = model(integer={"a": BIT, "b": BIT, "w": BIT}, rows=rows)
    assert first(source, target, {"a": var("a"), "b": var("b")}) is None


def test_outputs_do_not_take_names_of_the_source():
    source = model(integer={"w": BIT, "b": BIT}, minimize={"w": 1})
    rows = [({"w": 1, "a": -1}, None, 0), ({"w": 1, "b": -1}, None, 0), ({"w": 1, "a": -1, "b": -1}, -1, None)]
    target = model({"w": BIT}, {"a": BIT, "b": BIT}, rows=rows)
    found = first(source, target, {"a": var("w"), "b": var("b")})
    assert found is not None
    assert found.extension.names == ["w'"]
    assert proved(source, target, found)
