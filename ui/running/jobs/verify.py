"""A mapping that somebody wrote is verified: all claims about it, and nothing else is tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tools.errors import InputError
from tools.json_fields import object_of, text_of
from ui.running.jobs.check import check


def verify(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return {"report", "evidence", "explanation"} for "mapping" (rules or JSON) from "candidate" to "reference".

    "settings" as in a check; memory and language models have no part in it.
    """
    mapping = text_of(request, "mapping")
    if mapping is None or not mapping.strip():
        raise InputError("there is no mapping to verify; give rules, one a line, such as: x = 2 u")
    settings = {**object_of(request, "settings"), "mapping": mapping, "memory": "none", "planner": "symbolic"}
    found = check({**request, "settings": settings, "answer": None}, emit)
    return {name: found[name] for name in ("report", "evidence", "explanation")}
