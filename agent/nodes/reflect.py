"""Reflect: keep what the round taught, witnesses for the pool and refuted mappings, and look at the budgets."""

from __future__ import annotations

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.hypothesis import HypothesisDocument
from agent.nodes.plan import spent_time
from agent.nodes.step import step
from agent.nodes.verify import latest_trials
from agent.state import RunState

LARGEST_POOL = 24
"""The pool stops growing here, so that testing stays cheap."""


def reflect(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Return new pool points from witnesses, refuted mappings for a full answer, and the budget that is spent."""
    context = runtime.context
    known = set(state.get("pool", []))
    with step("reflect") as log:
        points = []
        for finding in state.get("findings", []):
            for text in finding["candidate_points"]:
                if text not in known and len(known) < LARGEST_POOL:
                    known.add(text)
                    points.append(text)
        if points:
            log(f"{len(points)} counterexample point(s) join the pool")
        latest = latest_trials(state)
        killed: list[HypothesisDocument] = list(state.get("killed", []))
        verified = {finding["id"] for finding in state.get("findings", [])}
        for document in state.get("queue", []):
            if latest[document["id"]]["outcome"] == "refuted" and document["id"] not in verified:
                log(f"refuted by the pool ({document['origin']}); the next hypothesis must pass the same points")
                killed.append(document)
        killed.sort(key=lambda document: document["scope"] != "this mapping")
        stop = spent_budget(state, context)
        if stop:
            log(stop)
    return {"pool": points, "killed": killed, "stop": stop, "seconds": log.seconds}


def spent_budget(state: RunState, context: RunContext) -> str:
    """Return which budget has ended, in words, or an empty text."""
    if context.budget.expired:
        return spent_time(context)
    if state.get("round", 0) >= context.settings.rounds:
        return f"the limit of {context.settings.rounds} rounds was reached"
    return ""
