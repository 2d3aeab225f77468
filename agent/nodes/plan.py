"""Plan: take the next hypotheses that nobody has tried, cheapest planner first."""

from __future__ import annotations

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.findings import rules_of
from agent.hypothesis import HypothesisDocument
from agent.nodes.step import step
from agent.planners.registry import proposals
from agent.state import RunState


def spent_time(context: RunContext) -> str:
    """Return that the time limit was reached, in words, or an empty text."""
    return f"the time limit of {context.settings.time_limit:g} s was reached" if context.budget.expired else ""


def plan(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Return the next batch as this round's queue, or an empty one when the planners have run out."""
    context = runtime.context
    tried = set(state.get("tried", ()))
    queue: list[HypothesisDocument] = []
    with step("plan") as log:
        if context.proposals is None:
            context.proposals = proposals(context)
        stop = spent_time(context)
        while not queue and not stop:
            batch = next(context.proposals, None)
            if batch is None:
                break
            for hypothesis in batch:
                document = hypothesis.document(rules_of(context, hypothesis.recovery))
                if document["id"] not in tried:
                    tried.add(document["id"])
                    queue.append(document)
                    log(f"hypothesis ({document['origin']}): {document['rationale']}")
        if not queue:
            log(stop or "no planner has another hypothesis")
    return {
        "queue": queue,
        "tried": [document["id"] for document in queue],
        "round": state.get("round", 0) + (1 if queue else 0),
        "exhausted": not queue,
        "stop": stop,
        "seconds": log.seconds,
    }
