"""Free words become one of the chat's commands, where a language model finds one that fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agent.interpreting import phrase_from_words
from agent.language.chat import ModelError
from agent.language.choice import chosen_model
from agent.requested_settings import language_model_of
from tools.errors import InputError
from tools.json_fields import text_of


def interpret(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return {"phrase": text or null} for "words", said in a situation that "context" describes.

    "model" is the language model, by default the environment's. The phrase is only text: whoever asked parses it.
    """
    from ui.chat.forms import FORMS

    chosen = chosen_model("auto", language_model_of(request))
    if chosen.model is None:
        raise InputError(f"free words need a language model, but {chosen.why_none}")
    forms = [f"{form.form} ({form.meaning}; for example: {form.examples[0][0]})" for form in FORMS]
    try:
        phrase = phrase_from_words(
            text_of(request, "words") or "", chosen.model, forms, text_of(request, "context") or ""
        )
    except ModelError as error:
        raise InputError(str(error)) from error
    return {"phrase": phrase}
