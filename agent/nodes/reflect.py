"""Reflect: keep what the round taught, ask whether any mapping can do, and look at the budgets."""

from __future__ import annotations

from dataclasses import asdict

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.hypothesis import HypothesisDocument, is_recalled
from agent.nodes.plan import spent_time
from agent.nodes.step import step
from agent.nodes.verify import latest_trials
from agent.state import RunState
from tools.claims.invariants import reformulation_impossible

LARGEST_POOL = 24
"""The pool stops growing here, so that testing stays cheap."""


def reflect(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Return new pool points from witnesses, refuted mappings for a full answer, and why the search ends, if it does.

    Once a mapping misses a reference solution, invariants are asked whether every mapping must; they are cheaper than
    the planners that are left.
    """
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
                if not is_recalled(document["origin"]):  # what another pair suggested says nothing of this one
                    killed.append(document)
        killed.sort(key=lambda document: document["scope"] != "this mapping")
        impossible = state.get("impossible")
        if impossible is None and context.settings.contract == "reformulation" and misses_solutions(state):
            found = reformulation_impossible(context.pair.reference, context.pair.candidate)
            impossible = {} if found is None else asdict(found)
        stop = spent_budget(state, context)
        if impossible or stop:
            log(impossible["reason"] if impossible else stop)
    update: RunState = {"pool": points, "killed": killed, "stop": stop, "seconds": log.seconds}
    return update if impossible is None else {**update, "impossible": impossible}


def misses_solutions(state: RunState) -> bool:
    """Say whether some mapping was refuted because it does not reach every reference solution."""
    return any(finding["claims"]["complete"]["result"] == "refuted" for finding in state.get("findings", []))


def spent_budget(state: RunState, context: RunContext) -> str:
    """Return which budget has ended, in words, or an empty text."""
    if context.budget.expired:
        return spent_time(context)
    if state.get("round", 0) >= context.settings.rounds:
        return f"the limit of {context.settings.rounds} rounds was reached"
    return ""
