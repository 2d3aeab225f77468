"""A whole run against a server on this machine: the real client, the real graph, and everything that can go wrong."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agent.language.configuration import LanguageModel
from agent.language.tokens import count_tokens
from agent.run import stream
from agent.settings import Settings
from tests.agent.language.chat_server import (
    MODEL,
    Answer,
    ChatServer,
    answers,
    dies,
    drips,
    fails,
    floods,
    garbage,
    goes_on,
    hangs,
    nobody_accepts,
    refuses,
    says,
    unused_port,
)
from tests.agent.model_answers import HALF_RIGHT, RIGHT, WRONG, digits_pair, located_pair, proposing
from tools.formulation.model import Formulation
from tools.report import Report

KEY = "sk-4f9a-do-not-tell"
SETTINGS = Settings(planner="llm", memory="none", time_limit=20)


def run(
    url: str, settings: Settings = SETTINGS, pair: tuple[Formulation, Formulation] | None = None, seconds: float = 5
) -> tuple[Report, list[str], list[str]]:
    """Return the report, the steps and the warnings of a run that asks the server at `url`."""
    model = LanguageModel(MODEL, url, KEY, seconds=seconds)
    *events, last = stream(*(pair or digits_pair()), replace(settings, model=model))
    assert last.report is not None
    told = [f"{event.node}: {event.message}" for event in events if event.kind == "step"]
    return last.report, told, [event.message for event in events if event.kind == "warning"]


def test_wrong_then_half_right_then_right(tmp_path: Path) -> None:
    checkpoint = tmp_path / "run.sqlite"
    with ChatServer([proposing(WRONG), proposing(HALF_RIGHT), proposing(RIGHT)]) as server:
        report, told, warnings = run(server.url, replace(SETTINGS, checkpoint=checkpoint))
    assert report.verdict == "equivalent"
    assert report.mapping is not None
    assert (report.mapping.origin, report.mapping.rules) == (f"llm:{MODEL}", (RIGHT,))
    assert [h.outcome for h in report.hypotheses] == ["refuted", "refuted", "verified"]
    assert (report.model_calls, len(server.calls), warnings) == (3, 3, [])
    assert "with this mapping the candidate solution with d_" in server.calls[1].text
    assert any("hypothesis (llm:small): idea 1" in line for line in told)
    assert all(call.headers["authorization"] == f"Bearer {KEY}" for call in server.calls)
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert KEY.encode() not in files
    assert KEY not in str(report.to_json()) + str(told)


FAILURES: dict[str, Callable[[], Answer]] = {
    "a wrong key": lambda: fails(401, f"Incorrect API key provided: {KEY}"),
    "no right": lambda: fails(403),
    "no such model": lambda: fails(404),
    "too many requests": lambda: fails(429, retry_after="1"),
    "a server error": lambda: fails(500),
    "overloaded": lambda: fails(503),
    "a bad request": lambda: fails(400, "what?"),
    "no JSON schema, and then nonsense": lambda: refuses({"response_format": "no", "tools": "no"}, says("nonsense")),
    "silence": hangs,
    "silence after the head": lambda: hangs(after_head=True),
    "a byte now and then": lambda: drips(b"data: {" * 1000),
    "a stream that dies": dies,
    "a stream that ends in the middle": lambda: dies(properly=True),
    "a stream without end": goes_on,
    "a flood": floods,
    "garbage": garbage,
    "a page": lambda: answers(200, "<html>Welcome</html>", "text/html"),
    "nothing": lambda: says(""),
    "a refusal": lambda: says("I cannot help with that."),
    "half an object": lambda: says('{"hypotheses": [{"rules": ["x[i] = 10*d[i,1]'),
    "unknown variables": lambda: proposing("q[i] = w[i]", "x[i] = nowhere[i]"),
    "an echo of the key": lambda: says(KEY),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_every_failure_ends_in_time_with_a_right_verdict_and_one_line(failure: str) -> None:
    started = time.monotonic()
    with ChatServer([FAILURES[failure]()]) as server:
        report, told, warnings = run(server.url, seconds=1.5)
    assert time.monotonic() - started < 30
    if failure == "unknown variables":
        assert (report.verdict, warnings) == ("unknown", [])
        assert any("nowhere" in line for line in told)
        assert "nowhere" in str([h.reason for h in report.hypotheses])
    else:
        assert report.verdict == "equivalent"  # symbolic planners have taken over
        assert len(warnings) == 1
        assert warnings[0].endswith("; planning is symbolic")
        assert MODEL in warnings[0]
        assert "\n" not in warnings[0]
        assert len(warnings[0]) < 500
    assert KEY not in str(report.to_json()) + str(told) + str(warnings)


def test_a_refused_way_to_ask_costs_no_round() -> None:
    with ChatServer([refuses({"response_format": "not supported"}, proposing(RIGHT))]) as server:
        report, _, warnings = run(server.url)
    assert (report.verdict, warnings) == ("equivalent", [])
    assert "tools" in server.modes


def test_an_endpoint_that_is_down_costs_one_short_retry() -> None:
    started = time.monotonic()
    report, _, warnings = run(f"http://127.0.0.1:{unused_port()}/v1", replace(SETTINGS, planner="auto"))
    assert (report.verdict, report.model_calls, warnings) == ("equivalent", 0, [])  # nobody needed to ask
    report, _, warnings = run(f"http://127.0.0.1:{unused_port()}/v1")
    assert report.verdict == "equivalent"
    assert report.planning.startswith("symbolic (")
    assert re.search(r"cannot be reached|refused", warnings[0])
    assert time.monotonic() - started < 15


def test_an_endpoint_that_accepts_nobody() -> None:
    with nobody_accepts() as url:
        report, _, warnings = run(url, seconds=1)
    assert report.verdict == "equivalent"
    assert len(warnings) == 1


def test_thousands_of_variables_in_few_words() -> None:
    pair = located_pair(sites=50, customers=100)
    assert len(pair[0].variables) == 5_050
    with ChatServer([proposing("ship[i,j] = z[i,j]; open[i] = 1 - shut[i]")]) as server:
        report, _, _ = run(server.url, replace(SETTINGS, time_limit=60), pair)
    (call,) = server.calls
    assert count_tokens(call.text) <= LanguageModel(MODEL).prompt_tokens
    assert report.verdict == "equivalent"
    assert report.mapping is not None
    assert report.mapping.rules == ("ship[i,j] = z[i,j]", "open[i] = 1 - shut[i]")
    assert len(report.mapping.recovery) == 5_050
