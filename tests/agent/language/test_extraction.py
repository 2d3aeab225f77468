import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.language.extraction import DEEPEST, AnswerError, json_object


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '\n  {"a": 1}\n',
        '```json\n{"a": 1}\n```',
        'Here it is:\n```\n{"a": 1}\n```\nGood luck!',
        'Sure. {"a": 1}',
        '<think>{"a": 2} or {"a": 3}?</think>{"a": 1}',
    ],
)
def test_one_object_is_found(text: str) -> None:
    assert json_object(text) == {"a": 1}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("I cannot help with that.", "no JSON object"),
        ('{"a": [1, 2', "not JSON"),
        ('{"a": 1} {"a": 2}', "after its JSON object"),
        ('```\n{"a": 1}\n```\n```\n{"a": 2}\n```', "several"),
        ('{"a": 1, "a": 2}', "twice"),
        ('{"a": NaN}', "NaN"),
        ('{"a": ' + "[" * (DEEPEST + 1), "nested deeper"),
        ("[" * 100_000, "no JSON object"),
        ("{" * 100_000, "nested deeper"),
        ('{"a": ' + "9" * 5000 + "}", "not JSON"),
        ("[1, 2]", "no JSON object"),
        ("{'a': 1}", "not JSON"),
        ('{"a": 1,}', "not JSON"),
        ("{" + " " * 300_000 + "}", "longer than"),
    ],
)
def test_anything_else_is_refused(text: str, fault: str) -> None:
    with pytest.raises(AnswerError, match=fault):
        json_object(text)


@given(st.text(max_size=200))
def test_no_text_crashes_it(text: str) -> None:
    with contextlib.suppress(AnswerError):
        assert isinstance(json_object(text), dict)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9), max_size=5))
def test_what_was_written_is_read(document: dict[str, object]) -> None:
    assert json_object(json.dumps(document)) == document
