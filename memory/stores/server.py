"""A team's memory on a chroma server: there the server is the truth, and keeps documents, vectors and marks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from memory.closing import Closing
from memory.embedder import Embedder, Vectors, Weights
from memory.record import SCHEMA, Outcome, Record
from memory.stores.chroma_client import ChromaFailureError, ServerClient, chroma_failures
from memory.stores.documents import document, readable
from memory.stores.embedding import vectors_of
from memory.stores.errors import EmbedderMismatchError, MemoryStoreError, SchemaMismatchError
from memory.stores.ranking import ranked
from memory.stores.store import Match
from tools.errors import InputError

if TYPE_CHECKING:
    from chromadb import Collection

COLLECTION = "quasikarp"

BATCH = 500
"""Records in one request: a server refuses requests of many megabytes."""

LARGEST_ASK = 2000

_PAGE = 500


class ServerStore(Closing):
    """Keeps the contract of `Store` on a chroma server, for several threads and processes at once.

    Records are ordered by `seq`, the time of their `put` in nanoseconds. A `put` is made in batches: when it raises,
    whole batches may have been kept. Two clients that put the same record at the same moment both count it.
    """

    def __init__(self, location: str, embedder: Embedder, schema: str = SCHEMA) -> None:
        self.location = location
        self.notes: list[str] = []
        self.index_queries = 0
        self.embedder = embedder
        self._lock = threading.Lock()
        self._seq = 0
        host, port, ssl, name = _parts(location)
        self._client: ServerClient | None = None
        with self._asking():
            self._client = ServerClient(host, port, ssl)
        try:
            self._records = self._collection(name, schema)
            self._marks = self._collection(f"{name}-marks", schema)
        except BaseException:
            self.close()
            raise

    def _collection(self, name: str, schema: str) -> Collection:
        ours = {"embedder": self.embedder.name, "schema": schema}
        assert self._client is not None
        with self._asking():
            collection = self._client.api.get_or_create_collection(
                name, metadata=dict(ours), configuration={"hnsw": {"space": "ip"}}, embedding_function=None
            )
        written = {key: str((collection.metadata or {}).get(key)) for key in ours}
        if written["schema"] != schema:
            raise SchemaMismatchError(self.location, written["schema"], schema)
        if written["embedder"] != ours["embedder"]:
            remedy = "use that embedder, or another collection: http://host:port/COLLECTION"
            raise EmbedderMismatchError(self.location, written["embedder"], ours["embedder"], remedy)
        return collection

    def put(self, records: Iterable[Record]) -> int:
        """Keep the records and return how many are new."""
        documents = {record.id: (record, document(record)) for record in reversed(list(records))}
        ids = list(reversed(documents))
        return sum(self._put([documents[id] for id in ids[at : at + BATCH]]) for at in range(0, len(ids), BATCH))

    def _put(self, batch: Sequence[tuple[Record, str]]) -> int:
        there = {record.id for record in self.get([record.id for record, _ in batch])}
        new = [(record, text) for record, text in batch if record.id not in there]
        if new:
            vectors = vectors_of([record for record, _ in new], self.embedder)
            metadata: list[Any] = [self._metadata(record) for record, _ in new]
            with self._asking():
                self._records.upsert(  # an unreadable document with this id is replaced
                    ids=[record.id for record, _ in new],
                    embeddings=vectors,
                    metadatas=metadata,
                    documents=[text for _, text in new],
                )
        return len(new)

    def _metadata(self, record: Record) -> dict[str, str | int]:
        with self._lock:
            self._seq = max(self._seq + 1, time.time_ns())
            return {
                "outcome": record.outcome,
                "kind": record.kind,
                "reference": record.reference.hash,
                "candidate": record.candidate.hash,
                "seq": self._seq,
            }

    def get(self, ids: Sequence[str]) -> list[Record]:
        """Return the records of these ids in this order."""
        found: dict[str, Record] = {}
        for start in range(0, len(ids), _PAGE):
            page = list(dict.fromkeys(ids[start : start + _PAGE]))
            with self._asking():
                answer = self._records.get(ids=page, include=["documents"])
            found.update(self._readable(answer["ids"], answer["documents"]))
        return [found[id] for id in ids if id in found]

    def of_pair(self, reference_hash: str, candidate_hash: str) -> list[Record]:
        """Return the records of exactly this pair: verified first, newest first."""
        pair: Any = {"$and": [{"reference": reference_hash}, {"candidate": candidate_hash}]}
        with self._asking():
            answer = self._records.get(where=pair, include=["documents", "metadatas"])
        seqs = dict(zip(answer["ids"], map(_seq, answer["metadatas"] or [])))
        found = [record for _, record in self._readable(answer["ids"], answer["documents"])]
        exact = [r for r in found if (r.reference.hash, r.candidate.hash) == (reference_hash, candidate_hash)]
        return sorted(exact, key=lambda record: (record.outcome != "verified", -seqs[record.id]))

    def nearest(
        self,
        structure: Sequence[float],
        text: str,
        count: int,
        *,
        outcome: Outcome | None = "verified",
        weights: Weights,
    ) -> list[Match]:
        """Return the most similar records; the server proposes, their exact similarities decide."""
        total = len(self) if count > 0 else 0
        if total == 0:
            return []
        query = self.embedder.query(structure, text, weights)
        self.index_queries += 1
        ask = max(4 * count, 50)
        filtered = outcome is None
        while True:
            matches, settled = self._among(query, min(ask, total), count, outcome, filtered)
            if settled or (filtered and ask >= LARGEST_ASK):
                return matches
            # The server's filter is slow among many, and most often the first candidates suffice without it.
            ask, filtered = (4 * ask if filtered else ask), True

    def _among(
        self, query: Vectors, ask: int, count: int, outcome: Outcome | None, filtered: bool
    ) -> tuple[list[Match], bool]:
        """Return the matches among the server's `ask` candidates, and whether there can be no better ones behind.

        `filtered`: only candidates of this outcome are asked for.
        """
        where: Any = {"outcome": outcome} if filtered and outcome is not None else None
        with self._asking():
            answer = self._records.query(
                query_embeddings=query[np.newaxis], n_results=ask, where=where, include=["embeddings", "documents"]
            )
        ids, documents = answer["ids"][0], (answer["documents"] or [[]])[0]
        vectors = np.asarray((answer["embeddings"] or [[]])[0], dtype=np.float32).reshape(len(ids), len(query))
        # Fewer than asked for: there are no more, or the server's graph does not reach them, which it does not say.
        complete = filtered and len(ids) < ask
        if complete:
            ids, documents, vectors = self._everything(where, len(query))
        complete = complete or len(ids) == len(self)
        records = dict(self._readable(ids, documents))
        order = [(ids[row], similarity) for row, similarity in ranked(query, vectors, ids, len(ids))]
        fitting = [(records[id], similarity) for id, similarity in order if id in records]
        matches = [Match(record, similarity) for record, similarity in fitting if outcome in (None, record.outcome)]
        matches = matches[:count]
        return matches, complete or (len(matches) == count and order[-1][1] < matches[-1].similarity)

    def _everything(self, where: Any, dimensions: int) -> tuple[list[str], list[str], Vectors]:
        """Return ids, documents and vectors of all records that fulfil `where`."""
        ids: list[str] = []
        documents: list[str] = []
        vectors = [np.empty((0, dimensions), dtype=np.float32)]
        while True:
            with self._asking():
                page = self._records.get(where=where, limit=_PAGE, offset=len(ids), include=["embeddings", "documents"])
            ids.extend(page["ids"])
            documents.extend(page["documents"] or [])
            if page["ids"]:
                vectors.append(np.asarray(page["embeddings"], dtype=np.float32))
            if len(page["ids"]) < _PAGE:
                return ids, documents, np.vstack(vectors)

    def ids(self) -> list[str]:
        """Return all ids in the order in which they came."""
        seqs: dict[str, int] = {}
        while True:
            at = len(seqs)
            with self._asking():
                answer = self._records.get(limit=5000, offset=at, include=["metadatas"])
            seqs.update(zip(answer["ids"], map(_seq, answer["metadatas"] or [])))
            if len(answer["ids"]) < 5000 or len(seqs) == at:
                return sorted(seqs, key=lambda id: (seqs[id], id))

    def __iter__(self) -> Iterator[Record]:
        ids = self.ids()
        for start in range(0, len(ids), _PAGE):
            yield from self.get(ids[start : start + _PAGE])

    def __len__(self) -> int:
        with self._asking():
            return self._records.count()

    def forget(self, ids: Sequence[str]) -> int:
        """Remove these records and return how many there were."""
        gone = 0
        for start in range(0, len(ids), _PAGE):
            page = list(dict.fromkeys(ids[start : start + _PAGE]))
            with self._asking():
                there = self._records.get(ids=page, include=[])["ids"]
                if there:
                    self._records.delete(ids=there)
            gone += len(there)
        return gone

    def mark(self, key: str, note: str) -> None:
        """Remember durably that `key` was dealt with."""
        nowhere: list[Sequence[float] | Sequence[int]] = [[1.0]]
        with self._asking():
            self._marks.upsert(ids=[f"mark:{key}"], embeddings=nowhere, documents=[f"note:{note}"])

    def clear_marks(self) -> None:
        """Forget all marks."""
        with self._asking():
            while ids := self._marks.get(limit=_PAGE, include=[])["ids"]:
                self._marks.delete(ids=ids)

    def marked(self, key: str) -> str | None:
        """Return the note of `mark`, or None."""
        with self._asking():
            documents = self._marks.get(ids=[f"mark:{key}"], include=["documents"])["documents"]
        return documents[0].removeprefix("note:") if documents else None

    def counts(self) -> dict[str, int]:
        """Return how many records are verified, refuted and unreadable; reads all of them."""
        outcomes = [record.outcome for record in self]
        counts = {"verified": outcomes.count("verified"), "refuted": outcomes.count("refuted")}
        return {**counts, "unreadable": max(0, len(self) - len(outcomes))}

    def _readable(self, ids: Sequence[str], documents: Sequence[str | None] | None) -> Iterator[tuple[str, Record]]:
        for id, text in zip(ids, documents or []):
            record = readable(text, id)
            if record is not None:
                yield id, record

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            with chroma_failures():
                yield
        except ChromaFailureError as error:
            raise MemoryStoreError(f"cannot use the memory server {self.location}: {error}") from error

    def close(self) -> None:
        """Release the connection."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(ChromaFailureError), chroma_failures():
                client.close()


def _seq(metadata: Any) -> int:
    value = (metadata or {}).get("seq", 0)
    return value if isinstance(value, int) else 0


def _parts(location: str) -> tuple[str, int, bool, str]:
    """Return host, port, whether encrypted, and collection of `http(s)://host:port[/collection]`."""
    try:
        url = urlsplit(location)
        port = url.port
    except ValueError as error:
        raise InputError(f"{location!r} is no address of a memory server: {error}") from error
    name = url.path.strip("/") or COLLECTION
    if url.scheme not in ("http", "https") or not url.hostname or "/" in name or url.query or url.username:
        raise InputError(f"{location!r} is no address of a memory server; expected http://host:port[/collection]")
    return url.hostname, port or (443 if url.scheme == "https" else 8000), url.scheme == "https", name
