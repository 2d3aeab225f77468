"""What can go wrong with a store: it cannot be read or written, or somebody else's version wrote it."""

from __future__ import annotations

from tools.errors import InputError, QuasikarpError


class MemoryStoreError(QuasikarpError):
    """The system under a store failed (disk, permissions, network); the message is one line that names the store."""


class EmbedderMismatchError(InputError):
    """The store's vectors are another embedder's, so that similarities would mean nothing."""

    def __init__(self, location: str, written: str, used: str, remedy: str | None = None) -> None:
        remedy = remedy or f"run `quasikarp memory migrate --memory {location}` to embed its records anew"
        super().__init__(f"the memory {location} was written with the embedder {written!r}, not {used!r}; {remedy}")
        self.written = written
        self.used = used


class SchemaMismatchError(InputError):
    """The store's records have another form than this version reads."""

    def __init__(self, location: str, written: str, used: str) -> None:
        super().__init__(
            f"the memory {location} has the schema {written!r}, this version reads {used!r}; "
            f"use the version of quasikarp that wrote it, or another memory"
        )
        self.written = written
        self.used = used
