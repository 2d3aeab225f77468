"""Every phrase that checks gives the verdict that the same models and options give on the command line."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chat_partner import MODELS, Partner, only, texts

from agent.run import check
from agent.settings import Settings
from tools.formulation.read import read
from ui.chat.blocks import Card, Choices, Problem, Question, Words
from ui.chat.phrases import Side
from ui.chat.variants import without_rows


def require_same(
    partner: Partner,
    pair: str,
    *,
    swapped: bool = False,
    dropped: tuple[Side, Sequence[str]] | None = None,
    **settings: Any,
) -> None:
    models = {side: read(MODELS / pair / f"{side}.lp") for side in ("reference", "candidate")}
    if dropped is not None:
        models[dropped[0]] = without_rows(models[dropped[0]], dropped[1])
    first, second = ("candidate", "reference") if swapped else ("reference", "candidate")
    expected = check(models[first], models[second], Settings(memory="none", planner="symbolic", **settings)).to_json()
    found = partner.report
    for field in ("verdict", "contract", "relation", "scope", "claims", "mapping", "counterexample", "hypotheses"):
        assert found[field] == expected[field], field
    assert partner.conversation.pair is not None


def test_two_files_are_checked_by_themselves() -> None:
    partner = Partner()
    blocks = partner.give("production")
    card = only(Card, blocks)
    assert (card.reference, card.candidate) == ("reference.lp", "candidate.lp")
    assert card.evidence[0] == "row machine: 6 chairs + 4 tables = 36 > 24"
    require_same(partner, "production")


def test_the_contract_changes_and_the_same_pair_is_checked_again() -> None:
    partner = Partner()
    partner.give("knapsack")
    require_same(partner, "knapsack")
    partner.say("All solutions matter!")
    require_same(partner, "knapsack", contract="reformulation")
    partner.say("only optimal solutions matter")
    require_same(partner, "knapsack", contract="quasi-karp")


def test_swapped_roles_are_checked_again() -> None:
    partner = Partner()
    partner.give("knapsack")
    require_same(partner, "knapsack")
    partner.say("now the other direction")
    require_same(partner, "knapsack", swapped=True)
    partner.say("every solution must carry over")
    require_same(partner, "knapsack", swapped=True, contract="reformulation")


def test_a_row_is_dropped_and_put_back() -> None:
    partner = Partner()
    partner.give("production", contract="reformulation")
    blocks = partner.say("what if row machine is dropped?")
    choices = only(Choices, blocks)
    assert choices.texts == ('drop row "machine" of the reference', 'drop row "machine" of the candidate')
    blocks = partner.say(choices.texts[0])
    assert "Row machine: 6 chairs + 4 tables <= 24 is dropped from the reference." in texts(blocks)
    require_same(partner, "production", dropped=("reference", ["machine"]), contract="reformulation")
    partner.say("drop row labour of the reference")
    require_same(partner, "production", dropped=("reference", ["machine", "labour"]), contract="reformulation")
    partner.say("put row machine back")
    require_same(partner, "production", dropped=("reference", ["labour"]), contract="reformulation")
    partner.say("undo")
    require_same(partner, "production", contract="reformulation")
    assert partner.conversation.reference is not None
    assert partner.conversation.reference.rows == 2


def test_the_only_model_with_a_row_needs_no_side_to_be_said() -> None:
    partner = Partner()
    partner.give("infeasible")
    partner.say('without row "JOB_1"')
    require_same(partner, "infeasible", dropped=("reference", ["job_1"]))


def test_a_hint_is_tried_and_a_mapping_verified() -> None:
    partner = Partner()
    partner.give("digits")
    hint = "crates_red = 10*red_1 + ?*red_0"
    partner.say(f"try {hint}")
    require_same(partner, "digits", hints=(hint,))
    mapping = "crates_red = red_1\ncrates_blue = blue_1"
    partner.say(f"verify\n{mapping}")
    require_same(partner, "digits", mapping=f"{mapping}\n")
    assert partner.report["verdict"] == "not_equivalent"
    partner.say("all solutions matter")
    require_same(partner, "digits", mapping=f"{mapping}\n", contract="reformulation")
    partner.say("check")
    require_same(partner, "digits", hints=(hint,), contract="reformulation")
    partner.say("forget the hints")
    partner.say("check")
    require_same(partner, "digits", contract="reformulation")


def test_rules_answer_what_the_agent_asks(tmp_path: Path) -> None:
    partner = Partner(tmp_path)
    partner.say("time limit 0.001 s")
    question = only(Question, partner.give("digits"))
    assert "Do you know how a candidate solution gives crates_red?" in question.text
    assert partner.conversation.report is None
    partner.say("time limit 60 s")
    assert isinstance(partner.say("crates_red = = 3")[-1], Problem)
    assert partner.conversation.question == question.text
    rules = ("crates_red = 10*red_1 + red_0", "crates_blue = 10*blue_1 + blue_0")
    partner.say("; ".join(rules))
    assert partner.jobs[-1]["answer"] == list(rules)
    models = (MODELS / "digits" / f"{side}.lp" for side in ("reference", "candidate"))
    expected = check(*models, Settings(memory="none", planner="symbolic", hints=rules)).to_json()
    for field in ("verdict", "contract", "relation", "claims", "mapping"):
        assert partner.report[field] == expected[field], field
    assert partner.report["mapping"]["origin"] == "user:hint"


def test_no_idea_ends_the_run_as_it_stands(tmp_path: Path) -> None:
    partner = Partner(tmp_path)
    partner.say("time limit 0.001 s")
    only(Question, partner.give("digits"))
    partner.say("I don't know")
    assert partner.report["verdict"] == "unknown"
    assert partner.conversation.question == ""
    partner.say("time limit 60 s")
    partner.say("check")
    assert partner.report["verdict"] == "equivalent"


def test_words_that_change_nothing_check_nothing() -> None:
    partner = Partner()
    partner.give("production")
    jobs = len(partner.jobs)
    for text in ("only optimal solutions matter", "time limit 20 s", "show the models", "help", "thanks", "continue"):
        assert not any(isinstance(block, Card) for block in partner.say(text))
    assert len(partner.jobs) == jobs
    assert isinstance(partner.say("show the models")[-1], Words)
    assert re.search("20 seconds", texts(partner.say("show the models")))
