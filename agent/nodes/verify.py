"""Verify: decide all claims for the surviving hypotheses, best first, until one fulfils the contract."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.findings import finding_of
from agent.hypothesis import (
    RULES_SHOWN,
    Hypothesis,
    HypothesisDocument,
    TrialDocument,
    is_by_language_model,
    is_recalled,
)
from agent.known_facts import keep_facts, restore, summaries_of
from agent.lessons import lesson_of_finding
from agent.nodes.points import read_point
from agent.nodes.step import step
from agent.state import RunState
from tools.claims.contract import judge
from tools.claims.verify import verify_pair
from tools.exact.budget import Budget
from tools.mapping.printing import abbreviate

QUICK = 8
"""While planners go on, a verification may use one part in this many of the run's work limits."""

LEAST_SECONDS = 5.0
"""And at least this long, or a quarter of the time that is left."""

RECALLED = 3
RECALLED_SECONDS = 6.0
"""What other pairs suggest gets, all together, one part in so many of the time that is left, and at most so many
seconds, before planners have their turn; the likeliest gets half of that. It must not cost what it may save."""

LEAST_RECALLED = 0.2

EXPLANATION = 5.0
"""Seconds that a mapping which testing refuted has for its claims, whatever is left of the run's time, unless a
language model proposed it."""


def verify(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Return a finding for each hypothesis that was verified.

    While planners go on, each gets a part of the budget; what stays open is deferred. When the plan is exhausted, the
    deferred ones are verified with all that is left, and so is a mapping that testing had already refuted, where the
    report should show every claim about it.
    """
    context = runtime.context
    final = bool(state.get("exhausted") or state.get("stop")) or context.settings.mapping is not None
    deferred = list(state.get("deferred", []))
    if not (state.get("exhausted") or state.get("stop")):
        queue = survivors(state)
    else:
        explained = state.get("killed", [])[:1] if owes_explanation(state) else []
        explained = [d for d in explained if _may_outlast_the_run(d) or not context.budget.expired]
        queue, deferred = [*([] if context.budget.expired else deferred), *explained], []
    killed = {document["id"] for document in state.get("killed", [])}
    findings: list[dict[str, Any]] = []
    trials: list[TrialDocument] = []
    by_origin: dict[str, float] = {}
    allowance = min(context.budget.remaining / RECALLED, RECALLED_SECONDS)
    with step("verify") as log:
        restore(context, state.get("facts", {}))
        for place, document in enumerate(queue):
            log(f"deciding six claims ({document['origin']})")
            started = time.monotonic()
            guess = is_recalled(document["origin"]) and not state.get("known_pair")
            pair = context.pair if final else context.pair.within(_part(context, allowance if guess else None))
            if final and len(queue) - place > 1:
                pair = context.pair.within(context.budget.ending(context.budget.remaining / 2))
            if document["id"] in killed and _may_outlast_the_run(document) and context.budget.remaining < EXPLANATION:
                # The user is owed every claim about this mapping, also where the search has used up the time.
                pair = context.pair.within(replace(context.budget, deadline=time.monotonic() + EXPLANATION))
            verification = verify_pair(
                pair,
                context.carrier(document, pair),
                lifting=Hypothesis.from_document(document).lifting,
                structural=document["structural"],
                candidate_pool=[read_point(text) for text in state.get("pool", [])],
                reference_pool=[read_point(text) for text in state.get("reference_pool", [])],
            )
            spent = time.monotonic() - started
            by_origin[document["origin"]] = by_origin.get(document["origin"], 0.0) + spent
            if guess:
                allowance = max(0.0, allowance - spent)
            keep_facts(context, pair)
            judgement = judge(context.settings.contract, verification)
            finding = finding_of(context, document, verification, judgement)
            findings.append(finding)
            log(f"{judgement.outcome}: {judgement.reason}")
            outcome = {"fulfilled": "verified", "refuted": "refuted", "open": "undecided"}[judgement.outcome]
            if document["id"] not in killed:
                trials.append(_trial(document, outcome, judgement.reason, lesson_of_finding(context, finding)))
            if judgement.outcome == "fulfilled":
                break
            if judgement.outcome == "open" and not final:
                deferred.append(document)
        facts = summaries_of(context, state.get("facts", {}))
    return {
        "findings": findings,
        "trials": trials,
        "deferred": deferred,
        "facts": facts,
        "seconds": {**log.seconds, **by_origin},
    }


def _may_outlast_the_run(document: HypothesisDocument) -> bool:
    """Say whether the claims about a refuted mapping are worth time beyond the limit: a language model's are not."""
    return not is_by_language_model(document["origin"])


def _part(context: RunContext, allowance: float | None) -> Budget:
    """Return what one hypothesis may use while others may follow; a guess from memory has an allowance in seconds."""
    if allowance is not None:
        return context.budget.smaller(QUICK).ending(max(allowance / 2, LEAST_RECALLED))
    return context.budget.smaller(QUICK).ending(max(LEAST_SECONDS, context.budget.remaining / 4))


def owes_explanation(state: RunState) -> bool:
    """Say whether a mapping refuted by testing alone should be verified in full, so that the report shows its claims.

    That holds for one of scope "this mapping", and for the first one when nothing else was verified.
    """
    findings = state.get("findings", [])
    killed = state.get("killed", [])
    if not killed or any(finding["scope"] for finding in findings):
        return False
    return bool(killed[0]["scope"]) or not findings


def latest_trials(state: RunState) -> dict[str, TrialDocument]:
    """Return the last word on each hypothesis, in the order in which they were first tried."""
    return {trial["id"]: trial for trial in state.get("trials", [])}


def survivors(state: RunState) -> list[HypothesisDocument]:
    """Return this round's hypotheses that no point has refuted, those that failed fewest points first."""
    latest = latest_trials(state)
    alive = [document for document in state.get("queue", []) if latest[document["id"]]["outcome"] == "undecided"]
    return sorted(alive, key=lambda document: latest[document["id"]]["rank"])


def _trial(document: HypothesisDocument, outcome: Any, reason: str, lesson: str) -> TrialDocument:
    return {
        "id": document["id"],
        "origin": document["origin"],
        "rules": abbreviate(document["rules"], RULES_SHOWN),
        "outcome": outcome,
        "reason": reason,
        "rank": 0,
        "lesson": lesson,
    }
