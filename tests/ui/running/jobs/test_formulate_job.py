import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

import ui.running.jobs.formulate as formulate_job
from agent.language.chat import ModelError
from agent.language.scripted import Line, ScriptedModel
from tools.errors import InputError

Done = Callable[..., dict[str, Any]]
Install = Callable[[Sequence[Line]], ScriptedModel]

WORDS = "Minimize what is spent on crates, at least 40 of them, of which each costs 2."
MODEL = {"name": "some-model"}


def answer(need: int = 40, kind: str = "continuous") -> str:
    return json.dumps(
        {
            "name": "crates", "description": "what to buy", "sense": "minimize", "sets": [], "parameters": [],
            "variables": [{"name": "x", "indices": [], "kind": kind, "lower": 0, "upper": None, "description": ""}],
            "objective": "2*x",
            "constraints": [{"name": "need", "for": [], "expression": f"x >= {need}", "description": ""}],
            "assumptions": ["crates can be split\u001b[2J"],
        }
    )  # fmt: skip


@pytest.fixture
def model_says(monkeypatch: pytest.MonkeyPatch) -> Install:
    def install(lines: Sequence[Line]) -> ScriptedModel:
        model = ScriptedModel(lines, name="some-model")
        monkeypatch.setattr(formulate_job, "open_model", lambda limits: model)
        return model

    return install


def test_words_become_a_model_that_is_a_source(
    done: Done, model_says: Install, events: list[Mapping[str, Any]]
) -> None:
    model_says([answer()])
    found = done("formulate", words=WORDS, model=MODEL)
    assert found["algebra"][1] == "minimize 2*x"
    assert found["notes"] == ["assumed: crates can be split [2J"]
    assert found["written_by"] == "llm:some-model"
    assert events == [{"kind": "step", "node": "formulate", "message": "asking some-model for the algebra"}]
    json.dumps(found, allow_nan=False)
    read = done("read", source={"text": found["model_json"]})
    assert read["summary"]["objective"] == "minimize 2 x"
    assert read["notes"] == ["written by llm:some-model: check it before you use it"]


def test_a_draft_is_corrected(done: Done, model_says: Install) -> None:
    model = model_says([answer(), answer(kind="integer"), answer(45, "integer")])
    draft = done("formulate", words=WORDS, model=MODEL, corrections=["whole crates"])
    assert draft["summary"]["integers"] == 1
    found = done(
        "formulate", document=json.loads(json.dumps(draft["document"])), corrections=["at least 45"], model=MODEL
    )
    assert found["summary"]["first_rows"] == ["need: x >= 45"]
    assert model.asked[2].messages[-1].text.endswith("at least 45")


def test_a_draft_as_it_is_needs_no_language_model(done: Done, model_says: Install) -> None:
    model_says([answer()])
    draft = done("formulate", words=WORDS, model=MODEL)
    found = done("formulate", document=draft["document"])
    assert found["model_json"] == draft["model_json"]


def test_data_beside_the_words_is_exact(done: Done, model_says: Install) -> None:
    data = '{"price": [0.1000000000000000000001, 2]}'
    for given in (data, json.loads(data)):
        model = model_says([answer()])
        done("formulate", words=WORDS, data=given, model=MODEL)
        assert "price" in model.asked[0].text


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({}, "give the words of a problem, or the document"),
        ({"words": WORDS}, "words need a language model, but no language model is configured"),
        ({"words": " ", "model": MODEL}, "there are no words"),
        ({"words": WORDS, "model": MODEL, "data": "[1]"}, "must be a JSON object"),
        ({"words": WORDS, "model": MODEL, "data": '{"a": NaN}'}, "data"),
        ({"words": WORDS, "model": MODEL, "corrections": ["x"] * 51}, "51 corrections; at most 50"),
        ({"words": WORDS, "document": {"a": 1}}, "give the words of a problem, or the document"),
        ({"document": {"schema": "x"}}, "the draft"),
        ({"words": WORDS, "model": MODEL}, "no connection"),
    ],
)
def test_what_cannot_be_done_is_one_line(done: Done, model_says: Install, request_: dict[str, Any], words: str) -> None:
    model_says([ModelError("no connection to the model", "unreachable")])
    with pytest.raises(InputError, match=words) as caught:
        done("formulate", **request_)
    assert "\n" not in str(caught.value)
