"""Memory learns from a data set: its pairs are checked like any other, and what was found is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, get_args

from agent.requested_settings import settings_of
from agent.seeding import SeedOutcome
from agent.seeding import seed as seeded_pairs
from memory.loaders.pairs import LoaderOptions
from memory.loaders.registry import loader_for
from memory.memory import Memory
from tools.errors import InputError
from tools.json_fields import object_of, text_of, truth_of, whole_of
from ui.memory_access import input_errors, place
from ui.safe_text import safe, safe_sentence

MOST_REFUSED = 50


def seed(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return {"pairs", "outcomes", "new_records", "records", "refused", "notes"} of a data set at "source" (a path).

    "memory" is the place to learn in, "count" how many pairs at most, "loader" the kind of data set where it cannot be
    told, "settings" those of each check; code of a data set runs only with "allow_code". Each pair is an event. What
    was dealt with before is passed over, so that a seeding that was stopped goes on.
    """
    where, count = text_of(request, "source"), whole_of(request, "count", 100)
    if not where:
        raise InputError("name the folder or file of the data set (source)")
    if count < 1:
        raise InputError(f"count must be at least 1, found {count}")
    settings = settings_of(object_of(request, "settings"))
    source = Path(where).expanduser()
    loader = loader_for(source, text_of(request, "loader"))
    pairs = loader.pairs(source, LoaderOptions(truth_of(request, "allow_code"), count, settings.seed))
    outcomes: Counter[SeedOutcome] = Counter()
    refused: list[dict[str, str]] = []
    new_records = 0
    with input_errors(), Memory.open(place(text_of(request, "memory"))) as memory:
        name = source.resolve().name or loader.name
        for seeded in seeded_pairs(memory, islice(pairs, count), settings, source=name):
            outcomes[seeded.outcome] += 1
            new_records += seeded.new_records
            if seeded.outcome == "unreadable" and len(refused) < MOST_REFUSED:
                refused.append({"id": safe(seeded.id, 100), "reason": safe_sentence(seeded.detail)})
            emit({"kind": "step", "node": "seed", "message": f"{outcomes.total()}: {seeded.id} {seeded.outcome}"})
        return {
            "pairs": outcomes.total(),
            "outcomes": {outcome: outcomes[outcome] for outcome in get_args(SeedOutcome)},
            "new_records": new_records,
            "records": len(memory.store),
            "refused": refused,
            "notes": [safe_sentence(note) for note in memory.store.notes],
        }
