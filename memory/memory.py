"""A memory that is open: what it knows of a pair, what it knows of similar ones, and learning more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from memory.closing import Closing
from memory.embedder import Embedder, TextEmbedder, Weights
from memory.embedding.minilm import MiniLm
from memory.embedding.ngrams import HashedNgrams
from memory.embedding.portrait import Portrait
from memory.embedding.structure import StructureVectors
from memory.record import Record
from memory.stores.errors import EmbedderMismatchError
from memory.stores.opening import open_store
from memory.stores.store import Store
from memory.template import Template
from tools.errors import InputError
from tools.formulation.model import Formulation

WEIGHTS = Weights(structure=0.75, text=0.25)
"""What structure and words count in a search: measured by `python -m benchmarks memory_retrieval`."""

ASKED = 48
"""Records that a search looks at: many share one template."""

SIMILAR = 5
"""Different templates that a search returns."""


@dataclass(frozen=True)
class Recalled:
    """A record of another pair with its template, and how similar the pair is, from 0 to 1."""

    record: Record
    template: Template
    similarity: float


def embedders() -> dict[str, Embedder]:
    """Return the embedders that this machine has by name, the one for new memories first."""
    texts: list[TextEmbedder] = [MiniLm()] if MiniLm.is_installed() else []
    found = [Embedder(StructureVectors(), text) for text in (*texts, HashedNgrams())]
    return {embedder.name: embedder for embedder in found}


class Memory(Closing):
    """Use it as a context manager, or `close` it."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @classmethod
    def open(cls, location: str | Path) -> Memory:
        """Return the memory at `location`, a folder or a chroma server's URL.

        A memory keeps the embedder that it was begun with, where this machine has it. Raises `EmbedderMismatchError`,
        `SchemaMismatchError` or `MemoryStoreError`.
        """
        known = embedders()
        try:
            return cls(open_store(location, next(iter(known.values()))))
        except EmbedderMismatchError as error:
            if error.written not in known:
                raise
            return cls(open_store(location, known[error.written]))

    def of_pair(self, reference: Formulation, candidate: Formulation) -> list[Record]:
        """Return what is known of exactly this pair, verified mappings first."""
        return self.store.of_pair(reference.content_hash, candidate.content_hash)

    def similar(self, seen: Portrait) -> list[Recalled]:
        """Return verified records of similar pairs with templates that differ, the most similar first."""
        found: dict[str, Recalled] = {}
        for match in self.store.nearest(seen.structure, seen.text, ASKED, outcome="verified", weights=WEIGHTS):
            if match.record.template is None:
                continue
            try:
                template = Template.from_json(match.record.template)
            except InputError:
                continue
            found.setdefault(template.id, Recalled(match.record, template, match.similarity))
            if len(found) >= SIMILAR:
                break
        return list(found.values())

    def settle(self) -> None:
        """Bring the index up to date, so that the next search need not; worth it after many new records."""
        if len(self.store):
            self.store.nearest((), "", 1, weights=WEIGHTS)

    def learn(self, records: Iterable[Record]) -> int:
        """Keep the records and return how many are new."""
        return self.store.put(list(records))

    def close(self) -> None:
        """Release the store."""
        self.store.close()
