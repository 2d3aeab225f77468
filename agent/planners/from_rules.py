"""From rules that somebody wrote to hypotheses: open coefficients are filled, variables without a rule completed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.context import RunContext
from agent.hypothesis import Attempt, Hypothesis
from agent.planners.completing import completed_hypotheses
from tools.exact.budget import Budget
from tools.mapping.affine import AffineExpression
from tools.mapping.rules import Work, expand
from tools.mapping.syntax import Rule
from tools.mapping.total import TotalMapping
from tools.synthesis.fill import fill
from tools.synthesis.sketch import Sketch, read_sketch

SHARE = 4
"""The fill of a sketch may use one part in this many of the run's work limits for a single question."""


def hypotheses_from_rules(
    context: RunContext,
    rules: Sequence[Rule],
    origin: str,
    rationale: str,
    *,
    budget: Budget | None = None,
    work: Work | None = None,
) -> Iterator[Hypothesis | Attempt]:
    """Yield what the rules say about every reference variable, or the attempt with the reason why they say nothing.

    A variable without a rule is the candidate variable of the same name; where there is none, it is completed. `work`
    bounds what the rules expand to, a sketch's coefficients all together. Raises `MappingError` on rules that
    contradict each other or name unknown variables.
    """
    reference = context.reference.variables
    ours, theirs = context.names
    budget = context.budget.smaller(SHARE) if budget is None else budget
    texts = tuple(rule.text for rule in rules)
    if any(rule.is_sketch for rule in rules):
        sketch = read_sketch(rules, ours, theirs, work=work)
    else:
        sketch = Sketch(expand(rules, ours, theirs, partial=True, work=work).expressions, {})
    known = context.candidate.variable_index
    shared = {name: AffineExpression.variable(name) for name in reference if name in known and name not in sketch.fixed}
    expressions = {**shared, **sketch.fixed}
    if any(sketch.open.values()):
        filled = fill(
            Sketch(expressions, sketch.open),
            context.reference,
            context.pair.candidate,
            points=context.pool,
            seed=context.settings.seed,
            budget=budget,
        )
        if filled.expressions is None:
            yield Attempt(origin, texts, filled.reason, filled.refuted)
            return
        rationale = f"{rationale}, filled: it {filled.reason}"
        expressions = dict(filled.expressions)
    missing = [name for name in reference if name not in expressions]
    if not missing:
        yield Hypothesis(TotalMapping({name: expressions[name] for name in reference}), origin, rationale)
        return
    found = False
    for hypothesis in completed_hypotheses(context, expressions, origin, rationale, budget):
        found = True
        yield hypothesis
    if not found:
        yield Attempt(
            origin,
            texts,
            f"{len(missing)} reference variable(s), such as {missing[0][:80]!r}, have no rule, and no values for them "
            "were found",
        )
