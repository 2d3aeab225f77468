import json
from fractions import Fraction
from typing import Any

import pytest
from algebra_documents import document, refusal
from hypothesis import given
from hypothesis import strategies as st

from tools.algebra.document import (
    AlgebraDocument,
    ConstraintDocument,
    ParameterDocument,
    SetDocument,
    Values,
    VariableDocument,
    document_of,
    format_document,
    parse_document,
)
from tools.algebra.grounding import ground
from tools.algebra.syntax import is_identifier
from tools.errors import InputError, ParseError

NAMES = st.text(st.characters(categories=["L", "N"], include_characters="_"), min_size=1, max_size=6).filter(
    is_identifier
)
LABELS = st.integers(-999, 999) | NAMES.map(lambda name: f"{name} x") | NAMES
NUMBERS = st.fractions(max_denominator=10**6).map(lambda f: f.numerator if f.denominator == 1 else f)
VALUES: st.SearchStrategy[Values] = st.recursive(
    NUMBERS,
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(LABELS, inner, max_size=3),
    max_leaves=6,
)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
EXPRESSIONS = st.sampled_from(["x[i]", "1", "sum(x[i] for i in I) <= 1/3", "-2.5e3", "'New York' != i"])
SETS = st.lists(LABELS, unique=True, max_size=4).map(lambda labels: SetDocument(tuple(labels))) | st.builds(
    SetDocument, st.none(), EXPRESSIONS, EXPRESSIONS
)
CONSTRAINTS = st.builds(ConstraintDocument, NAMES, st.just(("i in I",)), EXPRESSIONS, WORDS)
DOCUMENTS = st.builds(
    AlgebraDocument,
    name=st.just("a model"),
    sense=st.sampled_from(["minimize", "maximize"]),
    objective=EXPRESSIONS,
    sets=st.dictionaries(NAMES, SETS, max_size=3),
    parameters=st.dictionaries(
        NAMES,
        st.builds(ParameterDocument, VALUES, description=WORDS)
        | st.builds(ParameterDocument, VALUES, st.just(("I", "J")), st.none() | NUMBERS, WORDS),
        max_size=3,
    ),
    variables=st.lists(
        st.builds(
            VariableDocument, NAMES, st.just(("I", "j in J if j != 2")), st.sampled_from(["continuous", "integer"]),
            st.none() | EXPRESSIONS, st.none() | EXPRESSIONS, WORDS,
        ) | st.builds(VariableDocument, NAMES, st.just(()), st.just("binary"), EXPRESSIONS, EXPRESSIONS),
        max_size=3,
    ).map(tuple),
    constraints=st.lists(CONSTRAINTS, max_size=3).map(tuple),
    description=WORDS,
    written_by=st.sampled_from(["", "llm:some"]),
)  # fmt: skip


