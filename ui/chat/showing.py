"""What is shown or handed out without any work: examples, models, the report, code, pictures and the help."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from ui.chat.arriving import with_arrivals
from ui.chat.blocks import Block, Choices, Code, Grid, Pictures, Problem, Words
from ui.chat.conversation import Conversation, Room, Work
from ui.chat.forms import HEADER, rows
from ui.chat.pairs import offered, offered_names
from ui.chat.pasted import given_in
from ui.chat.phrases import SIDES, Example, GiveReport, GiveSnippet, Help, Rules, ShowModels, ShowPictures
from ui.chat.snippet import snippet_of
from ui.safe_text import safe, safe_sentence

MEANING = {
    "quasi-karp": "every optimum of the candidate must map to an optimum of the reference",
    "reformulation": "every solution must carry over, in both directions",
}
"""What each contract asks for."""

_RULES_SHOWN = 6


@dataclass(frozen=True)
class Step:
    """The conversation after a phrase, what to show at once, and the work that it asks for besides what is due."""

    conversation: Conversation
    blocks: tuple[Block, ...] = ()
    work: Work | None = None


def missing(conversation: Conversation) -> str:
    """Return what the user can do next to have a verdict."""
    if conversation.pair is not None:
        return "say check to have the pair checked"
    given = next((side for side in SIDES if conversation.model(side) is not None), None)
    if given is None:
        return "give the reference and the candidate first, as files or pasted, or say: example production"
    return f"the {'candidate' if given == 'reference' else 'reference'} is missing; give it as a file, or paste it"


def hinted(hints: Rules) -> Words:
    """Return the words that say which hints are tried."""
    return Words(f"Hints that are tried first: {_listed(hints)}")


def show_example(conversation: Conversation, phrase: Example, room: Room) -> Step:
    """Return the step that gives an example that begins to load, or which ones there are."""
    if not phrase.name:
        known = [(f"example {name}", offered(name).about) for name in offered_names()]
        return Step(
            conversation, (Grid(("say", "what it is"), tuple(known)), Choices(tuple(name for name, _ in known)))
        )
    if phrase.name not in offered_names():
        problem = f"there is no example {safe(phrase.name)!r}; there are {', '.join(offered_names())}"
        return _problem(conversation, problem)
    pair = offered(phrase.name)
    conversation = replace(conversation, contract=pair.contract, due=True)
    given = tuple(replace(given, name=f"{phrase.name} {given.side}") for given in given_in(pair.text))
    return Step(
        with_arrivals(conversation, given, room.shelf)[0],
        (Words(f"{pair.about} The contract is {pair.contract}: {MEANING[pair.contract]}."),),
    )


def show_models(conversation: Conversation, phrase: ShowModels, room: Room) -> Step:
    """Return the step that gives both models, and how they are checked."""
    lines = []
    for side in SIDES:
        model = conversation.model(side)
        if model is not None:
            dropped = ", ".join(safe(row) for row in conversation.left_out(side)) or "none"
            lines.append((side, model.name, str(model.variables), str(model.integers), str(model.rows), dropped))
    header = ("", "name", "variables", "integer", "rows", "dropped rows")
    told: list[Block] = (
        [Grid(header, tuple(lines))] if lines else [Words(f"There is no model yet: {missing(conversation)}.")]
    )
    told.append(Words(f"The contract is {conversation.contract}: {MEANING[conversation.contract]}."))
    told.append(Words(f"A check may take {conversation.time_limit:g} seconds."))
    if conversation.only:
        told.append(Words(f"Only this mapping is checked: {_listed(conversation.only)}"))
    elif conversation.hints:
        told.append(hinted(conversation.hints))
    return Step(conversation, tuple(told))


def give_report(conversation: Conversation, phrase: GiveReport, room: Room) -> Step:
    """Return the step that gives the last report as JSON."""
    report = conversation.report
    if report is None:
        return _problem(conversation, f"there is no report yet; {missing(conversation)}")
    return Step(conversation, (Code(json.dumps(report, indent=2), "json", "report.json"),))


def give_snippet(conversation: Conversation, phrase: GiveSnippet, room: Room) -> Step:
    """Return the step that gives code that maps solutions, or why there is none."""
    report = conversation.report
    if report is None:
        return _problem(conversation, f"there is no mapping yet; {missing(conversation)}")
    return Step(conversation, (Code(snippet_of(report), "python", "recover.py"),))


def show_pictures(conversation: Conversation, phrase: ShowPictures, room: Room) -> Step:
    """Return the step that gives a place for pictures."""
    report, pair = conversation.report, conversation.pair
    if report is None or pair is None:
        return _problem(conversation, f"there is nothing to draw yet; {missing(conversation)}")
    return Step(conversation, (Pictures(report, *pair),))


def show_help(conversation: Conversation, phrase: Help, room: Room) -> Step:
    """Return the step that gives everything that can be said."""
    return Step(conversation, (Grid(HEADER, rows()),))


def _listed(rules: Rules) -> str:
    more = f" and {len(rules) - _RULES_SHOWN} more" if len(rules) > _RULES_SHOWN else ""
    return "; ".join(safe_sentence(rule, 200) for rule in rules[:_RULES_SHOWN]) + more


def _problem(conversation: Conversation, text: str) -> Step:
    return Step(conversation, (Problem(text),))
