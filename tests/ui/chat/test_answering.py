"""Results, errors and stops of jobs become blocks; whatever a job says, the conversation survives."""

from dataclasses import replace
from typing import Any

import pytest
from chat_partner import MODELS, Partner, only, texts, upload

from ui.chat.answering import done
from ui.chat.blocks import Card, Choices, ModelCard, Problem, Steps, Words
from ui.chat.conversation import Conversation, Outcome, Work
from ui.chat.pasted import Upload
from ui.chat.saying import said

DRAFT = {
    "model_json": '{"schema": "quasikarp/formulation/1", "sense": "minimize", "objective": {"terms": {"x": "1"}}, '
    '"variables": [{"name": "x", "lower": "0", "upper": null, "kind": "continuous"}], "rows": []}',
    "document": {"schema": "quasikarp/algebra/1"},
    "algebra": ["minimize x"],
    "notes": ["assumed: x is continuous"],
    "summary": {"variables": 1, "integers": 0, "constraints": 0},
    "written_by": "llm:m",
}


def test_a_stopped_check_can_go_on() -> None:
    partner = Partner()
    partner.give("digits")
    move = said(partner.conversation, "check", (), partner.room)
    events = ({"kind": "step", "node": "ingest", "message": "read"},)
    ended = done(move.conversation, Outcome(stopped=True, events=events), partner.room)
    assert only(Steps, ended.blocks).ended == "stopped"
    assert only(Choices, ended.blocks).texts == ("continue",)
    assert ended.conversation.work is None
    assert ended.conversation.report is None
    again = said(ended.conversation, "continue", (), partner.room)
    assert again.conversation.run == move.conversation.run


def test_an_unknown_verdict_is_tried_again_for_longer() -> None:
    partner = Partner()
    partner.say("time limit 0.001 s")
    partner.give("digits")
    assert partner.report["verdict"] == "unknown"
    run = partner.conversation.run
    partner.conversation = replace(partner.conversation, time_limit=30.0)
    partner.say("continue")
    assert (partner.conversation.time_limit, partner.conversation.run) == (60.0, run + 1)
    assert partner.report["verdict"] == "equivalent"


@pytest.mark.parametrize(
    "purpose",
    ["read", "check", "explain", "recall", "formulate", "interpret", "drop", "diff", "certify", "verify_certificate"],
)
@pytest.mark.parametrize(
    "outcome",
    [
        Outcome({}),
        Outcome({"report": 3, "sides": ["reference"], "summary": None, "text": None, "phrase": 7}),
        Outcome(error={"kind": "crash", "message": "the process died"}),
        Outcome(error={}),
        Outcome(stopped=True),
    ],
)
def test_the_conversation_survives_whatever_a_job_says(purpose: Any, outcome: Outcome) -> None:
    partner = Partner()
    partner.give("digits")
    ended = done(replace(partner.conversation, work=Work(purpose, "reference", "x")), outcome, partner.room)
    assert ended.conversation.work is None
    assert ended.conversation.pair is not None
    assert ended.blocks


@pytest.mark.parametrize("broken", ["reference", "candidate"])
def test_half_of_a_pair_is_not_checked_against_the_former_other_half(broken: str) -> None:
    partner = Partner()
    partner.give("production")
    contents = {side: (MODELS / "transport" / f"{side}.lp").read_bytes() for side in ("reference", "candidate")}
    contents[broken] = b"Minimize\n x\nSubject To\n c: x >= ((\nEnd\n"
    told = partner.say("", *(Upload(f"{side}.lp", content) for side, content in contents.items()))
    assert not any(isinstance(block, Card) for block in told)
    assert partner.conversation.report is None or broken == "reference"
    assert f"The {broken} is still {broken}.lp" in texts(told)
    only(Card, partner.give("digits"))
    assert partner.report["verdict"] == "equivalent"


def test_nothing_follows_where_nothing_is_under_way() -> None:
    assert done(Conversation(), Outcome({}), Partner().room).conversation == Conversation()


