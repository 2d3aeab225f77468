"""Facts about each model: found once, summarised in the state, found again when a killed run resumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from agent.context import RunContext
from tools.claims.facts import Facts, find_facts
from tools.claims.verify import Pair
from tools.exact.prover import Prover

Side = Literal["reference", "candidate"]
SIDES: tuple[Side, Side] = ("reference", "candidate")

SCREEN_SHARE = 25
"""The screen may use one part in this many of the run's work limits."""


def screened_facts(context: RunContext, side: Side) -> Facts:
    """Return what can be shown about one model within the screen's budget."""
    model = context.reference if side == "reference" else context.candidate
    return find_facts(Prover(model, context.budget.smaller(SCREEN_SHARE)))


def share(context: RunContext, side: Side, facts: Facts) -> None:
    """Make facts known to every later question about the pair."""
    context.pair.__dict__[f"{side}_facts"] = facts


def keep_facts(context: RunContext, pair: Pair) -> None:
    """Share what a verification with a part of the budget settled."""
    for side, known, found in zip(SIDES, context.pair.known_facts, pair.known_facts, strict=True):
        if (
            known is None
            and found is not None
            and found.status != "unknown"
            and (found.status != "optimal" or found.solved)
        ):
            share(context, side, found)


def restore(context: RunContext, summaries: Mapping[str, Mapping[str, Any]]) -> None:
    """Find again what the state says was known, where this process does not know it."""
    known = dict(zip(SIDES, context.pair.known_facts, strict=True))
    for side in SIDES:
        if side not in summaries or known[side] is not None:
            continue
        if summaries[side]["screened"]:
            share(context, side, screened_facts(context, side))
        elif side == "reference":
            _ = context.pair.reference_facts
        else:
            _ = context.pair.candidate_facts


def summaries_of(context: RunContext, before: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return status and value of both models as far as known, as JSON; `before` are the earlier summaries."""
    found: dict[str, dict[str, Any]] = {side: dict(summary) for side, summary in before.items()}
    for side, facts in zip(SIDES, context.pair.known_facts, strict=True):
        if facts is not None and side not in found:
            found[side] = summary_of(facts, screened=False)
    return found


def summary_of(facts: Facts, *, screened: bool) -> dict[str, Any]:
    """Return status and value as JSON."""
    return {"status": facts.status, "value": facts.value, "screened": screened}
