"""Solutions in JSON: where the values may stand, and what is refused."""

from fractions import Fraction

import pytest

from tools.errors import ParseError
from tools.solutions.read import parse_solution

EXPECTED = {"x": Fraction(1, 10), "y": Fraction(1, 3)}


@pytest.mark.parametrize(
    "text",
    [
        '{"x": 0.1, "y": "1/3"}',
        '{"variables": {"x": 0.1, "y": "1/3"}, "objective": 7}',
        '{"status": "optimal", "values": {"x": "0.1", "y": "1/3"}}',
        '{"solution": [{"name": "x", "value": 1e-1}, {"name": "y", "value": "1/3", "kind": "integer"}]}',
    ],
)
def test_where_values_stand(text: str) -> None:
    solution = parse_solution(text)
    assert solution.values == EXPECTED
    assert not solution.omits_zeros


def test_a_variable_may_be_called_as_the_wrappers_are() -> None:
    assert parse_solution('{"values": 3, "variables": 4}').values == {"values": 3, "variables": 4}


@pytest.mark.parametrize(
    "text",
    [
        '{"claim": "sound", "point_of": "reference", "point": {"x": "1/10", "y": "1/3"}, "image": null}',
        '{"schema": "quasikarp/report/1", "counterexample": '
        '{"point_of": "reference", "point": {"x": "0.1", "y": "1/3"}}}',
    ],
)
def test_a_counterexample_is_a_point_without_its_zeros(text: str) -> None:
    solution = parse_solution(text)
    assert solution.values == EXPECTED
    assert (solution.omits_zeros, solution.point_of) == (True, "reference")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"schema": "quasikarp/report/1", "counterexample": null}', "no counterexample"),
        ('{"point_of": "model", "point": {}}', "whose point"),
        ("[1]", "an object of values"),
        ('{"x": NaN}', "NaN"),
        ('{"x": null}', "the value of 'x' must be a number, found null"),
        ('{"x": true}', "found true"),
        ('{"x": {"y": 1}}', "found an object"),
        ('{"x": 1, "x": 1}', "twice"),
        ('{"x": "hello"}', "the value of 'x'"),
        ('{"x": 1e999999}', "the value of 'x'"),
        ('{"Vars": [{"VarName": "x"}]}', "entry 0"),
        ('{"Vars": [{"VarName": "x", "X": 1}, {"VarName": "x", "X": 1}]}', "a value already"),
        ('{"x": 1', "line 1: not JSON"),
        ("[" * 100_000, "nested"),
        ('{"": 1}', "without a name"),
    ],
)
def test_other_documents_are_refused(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        parse_solution(text)
