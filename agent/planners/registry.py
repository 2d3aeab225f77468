"""All planners, cheapest first. A new symbolic one is one file in this folder, its test, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from agent.context import RunContext
from agent.hypothesis import HINT, Attempt, Hypothesis
from agent.planners.given import given_hypotheses, hinted_hypotheses
from agent.planners.isomorphism import isomorphism_hypotheses
from agent.planners.language_model import Dialogue
from agent.planners.names import names_hypotheses
from agent.planners.near_isomorphism import near_isomorphism_hypotheses
from agent.planners.normal_form import normal_form_hypotheses
from agent.planners.synthesis import synthesis_hypotheses
from agent.planners.vacuous import vacuous_hypotheses
from tools.errors import InputError

Planner = Callable[[RunContext], Iterator[Hypothesis]]

CHEAP_PLANNERS: dict[str, Planner] = {
    "names": names_hypotheses,
    "isomorphism": isomorphism_hypotheses,
    "vacuous": vacuous_hypotheses,
    "normal-form": normal_form_hypotheses,
}
"""Asked before a language model is."""

COSTLY_PLANNERS: dict[str, Planner] = {
    "synthesis": synthesis_hypotheses,
    "near-isomorphism": near_isomorphism_hypotheses,
}
"""They go on while a language model thinks."""

PLANNERS: dict[str, Planner] = {**CHEAP_PLANNERS, **COSTLY_PLANNERS}

Batch = list[Hypothesis | Attempt]
Proposals = Iterator[Batch]


def proposals(context: RunContext) -> Proposals:
    """Yield batches of hypotheses, and of what was tried in vain, lazily.

    What the user gave comes first, then one planner after the other unless it was a mapping; a language model joins as
    the settings say. Raises `MappingError` when what the user gave cannot be used.
    """
    given = list(given_hypotheses(context))
    if given:
        yield given
    if context.settings.mapping is not None:
        return
    dialogue = _dialogue(context)
    if dialogue is None:
        yield from _symbolic(context, PLANNERS)
    elif context.settings.planner == "llm":
        yield from _asked(context, dialogue, iter(()))
        if dialogue.unusable:
            yield from _symbolic(context, PLANNERS)
    else:
        yield from _symbolic(context, CHEAP_PLANNERS)
        yield from _asked(context, dialogue, _symbolic(context, COSTLY_PLANNERS))


def answered(context: RunContext, hint: str) -> Proposals:
    """Yield what the user's answer proposes, or why it cannot be used: the run then asks again."""
    try:
        yield list(hinted_hypotheses(context, hint))
    except InputError as error:
        yield [Attempt(HINT, tuple(hint.split("\n")), f"the hint cannot be used: {error}")]


def _dialogue(context: RunContext) -> Dialogue | None:
    """Return the conversation with the model that the run may ask, None where there is none, and say who plans."""
    context.planning = context.chosen.planning(context.settings.planner)
    if context.ledger is not None:
        return Dialogue(context, context.ledger)
    if context.settings.planner == "llm":
        context.notices.append(f"{context.chosen.why_none}; planning is symbolic")
    return None


def _symbolic(context: RunContext, planners: Mapping[str, Planner]) -> Proposals:
    for name, planner in planners.items():
        # A planner that fails costs its own hypotheses only: what it proposes is never needed for a correct answer. The
        # report says so; anything may go wrong in a search over models that nobody foresaw.
        try:
            found = planner(context)
            while True:
                with context.timed(f"symbolic:{name}"):
                    hypothesis = next(found, None)
                if hypothesis is None:
                    break
                yield [hypothesis]
        except Exception as error:
            yield [Attempt(f"symbolic:{name}", (), f"the planner failed ({type(error).__name__}: {error})")]


def _asked(context: RunContext, dialogue: Dialogue, beside: Proposals) -> Proposals:
    """Yield what the language model proposes as its answers arrive, and what others propose meanwhile."""
    with context.timed(dialogue.origin):
        dialogue.begin()
    while True:
        if dialogue.answered:
            with context.timed(dialogue.origin):
                batch = dialogue.take()
            if dialogue.unusable:
                context.planning = f"symbolic ({dialogue.over})"
                context.notices.append(f"{dialogue.over}; planning is symbolic")
            if batch:
                yield batch
            with context.timed(dialogue.origin):
                dialogue.begin()
            continue
        meanwhile = next(beside, None)
        if meanwhile is not None:
            yield meanwhile
        elif not dialogue.asking:
            return
        else:
            with context.timed(dialogue.origin):
                dialogue.wait(context.budget.remaining)
            if not dialogue.answered:
                dialogue.close()
                return
