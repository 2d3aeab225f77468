"""From where a memory is to the store that opens it."""

from __future__ import annotations

from pathlib import Path

from memory.embedder import Embedder
from memory.stores.embedded import EmbeddedStore
from memory.stores.in_memory import InMemoryStore
from memory.stores.server import ServerStore
from memory.stores.store import Store

IN_MEMORY = InMemoryStore.location


def open_store(location: str | Path, embedder: Embedder) -> Store:
    """Return the store at `location`: a folder, the URL `http(s)://host:port[/collection]` of a server, or ":memory:".

    Raises `EmbedderMismatchError` or `SchemaMismatchError` where another version wrote it, `MemoryStoreError` where it
    cannot be reached. A folder that does not exist is an empty memory; the first write makes it.
    """
    if location == IN_MEMORY:
        return InMemoryStore(embedder)
    if str(location).startswith(("http://", "https://")):
        return ServerStore(str(location), embedder)
    return EmbeddedStore(Path(location), embedder)
