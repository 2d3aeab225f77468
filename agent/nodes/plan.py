"""Plan: take the next hypotheses that nobody has tried: hinted, then recalled, then planned, cheapest planner first."""

from __future__ import annotations

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.findings import rules_of
from agent.hypothesis import Attempt, HypothesisDocument, TrialDocument, is_covered, is_recalled
from agent.language.chat import Usage
from agent.nodes.points import read_point
from agent.nodes.step import step
from agent.nodes.verify import latest_trials
from agent.planners.registry import answered, proposals
from agent.state import RunState

DEFERRED_SHARE = 0.25
"""Part of the time limit that is kept for mappings which a quick verification left open."""


def spent_time(context: RunContext) -> str:
    """Return that the time limit was reached, in words, or an empty text."""
    return f"the time limit of {context.settings.time_limit:g} s was reached" if context.budget.expired else ""


def owes_deferred(state: RunState, context: RunContext) -> bool:
    """Say whether the time left belongs to mappings whose quick verification was not enough."""
    return bool(state.get("deferred")) and context.budget.remaining < context.settings.time_limit * DEFERRED_SHARE


def plan(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Return the next batch as this round's queue, empty when the planners have run out, and what they failed at."""
    context = runtime.context
    # What memory suggested and was refuted is for the planners to propose again: then it says something of this pair.
    dropped = {t["id"] for t in latest_trials(state).values() if is_recalled(t["origin"]) and t["outcome"] == "refuted"}
    tried = set(state.get("tried", ()))
    queue: list[HypothesisDocument] = []
    failed: list[TrialDocument] = []
    context.trials = list(latest_trials(state).values())
    with step("plan") as log:

        def offer(document: HypothesisDocument) -> None:
            if not is_covered(document["id"], tried - dropped):
                tried.add(document["id"])
                queue.append(document)
                log(f"hypothesis ({document['origin']}): {document['rationale']}")

        context.pool = [read_point(text) for text in state.get("pool", [])]
        answers = state.get("answers", [])
        if context.proposals is None and context.ledger is not None:
            context.ledger.add(Usage(**state.get("spent", {})))  # what a run that was killed has spent counts
        if answers and context.answered < len(answers):  # the search before the question is over
            context.proposals, context.answered = answered(context, answers[-1]), len(answers)
        elif context.proposals is None:
            context.proposals = proposals(context)
        stop = spent_time(context)
        if tried or not context.settings.hints:  # hints come first
            for document in state.get("recalled", []):
                if document["id"] not in tried:
                    offer(document)
        recalled = bool(queue)
        while not queue and not stop and not owes_deferred(state, context):
            with context.ending_early(DEFERRED_SHARE * context.settings.time_limit if state.get("deferred") else 0.0):
                batch = next(context.proposals, None)
            log.warn(context.take_notices())
            if batch is None:
                break
            for hypothesis in batch:
                if isinstance(hypothesis, Attempt):
                    failed.append(hypothesis.trial())
                    context.trials.append(failed[-1])
                    log(f"no hypothesis ({hypothesis.origin}): {hypothesis.reason}")
                    continue
                offer(hypothesis.document(rules_of(context, hypothesis.recovery)))
        if not queue:
            log(stop or "no planner has another hypothesis")
    return {
        "queue": queue,
        "trials": failed,
        "tried": [document["id"] for document in queue],
        "round": state.get("round", 0) + (1 if queue and not recalled else 0),  # what memory says costs no round
        "exhausted": not queue,
        "stop": stop,
        "planning": context.planning or state.get("planning", ""),
        "spent": {} if context.ledger is None else vars(context.ledger.usage).copy(),
        "seconds": {**log.seconds, **context.take_seconds()},
    }
