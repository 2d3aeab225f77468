"""`quasikarp memory migrate`: the records of a folder embedded anew."""

from __future__ import annotations

from memory.memory import embedders
from memory.stores.migrate import migrate
from tools.errors import InputError
from ui.memory_access import input_errors, place


def migrate_memory(wanted: str | None) -> int:
    """The memory is one of the embedder that this machine prefers; say so and return 0."""
    location = place(wanted)
    if "://" in location:
        raise InputError(
            f"the memory {location} is on a server and cannot be migrated; "
            "export its records and import them into another collection (http://host:port/COLLECTION)"
        )
    embedder = next(iter(embedders().values()))
    with input_errors():
        count = migrate(location, embedder)
    print(f"{location}: {count} records, embedded with {embedder.name}")
    return 0
