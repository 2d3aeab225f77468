"""The graph's state: everything a checkpoint keeps. Only JSON types, exact numbers as strings."""

from __future__ import annotations

import operator
from typing import Annotated, Any, TypedDict

from agent.hypothesis import HypothesisDocument, TrialDocument


def merge_seconds(left: dict[str, float], right: dict[str, float]) -> dict[str, float]:
    """Add up seconds by stage."""
    return {stage: left.get(stage, 0.0) + right.get(stage, 0.0) for stage in {**left, **right}}


class RunState(TypedDict, total=False):
    """What the nodes pass on; each field says who fills it.

    models: sizes and hashes of both models; contract: what is asked for (ingest).
    facts: status and value of both as far as known (screen, verify).
    pool: exact candidate points, as JSON lists of strings, on which hypotheses are tested (screen, recall, reflect).
    reference_pool: exact reference points that refuted mappings before (recall).
    recalled: hypotheses from memory, the likeliest first; known_pair: they held for this very pair before (recall).
    queue: hypotheses of this round, best first (plan). trials: what became of each hypothesis, and of
    attempts that gave none (plan, test, verify).
    killed: hypotheses that testing refuted, those of scope "this mapping" first, kept for a full answer (reflect).
    deferred: hypotheses that a quick verification left open, kept for a full one (verify).
    findings: verifications, as documents; the last one of a hypothesis counts (verify). round: rounds begun (plan).
    tried: ids ever queued (plan).
    impossible: why no mapping can do; empty when invariants were asked in vain (reflect).
    exhausted: the planners have nothing left (plan). stop: the budget that ended the run (plan, reflect).
    seconds: time by stage, and by origin of the hypotheses it was spent on (all).
    planning: who plans, in words (plan). spent: calls and tokens of a language model (plan).
    report: the final report (conclude). asking: whether it is worth a question to the user (conclude).
    answers: the hints that the user gave when asked, one text of rules an answer; "" for none (ask).
    """

    models: dict[str, dict[str, Any]]
    contract: str
    facts: dict[str, dict[str, Any]]
    pool: Annotated[list[str], operator.add]
    reference_pool: list[str]
    recalled: list[HypothesisDocument]
    known_pair: bool
    queue: list[HypothesisDocument]
    trials: Annotated[list[TrialDocument], operator.add]
    killed: list[HypothesisDocument]
    deferred: list[HypothesisDocument]
    findings: Annotated[list[dict[str, Any]], operator.add]
    round: int
    tried: Annotated[list[str], operator.add]
    impossible: dict[str, Any]
    exhausted: bool
    stop: str
    seconds: Annotated[dict[str, float], merge_seconds]
    planning: str
    spent: dict[str, int]
    report: dict[str, Any]
    asking: bool
    answers: Annotated[list[str], operator.add]


class TestTask(TypedDict):
    """What one branch of the fan-out receives: a hypothesis, the pool, and the facts known so far."""

    hypothesis: HypothesisDocument
    pool: list[str]
    facts: dict[str, dict[str, Any]]
