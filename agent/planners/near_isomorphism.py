"""Mappings between models that are alike but for a few rows, bounds or numbers, whatever the names."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from agent.planners.completing import with_completed
from agent.planners.isomorphism import mapping_of
from tools.formulation.model import Formulation
from tools.isomorphism.search import Matching, isomorphisms
from tools.mapping.affine import AffineExpression
from tools.mapping.total import TotalMapping


def near_isomorphism_hypotheses(context: RunContext) -> Iterator[Hypothesis]:
    """Yield pairings of columns whose surroundings agree best; they may leave rows of either model unmatched.

    Columns without a counterpart are paired with each other, the most alike first; nothing is proposed where a column
    that matters would be left over.
    """
    seed = context.settings.seed
    for matching in isomorphisms(context.reference, context.candidate, limit=1, seed=seed, best_effort=True):
        if matching.exact:
            return
        mapping = dict(mapping_of(context, matching).expressions)
        if _pair_leftovers(context, matching, mapping):
            found = Hypothesis(TotalMapping(mapping), "symbolic:near-isomorphism", matching.note)
            yield from with_completed(context, found)


def _pair_leftovers(context: RunContext, matching: Matching, mapping: dict[str, AffineExpression]) -> bool:
    """Pair what `matching` left over, in place; say whether every column that matters has a counterpart."""
    reference, candidate = context.reference, context.candidate
    left = [j for j in np.flatnonzero(matching.column_of < 0).tolist() if _matters(reference, j)]
    free = sorted(set(range(len(candidate.variables))) - set(matching.column_of.tolist()))
    left.sort(key=lambda j: _looks(reference, j))
    free.sort(key=lambda k: _looks(candidate, k))
    if len(left) > len(free):
        return False
    for j, k in zip(left, free, strict=False):
        mapping[reference.variables[j]] = AffineExpression.variable(candidate.variables[k])
    return True


def _matters(model: Formulation, j: int) -> bool:
    fixed = model.lower.finite(j) is not None and model.lower.finite(j) == model.upper.finite(j)
    return not fixed and bool(model.rows_of(j).size or model.objective.floats[j])


def _looks(model: Formulation, j: int) -> tuple[float, ...]:
    """Return what alike columns share: integrality, cost, number of rows, bounds."""
    cost, low, high = model.cost.floats[j], model.lower.floats[j], model.upper.floats[j]
    return (float(model.integer[j]), float(cost), float(model.rows_of(j).size), float(low), float(high))
