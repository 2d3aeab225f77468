"""Words become an exact formulation: a language model writes algebra, which is read and checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from agent.language.chat import ModelError
from agent.language.choice import chosen_model
from agent.language.ledger import Ledger
from agent.language.opening import open_model
from agent.requested_settings import language_model_of
from agent.words.formulating import Draft, draft_of, revise
from agent.words.formulating import formulate as formulated
from tools.algebra.document import parse_document
from tools.algebra.printing import algebra_lines
from tools.errors import InputError
from tools.formulation.exact_json import as_parse_errors, load_exactly
from tools.formulation.json_format import format_json
from tools.json_fields import object_of, text_of, texts_of
from ui.running.jobs.read import bounded_lines, described
from ui.safe_text import safe, safe_sentence
from ui.words_command import MOST_CORRECTIONS, with_room


def formulate(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return the formulation of the problem "words", with "data" beside it, or of the algebra "document" of a draft.

    "data" is a JSON object or its text. "corrections" say in words what is to be changed, one after the other; "model"
    is the language model, by default the environment's. The answer is {"model_json", "document", "algebra", "notes",
    "summary", "written_by"}: the model and the algebra as JSON (the model's as text, which is a source), and what a
    reader should look at before it is used.
    """
    words, document = text_of(request, "words"), object_of(request, "document")
    if (words is None) == (not document):
        raise InputError("give the words of a problem, or the document of a draft to be corrected")
    corrections = texts_of(request, "corrections")
    if len(corrections) > MOST_CORRECTIONS:
        raise InputError(f"there are {len(corrections)} corrections; at most {MOST_CORRECTIONS} are made")
    draft = None if not document else draft_of(parse_document(json.dumps(document), source="the draft"))
    if draft is None or corrections:
        draft = _asked(request, words or "", draft, corrections, emit)
    model = draft.formulation
    return {
        "model_json": format_json(model),
        "document": draft.document.to_json(),
        "algebra": bounded_lines(algebra_lines(draft.document)),
        "notes": [safe_sentence(note) for note in draft.notes],
        "summary": described(model)["summary"],
        "written_by": model.written_by,
    }


def _asked(
    request: Mapping[str, Any],
    words: str,
    draft: Draft | None,
    corrections: tuple[str, ...],
    emit: Callable[[Mapping[str, Any]], None],
) -> Draft:
    chosen = chosen_model("auto", language_model_of(request))
    if chosen.model is None:
        raise InputError(f"words need a language model, but {chosen.why_none}; name one, or set QUASIKARP_MODEL")
    limits = with_room(chosen.limits)
    model = open_model(limits)
    ledger = Ledger(limits)
    try:
        if draft is None:
            emit({"kind": "step", "node": "formulate", "message": f"asking {model.name} for the algebra"})
            name = safe(text_of(request, "name") or "", 100)
            draft = formulated(words, model, ledger, _data(request), name=name)
        for correction in corrections:
            emit({"kind": "step", "node": "correct", "message": correction})
            draft = revise(draft, correction, model, ledger)
    except ModelError as error:
        raise InputError(str(error)) from error
    finally:
        model.close()
    return draft


def _data(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the data of a problem with exact numbers; as text, they may have any number of digits."""
    given = request.get("data")
    text = given if isinstance(given, str) else json.dumps(object_of(request, "data"))
    with as_parse_errors("data"):
        data = load_exactly(text, "data")
    if not isinstance(data, dict):
        raise InputError("the data of a problem must be a JSON object")
    return data
