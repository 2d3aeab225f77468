"""What memory knows of a pair and of similar ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agent.recollection import Recollection
from memory.locations import location_of
from memory.record import ModelSketch, Record
from tools.errors import InputError
from tools.json_fields import text_of
from ui.running.source import Source
from ui.safe_text import safe, safe_sentence

MOST_RECORDS = 20
MOST_RULES = 40

_RULE = 300
_PATIENCE = 40.0


def recall(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return {"same", "similar", "notes"}: records of the very pair, and of pairs like it with their similarity.

    "memory" names a folder or a server, the user's own by default; without one, both are empty and a note says so.
    """
    reference = Source.of(request.get("reference"), "reference").model()
    candidate = Source.of(request.get("candidate"), "candidate").model()
    location = location_of(text_of(request, "memory"))
    if location is None:
        return {"same": [], "similar": [], "notes": ["there is no memory to ask"]}
    if "://" not in location and not Path(location).exists():
        return {"same": [], "similar": [], "notes": [f"the memory {safe(location, 200)} is empty"]}
    recollection = Recollection.at(location, _PATIENCE)
    try:
        same = recollection.of_pair(reference, candidate)
        similar = recollection.similar(reference, candidate)
    finally:
        recollection.close()
    if recollection.failed:
        raise InputError(recollection.warnings[-1].removeprefix("going on without memory: "))
    known = {record.id for record in same}
    return {
        "same": [_told(record) for record in same[:MOST_RECORDS]],
        "similar": [
            {"similarity": round(found.similarity, 4), **_told(found.record), "template": _rules(found.template.rules)}
            for found in similar
            if found.record.id not in known
        ],
        "notes": [safe_sentence(note) for note in recollection.warnings],
    }


def _told(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "outcome": record.outcome,
        "kind": safe(record.kind, 100),
        "contract": record.contract,
        "rules": _rules(record.rules),
        "claims": {name: {key: safe(text) for key, text in claim.items()} for name, claim in record.claims.items()},
        "reference": _sketch(record.reference),
        "candidate": _sketch(record.candidate),
        "source": safe(record.source, 100),
    }


def _rules(rules: Any) -> list[str]:
    shown = [safe_sentence(rule, _RULE) for rule in rules[:MOST_RULES]]
    return [*shown, f"… and {len(rules) - MOST_RULES} more"] if len(rules) > MOST_RULES else shown


def _sketch(model: ModelSketch) -> dict[str, Any]:
    return {**vars(model), "name": safe(model.name, 100)}
