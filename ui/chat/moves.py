"""What each phrase does to a conversation: one function a phrase, listed in `_MOVES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tools.mapping.syntax import parse_rules
from ui.chat.arriving import placed
from ui.chat.blocks import Block, Choices, Problem, Words
from ui.chat.conversation import LONGEST_TIME_LIMIT, Conversation, Room, Work
from ui.chat.phrases import (
    SIDES,
    Accept,
    Answer,
    Certify,
    Check,
    Continue,
    Correct,
    Diff,
    Drop,
    Example,
    Forget,
    GiveReport,
    GiveSnippet,
    Help,
    NoIdea,
    Phrase,
    Restore,
    Rules,
    ShowModels,
    ShowPictures,
    Side,
    Similar,
    Swap,
    TimeLimit,
    Try,
    Verify,
    VerifyCertificate,
    Want,
    Why,
)
from ui.chat.rule_lines import fault_of
from ui.chat.showing import (
    MEANING,
    Step,
    give_report,
    give_snippet,
    hinted,
    missing,
    show_example,
    show_help,
    show_models,
    show_pictures,
)
from ui.safe_text import safe


def moved(conversation: Conversation, phrase: Phrase, room: Room) -> Step:
    """Return the step that the phrase makes; raises `InputError` where a text cannot be kept or found."""
    return _MOVES[type(phrase)](conversation, phrase, room)


def _check(conversation: Conversation, phrase: Check, room: Room) -> Step:
    words = Words("The search is open again: any mapping will do.") if conversation.only else None
    return _again(replace(conversation, only=()), *([words] if words else []))


def _why(conversation: Conversation, phrase: Why, room: Room) -> Step:
    if conversation.report is None:
        return _problem(conversation, f"there is no verdict to explain yet; {missing(conversation)}")
    return Step(conversation, (), Work("explain", text=phrase.question[:500]))


def _try(conversation: Conversation, phrase: Try, room: Room) -> Step:
    fault = fault_of(phrase.rules)
    if fault or conversation.pair is None:
        return _problem(conversation, fault or missing(conversation))
    kept = _others(conversation.hints, phrase.rules)
    hints = (*kept, *phrase.rules)
    return _again(replace(conversation, hints=hints, tried=len(kept), only=()), hinted(hints))


def _verify(conversation: Conversation, phrase: Verify, room: Room) -> Step:
    fault = fault_of(phrase.rules)
    if fault or conversation.pair is None:
        return _problem(conversation, fault or missing(conversation))
    return _again(replace(conversation, only=phrase.rules), Words("This mapping is checked, and no other."))


def _answer(conversation: Conversation, phrase: Answer, room: Room) -> Step:
    if not conversation.question:
        return _try(conversation, Try(phrase.rules), room)
    fault = fault_of(phrase.rules)
    if fault:
        return _problem(conversation, fault)
    return Step(conversation, (), Work("check", rules=phrase.rules, answers=True))


def _no_idea(conversation: Conversation, phrase: NoIdea, room: Room) -> Step:
    if conversation.draft is not None:
        return _problem(conversation, "say what is wrong with the algebra, such as: correct: the budget is 200")
    if not conversation.question:
        return Step(conversation, (Words("Nothing was asked."),))
    return Step(conversation, (), Work("check", answers=True))


def _forget(conversation: Conversation, phrase: Forget, room: Room) -> Step:
    if not conversation.hints and not conversation.only:
        return Step(conversation, (Words("There are no hints."),))
    return Step(replace(conversation, hints=(), only=()), (Words("All hints are forgotten."), Choices(("check",))))


def _want(conversation: Conversation, phrase: Want, room: Room) -> Step:
    words = Words(f"The contract is {phrase.contract}: {MEANING[phrase.contract]}.")
    if conversation.contract == phrase.contract and conversation.report is not None:
        return Step(conversation, (words, Words("The last verdict is about it already.")))
    conversation = replace(conversation, contract=phrase.contract)
    return Step(conversation, (words,)) if conversation.pair is None else _again(conversation, words)


def _swap(conversation: Conversation, phrase: Swap, room: Room) -> Step:
    reference, candidate, draft = conversation.reference, conversation.candidate, conversation.draft
    if reference is None and candidate is None:
        return _problem(conversation, missing(conversation))
    told = [Words("Reference and candidate have changed places.")]
    if conversation.hints or conversation.only:
        told.append(Words("The hints were about the former direction and are forgotten."))
    other: dict[Side, Side] = {"reference": "candidate", "candidate": "reference"}
    conversation = replace(
        conversation,
        reference=candidate,
        candidate=reference,
        arriving=tuple(replace(arrival, side=other[arrival.side]) for arrival in conversation.arriving),
        dropped=tuple((other[side], row) for side, row in conversation.dropped),
        draft=None if draft is None else replace(draft, side=other[draft.side]),
        hints=(),
        only=(),
        reported=False,
        question="",
    )
    return Step(conversation, tuple(told)) if conversation.pair is None else _again(conversation, *told)


def _drop(conversation: Conversation, phrase: Drop, room: Room) -> Step:
    sides = [side for side in SIDES if conversation.model(side) is not None and phrase.side in (None, side)]
    if not sides:
        return _problem(conversation, missing(conversation))
    return Step(conversation, (), Work("drop", phrase.side, phrase.row))


def _restore(conversation: Conversation, phrase: Restore, room: Room) -> Step:
    if not conversation.dropped:
        return _problem(conversation, "no row is dropped, so there is none to put back")
    named = [entry for entry in conversation.dropped if not phrase.row or phrase.row.casefold() == entry[1].casefold()]
    if not named:
        there = ", ".join(safe(row) for _, row in conversation.dropped)
        return _problem(conversation, f"the row {safe(phrase.row)!r} is not dropped; dropped are {there}")
    side, row = named[-1]
    model = conversation.model(side)
    assert model is not None
    left = tuple(name for name in conversation.left_out(side) if name != row)
    if left:
        return Step(conversation, (), Work("drop", side, "", left))
    conversation = replace(conversation, dropped=tuple(entry for entry in conversation.dropped if entry[0] != side))
    whole = replace(model, variant="", rows=model.rows + 1)
    return _again(conversation.with_model(side, whole), Words(f"Row {safe(row)} is back in the {side}."))


def _similar(conversation: Conversation, phrase: Similar, room: Room) -> Step:
    return _of_pair(conversation, Work("recall"))


def _diff(conversation: Conversation, phrase: Diff, room: Room) -> Step:
    return _of_pair(conversation, Work("diff"))


def _certify(conversation: Conversation, phrase: Certify, room: Room) -> Step:
    if conversation.report is None:
        return _problem(conversation, f"there is no verdict to certify yet; {missing(conversation)}")
    return _of_pair(conversation, Work("certify"))


def _verify_certificate(conversation: Conversation, phrase: VerifyCertificate, room: Room) -> Step:
    key = conversation.last_certificate
    if not key:
        return _problem(
            conversation, "there is no certificate; attach or paste one, or say certify once there is a verdict"
        )
    return Step(conversation, (), Work("verify_certificate", text=key))


def _continue(conversation: Conversation, phrase: Continue, room: Room) -> Step:
    if conversation.work is not None:
        return Step(conversation, (Words("Work is under way; say stop to end it."),))
    if conversation.question:
        return _no_idea(conversation, NoIdea(), room)
    report = conversation.report
    if report is not None and report.get("verdict") == "unknown":
        limit = min(2 * conversation.time_limit, LONGEST_TIME_LIMIT)
        return _again(replace(conversation, time_limit=limit), Words(f"Once more, for {limit:g} seconds."))
    if report is not None:
        return Step(conversation, (Words("The last check has its verdict; there is nothing to go on with."),))
    if conversation.pair is None:
        return _problem(conversation, missing(conversation))
    return Step(conversation, (Words("Going on where the check was left."),), Work("check"))


def _time_limit(conversation: Conversation, phrase: TimeLimit, room: Room) -> Step:
    if not 0 < phrase.seconds <= LONGEST_TIME_LIMIT:
        return _problem(conversation, f"a time limit lies above 0 and at {LONGEST_TIME_LIMIT:g} seconds at most")
    told: list[Block] = [Words(f"A check may take {phrase.seconds:g} seconds from now on.")]
    if conversation.pair is not None:
        told.append(Choices(("check",)))
    return Step(replace(conversation, time_limit=phrase.seconds), tuple(told))


def _accept(conversation: Conversation, phrase: Accept, room: Room) -> Step:
    draft = conversation.draft
    if draft is None:
        return Step(conversation, (Words("There is nothing to accept."), Choices(("help",))))
    if conversation.work is not None and conversation.work.purpose == "formulate":
        return _problem(conversation, "the algebra is being changed; wait for it, or say stop")
    conversation = replace(conversation, draft=None)
    return Step(placed(conversation, draft.side, draft.model), (Words(f"The {draft.side} is this model now."),))


def _correct(conversation: Conversation, phrase: Correct, room: Room) -> Step:
    if conversation.draft is None:
        return _problem(conversation, "there is no algebra to correct; give a problem in words first")
    return Step(conversation, (), Work("formulate", conversation.draft.side, phrase.text))


def _again(conversation: Conversation, *told: Block) -> Step:
    """Return the step that checks the pair again, or says what is missing for that."""
    if conversation.pair is None and not conversation.arriving:
        return Step(conversation, (*told, Problem(missing(conversation))))
    if conversation.draft is not None:
        told = (*told, Words(f"First the algebra of the {conversation.draft.side}: say accept, or what is wrong."))
    return Step(replace(conversation, due=True), told)


def _of_pair(conversation: Conversation, work: Work) -> Step:
    return _problem(conversation, missing(conversation)) if conversation.pair is None else Step(conversation, (), work)


def _problem(conversation: Conversation, text: str) -> Step:
    return Step(conversation, (Problem(text),))


def _others(hints: Rules, new: Rules) -> Rules:
    """Return the hints whose targets the new ones do not define."""
    targets = {str(rule.target) for rule in parse_rules("\n".join(new))}
    return tuple(hint for hint in hints if not any(str(rule.target) in targets for rule in parse_rules(hint)))


_MOVES: Mapping[type, Callable[[Conversation, Any, Room], Step]] = {
    Accept: _accept,
    Answer: _answer,
    Certify: _certify,
    Check: _check,
    Continue: _continue,
    Correct: _correct,
    Diff: _diff,
    Drop: _drop,
    Example: show_example,
    Forget: _forget,
    GiveReport: give_report,
    GiveSnippet: give_snippet,
    Help: show_help,
    NoIdea: _no_idea,
    Restore: _restore,
    ShowModels: show_models,
    ShowPictures: show_pictures,
    Similar: _similar,
    Swap: _swap,
    TimeLimit: _time_limit,
    Try: _try,
    Verify: _verify,
    VerifyCertificate: _verify_certificate,
    Want: _want,
    Why: _why,
}
