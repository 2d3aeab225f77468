"""What follows when the user says something: `said` gives the next state, what to show at once, and the job to run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tools.errors import InputError
from ui.chat.arriving import NO_LANGUAGE_MODEL, given_blocks, given_files, with_arrivals
from ui.chat.blocks import Block, Choices, Problem, Turn, Words
from ui.chat.certificates import told_apart
from ui.chat.conversation import Conversation, Move, Room, Work
from ui.chat.grammar import understood
from ui.chat.jobs import job_of, with_work
from ui.chat.moves import moved
from ui.chat.pasted import Given, Upload, given_in
from ui.chat.phrases import Correct, Load, New, Phrase, Stop
from ui.chat.showing import Step
from ui.safe_text import safe

LONGEST_KEPT = 4_000
"""Characters of what the user said that the conversation keeps to be shown again."""

MOST_TURNS = 1_000
"""Turns of one conversation."""

_WORDS_OF_A_PROBLEM = 25


def said(conversation: Conversation, text: str, uploads: Sequence[Upload], room: Room) -> Move:
    """Return what follows from what the user said, and from the files given with it; never raises for what they are."""
    if not text.strip() and not uploads:
        return Move(conversation)
    if len(conversation.turns) >= MOST_TURNS:
        return _told(conversation, text, Problem(f"this conversation has {MOST_TURNS} turns; say new to begin another"))
    try:
        certificate, words, files = told_apart(text, given_files(uploads))
        given = (*files, *given_in(words))
        if certificate:
            return _certificate(conversation, _shown(text, uploads), certificate, given, room)
    except InputError as error:
        return _told(conversation, _shown(text, uploads), Problem(str(error)))
    phrase = understood(text, asked=bool(conversation.question), draft=conversation.draft is not None)
    if given or isinstance(phrase, Load):
        return _loaded(conversation, text, uploads, given, phrase, room)
    if isinstance(phrase, Stop):
        return _stopped(conversation, text)
    if isinstance(phrase, New):
        return Move(Conversation(), stop=conversation.work is not None, fresh=True)
    if phrase is None and conversation.draft is not None:
        phrase = Correct(text.strip())
    try:
        step = moved(conversation, phrase, room) if phrase is not None else _free_words(conversation, text, room)
    except InputError as error:
        return _told(conversation, text, Problem(str(error)))
    return _move(conversation, step, text, room)


def started(conversation: Conversation, room: Room) -> Move:
    """Return the conversation, whose work may be set, with the job of that work; a text that is lost is a problem."""
    try:
        return Move(conversation, (), job_of(conversation, room))
    except InputError as error:
        return Move(replace(conversation, work=None, due=False, arriving=()), (Problem(str(error)),))


def _loaded(
    conversation: Conversation,
    text: str,
    uploads: Sequence[Upload],
    given: tuple[Given, ...],
    phrase: Phrase | None,
    room: Room,
) -> Move:
    """Take the models; a command that came with files, such as a contract, is followed as well."""
    blocks: tuple[Block, ...] = ()
    before = conversation
    try:
        if uploads and phrase is not None and not isinstance(phrase, Load | Stop | New):
            step = moved(conversation, phrase, room)
            conversation, blocks = step.conversation, tuple(b for b in step.blocks if not isinstance(b, Choices))
        conversation, arrived = with_arrivals(conversation, given, room.shelf)
    except InputError as error:
        return _told(before, _shown(text, uploads), Problem(str(error)))
    step = Step(conversation, (*blocks, *given_blocks(arrived, room)))
    if not room.language_model and any(arrival.model.format == "words" for arrival in arrived):
        return _told(before, _shown(text, uploads), *given_blocks(arrived, room))
    return _move(before, step, _shown(text, uploads), room)


def _certificate(conversation: Conversation, said: str, certificate: str, given: tuple[Given, ...], room: Room) -> Move:
    """Have a certificate checked, after the models that came with it have been read."""
    after, arrived = with_arrivals(conversation, given, room.shelf) if given else (conversation, ())
    after = replace(after, certificate=room.shelf.put(certificate))
    return _move(conversation, Step(after, given_blocks(arrived, room)), said, room)


def _move(before: Conversation, step: Step, text: str, room: Room) -> Move:
    """Return the move of a step: its turn is kept, and its work, or else what has become due, begins."""
    conversation, blocks = step.conversation, step.blocks
    begun = with_work(conversation, step.work) if _has_begun(before, step) else conversation
    if begun.work is None or begun is conversation:
        turn = Turn(_cut(text), blocks)
        return Move(replace(conversation, turns=(*conversation.turns, turn)), blocks)
    if before.work is not None and before.work.purpose == "check" and begun.work.purpose != "check":
        begun = replace(begun, due=True)  # the check that this interrupts begins again afterwards
    move = started(begun, room)
    blocks = (*blocks, *move.blocks)
    conversation = replace(move.conversation, turns=(*conversation.turns, Turn(_cut(text), blocks)))
    return Move(conversation, blocks, move.job, stop=before.work is not None)


def _has_begun(before: Conversation, step: Step) -> bool:
    after = step.conversation
    news = step.work is not None or after.arriving != before.arriving or (after.due and not before.due)
    news = news or after.certificate != before.certificate
    return news or (before.work is None and (after.due or bool(after.arriving)))


def _stopped(conversation: Conversation, text: str) -> Move:
    if conversation.work is None:
        return _told(conversation, text, Words("Nothing is under way."))
    # What became of the work is told when it has ended.
    turn = Turn(_cut(text))
    return Move(replace(conversation, turns=(*conversation.turns, turn)), stop=True)


def _free_words(conversation: Conversation, text: str, room: Room) -> Step:
    """Return what follows from words that are no phrase: a problem to formulate, or something for a language model."""
    words = text.split()
    if len(words) >= _WORDS_OF_A_PROBLEM and any(c.isdigit() for c in text):
        if not room.language_model:
            return Step(conversation, (Problem(NO_LANGUAGE_MODEL),))
        conversation, arrived = with_arrivals(conversation, (Given(text.strip(), "words"),), room.shelf)
        return Step(conversation, given_blocks(arrived, room))
    if room.language_model:
        return Step(conversation, (), Work("interpret", text=text[:LONGEST_KEPT]))
    return Step(conversation, not_understood(text))


def not_understood(text: str) -> tuple[Block, ...]:
    """Return the answer to what no form fits, with the documented sayings that are closest to it."""
    from difflib import get_close_matches

    from ui.chat.forms import FORMS

    sayings = {example.casefold(): example for form in FORMS for example, _ in form.examples}
    close = get_close_matches(" ".join(text.split())[:200].casefold(), sayings, 3, 0.6)
    problem = Problem(f"I do not understand {safe(text, 80)!r}; say help for what can be said")
    return (problem, Choices((*(sayings[found] for found in close), "help")))


def _told(conversation: Conversation, text: str, *blocks: Block) -> Move:
    turn = Turn(_cut(text), blocks)
    return Move(replace(conversation, turns=(*conversation.turns, turn)), blocks)


def _shown(text: str, uploads: Sequence[Upload]) -> str:
    names = ", ".join(safe(upload.name, 100) for upload in uploads)
    return "\n".join(part for part in (text.strip(), names and f"({names})") if part)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_KEPT else f"{text[:LONGEST_KEPT]}…"
