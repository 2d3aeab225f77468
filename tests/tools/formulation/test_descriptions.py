import dataclasses
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_formulations import ODD_NAMES, PLAIN_NAMES, formulations

from tools.errors import InputError, ParseError
from tools.formulation.json_format import SCHEMA, format_json, parse_json
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.formulation.write import write

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@pytest.fixture
def model() -> Formulation:
    plain = parse_lp("Minimize\n o: x[1] + x[2]\nSubject To\n need: x[1] + x[2] >= 1\nEnd\n", name="m")
    words = {"": "The least of both.", "x": "crates", "x[1]": "crates to Rome", "need": "what is asked\nfor"}
    return plain.changed(descriptions=words, written_by="llm:some")


def test_words_are_no_part_of_the_meaning(model: Formulation) -> None:
    assert model.same_as(model.changed(descriptions=None, written_by=""))


def test_words_survive_changes_and_pickling(model: Formulation) -> None:
    for copy in (
        model.changed(name="n"),
        dataclasses.replace(model, name="n"),
        pickle.loads(pickle.dumps(model)),
        parse_json(format_json(model)),
    ):
        assert copy.descriptions == model.descriptions
        assert copy.written_by == "llm:some"


def test_words_survive_a_file(model: Formulation, tmp_path: Path) -> None:
    write(model, tmp_path / "m.json")
    assert read(tmp_path / "m.json").descriptions == model.descriptions
    write(model, tmp_path / "m.lp")  # words have no place there
    assert read(tmp_path / "m.lp").written_by == ""


@given(formulations(names=PLAIN_NAMES | ODD_NAMES), st.dictionaries(st.sampled_from(["", "x", "y[1]"]) | WORDS, WORDS))
def test_any_words_are_read_back(plain: Formulation, words: dict[str, str]) -> None:
    names = (*plain.variables, *plain.rows)[:2]
    model = plain.changed(descriptions=words | {name: f"about {name}" for name in names}, written_by="llm:ü")
    back = parse_json(format_json(model))
    assert back.descriptions == model.descriptions
    assert back.written_by == model.written_by
    assert back.same_as(model)


def test_a_variable_and_a_row_of_one_name_share_what_is_said() -> None:
    def described(variable: str, row: str) -> Formulation:
        return parse_json(
            json.dumps(
                {
                    "schema": SCHEMA, "sense": "minimize", "objective": {"terms": {}},
                    "variables": [
                        {"name": "x", "lower": 0, "upper": 1, "kind": "integer", "description": variable}
                    ],
                    "rows": [{"name": "x", "lower": 0, "upper": 1, "terms": {}, "description": row}],
                }
            )
        )  # fmt: skip

    assert described("a", "b").descriptions == {"x": "a; b"}
    assert described("a", "a").descriptions == {"x": "a"}
    assert parse_json(format_json(described("a", "b"))).descriptions == {"x": "a; b"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"description": 3}, "the description in the document: expected a string"),
        ({"descriptions": []}, "descriptions: expected an object, found a list"),
        ({"descriptions": {"x": None}}, "the description of 'x': expected a string, found null"),
        ({"written_by": ["a"]}, "written_by: expected a string"),
        ({"written_by": "a\nb"}, "control characters"),
        ({"description": "\ud800"}, "surrogate"),
    ],
)
def test_words_that_are_none(changes: dict[str, Any], message: str) -> None:
    document = {"schema": SCHEMA, "sense": "minimize", "objective": {"terms": {}}, "variables": [], "rows": []}
    with pytest.raises(ParseError, match=message):
        parse_json(json.dumps(document | changes))


def test_half_characters_are_not_written(model: Formulation) -> None:
    with pytest.raises(InputError, match="surrogate"):
        format_json(model.changed(descriptions={"": "\ud800"}))
