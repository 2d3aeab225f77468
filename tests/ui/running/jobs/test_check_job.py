import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import ui.running.jobs.check as check_job
from agent.events import Event
from agent.requested_settings import settings_of
from agent.run import check
from agent.settings import Settings
from tools.errors import InputError
from tools.report import Report

Done = Callable[..., dict[str, Any]]
Example = Callable[[str], dict[str, Any]]

QUICK = {"time_limit": 20, "memory": "none", "planner": "symbolic"}


@pytest.mark.parametrize("name", ["complement", "production", "infeasible"])
def test_the_report_is_the_agent_s(done: Done, example: Example, events: list[Any], name: str) -> None:
    pair = example(name)
    found = done("check", **pair, settings=QUICK)
    direct = check(pair["reference"]["path"], pair["candidate"]["path"], Settings(**QUICK)).to_json()
    assert found["question"] is None
    assert found["explanation"].startswith("Yes" if name == "complement" else "No")
    assert {**found["report"], "seconds": {}, "costs": {}} == {**direct, "seconds": {}, "costs": {}}
    Report.from_json(json.loads(json.dumps(found["report"], allow_nan=False)))
    assert {event["kind"] for event in events} == {"step"}
    assert events[0]["message"].startswith("reference ")
    assert (found["evidence"] != []) == (name == "production")


def test_a_counterexample_comes_with_its_numbers(done: Done, example: Example) -> None:
    found = done("check", **example("production"), settings=QUICK)
    assert found["evidence"] == ["row machine: 6 chairs + 4 tables = 36 > 24", "6·6 = 36"]


def test_models_may_be_texts_with_hostile_names(done: Done, events: list[Any]) -> None:
    def text(name: str) -> dict[str, str]:
        document = {
            "schema": "quasikarp/formulation/1", "name": "<script>\u202e", "sense": "minimize",
            "objective": {"terms": {name: 1}},
            "variables": [{"name": name, "kind": "integer", "lower": 1, "upper": 3}],
            "rows": [{"name": f"r{name}", "lower": 2, "upper": None, "terms": {name: 1}}],
        }  # fmt: skip
        return {"text": json.dumps(document)}

    long = "<img src=x onerror=alert(1)>\u202e$\\input{x}$" + "y" * 10_000
    found = done("check", reference=text(long), candidate=text("u"), settings=QUICK)
    assert found["report"]["verdict"] == "equivalent"
    found = done("verify", reference=text(long), candidate=text("u"), mapping=json.dumps(found["report"]["mapping"]))
    assert found["report"]["verdict"] == "equivalent"


def test_everything_that_settings_say_arrives() -> None:
    assert settings_of({}) == Settings()
    given = {
        "contract": "reformulation", "time_limit": 3, "rounds": 4, "seed": 5, "mapping": "x = u", "hints": ["y = v"],
        "memory": "/some/where", "planner": "llm", "checkpoint": "/a/b", "ask": True,
        "model": {"name": "some-model", "base_url": "http://localhost:1/v1", "calls": 3},
    }  # fmt: skip
    found = settings_of(given)
    assert (found.contract, found.time_limit, found.rounds, found.seed) == ("reformulation", 3, 4, 5)
    assert (found.mapping, found.hints, found.memory) == ("x = u\n", ("y = v",), "/some/where")
    assert (found.planner, found.checkpoint, found.ask) == ("llm", Path("/a/b"), True)
    assert found.model is not None
    assert (found.model.name, getattr(found.model, "calls", 0)) == ("some-model", 3)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"colour": "red"}, "unknown settings colour; known are ask, checkpoint"),
        ({"contract": "karp"}, "unknown contract 'karp'"),
        ({"time_limit": "long"}, "time_limit must be a number, found 'long'"),
        ({"time_limit": True}, "time_limit must be a number"),
        ({"time_limit": -1}, "time limit"),
        ({"rounds": 1.5}, "rounds must be a whole number"),
        ({"rounds": 10**9}, "rounds must lie between"),
        ({"hints": "x = u"}, "hints must be a list of texts"),
        ({"hints": [1]}, "hints must be a list of texts"),
        ({"mapping": ["x"]}, "mapping must be text"),
        ({"ask": "yes"}, "ask must be true or false"),
        ({"model": "gpt"}, "model must be an object"),
        ({"model": {"base_url": "http://x"}}, "the language model is described wrongly"),
        ({"model": {"name": "x", "colour": "red"}}, "the language model is described wrongly"),
        ({"model": {"name": 7}}, "the language model is described wrongly"),
        ({"model": {"name": "x", "calls": "many"}}, "the language model is described wrongly"),
    ],
)
def test_settings_that_cannot_be_used_are_one_line(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        settings_of(settings)
    assert "\n" not in str(caught.value)


def test_a_run_may_ask_and_gets_the_answer(
    done: Done, example: Example, monkeypatch: pytest.MonkeyPatch, equivalent: Report, undecided: Report
) -> None:
    calls: list[dict[str, Any]] = []

    def stream(reference: Any, candidate: Any, settings: Settings, **more: Any) -> Iterator[Event]:
        calls.append(more)
        yield Event("warning", "recall", "no memory")
        if more:
            yield Event("report", "conclude", "done", equivalent)
        yield Event("question", "ask", "how does x[i] arise?", undecided)

    monkeypatch.setattr(check_job, "stream", stream)
    asked = {**example("complement"), "settings": {"ask": True, "checkpoint": "x.sqlite"}}
    found = done("check", **asked)
    assert (found["report"], found["question"]) == (None, "how does x[i] arise?")
    assert found["so_far"]["verdict"] == "unknown"
    found = done("check", **asked, answer=["x = u", "y = v"])
    assert (found["report"]["verdict"], found["question"]) == ("equivalent", None)
    assert calls == [{}, {"answer": "x = u\ny = v"}]
