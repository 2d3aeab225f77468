"""The vectors of a journal's records: each is computed once, kept beside its record, and can be searched exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memory.embedder import Embedder, Vectors
from memory.record import Outcome
from memory.stores.documents import readable
from memory.stores.embedding import vectors_of
from memory.stores.errors import MemoryStoreError
from memory.stores.journal import Journal
from memory.stores.ranking import ranked

BATCH = 1000
"""Records that are embedded, and vectors that are saved, at a time: what a crash can cost."""

_MISSING = f"""
SELECT r.seq, r.id, r.document FROM records r LEFT JOIN vectors v ON v.seq = r.seq AND v.embedder = ?
WHERE r.seq > ? AND r.seq <= ? AND (v.vector IS NULL OR length(v.vector) != ?) ORDER BY r.seq LIMIT {BATCH}
"""

_SAVE = """
INSERT OR REPLACE INTO vectors (seq, embedder, vector)
SELECT seq, ?, ? FROM records WHERE seq = ?
"""

_LOAD = """
SELECT r.seq, r.id, r.outcome, v.vector FROM records r LEFT JOIN vectors v ON v.seq = r.seq AND v.embedder = ?
WHERE r.seq > ? AND r.seq <= ? ORDER BY r.seq LIMIT ?
"""


@dataclass(frozen=True)
class Block:
    """Some records in their order: sequence numbers, ids, outcomes and vectors of the shape (records, dimensions)."""

    seqs: Sequence[int]
    ids: Sequence[str]
    outcomes: Sequence[str]
    vectors: Vectors


class StoredVectors:
    """Vectors of one embedder for the records of a journal."""

    def __init__(self, journal: Journal, embedder: Embedder) -> None:
        self._journal = journal
        self._embedder = embedder
        self._filled = 0
        self._unsaved: dict[int, Vectors] = {}
        self._scan = _Scan(embedder.dimensions)

    def fill(self) -> int:
        """Return the highest sequence number up to which every record has a vector: all that there are now.

        Where the journal cannot be written (read-only, full), new vectors stay in this process.
        """
        upto = self._journal.last()
        name, size = self._embedder.name, self._embedder.dimensions * 4
        while rows := self._journal.select(_MISSING, (name, self._filled, upto, size)):
            records = [readable(document, str(id)) for _, id, document in rows]
            vectors = vectors_of(records, self._embedder)
            try:
                with self._journal.transaction() as connection:
                    saved = ((name, vector.tobytes(), row[0]) for vector, row in zip(vectors, rows))
                    connection.executemany(_SAVE, saved)
            except MemoryStoreError:
                self._unsaved.update((int(row[0]), vector) for vector, row in zip(vectors, rows))
            self._filled = int(rows[-1][0])
        self._filled = max(self._filled, upto)
        return upto

    def blocks(self, after: int, upto: int, size: int) -> Iterator[Block]:
        """Yield the records with `after` < seq ≤ `upto` in blocks; call `fill` first."""
        name, width = self._embedder.name, self._embedder.dimensions
        while rows := self._journal.select(_LOAD, (name, after, upto, size)):
            vectors = np.zeros((len(rows), width), dtype=np.float32)
            for place, (seq, _, _, blob) in enumerate(rows):
                if isinstance(blob, bytes) and len(blob) == width * 4:
                    vectors[place] = np.frombuffer(blob, dtype=np.float32)
                elif seq in self._unsaved:
                    vectors[place] = self._unsaved[seq]
            vectors[~np.isfinite(vectors).all(axis=1)] = 0.0
            seqs, ids, outcomes, _ = zip(*rows)
            # A tampered column may hold anything.
            yield Block(seqs, [str(id) for id in ids], [str(outcome) for outcome in outcomes], vectors)
            after = rows[-1][0]

    def scan(self, query: Vectors, count: int, outcome: Outcome | None) -> list[tuple[str, float]]:
        """Return the `count` most similar records of this outcome as (id, similarity), by comparing with every one."""
        upto = self.fill()
        forgotten = self._journal.forgotten(self._scan.forgotten)
        if forgotten:
            self._scan = _Scan(self._embedder.dimensions, forgotten[-1][0])
        for block in self.blocks(self._scan.last, upto, 5000):
            self._scan.add(block)
        return self._scan.nearest(query, count, outcome)


class _Scan:
    """All vectors in one matrix, which grows with the journal."""

    def __init__(self, dimensions: int, forgotten: int = 0) -> None:
        self.forgotten = forgotten
        self.last = 0
        self._ids: list[str] = []
        self._outcomes: NDArray[np.str_] = np.empty(0, dtype="U8")
        self._vectors: Vectors = np.empty((0, dimensions), dtype=np.float32)

    def add(self, block: Block) -> None:
        used, new = len(self._ids), len(block.ids)
        if used + new > len(self._vectors):
            room = np.empty((max(used + new, 2 * used), self._vectors.shape[1]), dtype=np.float32)
            room[:used] = self._vectors[:used]
            self._vectors = room
        self._vectors[used : used + new] = block.vectors
        self._ids.extend(block.ids)
        self._outcomes = np.concatenate([self._outcomes, np.array(block.outcomes, dtype="U8")])
        self.last = block.seqs[-1]

    def nearest(self, query: Vectors, count: int, outcome: Outcome | None) -> list[tuple[str, float]]:
        allowed = None if outcome is None else self._outcomes == outcome
        rows = ranked(query, self._vectors[: len(self._ids)], self._ids, count, allowed)
        return [(self._ids[row], similarity) for row, similarity in rows]
