"""All symbolic planners, cheapest first. A new one is one file in this folder, its test, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from agent.context import RunContext
from agent.hypothesis import Attempt, Hypothesis
from agent.planners.given import given_hypotheses
from agent.planners.isomorphism import isomorphism_hypotheses
from agent.planners.names import names_hypotheses
from agent.planners.near_isomorphism import near_isomorphism_hypotheses
from agent.planners.normal_form import normal_form_hypotheses
from agent.planners.synthesis import synthesis_hypotheses
from agent.planners.vacuous import vacuous_hypotheses

Planner = Callable[[RunContext], Iterator[Hypothesis]]

PLANNERS: dict[str, Planner] = {
    "names": names_hypotheses,
    "isomorphism": isomorphism_hypotheses,
    "vacuous": vacuous_hypotheses,
    "normal-form": normal_form_hypotheses,
    "synthesis": synthesis_hypotheses,
    "near-isomorphism": near_isomorphism_hypotheses,
}

Proposals = Iterator[list[Hypothesis | Attempt]]


def proposals(context: RunContext) -> Proposals:
    """Yield batches of hypotheses, and of what was tried in vain, lazily.

       What the user gave comes first, then one planner after the other unless it was a mapping.
    Raises `MappingError` when what
       the user gave cannot be used.
    """
    given = list(given_hypotheses(context))
    if given:
        yield given
    if context.settings.mapping is not None:
        return
    for name, planner in PLANNERS.items():
        # A planner that fails costs its own hypotheses only: what it proposes is never needed for a correct answer. The
        # report says so; anything may go wrong in a search over models that nobody foresaw.
        try:
            for hypothesis in planner(context):
                yield [hypothesis]
        except Exception as error:
            yield [Attempt(f"symbolic:{name}", (), f"the planner failed ({type(error).__name__}: {error})")]
