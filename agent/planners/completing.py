"""From a mapping of some reference variables to hypotheses about all: the others are completed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from tools.claims.completable import completable, objective_linked
from tools.completion.complete import complete
from tools.exact.budget import Budget
from tools.mapping.affine import AffineExpression
from tools.mapping.total import TotalMapping

COMPLETIONS = 3
"""How many ways to complete one partial mapping are proposed."""


def completed_hypotheses(
    context: RunContext,
    partial: Mapping[str, AffineExpression],
    origin: str,
    rationale: str,
    budget: Budget | None = None,
) -> Iterator[Hypothesis]:
    """Yield hypotheses that extend `partial` to every reference variable, within half of the run's work limits.

    Variables away from the objective count as completed; the others must come out affine and count as mapped, as does
    everything in `partial`.
    """
    reference = context.reference
    rest = [name for name in reference.variables if name not in partial]
    linked = objective_linked(reference)
    proposals = complete(context.pair.candidate, reference, partial, budget=budget or context.budget.smaller(2))
    for found in itertools.islice(proposals, COMPLETIONS):
        completed = frozenset(
            name
            for name in rest
            if reference.rows_of(j := reference.variable_index[name]).size
            and (
                j not in linked
                or (bool(reference.integer[j]) and j not in reference.cost_terms and _by_function(found, name))
            )
        )
        if any(_by_function(found, name) for name in rest if name not in completed):
            continue
        shown = ", ".join(sorted(completed)[:3]) + (" …" if len(completed) > 3 else "")
        yield Hypothesis(
            found, origin, f"{rationale}; completed: {shown}" if completed else rationale, completed=completed
        )


def with_completed(context: RunContext, hypothesis: Hypothesis) -> Iterator[Hypothesis]:
    """Yield the hypothesis, then the same with every continuous variable away from the objective completed.

    First the completed values are those that the mapping gives, so it stays as sound as it was, but reference solutions
    that differ in these variables only need just one counterpart. Then other values are sought.
    """
    yield hypothesis
    reference, expressions = context.reference, hypothesis.recovery.expressions
    away = frozenset(
        reference.variables[j]
        for j in completable(reference)
        if not reference.integer[j] and expressions[reference.variables[j]].terms
    )
    if not away or hypothesis.completed or hypothesis.recovery.extension or len(away) == len(reference.variables):
        return
    shown = ", ".join(sorted(away)[:3]) + (" …" if len(away) > 3 else "")
    rationale = f"{hypothesis.rationale}; completed: {shown}"
    yield replace(hypothesis, rationale=rationale, completed=away, scope="", lifting=None)
    rest = {name: expression for name, expression in expressions.items() if name not in away}
    yield from completed_hypotheses(context, rest, hypothesis.origin, hypothesis.rationale)


def _by_function(mapping: TotalMapping, name: str) -> bool:
    return not frozenset(mapping.extension.names).isdisjoint(mapping.expressions[name].terms)
