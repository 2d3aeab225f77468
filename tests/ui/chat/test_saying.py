"""What is said changes the conversation as it should, and nothing that cannot be done costs anything."""

from dataclasses import replace

import pytest
from chat_partner import MODELS, Partner, only, texts, upload

from ui.chat.blocks import Choices, Code, Grid, ModelCard, Pictures, Problem, Words
from ui.chat.conversation import Conversation, Outcome
from ui.chat.models import source_of
from ui.chat.saying import said

R = (MODELS / "production" / "reference.lp").read_text()
C = (MODELS / "production" / "candidate.lp").read_text()


def test_the_first_model_becomes_the_reference_and_the_second_the_candidate() -> None:
    partner = Partner()
    blocks = partner.say(R)
    card = only(ModelCard, blocks)
    assert (card.side, card.summary["constraints"]) == ("reference", 2)
    assert "Now the candidate" in texts(blocks)
    assert [job["job"] for job in partner.jobs] == ["read"]
    partner.say(C)
    assert [job["job"] for job in partner.jobs] == ["read", "read", "check"]
    blocks = partner.say(R)
    assert "replaces candidate as the candidate" in texts(blocks)
    assert partner.report["verdict"] == "equivalent"


def test_a_label_decides_and_two_models_for_one_side_are_refused() -> None:
    partner = Partner()
    partner.say(f"candidate:\n{C}")
    assert partner.conversation.reference is None
    assert only(Problem, partner.say(f"reference:\n{R}\nreference:\n{C}")).text.startswith("two models are given")
    partner.say(R)
    assert partner.report["verdict"] == "not_equivalent"


def test_hints_and_dropped_rows_end_with_the_pair() -> None:
    partner = Partner()
    partner.give("production")
    partner.say("try chairs = chairs")
    partner.say("drop row machine of the candidate")
    assert (partner.conversation.hints, partner.conversation.dropped) == (
        ("chairs = chairs",),
        (("candidate", "machine"),),
    )
    partner.say("swap")
    assert (partner.conversation.hints, partner.conversation.dropped) == ((), (("reference", "machine"),))
    partner.say("example digits")
    assert partner.conversation.dropped == ()
    assert partner.report["verdict"] == "equivalent"


def test_a_hint_replaces_one_for_the_same_variable_and_a_useless_one_is_forgotten() -> None:
    partner = Partner()
    partner.give("production")
    partner.say("try chairs = chairs")
    partner.say("chairs = tables")
    assert partner.conversation.hints == ("chairs = tables",)
    blocks = partner.say("tables = nonsense")
    assert "'nonsense' is not in the candidate" in texts(blocks)
    assert partner.conversation.hints == ("chairs = tables",)
    partner.say("check")
    assert partner.report["verdict"] == "not_equivalent"


def test_bad_rules_and_unknown_rows_cost_nothing() -> None:
    partner = Partner()
    partner.give("production")
    before = replace(partner.conversation, turns=())
    assert "expected" in only(Problem, partner.say("try x = = 3")).text
    blocks = partner.say("drop row machin of the reference")
    assert only(Problem, blocks).text == "there is no row 'machin' in the reference; there are machine"
    assert only(Choices, blocks).texts == ('drop row "machine" of the reference',)
    assert "does not" not in texts(partner.say("put row labour back"))
    assert replace(partner.conversation, turns=()) == before


@pytest.mark.parametrize(
    "text",
    ["why?", "x = a", "verify x = a", "drop row cap", "undo", "swap", "show similar pairs you know", "what changed?",
     "check", "give me the report", "give me the code", "show the pictures", "continue", "example nothing",
     "correct: no", "time limit 0 s", "some words that nobody knows"],
)  # fmt: skip
def test_what_cannot_be_done_yet_is_told_in_one_line(text: str) -> None:
    partner = Partner()
    problem = only(Problem, partner.say(text))
    assert "\n" not in problem.text
    assert replace(partner.conversation, turns=()) == Conversation()


def test_an_unusable_model_is_told_and_the_other_one_kept() -> None:
    partner = Partner()
    blocks = partner.say(f"reference:\n{R}\ncandidate:\nmax x\nst\n c: x * y <= 3\nend\n")
    assert "\n" not in only(Problem, blocks).text
    assert partner.conversation.reference is not None
    assert partner.conversation.candidate is None
    assert partner.conversation.arriving == ()


def test_things_are_handed_out() -> None:
    partner = Partner()
    partner.give("digits")
    assert only(Code, partner.say("give me the report")).file_name == "report.json"
    assert "def reference_solution" in only(Code, partner.say("give me a Python snippet")).text
    pictures = only(Pictures, partner.say("show the pictures"))
    assert source_of(pictures.reference, partner.room.shelf)["text"].startswith("\\ How many crates")
    assert only(Grid, partner.say("show the models")).rows[0][:2] == ("reference", "reference.lp")
    assert only(Grid, partner.say("examples")).rows
    assert "Variables only in A" in only(Code, partner.say("what changed?")).text
    assert texts(partner.say("show similar pairs you know")) == "there is no memory to ask"
    assert "yes" in texts(partner.say("why?")).lower()


def test_what_comes_later_replaces_what_is_under_way_but_a_look_does_not() -> None:
    partner = Partner()
    partner.give("digits")
    under_way = said(partner.conversation, "check", (), partner.room)
    assert under_way.job is not None
    look = said(under_way.conversation, "help", (), partner.room)
    assert (look.job, look.stop, look.conversation.work) == (None, False, under_way.conversation.work)
    later = said(under_way.conversation, "all solutions matter", (), partner.room)
    assert later.stop
    assert later.job is not None
    assert later.job["settings"]["contract"] == "reformulation"
    stop = said(under_way.conversation, "stop", (), partner.room)
    assert stop.stop
    assert stop.job is None
    assert partner.finish(replace(under_way)).conversation.work is None


def test_a_new_conversation_begins() -> None:
    partner = Partner()
    partner.give("digits")
    move = said(partner.conversation, "start over", (), partner.room)
    assert move.fresh
    assert move.conversation == Conversation()


def test_files_may_come_with_a_command() -> None:
    partner = Partner()
    files = [upload(MODELS / "knapsack" / f"{side}.lp") for side in ("candidate", "reference")]
    partner.say("all solutions matter", *files)
    assert partner.report["contract"] == "reformulation"
    assert partner.conversation.reference is not None
    assert partner.conversation.reference.name == "reference.lp"


def test_words_need_a_language_model() -> None:
    partner = Partner()
    assert "QUASIKARP_MODEL" in only(Problem, partner.say("reference: ship 20 crates as cheaply as you can")).text
    assert "QUASIKARP_MODEL" in only(Problem, partner.say("A firm makes 3 things. " * 10)).text
    assert replace(partner.conversation, turns=()) == Conversation()


def test_a_lost_text_is_told() -> None:
    partner = Partner()
    partner.give("digits")
    partner.room.shelf.texts.clear()  # type: ignore[attr-defined]
    assert "the text of a model is gone" in texts(partner.say("check"))
    assert isinstance(partner.say("help")[0], Grid | Words)
    assert Outcome().result is None
