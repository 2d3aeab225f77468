"""Mappings found without names: shared cores, expressions that fit exact points, maps shown by Farkas multipliers."""

from __future__ import annotations

from collections.abc import Iterator

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from agent.planners.completing import completed_hypotheses
from tools.mapping.total import TotalMapping
from tools.synthesis.synthesise import synthesise

SHARE = 4
"""Synthesis may use one part in this many of the run's work limits for a single question."""


def synthesis_hypotheses(context: RunContext) -> Iterator[Hypothesis]:
    """Yield recoveries that synthesis proposes, completed where they leave reference variables open.

    The points that refuted earlier hypotheses are respected by those that follow.
    """
    search = synthesise(
        context.reference,
        context.pair.candidate,
        points=context.pool,
        seed=context.settings.seed,
        budget=context.budget.smaller(SHARE),
    )
    found = next(search, None)
    while found is not None:
        origin = f"symbolic:synthesis-{found.origin}"
        if found.left_out:
            yield from completed_hypotheses(context, found.expressions, origin, found.rationale)
        else:
            yield Hypothesis(TotalMapping(found.expressions), origin, found.rationale)
        try:
            found = search.send(context.pool)
        except StopIteration:
            return
