"""Screen: settle what each model shows by itself within a small budget; it may already refute the pair."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.known_facts import SCREEN_SHARE, SIDES, screened_facts, share, summary_of
from agent.nodes.points import point_text
from agent.nodes.step import step
from agent.state import RunState
from tools.exact.prover import Prover
from tools.formulation.model import Formulation

LARGEST_SCREENED = 4_000
"""Models with more nonzeros are not solved before a mapping has been tried: sound and complete need no optimum."""


def screen(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Return facts about each model that is small enough, and exact candidate points for the pool."""
    context = runtime.context
    facts: dict[str, dict[str, Any]] = {}
    pool: list[str] = []
    with step("screen") as log:
        for side in SIDES:
            model = context.reference if side == "reference" else context.candidate
            if model.nonzeros > LARGEST_SCREENED:
                log(f"{side}: {model.nonzeros} nonzeros, not solved before a mapping is tried")
                continue
            found = screened_facts(context, side)
            if found.status == "unknown" or (found.status == "optimal" and not found.solved):
                log(f"{side}: not settled within the screen's budget")
                continue
            share(context, side, found)
            facts[side] = summary_of(found, screened=True)
            log(f"{side}: {found.detail}")
            if side == "candidate" and found.point is not None:
                pool.append(point_text(found.point))
                pool.extend(_extremes(Prover(model, context.budget.smaller(SCREEN_SHARE)), model))
    return {"facts": facts, "pool": pool, "seconds": log.seconds}


def _extremes(prover: Prover, model: Formulation) -> list[str]:
    """Return a worst point by the objective and an opposite one: cheap tests for a mapping."""
    points = []
    for form in ({j: -c for j, c in model.cost_terms.items()}, {j: Fraction(1) for j in range(len(model.variables))}):
        result = prover.minimise(form)
        if result.status == "optimal" and result.point is not None:
            point = prover.exact_point(result.point)
            if point is not None:
                points.append(point_text(point))
    return points
