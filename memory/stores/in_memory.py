"""A store that lives as long as the process: for tests, trials, and runs that should leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from memory.closing import Closing
from memory.embedder import Embedder, Vectors, Weights
from memory.record import Outcome, Record
from memory.stores.documents import document
from memory.stores.embedding import vectors_of
from memory.stores.ranking import ranked
from memory.stores.store import Match


class InMemoryStore(Closing):
    """Keeps the contract of `Store`, but forgets everything at the end of the process; not for several threads."""

    location = ":memory:"

    def __init__(self, embedder: Embedder) -> None:
        self.notes: list[str] = []
        self.index_queries = 0
        self.embedder = embedder
        self._records: dict[str, Record] = {}
        self._vectors: dict[str, Vectors] = {}
        self._marks: dict[str, str] = {}

    def put(self, records: Iterable[Record]) -> int:
        """Keep the records and return how many are new."""
        given = list(records)
        for record in given:
            document(record)
        before = len(self._records)
        for record in given:
            self._records.setdefault(record.id, record)
        return len(self._records) - before

    def get(self, ids: Sequence[str]) -> list[Record]:
        """Return the records of these ids in this order."""
        return [self._records[id] for id in ids if id in self._records]

    def of_pair(self, reference_hash: str, candidate_hash: str) -> list[Record]:
        """Return the records of exactly this pair: verified first, newest first."""
        pair = (reference_hash, candidate_hash)
        newest = [r for r in reversed(self._records.values()) if (r.reference.hash, r.candidate.hash) == pair]
        return sorted(newest, key=lambda record: record.outcome != "verified")

    def nearest(
        self,
        structure: Sequence[float],
        text: str,
        count: int,
        *,
        outcome: Outcome | None = "verified",
        weights: Weights,
    ) -> list[Match]:
        """Return the most similar records, by comparing with every one."""
        records = [record for record in self._records.values() if outcome in (None, record.outcome)]
        if not records or count <= 0:
            return []
        missing = [record for record in records if record.id not in self._vectors]
        self._vectors.update(zip([record.id for record in missing], vectors_of(missing, self.embedder)))
        vectors = np.array([self._vectors[record.id] for record in records])
        query = self.embedder.query(structure, text, weights)
        rows = ranked(query, vectors, [record.id for record in records], count)
        return [Match(records[row], similarity) for row, similarity in rows]

    def ids(self) -> list[str]:
        """Return all ids in the order in which they came."""
        return list(self._records)

    def __iter__(self) -> Iterator[Record]:
        yield from list(self._records.values())

    def __len__(self) -> int:
        return len(self._records)

    def forget(self, ids: Sequence[str]) -> int:
        """Remove these records and return how many there were."""
        gone = {id for id in ids if self._records.pop(id, None) is not None}
        for id in gone:
            self._vectors.pop(id, None)
        return len(gone)

    def mark(self, key: str, note: str) -> None:
        """Remember that `key` was dealt with."""
        self._marks[key] = note

    def clear_marks(self) -> None:
        """Forget all marks."""
        self._marks.clear()

    def marked(self, key: str) -> str | None:
        """Return the note of `mark`, or None."""
        return self._marks.get(key)

    def counts(self) -> dict[str, int]:
        """Return how many records are verified, refuted and unreadable."""
        verified = sum(record.outcome == "verified" for record in self._records.values())
        return {"verified": verified, "refuted": len(self._records) - verified, "unreadable": 0}

    def close(self) -> None:
        """Do nothing: what is kept in the process needs no closing."""
