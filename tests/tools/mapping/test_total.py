import copy
import json
import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.extension import Extension
from tools.mapping.functions import FUNCTIONS
from tools.mapping.functions.digits import Digits
from tools.mapping.total import TotalMapping

F = Fraction
numbers = st.fractions(-9, 9, max_denominator=7)
expressions = st.builds(AffineExpression, numbers, st.dictionaries(st.sampled_from("xyz"), numbers))


def test_a_lifting_has_the_shape_of_the_report():
    lifting = TotalMapping.from_affine(AffineMapping({"d": AffineExpression(F(1, 3), {"x": F(-2)})}))
    assert lifting.to_json() == {
        "d": {"function": "affine", "arguments": {"constant": "1/3", "terms": {"x": "-2"}}},
    }
    assert lifting.apply({"x": F(1)}) == {"d": F(-5, 3)}


def test_a_missing_value_is_named():
    lifting = TotalMapping.from_affine(AffineMapping({"d": AffineExpression.variable("x")}))
    with pytest.raises(MappingError, match=r"cannot map to 'd'.*'x'"):
        lifting.apply({})


@given(st.dictionaries(st.text(min_size=1), expressions), st.fixed_dictionaries(dict.fromkeys("xyz", numbers)))
def test_json_round_trip_and_affine_view(contents, point):
    mapping = AffineMapping(contents)
    lifting = TotalMapping.from_json(json.loads(json.dumps(TotalMapping.from_affine(mapping).to_json())))
    assert lifting.as_affine() == mapping
    assert lifting.apply(point) == mapping.apply(point)
    assert pickle.loads(pickle.dumps(lifting)) == lifting == copy.deepcopy(lifting)
    assert hash(lifting) == hash(copy.deepcopy(lifting))


def test_functions_have_no_affine_view_and_come_back_from_json():
    digits = Digits(AffineExpression.variable("x"), 10, ("low", "high"))
    lifting = TotalMapping(
        {"d": AffineExpression.variable("high"), "e": AffineExpression(F(1), {"low": F(2), "x": F(1)})},
        Extension((digits,)),
    )
    assert lifting.as_affine() is None
    assert lifting.apply({"x": F(57)}) == {"d": 5, "e": 72}
    assert lifting.to_json()["d"]["function"] == "digits"
    assert TotalMapping.from_json(json.loads(json.dumps(lifting.to_json()))) == lifting


def test_composition_applies_the_inner_mapping_first_and_keeps_names_apart():
    digits = Digits(AffineExpression.variable("x"), 10, ("low", "high"))
    inner = TotalMapping({"x": AffineExpression(F(1), {"low": F(1)})}, Extension())
    outer = TotalMapping(
        {"d": AffineExpression.variable("high"), "e": AffineExpression.variable("low")}, Extension((digits,))
    )
    both = outer.after(inner)
    assert both.apply({"low": F(41)}) == {"d": 4, "e": 2}


@pytest.mark.parametrize(
    "data",
    [
        None, [], "d", {"d": None}, {"d": {"function": "affine"}}, {"d": {"function": "affine", "arguments": 3}},
        {"d": {"function": "magic", "arguments": {}}}, {"d": {"function": [], "arguments": {}}},
        {"d": {"function": "affine", "arguments": {}, "more": 1}}, {"": {"function": "affine", "arguments": {}}},
        {3: {"function": "affine", "arguments": {}}},
        {"d": {"function": "affine", "arguments": {"constant": "1/0"}}},
    ],
)  # fmt: skip
def test_hostile_json_is_a_mapping_error(data):
    with pytest.raises(MappingError):
        TotalMapping.from_json(data)


def test_liftings_cannot_be_changed():
    lifting = TotalMapping({})
    with pytest.raises(TypeError):
        lifting.expressions["d"] = AffineExpression.number(1)


def test_the_registry_knows_each_function_by_its_own_name():
    assert all(kind.name == name for name, kind in FUNCTIONS.items())
