"""A memory in a folder: a journal that holds the records, and an index beside it that only finds them faster."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from memory.closing import Closing
from memory.embedder import Embedder, Vectors, Weights
from memory.record import SCHEMA, Outcome, Record
from memory.stores.chroma_index import Candidates, ChromaIndex
from memory.stores.index_lock import IndexUnavailableError
from memory.stores.journal import Journal
from memory.stores.ranking import ranked
from memory.stores.store import Match
from memory.stores.stored_vectors import StoredVectors

EXACT = 20_000
"""Records up to which an index's answer is not believed but replaced by comparing with every one, which takes 3 ms.

Chroma's graph loses records that lie beside many equal or almost equal ones, as generated pairs do: with five clusters
of 300 equal vectors and 30 others near them it missed 38 of 90 that were asked for by their own vectors.
"""

LARGEST_ASK = 2000
"""Candidates that an index is asked for; a search that needs more compares with every record."""


class EmbeddedStore(Closing):
    """Keeps the contract of `Store` in a folder, for several threads and processes at once.

    The folder is made by the first write. Only `nearest` needs the index, hence chromadb; without it (no lock, no room,
    read-only folder) it compares with every record and says so in `notes`. `index_queries` counts the searches that
    the index answered.
    """

    def __init__(self, folder: Path, embedder: Embedder, schema: str = SCHEMA) -> None:
        self.location = str(folder)
        self.notes: list[str] = []
        self.index_queries = 0
        self.embedder = embedder
        self._journal = Journal(folder, embedder.name, schema)
        self._vectors = StoredVectors(self._journal, embedder)
        written_by: dict[str, str | int] = {
            "embedder": embedder.name,
            "schema": schema,
            "dimensions": embedder.dimensions,
        }
        self._index = ChromaIndex(folder, self._journal, self._vectors, written_by)
        self._searching = threading.Lock()

    def put(self, records: Iterable[Record]) -> int:
        """Keep the records durably and return how many are new."""
        return self._journal.put(records)

    def get(self, ids: Sequence[str]) -> list[Record]:
        """Return the records of these ids in this order."""
        return self._journal.get(ids)

    def of_pair(self, reference_hash: str, candidate_hash: str) -> list[Record]:
        """Return the records of exactly this pair: verified first, newest first."""
        return self._journal.of_pair(reference_hash, candidate_hash)

    def nearest(
        self,
        structure: Sequence[float],
        text: str,
        count: int,
        *,
        outcome: Outcome | None = "verified",
        weights: Weights,
    ) -> list[Match]:
        """Return the most similar records; the index proposes, their exact similarities decide."""
        if count <= 0 or self._journal.last() == 0:
            return []
        query = self.embedder.query(structure, text, weights)
        with self._searching:
            self._journal.require_ours()
            first = ask = max(4 * count, 50)
            try:
                while ask <= LARGEST_ASK:
                    found = self._index.nearest(query, ask, outcome)
                    self.index_queries += ask == first
                    if found is None or len(self._journal) <= EXACT:
                        break
                    matches = self._settled(found, query, count, outcome)
                    if matches is not None:
                        return matches
                    ask *= 4
            except IndexUnavailableError as reason:
                self._note(f"searched the memory {self.location} without its index: {reason}")
            return self._from_scan(query, count, outcome)

    def _settled(self, found: Candidates, query: Vectors, count: int, outcome: Outcome | None) -> list[Match] | None:
        """Return the matches among the candidates; None if there may be better or equal ones behind them."""
        order = ranked(query, found.vectors, found.ids, len(found.ids))
        matches = self._matches([(found.ids[row], similarity) for row, similarity in order], count, outcome)
        if found.all:
            return matches
        # Equal similarities are ordered by id, which the index does not know.
        settled = len(matches) == count and order[-1][1] < matches[-1].similarity
        return matches if settled else None

    def _from_scan(self, query: Vectors, count: int, outcome: Outcome | None) -> list[Match]:
        ask = count
        while True:
            order = self._vectors.scan(query, ask, outcome)
            matches = self._matches(order, count, outcome)
            if len(matches) == count or len(order) < ask:
                return matches
            ask *= 4

    def _matches(self, order: Sequence[tuple[str, float]], count: int, outcome: Outcome | None) -> list[Match]:
        """Return the first `count` whose records can be read."""
        matches: list[Match] = []
        for start in range(0, len(order), count):
            page = dict(order[start : start + count])
            records = self._journal.get(list(page))
            matches += [Match(record, page[record.id]) for record in records if outcome in (None, record.outcome)]
            if len(matches) >= count:
                break
        return matches[:count]

    def ids(self) -> list[str]:
        """Return all ids in the order in which they came."""
        return self._journal.ids()

    def __iter__(self) -> Iterator[Record]:
        for row in self._journal.after(0):
            if row.record is not None:
                yield row.record

    def __len__(self) -> int:
        return len(self._journal)

    def forget(self, ids: Sequence[str]) -> int:
        """Remove these records and return how many there were."""
        return self._journal.forget(ids)

    def mark(self, key: str, note: str) -> None:
        """Remember durably that `key` was dealt with."""
        self._journal.mark(key, note)

    def clear_marks(self) -> None:
        """Forget all marks."""
        self._journal.clear_marks()

    def marked(self, key: str) -> str | None:
        """Return the note of `mark`, or None."""
        return self._journal.marked(key)

    def counts(self) -> dict[str, int]:
        """Return how many records are verified, refuted and unreadable."""
        return self._journal.counts()

    def close(self) -> None:
        """Release files, the index and its threads."""
        with self._searching:
            self._index.close()
        self._journal.close()

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)
