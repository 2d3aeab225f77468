"""Verify: decide all claims for the surviving hypotheses, best first, until one fulfils the contract."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.findings import finding_of
from agent.hypothesis import RULES_SHOWN, Hypothesis, HypothesisDocument, TrialDocument
from agent.known_facts import restore, summaries_of
from agent.nodes.points import read_point
from agent.nodes.step import step
from agent.state import RunState
from tools.claims.contract import judge
from tools.claims.verify import verify_pair
from tools.mapping.printing import abbreviate


def verify(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Return a finding for each hypothesis that was verified in full.

    With an exhausted plan it instead gives the full answer about a mapping of scope "this mapping" that testing had
    already refuted, so that the report shows every claim about it.
    """
    context = runtime.context
    explain = bool(state.get("exhausted") or state.get("stop"))
    queue = state.get("killed", [])[:1] if explain else survivors(state)
    findings: list[dict[str, Any]] = []
    trials: list[TrialDocument] = []
    with step("verify") as log:
        restore(context, state.get("facts", {}))
        for document in queue:
            log(f"deciding six claims ({document['origin']})")
            verification = verify_pair(
                context.pair,
                context.carrier(document),
                lifting=Hypothesis.from_document(document).lifting,
                structural=document["structural"],
                candidate_pool=[read_point(text) for text in state.get("pool", [])],
            )
            judgement = judge(context.settings.contract, verification)
            finding = finding_of(context, document, verification, judgement)
            findings.append(finding)
            log(f"{judgement.outcome}: {judgement.reason}")
            outcome = {"fulfilled": "verified", "refuted": "refuted", "open": "undecided"}[judgement.outcome]
            if not explain:
                trials.append(_trial(document, outcome, judgement.reason))
            if judgement.outcome == "fulfilled":
                break
        facts = summaries_of(context, state.get("facts", {}))
    return {
        "findings": findings,
        "trials": trials,
        "facts": facts,
        "seconds": log.seconds,
    }


def latest_trials(state: RunState) -> dict[str, TrialDocument]:
    """Return the last word on each hypothesis, in the order in which they were first tried."""
    return {trial["id"]: trial for trial in state.get("trials", [])}


def survivors(state: RunState) -> list[HypothesisDocument]:
    """Return this round's hypotheses that no point has refuted, those that failed fewest points first."""
    latest = latest_trials(state)
    alive = [document for document in state.get("queue", []) if latest[document["id"]]["outcome"] == "undecided"]
    return sorted(alive, key=lambda document: latest[document["id"]]["rank"])


def _trial(document: HypothesisDocument, outcome: Any, reason: str) -> TrialDocument:
    return {
        "id": document["id"],
        "origin": document["origin"],
        "rules": abbreviate(document["rules"], RULES_SHOWN),
        "outcome": outcome,
        "reason": reason,
        "rank": 0,
    }
