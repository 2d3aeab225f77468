import copy
import json
import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.functions import FUNCTIONS
from tools.mapping.functions.affine import AffineFunction
from tools.mapping.lifting import Lifting

F = Fraction
numbers = st.fractions(-9, 9, max_denominator=7)
expressions = st.builds(AffineExpression, numbers, st.dictionaries(st.sampled_from("xyz"), numbers))


def test_a_lifting_has_the_shape_of_the_report():
    lifting = Lifting.from_affine(AffineMapping({"d": AffineExpression(F(1, 3), {"x": F(-2)})}))
    assert lifting.to_json() == {
        "d": {"function": "affine", "arguments": {"constant": "1/3", "terms": {"x": "-2"}}},
    }
    assert lifting.apply({"x": F(1)}) == {"d": F(-5, 3)}


def test_a_missing_value_is_named():
    lifting = Lifting.from_affine(AffineMapping({"d": AffineExpression.variable("x")}))
    with pytest.raises(MappingError, match=r"cannot lift to 'd'.*'x'"):
        lifting.apply({})


@given(st.dictionaries(st.text(min_size=1), expressions), st.fixed_dictionaries(dict.fromkeys("xyz", numbers)))
def test_json_round_trip_and_affine_view(contents, point):
    mapping = AffineMapping(contents)
    lifting = Lifting.from_json(json.loads(json.dumps(Lifting.from_affine(mapping).to_json())))
    assert lifting.as_affine() == mapping
    assert lifting.apply(point) == mapping.apply(point)
    assert pickle.loads(pickle.dumps(lifting)) == lifting == copy.deepcopy(lifting)
    assert hash(lifting) == hash(copy.deepcopy(lifting))


def test_other_functions_have_no_affine_view():
    class Half:
        name = "half"
        sources = frozenset({"x"})

        def evaluate(self, point):
            return F(point["x"] // 2)

        def arguments(self):
            return {"of": "x"}

        @classmethod
        def from_arguments(cls, arguments, *, owner):
            return cls()

    lifting = Lifting({"d": Half()})
    assert lifting.as_affine() is None
    assert lifting.apply({"x": F(5)}) == {"d": 2}
    assert lifting.to_json() == {"d": {"function": "half", "arguments": {"of": "x"}}}


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
        Lifting.from_json(data)


def test_liftings_cannot_be_changed():
    lifting = Lifting({})
    with pytest.raises(TypeError):
        lifting.functions["d"] = AffineFunction(AffineExpression.number(1))


def test_the_registry_knows_each_function_by_its_own_name():
    assert all(kind.name == name for name, kind in FUNCTIONS.items())