def test_words_become_a_draft_that_is_corrected_and_accepted() -> None:
    partner = Partner(language_model=True)
    partner.answers["formulate"] = DRAFT
    blocks = partner.say("reference: ship 20 crates as cheaply as you can")
    assert only(ModelCard, blocks).notes == ("assumed: x is continuous",)
    assert partner.conversation.reference is None
    partner.say("at least 3 of them must be red")
    assert partner.jobs[-1]["corrections"] == ["at least 3 of them must be red"]
    assert partner.jobs[-1]["document"] == DRAFT["document"]
    partner.say("that's right")
    assert partner.conversation.draft is None
    partner.say("candidate:\nmin y\nst\n c: y >= 0\nend\n")
    assert isinstance(partner.report, dict)


def test_algebra_that_is_being_changed_cannot_be_accepted() -> None:
    partner = Partner(language_model=True)
    partner.answers["formulate"] = DRAFT
    partner.say("reference: Ship at least 40 crates, each costs 2.")
    move = said(partner.conversation, "correct: each costs 3", (), partner.room)
    assert move.job is not None
    accepted = said(move.conversation, "accept", (), partner.room)
    assert isinstance(accepted.blocks[0], Problem)
    assert "being changed" in accepted.blocks[0].text
    assert accepted.conversation.draft is not None
    assert accepted.conversation.work == move.conversation.work


def test_what_waits_for_the_algebra_says_so() -> None:
    partner = Partner(language_model=True)
    partner.answers["formulate"] = DRAFT
    partner.give("digits")
    partner.say("reference: Ship at least 40 crates, each costs 2.")
    assert any("First the algebra" in block.text for block in partner.say("check") if isinstance(block, Words))


@pytest.mark.parametrize("words", ["what changed?", "show similar pairs you know", "drop row nothing"])
def test_a_check_that_is_interrupted_begins_again(words: str) -> None:
    partner = Partner()
    partner.give("digits")
    under_way = said(partner.conversation, "check", (), partner.room)
    assert under_way.job is not None
    assert under_way.job["job"] == "check"
    move = said(under_way.conversation, words, (), partner.room)
    assert move.stop
    jobs = []
    while move.job is not None:
        jobs.append(move.job["job"])
        move = partner.finish(move)
    assert jobs[-1] == "check"
    assert move.conversation.report is not None


def test_a_draft_changes_its_side_with_the_models() -> None:
    partner = Partner(language_model=True)
    partner.answers["formulate"] = DRAFT
    partner.say("", upload(MODELS / "digits" / "reference.lp"))
    partner.say("candidate: ship 20 crates as cheaply as you can")
    partner.say("swap")
    given = partner.conversation.candidate
    assert given is not None
    assert given.name == "reference.lp"
    partner.say("accept")
    assert partner.conversation.candidate == given
    assert partner.conversation.reference is not None


def test_free_words_are_what_the_language_model_says_they_are() -> None:
    partner = Partner(language_model=True)
    partner.give("digits")
    partner.answers["interpret"] = {"phrase": "all solutions matter"}
    blocks = partner.say("I also care for those that are not so good")
    assert "I take this as: all solutions matter" in texts(blocks)
    assert only(Card, blocks).report["contract"] == "reformulation"


@pytest.mark.parametrize(
    "phrase",
    [
        None,
        7,
        "none",
        "rm -rf /",
        "new",
        "stop",
        "reference: max x",
        "x" * 300_000,
        "\x1b[31m",
        "<script>alert(1)</script>",
    ],
)
def test_what_it_says_is_only_text(phrase: Any) -> None:
    partner = Partner(language_model=True)
    partner.give("digits")
    before = replace(partner.conversation, turns=())
    partner.answers["interpret"] = {"phrase": phrase}
    assert "I do not understand" in only(Problem, partner.say("mumble mumble")).text
    assert replace(partner.conversation, turns=()) == before


def test_a_language_model_that_fails_is_told() -> None:
    partner = Partner(language_model=True)
    partner.answers["interpret"] = Outcome(error={"kind": "input", "message": "no connection"})
    blocks = partner.say("mumble mumble")
    assert isinstance(blocks[0], Words)
    assert "no connection" in blocks[0].text
