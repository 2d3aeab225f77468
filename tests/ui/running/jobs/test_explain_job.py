from collections.abc import Callable
from typing import Any

import pytest

import ui.running.jobs.explain as explain_job
from agent.explaining.phrasing import Explanation
from tools.errors import InputError
from tools.report import Report

Done = Callable[..., dict[str, Any]]


def test_a_report_is_told_by_the_template(done: Done, refuted: Report) -> None:
    found = done("explain", report=refuted.to_json())
    assert found["text"].startswith("No, ")
    assert found["facts"][0]["text"] in found["text"]
    assert (found["written_by"], found["note"]) == ("template", "")


def test_a_question_goes_to_the_language_model(done: Done, refuted: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    def explain_with(report: Report, model: Any, *, question: str) -> Explanation:
        calls.append((report, model.name, question))
        return Explanation("told", "llm:some-model", "a note")

    monkeypatch.setattr(explain_job, "explain_with", explain_with)
    found = done("explain", report=refuted.to_json(), question="why?", model={"name": "some-model"})
    assert calls == [(refuted, "some-model", "why?")]
    assert (found["text"], found["written_by"], found["note"]) == ("told", "llm:some-model", "a note")


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({}, "report"),
        ({"report": []}, "report must be an object"),
        ({"report": {"schema": "quasikarp/report/1"}}, "report"),
        ({"report": {}, "question": 7}, "report"),
    ],
)
def test_what_is_no_report_is_one_line(done: Done, request_: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        done("explain", **request_)
    assert "\n" not in str(caught.value)


def test_a_question_is_bounded(done: Done, refuted: Report) -> None:
    with pytest.raises(InputError, match="501 characters; at most 500"):
        done("explain", report=refuted.to_json(), question="?" * 501)
