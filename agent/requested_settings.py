"""Settings out of JSON that anybody may have written, as requests to servers hold them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, cast

from agent.language.choice import Planner
from agent.language.configuration import LanguageModel
from agent.settings import Settings
from tools.errors import InputError
from tools.json_fields import number_of, object_of, text_of, texts_of, truth_of, whole_of
from tools.report import Contract

KNOWN = frozenset(
    ("contract", "time_limit", "rounds", "seed", "mapping", "hints", "memory", "planner", "model", "checkpoint", "ask")
)
"""The names that settings in JSON may have."""


def settings_of(data: Any, known: Collection[str] = KNOWN) -> Settings:
    """Return the settings that `data` gives, the usual ones for the rest; the mapping is rules or JSON, never a path.

    Raises `InputError` for names that are not among the `known` ones and for values of the wrong type or out of range.
    """
    if not isinstance(data, Mapping):
        raise InputError(f"settings must be an object, found {str(data)[:60]!r}")
    unknown = sorted(map(str, set(data) - set(known)))
    if unknown:
        raise InputError(f"unknown settings {', '.join(unknown)[:200]}; known are {', '.join(sorted(known))}")
    usual = Settings()
    mapping, checkpoint = text_of(data, "mapping"), text_of(data, "checkpoint")
    return Settings(
        contract=cast(Contract, text_of(data, "contract", usual.contract)),
        time_limit=number_of(data, "time_limit", usual.time_limit),
        rounds=whole_of(data, "rounds", usual.rounds),
        seed=whole_of(data, "seed", usual.seed),
        checkpoint=None if checkpoint is None else Path(checkpoint),
        mapping=None if mapping is None else f"{mapping}\n",  # with a line's end it is never the name of a file
        hints=texts_of(data, "hints"),
        memory=text_of(data, "memory"),
        planner=cast(Planner, text_of(data, "planner", usual.planner)),
        model=language_model_of(data),
        ask=truth_of(data, "ask"),
    )


def language_model_of(request: Mapping[str, Any]) -> LanguageModel | None:
    """Return the language model that "model" describes as `LanguageModel.to_json` does, all but its name optional.

    Its key is the one in the environment. None where nothing is described. Raises `InputError`.
    """
    data = object_of(request, "model")
    if not data:
        return None
    try:
        return LanguageModel.from_json({"prices": None, **data})
    except (TypeError, AttributeError, KeyError) as error:
        raise InputError(f"the language model is described wrongly: {str(error)[:100]!r}") from error
