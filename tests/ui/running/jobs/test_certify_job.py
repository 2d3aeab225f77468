"""Certificates are made of a report, or of a check; what a report merely says is in none."""

import json
from collections.abc import Callable
from typing import Any

import pytest

import quasikarp_verify
from tools.errors import InputError

Done = Callable[..., dict[str, Any]]
Example = Callable[[str], dict[str, Any]]
SETTINGS = {"time_limit": 20, "memory": "none", "planner": "symbolic"}


@pytest.fixture(scope="module")
def slack() -> dict[str, Any]:
    """A report on the pair slack."""
    from agent.run import check
    from agent.settings import Settings
    from tests.conftest import REPOSITORY

    folder = REPOSITORY / "examples" / "models" / "slack"
    return check(
        folder / "reference.lp", folder / "candidate.lp", Settings(memory="none", planner="symbolic")
    ).to_json()


def test_a_report_is_certified(done: Done, example: Example, slack: dict[str, Any]) -> None:
    found = done("certify", **example("slack"), report=slack, time_limit=20)
    assert found["shows_verdict"] is True
    assert found["gaps"] == {}
    assert set(found["certified"].values()) == {"proved"}
    assert found["report"]["certificate"] == {"sha256": found["sha256"], "verdict": True, "gaps": {}}
    certificate = quasikarp_verify.Certificate(json.loads(found["certificate"]))
    assert certificate.shows == found["certified"]


def test_without_a_report_the_pair_is_checked_first(done: Done, example: Example, events: list[dict[str, Any]]) -> None:
    found = done("certify", **example("production"), settings=SETTINGS, time_limit=20)
    assert found["report"]["verdict"] == json.loads(found["certificate"])["verdict"] == "not_equivalent"
    assert [event["node"] for event in events] == ["check", "certify"]


def test_what_a_report_says_wrongly_is_not_certified(done: Done, example: Example, slack: dict[str, Any]) -> None:
    """The mapping of the report is one that fails, whatever the report calls it."""
    recovery = {name: {"constant": "1", "terms": {}} for name in slack["mapping"]["recovery"]}
    wrong = {**slack, "mapping": {**slack["mapping"], "recovery": recovery, "lifting": None}}
    found = done("certify", **example("slack"), report=wrong, time_limit=20)
    assert found["shows_verdict"] is False
    assert json.loads(found["certificate"])["verdict"] == "unknown"
    assert found["certified"].get("sound") != "proved"
    assert found["report"]["claims"]["sound"]["strength"] == "solver"
    assert "sound" in found["gaps"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"report": 7}, "report must be an object"),
        ({"report": {"schema": "x"}}, "report"),
        ({"time_limit": -1, "settings": SETTINGS}, "time_limit"),
        ({"time_limit": "soon", "settings": SETTINGS}, "time_limit must be a number"),
        ({"settings": {"odd": 1}}, "unknown settings odd"),
        ({"candidate": {"path": "no/such.lp"}}, "does not exist"),
    ],
)
def test_what_cannot_be_used_is_one_line(done: Done, example: Example, more: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        done("certify", **{**example("slack"), **more})
    assert "\n" not in str(caught.value)
