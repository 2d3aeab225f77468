"""Mappings that carry one model onto the other up to order, scaling, shifts and signs, whatever the names."""

from __future__ import annotations

from collections.abc import Iterator

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from tools.isomorphism.search import Matching, isomorphisms
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.total import TotalMapping


def isomorphism_hypotheses(context: RunContext) -> Iterator[Hypothesis]:
    """Yield matchings of the two coefficient matrices, the most certain first."""
    for matching in isomorphisms(context.reference, context.candidate, seed=context.settings.seed):
        yield Hypothesis(TotalMapping.from_affine(mapping_of(context, matching)), "symbolic:isomorphism", matching.note)


def mapping_of(context: RunContext, matching: Matching) -> AffineMapping:
    """Return the matching as a mapping by names."""
    names = context.candidate.variables
    expressions = {}
    for j, name in enumerate(context.reference.variables):
        k = int(matching.column_of[j])
        terms = {} if k < 0 else {names[k]: matching.scale[j]}
        expressions[name] = AffineExpression(matching.shift[j], terms)
    return AffineMapping(expressions)
