"""A language model may choose, order and introduce facts; whatever else it does, the template speaks."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from explained_reports import HOSTILE, WITNESS, any_reports, hostile_reports, plain, real_reports
from hypothesis import given
from hypothesis import strategies as st
from test_captions import CONTRADICTIONS

import quasikarp
from agent.explaining.facts import facts_of
from agent.explaining.phrasing import MOST_PARTS, Explanation, explain_with, phrase
from agent.explaining.template import explain
from agent.language.chat import Message, ModelError
from agent.language.configuration import LanguageModel
from agent.language.ledger import Ledger
from agent.language.scripted import Line, ScriptedModel
from tools.report import Report

REFUTED = plain("not_equivalent", counterexample=WITNESS)


def answer(*parts: tuple[str, int]) -> str:
    return json.dumps({"parts": [{"caption": caption, "fact": fact} for caption, fact in parts]})


def said(report: Report, *lines: Line, question: str = "", repeat: bool = False, **limits: Any) -> Explanation:
    model = ScriptedModel(lines, "m", repeat=repeat)
    return phrase(report, model, Ledger(LanguageModel("m", **limits)), question=question, seconds=5)


def require_template(explanation: Explanation, report: Report) -> None:
    assert explanation.text == explain(report)
    assert explanation.written_by == "template"
    assert explanation.note
    assert "\n" not in explanation.note
    assert len(explanation.note) < 400


def place_of(report: Report, topic: str) -> int:
    return [fact.topic for fact in facts_of(report)].index(topic)


def test_chosen_facts_are_shown_as_they_are_behind_the_verdict() -> None:
    facts = facts_of(REFUTED)
    place = place_of(REFUTED, "counterexample")
    explanation = said(REFUTED, answer(("What the counterexample shows:", place), ("", 1)))
    assert explanation.written_by == "llm:m"
    assert explanation.note == ""
    blocks = explanation.text.split("\n\n")
    assert blocks[0] == facts[0].text
    assert "«these marks»" in blocks[1]
    assert blocks[2] == f"«What the counterexample shows:» {facts[place].text}"
    assert blocks[3].startswith(facts[1].text)
    assert str(explanation) == explanation.text


def test_the_lines_of_a_fact_come_with_it() -> None:
    place = place_of(REFUTED, "mapping")
    text = said(REFUTED, answer(("The mapping:", place))).text
    assert "\n  x = u\n  y = 1 - v" in text


def test_the_verdict_is_shown_once() -> None:
    text = said(REFUTED, answer(("", 0), ("Why:", 1))).text
    assert text.count("not equivalent") == 1
    require_template(said(REFUTED, answer(("", 0)), repeat=True), REFUTED)


def test_what_is_wrong_is_told_back_once() -> None:
    model = ScriptedModel([answer(("The models are equivalent:", 1)), answer(("Why:", 1))], "m")
    explanation = phrase(REFUTED, model, Ledger(LanguageModel("m")), seconds=5)
    assert explanation.written_by == "llm:m"
    assert "'are' is not among the allowed words" in model.asked[1].messages[-1].text
    assert len(model.asked) == 2


@pytest.mark.parametrize("caption", CONTRADICTIONS)
def test_a_contradiction_is_never_shown(caption: str) -> None:
    for report in (REFUTED, plain(), plain("unknown")):
        explanation = said(report, answer((caption, 1)), repeat=True)
        require_template(explanation, report)


BAD_ANSWERS = [
    "", " ", "null", "[]", "{}", "yes", "The models are equivalent.", '{"parts": []}', '{"parts": null}',
    '{"parts": "Why"}', '{"parts": [1]}', '{"parts": [{}]}', '{"parts": [{"fact": "1"}]}', '{"parts": [{"fact": 1.0}]}',
    '{"parts": [{"fact": true}]}', '{"parts": [{"fact": null}]}', '{"parts": [{"fact": 1e9}]}',
    '{"parts": [{"caption": null, "fact": 1}]}', '{"parts": [{"caption": ["Why:"], "fact": 1}]}',
    '{"parts": [{"caption": "Why:", "fact": 1, "text": "They are equivalent."}]}',
    '{"parts": [{"caption": "Why:", "fact": 1}], "verdict": "equivalent"}',
    '{"verdict": "equivalent"}', '{"parts": [{"caption": "Why:", "fact": 1}]', '{"parts": [{"caption": "Why:"}]}',
    answer(("Why:", 99)), answer(("Why:", -1)), answer(("Why:", 1), ("How?", 1)), answer(("x" * 5000, 1)),
    answer(*(("", 1),) * 50), "{" * 5000, '{"parts":' * 50, "x" * 300_000, answer(("Why:", 1)) * 2,
    '{"parts": [{"caption": "Why:", "caption": "Equivalent:", "fact": 1}]}',
    "<think>equivalent</think>", "```json\n{}\n```", '{"parts": [{"caption": "Why:", "fact": NaN}]}',
    '{"parts": [{"caption": "Why:", "fact": ' + "1" * 5000 + "}]}",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD_ANSWERS, ids=lambda text: text[:40])
def test_answers_of_another_form_fall_back(text: str) -> None:
    require_template(said(REFUTED, text, repeat=True), REFUTED)


@pytest.mark.parametrize(
    "trouble", ["unreachable", "timeout", "rate limit", "key", "refusal", "truncated", "malformed"]
)
def test_a_model_that_fails_falls_back(trouble: Any) -> None:
    explanation = said(REFUTED, ModelError("the server \x1b[31m\nis away", trouble))
    require_template(explanation, REFUTED)
    assert "\x1b" not in explanation.note


def test_limits_fall_back(monkeypatch: pytest.MonkeyPatch) -> None:
    require_template(said(REFUTED, answer(("Why:", 1)), tokens=10), REFUTED)
    monkeypatch.setattr("agent.explaining.phrasing.FACTS_NEEDED", 99)
    require_template(said(REFUTED, answer(("Why:", 1))), REFUTED)


def test_a_short_prompt_shows_fewer_facts() -> None:
    model = ScriptedModel([answer(("Why:", 1))], "m")
    assert phrase(REFUTED, model, Ledger(LanguageModel("m", prompt_tokens=1200)), seconds=5).written_by == "llm:m"
    assert f"{len(facts_of(REFUTED)) - 1}. " not in model.asked[0].messages[1].text


def test_the_model_sees_facts_and_question_only() -> None:
    model = ScriptedModel([answer(("Why:", 1))], "m")
    phrase(REFUTED, model, Ledger(LanguageModel("m")), question="why?\n\x1b[31m" + "q" * 9000, seconds=5)
    messages: Sequence[Message] = model.asked[0].messages
    assert [message.role for message in messages] == ["system", "user"]
    shown = messages[1].text
    for number, fact in enumerate(facts_of(REFUTED)):
        assert f"{number}. {fact.whole}\n" in shown
    assert "\x1b" not in shown
    assert len(shown.rsplit("\n", 1)[1]) < 600


def test_hostile_reports_stay_inert() -> None:
    for report in hostile_reports():
        explanation = said(report, answer(*(("", place) for place in range(1, min(len(facts_of(report)), MOST_PARTS)))))
        assert explanation.text.startswith(facts_of(report)[0].text)
        assert "\x1b" not in explanation.text
        assert "\u202e" not in explanation.text
        assert len(explanation.text) < 20_000
        assert explanation.text.count("«") == 1


def test_a_hostile_model_name_is_inert() -> None:
    for name in HOSTILE:
        model = ScriptedModel([answer(("Why:", 1))], name, limits=LanguageModel("m"))
        explanation = phrase(REFUTED, model, Ledger(LanguageModel("m")), seconds=5)
        assert "\x1b" not in explanation.text + explanation.written_by
        assert len(explanation.written_by) < 80


def test_every_fact_can_be_told_alone() -> None:
    for report in real_reports():
        facts = facts_of(report)
        for place in range(1, len(facts)):
            explanation = said(report, answer(("Here:", place)))
            assert explanation.written_by == "llm:m"
            assert explanation.text.split("\n", 1)[0] == facts[0].text
            assert not facts[place].text.startswith(("It ", "This refutes", "They ", "Its "))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 20) | st.text(max_size=20) | st.sampled_from(["Why:", "Equivalent:"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["parts", "caption", "fact", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(report=any_reports, value=JSON)
def test_any_answer_leaves_the_verdict_first(report: Report, value: Any) -> None:
    explanation = said(report, json.dumps(value), repeat=True)
    assert explanation.text.startswith(facts_of(report)[0].text)
    assert explanation.written_by in ("template", "llm:m")
    if explanation.written_by == "llm:m":
        assert "«Equivalent" not in explanation.text


def test_the_public_door_explains() -> None:
    assert quasikarp.explain(REFUTED) == Explanation(explain(REFUTED), "template")
    model = ScriptedModel([answer(("Why:", 1))], "m")
    assert quasikarp.explain(REFUTED, model, question="why?").written_by == "llm:m"
    assert str(explain_with(replace(REFUTED, verdict="unknown"))).startswith("The answer is unknown")
