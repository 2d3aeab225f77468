"""From one embedder to another: records keep what was embedded, so only the vectors are made anew."""

from __future__ import annotations

from pathlib import Path

from memory.embedder import Embedder
from memory.record import SCHEMA
from memory.stores.errors import EmbedderMismatchError
from memory.stores.journal import FILE, Journal
from memory.stores.stored_vectors import StoredVectors
from tools.errors import InputError


def migrate(folder: str | Path, embedder: Embedder, schema: str = SCHEMA) -> int:
    """Make the memory in `folder` one of this embedder and return how many records it has.

    Vectors of both embedders lie side by side until the last is saved; then one transaction changes the owner and drops
    the old ones. A crash before leaves the old memory, and the next call goes on from there. The index is rebuilt at
    the next search. Raises `InputError` where there is no memory, `SchemaMismatchError` for one of another schema.
    """
    folder = Path(folder)
    if not (folder / FILE).exists():
        raise InputError(f"there is no memory in {str(folder)!r} (no file {FILE}); nothing to migrate")
    try:
        journal = Journal(folder, embedder.name, schema)
    except EmbedderMismatchError as error:
        journal = Journal(folder, error.written, schema)
    try:
        StoredVectors(journal, embedder).fill()
        journal.hand_over(embedder.name)
        return len(journal)
    finally:
        journal.close()
