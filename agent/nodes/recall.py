"""Recall: ask memory for what is known of this pair, else for templates of similar pairs."""

from __future__ import annotations

from fractions import Fraction

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.findings import rules_of
from agent.hypothesis import Hypothesis, HypothesisDocument
from agent.nodes.points import point_text, read_point
from agent.nodes.step import step
from agent.planners.recalled import hypotheses_of_records, hypotheses_of_templates, points_of_records
from agent.state import RunState


def recall(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Return hypotheses from memory, and points that refuted mappings of this pair before."""
    context = runtime.context
    with step("recall") as log:
        documents: list[HypothesisDocument] = []
        known_pair = False
        points: list[str] = []
        reference_points: list[str] = []
        memory = context.recollection
        if memory.available and context.settings.mapping is None and not context.budget.expired:
            known = set(state.get("pool", []))
            records = memory.of_pair(context.reference, context.candidate)
            found = map(point_text, points_of_records(context.candidate, "candidate", records))
            points = [text for text in dict.fromkeys(found) if text not in known]
            found = map(point_text, points_of_records(context.reference, "reference", records))
            reference_points = list(dict.fromkeys(found))
            hypotheses = list(hypotheses_of_records(context, records))
            known_pair = bool(hypotheses)
            if not known_pair:
                pool = [read_point(text) for text in (*points, *state.get("pool", []))]
                hypotheses = _from_similar(context, pool)
            for hypothesis in hypotheses:
                documents.append(hypothesis.document(rules_of(context, hypothesis.recovery)))
            log(f"{len(documents)} hypotheses and {len(points) + len(reference_points)} points from memory")
        log.warn(memory.take_warnings())
    return {
        "recalled": documents,
        "known_pair": known_pair,
        "pool": points,
        "reference_pool": reference_points,
        "seconds": log.seconds,
    }


def _from_similar(context: RunContext, pool: list[list[Fraction]]) -> list[Hypothesis]:
    found = context.recollection.similar(context.reference, context.candidate)
    # A template that fails on an odd model costs its own hypotheses only, as a planner would.
    try:
        return list(hypotheses_of_templates(context, found, pool))
    except Exception as error:
        context.recollection.warnings.append(f"a recalled mapping could not be tried: {type(error).__name__}: {error}")
        return []