@given(DOCUMENTS)
def test_reading_gives_the_same_document(found: AlgebraDocument) -> None:
    assert parse_document(format_document(found)) == found
    assert document_of(found.to_json()) == found
    assert document_of(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize("number", [0.1, "0.1", "1/10", "1e-1"])
def test_numbers_mean_their_decimals(number: Any) -> None:
    for data in (
        document(parameters={"c": [number, 1, 1]}),
        json.loads(json.dumps(document(parameters={"c": [number, 1, 1]}))),
    ):
        assert ground(document_of(data)).objective[0] == Fraction(1, 10)
    text = json.dumps(document(parameters={"c": ["@", 1, 1]})).replace('"@"', "0.3333333333333333333333333333")
    assert ground(parse_document(text)).objective[0] == Fraction("0.3333333333333333333333333333")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": "quasikarp/algebra/2"}, 'expected "schema": "quasikarp/algebra/1"'),
        ({"sense": "min"}, "sense: expected minimize or maximize, found 'min'"),
        ({"extra": 1}, "unknown key 'extra'"),
        ({"objective": None}, "the objective: expected an expression, found null"),
        ({"objective": True}, "the objective: expected an expression, found true"),
        ({"objective": " "}, "the objective: the expression is empty"),
        ({"objective": "x" * 20_001}, "20001 characters; at most 20000"),
        ({"sets": []}, "sets: expected an object"),
        ({"sets": {"sum": 1}}, "the name 'sum' of a set cannot be used"),
        ({"sets": {"a b": 1}}, "the name 'a b' of a set cannot be used"),
        ({"sets": {"I": ["a", "a"]}}, "set 'I': a label stands in it twice"),
        ({"sets": {"I": ["1", 1]}}, "set 'I': a label stands in it twice"),
        ({"sets": {"I": ["a,b"]}}, "holds brackets, commas"),
        ({"sets": {"I": ["a\x1b"]}}, "invisible characters"),
        ({"sets": {"I": [" a"]}}, "no space at its ends"),
        ({"sets": {"I": [1.5]}}, "expected labels and integers"),
        ({"sets": {"I": [["a", "b"]]}}, "expected labels and integers, found a list"),
        ({"sets": {"I": {"from": 1}}}, "set 'I': the key 'to' is missing"),
        ({"parameters": {"c": None}}, "parameter 'c': expected a number or a string such as \"1/3\", found null"),
        ({"parameters": {"c": [True]}}, "parameter 'c': expected a number"),
        ({"parameters": {"c": ["x"]}}, "parameter 'c': expected a number"),
        ({"parameters": {"c": [float("inf")]}}, "parameter 'c': expected a finite number"),
        ({"parameters": {"c": ["1e999"]}}, "outside 1e-300"),
        ({"parameters": {"c": [10**1200]}}, "characters is refused"),
        ({"parameters": {"c": {"1": 1, "01": 1, "a": [[[[[[[[[[1]]]]]]]]]]}}}, "more than 8 indices"),
        ({"parameters": {"c": {"values": [1], "default": 0, "description": "d"}}}, "a default needs the indices"),
        ({"parameters": {"c": {"values": [1], "indices": ["I"], "sets": 1}}}, "unknown key 'sets'"),
        ({"variables": {}}, "variables: expected a list"),
        ({"variables": [{"name": "x", "kind": "real"}]}, "the kind of variable 'x': expected continuous, integer"),
        ({"variables": [{"name": "x", "kind": "integer", "lower": 0}]}, "the key 'upper' is missing; null means"),
        ({"variables": [{"name": "x", "kind": "integer", "lower": "", "upper": 1}]}, "the expression is empty"),
        ({"variables": [{"name": "x[1]", "kind": "binary"}]}, "cannot be used"),
        ({"variables": [{"kind": "binary"}]}, r"variables\[0\]: the key 'name' is missing"),
        ({"constraints": [{"name": "r"}]}, r"constraints\[0\]: the key 'expression' is missing"),
        ({"constraints": [{"name": "r", "expression": "1 <= 2", "for": "i in I"}]}, "expected a list"),
        ({"constraints": [{"name": "r", "expression": ["1"]}]}, "constraint 'r': expected an expression, found a list"),
        ({"constraints": [{"name": "r", "expression": "1"}] * 2001}, "2001 entries; at most 2000"),
        ({"description": 1}, "the description of the document: expected a string"),
        ({"written_by": "a\nb"}, "control characters"),
    ],
)  # fmt: skip
def test_malformed_documents_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        document_of(document(**changes))
    assert "\n" not in str(caught.value)


def test_too_many_values_are_refused() -> None:
    with pytest.raises(InputError, match="more than 2000000 labels and values"):
        document_of(document(parameters={"c": [[0] * 1000] * 2001}))


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, '{"a": NaN}', '{"a": 1, "a": 2}', "null"])
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_document(text)
    assert "\n" not in str(caught.value)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(list(document())), JSON_VALUES)
def test_any_value_anywhere_is_read_or_refused(key: str, value: Any) -> None:
    assert "\n" not in refusal(lambda: ground(document_of(document(**{key: value}))))
