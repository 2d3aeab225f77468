"""A question stays within its tokens, whatever the names in it and whatever was tried."""

from __future__ import annotations

import pytest

from agent.context import RunContext
from agent.hypothesis import TrialDocument
from agent.language.chat import ModelError
from agent.language.configuration import LanguageModel
from agent.language.ledger import Ledger
from agent.language.tokens import count_tokens
from agent.planners.model_question import question_about
from agent.settings import Settings
from tests.agent.fooling import lp
from tools.exact.budget import Budget

WIDE = "\u6f22\U0001f600" * 80


@pytest.fixture
def context() -> RunContext:
    model = lp("min x + y", "x + 2 y >= 1")
    return RunContext(lambda: model, lambda: model, Settings(), Budget.lasting(20))


def failed(name: str, number: int) -> TrialDocument:
    return {
        "id": str(number),
        "origin": "llm:m",
        "rules": [f"{name} = {name}"] * 8,
        "outcome": "refuted",
        "reason": "no",
        "rank": 0,
        "lesson": f"with {name} = 1 row {name} fails. " * 10,
    }


def tokens(context: RunContext, most: int) -> int:
    question = question_about(context, Ledger(LanguageModel("m", prompt_tokens=most)))
    return sum(count_tokens(message.text) for message in question)


@pytest.mark.parametrize("most", [1_800, 3_000, 6_000])
@pytest.mark.parametrize("name", ["ship", WIDE])
def test_what_was_tried_fits_into_the_tokens_of_a_question(context: RunContext, name: str, most: int) -> None:
    context.trials = [failed(name, number) for number in range(10)]
    assert tokens(context, most) <= most


def test_a_long_lesson_loses_its_end_only(context: RunContext) -> None:
    context.trials = [failed(WIDE, 1)]
    question = question_about(context, Ledger(LanguageModel("m", prompt_tokens=6_000)))
    assert "- (llm:m) " + WIDE[:20] in question[1].text


def test_with_too_few_tokens_for_any_question_none_is_asked(context: RunContext) -> None:
    with pytest.raises(ModelError, match="1000 tokens are too few for a prompt, which takes"):
        tokens(context, 1_000)
