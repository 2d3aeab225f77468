import re
from collections.abc import Callable
from typing import Any

import pytest

import ui.running.jobs.explain as explain_job
from agent.explaining.manner import CHAT, Manner
from agent.explaining.phrasing import Explanation
from tools.errors import InputError
from tools.report import Report
from ui.chat.grammar import understood
from ui.chat.phrases import Continue, Phrase, Try, Verify, Want

Done = Callable[..., dict[str, Any]]


def test_a_report_is_told_by_the_template(done: Done, refuted: Report) -> None:
    found = done("explain", report=refuted.to_json())
    assert found["text"].startswith("No, ")
    assert found["facts"][0]["text"] in found["text"]
    assert (found["written_by"], found["note"]) == ("template", "")


def test_a_question_goes_to_the_language_model(done: Done, refuted: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    def explain_with(report: Report, model: Any, *, question: str, manner: Manner) -> Explanation:
        calls.append((report, model.name, question, manner))
        return Explanation("told", "llm:some-model", "a note")

    monkeypatch.setattr(explain_job, "explain_with", explain_with)
    found = done("explain", report=refuted.to_json(), question="why?", manner="chat", model={"name": "some-model"})
    assert calls == [(refuted, "some-model", "why?", CHAT)]
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


def test_advice_is_in_the_words_of_where_it_is_read(done: Done, refuted: Report) -> None:
    assert "--mapping FILE" in done("explain", report=refuted.to_json())["text"]
    said = done("explain", report=refuted.to_json(), manner="chat")
    for text in (said["text"], *(fact["text"] for fact in said["facts"])):
        assert "--" not in text
    assert "“verify x[i] = …”" in said["text"]
    with pytest.raises(InputError, match="unknown manner 'song'; known are command line, chat"):
        done("explain", report=refuted.to_json(), manner="song")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (CHAT.want_both, Want("reformulation")),
        (CHAT.want_optima, Want("quasi-karp")),
        (CHAT.more_time, Continue()),
        (CHAT.mapping.replace("…", "y[i]"), Verify(("x[i] = y[i]",))),
        (CHAT.hint.replace("…", "y[i]"), Try(("x[i] = y[i]",))),
    ],
)
def test_what_the_chat_is_told_to_say_is_understood(words: str, kind: Phrase) -> None:
    found = re.search("“([^”]+)”", words)
    assert found is not None
    assert understood(found[1]) == kind
