"""Rules of a language model that expand to more than anybody has time for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agent.context import RunContext
from agent.hypothesis import Attempt, Hypothesis
from agent.planners import model_answer
from agent.planners.model_answer import ProposedMapping, hypotheses_of, usable_rules
from agent.settings import Settings
from tests.agent.fooling import lp
from tools.exact.budget import Budget

TERMS = "sum(d[i] for i in 0..9, j in 1..90)"
"""900 terms, each of which costs two."""


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> RunContext:
    """Return the context of a pair with x_0 … x_9 and d_0 … d_9, for rules of at most 8,000 terms."""
    monkeypatch.setattr(model_answer, "WORK_LIMIT", 8_000)
    reference = lp("min " + " + ".join(f"x_{i}" for i in range(10)), "x_0 + x_1 >= 1")
    candidate = lp("min " + " + ".join(f"d_{i}" for i in range(10)), "d_0 + d_1 >= 1")
    return RunContext(lambda: reference, lambda: candidate, Settings(), Budget.lasting(20))


def used(context: RunContext, texts: Sequence[str]) -> list[str]:
    return [rule.text for rule in usable_rules(context, texts)[0]]


def test_the_rules_of_a_hypothesis_share_their_terms(context: RunContext) -> None:
    texts = [f"x_{k} = {TERMS}" for k in range(10)]
    rules, faults = usable_rules(context, texts)
    assert 1 <= len(rules) <= 4
    assert "expand to more than" in faults[0]


def test_a_rule_without_end_leaves_terms_to_the_others(context: RunContext) -> None:
    texts = ["x_0 = sum(d[i] for i in 0..9, j in 1..100000)", "x_1 = 0*sum(d[i] for i in 0..9, j in 1..100000)"]
    assert used(context, [*texts, "x_2 = d_2", "x_3 = sum(d[i] for i)"]) == ["x_2 = d_2", "x_3 = sum(d[i] for i)"]


def test_all_open_coefficients_of_a_rule_share_its_terms(context: RunContext) -> None:
    opened = " + ".join(f"?*d_{k}" for k in range(10))
    assert used(context, [f"x_0 = {TERMS}", f"x_1 = {opened} + {TERMS}", f"x_2 = {opened}"]) == [
        f"x_0 = {TERMS}",
        f"x_2 = {opened}",
    ]


def test_a_sketch_of_rules_that_are_each_small_enough_is_refused_as_a_whole(context: RunContext) -> None:
    rules = [f"x_{k} = " + " + ".join(f"?*d_{i}" for i in range(10)) for k in range(10)]
    (found,) = hypotheses_of(context, ProposedMapping(rules=rules), "llm:m", 0.5)
    assert isinstance(found, Attempt)
    assert "expand to more than 8000 terms" in found.reason


def test_rules_of_ordinary_size_are_read(context: RunContext) -> None:
    (found,) = hypotheses_of(context, ProposedMapping(rules=["x[i] = d[i]"]), "llm:m", 0.5)
    assert isinstance(found, Hypothesis)
