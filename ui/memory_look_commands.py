"""`quasikarp memory list`, `show` and `stats`: what is in a memory; nothing is changed or made."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from memory.memory import Memory
from memory.record import ModelSketch, Outcome, Record
from memory.template import Template
from tools.errors import InputError
from ui.memory_access import ids_of, input_errors, opened
from ui.memory_text import print_record, print_records
from ui.safe_text import safe

LIST_SCHEMA = "quasikarp/memory-list/1"
STATS_SCHEMA = "quasikarp/memory-stats/1"

_PAGE = 500


def list_records(
    wanted: str | None, *, kind: str | None, outcome: Outcome | None, limit: int | None, as_json: bool
) -> int:
    """Print the records that fit, the newest first, at most `limit`; return 0."""
    with opened(wanted) as memory, input_errors():
        fitting = (
            record
            for record in _newest_first(memory)
            if (kind is None or kind.casefold() in record.kind.casefold()) and outcome in (None, record.outcome)
        )
        found = list(fitting if limit is None else islice(fitting, limit + 1))
        more = limit is not None and len(found) > limit
        found = found[:limit]
        if as_json:
            records = [_listed(record) for record in found]
            _print_json({"schema": LIST_SCHEMA, "location": memory.store.location, "records": records, "more": more})
        else:
            print_records(found, more)
    return 0


def show_record(beginning: str, wanted: str | None, *, as_json: bool) -> int:
    """Print one record, as JSON the one that `export` writes; return 0."""
    with opened(wanted) as memory, input_errors():
        (id,) = ids_of(memory, [beginning])
        records = memory.store.get([id])
        if not records:
            raise InputError(
                f"the record {safe(id)} cannot be read, it was damaged or altered; quasikarp memory forget removes it"
            )
        if as_json:
            _print_json(records[0].to_json())
        else:
            print_record(records[0])
    return 0


def print_stats(wanted: str | None, *, as_json: bool) -> int:
    """Print how many records there are, of which outcome and kind, and whose vectors they have; return 0."""
    with opened(wanted) as memory, input_errors():
        kinds: Counter[str] = Counter()
        templates: set[str] = set()
        for record in memory.store:
            kinds[record.kind] += 1
            templates |= _template_id(record)
        counts = memory.store.counts()  # after reading, so that what was found to be unreadable is counted as such
        data = {
            "schema": STATS_SCHEMA,
            "location": memory.store.location,
            "verified": counts["verified"],
            "refuted": counts["refuted"],
            "unreadable": counts["unreadable"],
            "records": len(memory.store),
            "templates": len(templates),
            "kinds": dict(sorted(kinds.items(), key=lambda entry: (-entry[1], entry[0]))),
            "embedder": memory.store.embedder.name,
        }
    if as_json:
        _print_json(data)
    else:
        _print_stats_for_people(data)
    return 0


def _newest_first(memory: Memory) -> Iterator[Record]:
    ids = memory.store.ids()[::-1]
    for start in range(0, len(ids), _PAGE):
        yield from memory.store.get(ids[start : start + _PAGE])


def _listed(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "outcome": record.outcome,
        "kind": record.kind,
        "contract": record.contract,
        "reference": _sizes(record.reference),
        "candidate": _sizes(record.candidate),
        "source": record.source,
    }


def _sizes(model: ModelSketch) -> dict[str, Any]:
    return {name: value for name, value in vars(model).items() if name != "hash"}


def _template_id(record: Record) -> set[str]:
    if record.template is None:
        return set()
    try:
        return {Template.from_json(record.template).id}
    except InputError:
        return set()


def _print_json(data: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(data, indent=2, allow_nan=False) + "\n")


def _print_stats_for_people(data: dict[str, Any]) -> None:
    unreadable = f", {data['unreadable']} unreadable" if data["unreadable"] else ""
    print(f"{data['location']}: {data['verified']} verified, {data['refuted']} refuted{unreadable}")
    print(f"templates: {data['templates']}")
    print(f"embedder: {data['embedder']}")
    if data["kinds"]:
        print("kinds:")
    width = max((len(str(count)) for count in data["kinds"].values()), default=0)
    for kind, count in data["kinds"].items():
        print(f"  {count:>{width}}  {safe(kind, 80) or '(none)'}")
