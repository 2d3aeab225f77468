"""Any mapping at all, where both models are known to be infeasible: every statement about their points holds."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from tools.mapping.affine import AffineExpression
from tools.mapping.total import TotalMapping


def vacuous_hypotheses(context: RunContext) -> Iterator[Hypothesis]:
    """Yield a constant mapping when both models were found infeasible, else nothing."""
    if all(facts is not None and facts.status == "infeasible" for facts in context.pair.known_facts):
        constants = {name: AffineExpression(Fraction(0)) for name in context.reference.variables}
        yield Hypothesis(
            TotalMapping(constants), "symbolic:vacuous", "both models are infeasible, so any mapping will do"
        )
