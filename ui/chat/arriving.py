"""Models that the user gave find their sides: the first one becomes the reference, the next one the candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tools.errors import InputError
from ui.chat.blocks import Block, Problem, Words
from ui.chat.conversation import Conversation, Room
from ui.chat.models import Arrival, ModelText, Shelf
from ui.chat.pasted import MOST_MODELS, Given, Upload, given_file
from ui.chat.phrases import SIDES, Side

NO_LANGUAGE_MODEL = (
    "words need a language model, and none is configured: set QUASIKARP_MODEL (and OPENAI_BASE_URL or OPENAI_API_KEY) "
    "and start again, or paste the model as LP, MPS or JSON"
)


def given_files(uploads: Sequence[Upload]) -> tuple[Given, ...]:
    """Return what the files hold; raises `InputError` for one that is no text, and for too many."""
    if len(uploads) > MOST_MODELS:
        raise InputError(f"there are {len(uploads)} files; give the reference and the candidate")
    return tuple(given_file(upload) for upload in uploads)


def with_arrivals(
    conversation: Conversation, given: Sequence[Given], shelf: Shelf
) -> tuple[Conversation, tuple[Arrival, ...]]:
    """Return the conversation with these models to be read, and what was made of them; raises `InputError`.

    A side that was said is kept. Of the others, the first fills a free side, the reference before the candidate; where
    both are taken, one model replaces the candidate, and two replace the pair.
    """
    taken = {model.side for model in given if model.side is not None}
    if len(taken) < sum(model.side is not None for model in given):
        raise InputError("two models are given for one side; give one reference and one candidate")
    if len(given) > 2:
        raise InputError(f"there are {len(given)} models; give one reference and one candidate")
    waiting = {arrival.side for arrival in conversation.arriving}
    free = [side for side in SIDES if side not in taken | waiting and conversation.model(side) is None]
    if len(given) == 2:
        free = [side for side in SIDES if side not in taken]
    arrivals = []
    for model in given:
        side = model.side or (free.pop(0) if free else "candidate")
        name = model.name or side
        arrivals.append(Arrival(side, ModelText(name, model.format, shelf.put(model.text))))
    new = {arrival.side for arrival in arrivals}
    kept = tuple(arrival for arrival in conversation.arriving if arrival.side not in new)
    draft = None if conversation.draft is not None and conversation.draft.side in new else conversation.draft
    return replace(conversation, arriving=(*kept, *arrivals), draft=draft), tuple(arrivals)


def given_blocks(arrivals: Sequence[Arrival], room: Room) -> tuple[Block, ...]:
    """Return what to say of models that were given, before anybody has read them."""
    if not room.language_model and any(arrival.model.format == "words" for arrival in arrivals):
        return (Problem(NO_LANGUAGE_MODEL),)
    words = [arrival for arrival in arrivals if arrival.model.format == "words"]
    return tuple(
        Words(f"This reads like a problem in words; a language model writes the {arrival.side} of it.")
        for arrival in words
    )


def placed(conversation: Conversation, side: Side, model: ModelText) -> Conversation:
    """Return the conversation with a new model on that side: hints and dropped rows of the former pair are gone."""
    dropped = tuple(entry for entry in conversation.dropped if entry[0] != side)
    return replace(conversation.with_model(side, model), hints=(), only=(), dropped=dropped)
