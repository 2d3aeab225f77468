"""Recall: ask memory for what is known of this pair, else for templates of similar pairs."""

from __future__ import annotations

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.findings import rules_of
from agent.nodes.points import point_text, read_point
from agent.nodes.step import step
from agent.planners.recalled import hypotheses_of_records, hypotheses_of_templates, points_of_records
from agent.state import RunState


def recall(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Return hypotheses from memory, and points that refuted mappings of this pair before."""
    context = runtime.context
    update: RunState = {"recalled": [], "known_pair": False, "pool": [], "reference_pool": []}
    with step("recall") as log:
        memory = context.recollection
        if memory.available and context.settings.mapping is None and not context.budget.expired:
            # Records may be anybody's, and models odd: what fails here costs what memory would have said, no more.
            try:
                update = _remembered(context, state.get("pool", []))
            except Exception as error:
                memory.warnings.append(f"nothing was recalled: {type(error).__name__}: {error}")
            log(
                f"{len(update['recalled'])} hypotheses and "
                f"{len(update['pool']) + len(update['reference_pool'])} points from memory"
            )
        log.warn(memory.take_warnings())
    return {**update, "seconds": log.seconds}


def _remembered(context: RunContext, known: list[str]) -> RunState:
    """Return what memory says of the pair; `known` are the candidate points of the pool."""
    records = context.recollection.of_pair(context.reference, context.candidate)
    found = map(point_text, points_of_records(context.candidate, "candidate", records))
    points = [text for text in dict.fromkeys(found) if text not in known]
    reference_points = map(point_text, points_of_records(context.reference, "reference", records))
    known_pair = any(record.outcome == "verified" for record in records)
    if known_pair:
        hypotheses = list(hypotheses_of_records(context, records))
    else:
        similar = context.recollection.similar(context.reference, context.candidate)
        pool = [read_point(text) for text in (*points, *known)]
        hypotheses = list(hypotheses_of_templates(context, similar, pool))
    return {
        "recalled": [hypothesis.document(rules_of(context, hypothesis.recovery)) for hypothesis in hypotheses],
        "known_pair": known_pair,
        "pool": points,
        "reference_pool": list(dict.fromkeys(reference_points)),
    }
