"""All planners, cheapest first. A new planner is one file in this folder, its test, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from agent.planners.given import given_hypotheses
from agent.planners.isomorphism import isomorphism_hypotheses
from agent.planners.names import names_hypotheses

Planner = Callable[[RunContext], Iterator[Hypothesis]]

PLANNERS: dict[str, Planner] = {
    "given": given_hypotheses,
    "names": names_hypotheses,
    "isomorphism": isomorphism_hypotheses,
}


def proposals(context: RunContext) -> Iterator[list[Hypothesis]]:
    """Yield batches of hypotheses lazily, one planner after the other; only "given" when a mapping was prescribed."""
    for name, planner in PLANNERS.items():
        if name != "given" and context.settings.mapping is not None:
            return
        if name == "given":
            batch = list(planner(context))
            if batch:
                yield batch
            continue
        for hypothesis in planner(context):
            yield [hypothesis]
