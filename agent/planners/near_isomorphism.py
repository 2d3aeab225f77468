"""Mappings between models that are alike but for a few rows, bounds or numbers, whatever the names."""

from __future__ import annotations

from collections.abc import Iterator

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from agent.planners.isomorphism import mapping_of
from tools.isomorphism.search import isomorphisms


def near_isomorphism_hypotheses(context: RunContext) -> Iterator[Hypothesis]:
    """Yield pairings of columns whose surroundings agree best; they may leave rows of either model unmatched."""
    seed = context.settings.seed
    for matching in isomorphisms(context.reference, context.candidate, limit=1, seed=seed, best_effort=True):
        if not matching.exact:
            yield Hypothesis(mapping_of(context, matching), "symbolic:near-isomorphism", matching.note)
