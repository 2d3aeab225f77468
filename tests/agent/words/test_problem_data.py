from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.words.problem_data import ProblemData, data_in, data_of
from tools.errors import InputError
from tools.formulation.exact_json import load_exactly


def test_json_in_the_text_is_exact() -> None:
    text, data = data_in(
        'Costs:\n```json\n{"c": [0.1, 0.10000000000000000555, "1/3"], "n": 4, "by": {"a": 1}}\n```\nend'
    )
    assert text == "Costs:\n(data: c, n, by)\nend"
    assert data.numbers == {
        "c": (Fraction(1, 10), Fraction("0.10000000000000000555"), Fraction(1, 3)), "n": 4, "by": {"a": 1},
    }  # fmt: skip


def test_lists_of_objects_are_tables() -> None:
    data = data_of(load_exactly('{"shop": [{"city": "Rome", "rent": 1.5}, {"city": "Oslo", "rent": 2}]}', ""))
    assert data.labels == {"shop_city": ("Rome", "Oslo")}
    assert data.numbers == {"shop_rent": (Fraction(3, 2), 2)}


@pytest.mark.parametrize(
    "text",
    [
        "```csv\nto, Rome, New York\nOslo, 1, 2.5\nBonn, 3, 4\n```",
        "| to | Rome | New York |\n|:---|---:|---|\n| Oslo | 1 | 2.5 |\n| Bonn | 3 | 4 |",
    ],
)
def test_tables_are_columns_and_a_matrix(text: str) -> None:
    shown, data = data_in(f"Distances\n{text}\nin km")
    assert shown == "Distances\n(data: Rome, New_York, table1, to, table1_columns)\nin km"
    assert data.numbers == {"Rome": (1, 3), "New_York": (Fraction(5, 2), 4), "table1": ((1, Fraction(5, 2)), (3, 4))}
    assert data.labels == {"to": ("Oslo", "Bonn"), "table1_columns": ("Rome", "New York")}


def test_what_is_no_data_stays_in_the_text() -> None:
    for text in (
        "```python\nx = 1\n```",
        "| a | b |\n|---|---|",
        "```json\n{}\n```",
        "| a |\n| b | c |\n| d |",
        "```json",
    ):
        assert data_in(text) == (text, ProblemData())


def test_what_cannot_be_used_is_said() -> None:
    data = data_of(
        {"flag": True, "mixed": ["a", 1], "same": ["a", "a"], "empty": None, "deep": {"value": 3}, "a b": "4"}
    )
    assert data.numbers == {"deep": 3, "a_b": 4}
    assert [note.split(" is not used")[0] for note in data.left_out] == [
        f"the data '{name}'" for name in ("flag", "mixed", "same", "empty")
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\n```json\n{\n```", "the JSON block at line 2"),
        ('```json\n{"a": 1, "a": 2}\n```', "stands twice"),
        ('```json\n{"a": NaN}\n```', "NaN is not a number"),
        ('```json\n{"a": 1}\n```\n```json\n{"a": 2}\n```', "two pieces of data are called 'a'"),
        ('```csv\n"a\nb\n```', "a CSV block of the text cannot be read"),
        ("```json\n{" + ", ".join(f'"a{k}": 1' for k in range(301)) + "}\n```", "more than 300 pieces of data"),
    ],
)
def test_blocks_that_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        data_in(text)
    assert "\n" not in str(caught.value)


def test_names_become_identifiers() -> None:
    data = data_of({"Unit cost (€)": 1, "sum": 2, "3rd": 3, "α": 4, "  ": 5})
    assert data.names == ["Unit_cost", "_sum", "_3rd", "α", "data"]


def test_the_preview_is_bounded() -> None:
    data = data_of(
        {"m": [[1, 2, 3]] * 4000, "k": {f"key{k}": "1" * 900 for k in range(50)}, "l": [f"x{k}" for k in range(99)]}
    )
    lines = data.preview().split("\n")
    assert lines[0] == "- m: 4000 × 3 numbers: 1, 2, 3, 1, 2, 3, …"
    assert lines[2].startswith("- l: 99 labels: x0, x1")
    assert all(len(line) < 500 for line in lines)


@given(st.text(alphabet='|`jsoncv\n-:,"{}[]1a ', max_size=80))
def test_any_text_is_split_or_refused(text: str) -> None:
    try:
        shown, data = data_in(text)
    except InputError:
        return
    assert shown == text or data.names


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4))
def test_any_json_is_taken_or_refused(items: dict[str, Any]) -> None:
    try:
        data = data_of(items)
    except InputError:
        return
    assert all(name.isidentifier() for name in data.names)
    assert data.preview().count("\n") == max(len(data.names) - 1, 0)
