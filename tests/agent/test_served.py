"""The graph for LangGraph's own tools: JSON in, JSON out, the run as its subgraph."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from lp_pairs import MORE_NEEDED, REFERENCE, ROLES_SWAPPED, write_pair

from agent.requested_settings import settings_of
from agent.served import SETTINGS, model_of, served_graph
from tools.errors import InputError

ROOT = Path(__file__).resolve().parent.parent.parent


def test_langgraph_json_names_the_graph() -> None:
    path, _, name = json.loads((ROOT / "langgraph.json").read_text())["graphs"]["quasikarp"].partition(":")
    assert (ROOT / path).is_file()
    module = importlib.import_module(path.removeprefix("./").removesuffix(".py").replace("/", "."))
    assert getattr(module, name) is served_graph


@pytest.mark.parametrize(("candidate", "verdict"), [(ROLES_SWAPPED, "equivalent"), (MORE_NEEDED, "not_equivalent")])
def test_models_as_text(candidate: str, verdict: str) -> None:
    answer: Any = served_graph().invoke({"reference": REFERENCE, "candidate": candidate})
    assert answer["report"]["verdict"] == verdict
    json.dumps(answer)


def test_models_as_paths(tmp_path: Path) -> None:
    reference, candidate = map(str, write_pair(tmp_path))
    request: Any = {"reference": reference, "candidate": candidate, "settings": {"contract": "reformulation"}}
    answer: Any = served_graph().invoke(request)
    assert answer["report"]["contract"] == "reformulation"


def test_the_run_is_a_subgraph_with_its_nodes() -> None:
    nodes = served_graph().get_graph(xray=True).nodes
    assert {"check:ingest", "check:plan", "check:verify", "check:ask"} <= set(nodes)


def test_schemas_can_be_shown() -> None:
    assert {"reference", "candidate", "settings"} <= set(served_graph().get_input_jsonschema()["properties"])


def test_its_question_is_an_interrupt() -> None:
    graph = served_graph()
    graph.checkpointer = InMemorySaver()
    models = {
        "reference": (ROOT / "examples/models/digits/reference.lp").read_text(),
        "candidate": (ROOT / "examples/models/lot_sizing/candidate.lp").read_text(),
    }
    for thread, answer, verdict in (("1", "", "unknown"), ("2", "crates_red = 3\ncrates_blue = 2", "not_equivalent")):
        config: Any = {"configurable": {"thread_id": thread}}
        request: Any = {**models, "settings": {"ask": True}}
        waiting: Any = graph.invoke(request, config)
        assert "crates_red" in waiting["__interrupt__"][0].value
        answered: Any = graph.invoke(Command(resume=answer), config)
        assert answered["report"]["verdict"] == verdict


@pytest.mark.parametrize(
    "settings", [{"checkpoint": "x"}, {"nonsense": 1}, [], {"hints": "x = y"}, {"time_limit": "long"}, {"contract": 3}]
)
def test_wrong_settings_are_refused(settings: Any) -> None:
    with pytest.raises(InputError):
        settings_of(settings, SETTINGS)


@pytest.mark.parametrize("text", [None, 3, "", "  ", "missing.lp", "one\ntwo"])
def test_what_is_no_model_is_refused(text: Any) -> None:
    with pytest.raises(InputError):
        model_of(text, "reference")
