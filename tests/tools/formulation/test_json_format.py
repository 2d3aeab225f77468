import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_formulations import ANY_NUMBERS, ODD_NAMES, PLAIN_NAMES, difference, formulations, refusal

from tools.errors import ParseError
from tools.formulation.json_format import SCHEMA, format_json, parse_json
from tools.formulation.model import Formulation


def document(**changes: Any) -> dict[str, Any]:
    return {
        "schema": SCHEMA, "name": "m", "sense": "minimize", "objective": {"constant": "1/3", "terms": {"x": 1}},
        "variables": [{"name": "x", "lower": 0, "upper": None, "kind": "continuous"}],
        "rows": [{"name": "r", "lower": "1", "upper": None, "terms": {"x": "2/7"}}],
    } | changes  # fmt: skip


@given(formulations(ANY_NUMBERS, PLAIN_NAMES | ODD_NAMES, auxiliary=True))
def test_reading_gives_the_same_model(model: Formulation) -> None:
    back = parse_json(format_json(model))
    assert difference(back, model) == ""
    assert back.name == model.name
    assert back.same_as(model)


def test_numbers_mean_their_decimals() -> None:
    text = json.dumps(document()).replace('"2/7"', "0.1000000000000000055511151231257827")
    assert parse_json(text).coefficients[0] == Fraction("0.1000000000000000055511151231257827")
    assert parse_json(json.dumps(document())).coefficients[0] == Fraction(2, 7)
    assert parse_json(json.dumps(document())).objective_constant == Fraction(1, 3)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": "other/1"}, "quasikarp/formulation/1"),
        ({"sense": "min"}, "minimize, maximize"),
        ({"extra": 1}, "unknown key 'extra'"),
        ({"variables": {}}, "variables: expected a list, found an object"),
        ({"variables": [3]}, r"variables\[0\]: expected an object"),
        ({"variables": [{"name": "x", "upper": None, "kind": "continuous"}]}, "'lower' is missing"),
        ({"variables": [{"name": 3, "lower": 0, "upper": None, "kind": "continuous"}]}, "expected a string"),
        ({"variables": [{"name": "x", "lower": True, "upper": None, "kind": "integer"}]}, "expected a number"),
        ({"variables": [{"name": "x", "lower": "abc", "upper": None, "kind": "integer"}]}, "expected a number"),
        ({"variables": [{"name": "x", "lower": "1e999", "upper": None, "kind": "integer"}]}, "outside"),
        ({"variables": [{"name": "x", "lower": "1/0", "upper": None, "kind": "integer"}]}, "expected a number"),
        ({"variables": [{"name": "x", "lower": 0, "upper": 2, "kind": "binary"}]}, r"not within \[0, 1\]"),
        ({"variables": [{"name": "x\n", "lower": 0, "upper": 1, "kind": "binary"}]}, "control characters"),
        ({"variables": [{"name": "\ud800", "lower": 0, "upper": 1, "kind": "binary"}]}, "surrogate"),
        ({"variables": [{"name": "x", "lower": 0, "upper": 1, "kind": ["integer"]}]}, "found a list"),
        ({"variables": [{"name": "x", "lower": 0, "upper": 1, "kind": "integer", "auxiliary": 1}]}, "true or false"),
        ({"rows": [{"name": "r", "lower": None, "upper": None, "terms": {"y": 1}}]}, "'y', which is not a variable"),
        ({"rows": [{"name": "r", "lower": None, "upper": None, "terms": [1]}]}, "expected an object"),
        ({"objective": None}, "the objective: expected an object, found null"),
    ],
)  # fmt: skip
def test_malformed_documents_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ParseError, match=message) as caught:
        parse_json(json.dumps(document(**changes)), source="m.json")
    assert "\n" not in str(caught.value)
    assert "m.json" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        "null",
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"a": NaN}',
        '{"a": 1, "a": 2}',
        "\x00",
        "Infinity",
    ],
)
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_json(text)
    assert "\n" not in str(caught.value)


def test_a_repeated_key_is_refused() -> None:
    text = json.dumps(document()).replace('{"x": "2/7"}', '{"x": 1, "x": 2}')
    with pytest.raises(ParseError, match="'x' stands twice"):
        parse_json(text)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(["schema", "name", "sense", "objective", "variables", "rows"]), JSON_VALUES)
def test_any_value_anywhere_is_read_or_refused(key: str, value: Any) -> None:
    assert "\n" not in refusal(lambda: parse_json(json.dumps(document(**{key: value}))))
