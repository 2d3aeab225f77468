"""A chromadb index beside a journal: derived from it, and thrown away at the first doubt.

It knows up to which record and which deletion of the journal it has come (file `followed.json` inside). The file is
absent while the index is written, so that a crash leaves an index that is rebuilt, never one that is half right.

Verified and refuted records have a collection each: chroma's own filter takes 200 to 400 ms among 100,000 vectors,
a collection without one 4 ms.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np

from memory.embedder import Vectors
from memory.record import Outcome
from memory.stores.checksums import Checksums, checksums, same_content
from memory.stores.chroma_client import ChromaFailureError, FolderClient, chroma_failures
from memory.stores.index_lock import Hold, IndexUnavailableError, index_lock
from memory.stores.journal import Journal
from memory.stores.stored_vectors import StoredVectors

if TYPE_CHECKING:
    from chromadb import Collection

FOLDER = "index"
LOCK = "index.lock"
FOLLOWED = "followed.json"

BATCH = 5000
"""Vectors that are added at a time; chromadb refuses more than 5,461."""

WAIT_SECONDS = 2.0
"""How long a query waits for the lock before it does without the index."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True)
class Candidates:
    """What an index found: ids with their vectors; `all`: there is nothing else to find."""

    ids: Sequence[str]
    vectors: Vectors
    all: bool


@dataclass
class _Followed:
    """How far the index has come; `files` are the checksums of what chroma wrote."""

    written_by: Mapping[str, str | int]
    seq: int = 0
    last_id: str = ""
    forgotten: int = 0
    sizes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    files: Checksums = field(default_factory=dict)


class ChromaIndex:
    """Answers with the approximately nearest vectors of a journal; not for several threads at once."""

    def __init__(
        self, folder: Path, journal: Journal, vectors: StoredVectors, written_by: Mapping[str, str | int]
    ) -> None:
        self._folder = folder / FOLDER
        self._lock = folder / LOCK
        self._journal = journal
        self._vectors = vectors
        self._written_by = written_by
        self._client: FolderClient | None = None
        self._collections: dict[Outcome, Collection] = {}
        self._followed = _Followed(written_by)
        self._generation = b""
        self._inode: os.stat_result | None = None
        self._examined: Checksums = {}

    def nearest(self, query: Vectors, count: int, outcome: Outcome | None) -> Candidates | None:
        """Return about the `count` nearest records of this outcome, having caught up with the journal first.

        None means that fewer were found than there are: beside many equal vectors chroma's graph loses others.
        A damaged index is rebuilt once. Raises `IndexUnavailableError` when another process has it for long, the
        folder cannot be written, or chromadb does not work.
        """
        with index_lock(self._lock, WAIT_SECONDS) as hold:
            try:
                return self._answer(hold, query, count, outcome)
            except (ChromaFailureError, OSError):
                self.close()
            try:
                self._discard(hold)
                return self._answer(hold, query, count, outcome)
            except (ChromaFailureError, OSError) as error:
                self.close()
                raise IndexUnavailableError(f"it cannot be built ({error})") from error

    def _answer(self, hold: Hold, query: Vectors, count: int, outcome: Outcome | None) -> Candidates | None:
        self._journal.require_ours()
        upto = self._vectors.fill()
        self._open(hold)
        self._catch_up(hold, upto)
        ids: list[str] = []
        vectors: list[Vectors] = [np.empty((0, len(query)), dtype=np.float32)]
        complete = True
        for one in OUTCOMES if outcome is None else (outcome,):
            size = self._followed.sizes[one]
            if size == 0:
                continue
            with chroma_failures():
                found = self._collections[one].query(
                    query_embeddings=query[np.newaxis], n_results=min(count, size), include=["embeddings"]
                )
            if len(found["ids"][0]) < min(count, size):
                return None
            ids.extend(found["ids"][0])
            vectors.append(np.asarray((found["embeddings"] or [[]])[0], dtype=np.float32))
            complete = complete and count >= size
        return Candidates(ids, np.vstack(vectors), complete)

    def _open(self, hold: Hold) -> None:
        """Leave a client that shows what the last writer wrote, of an index that is ours and whole."""
        if self._client is not None and hold.generation == self._generation and self._in_place():
            return
        self.close()
        followed = self._read_followed()
        if followed is None:
            self._discard(hold)
            self._folder.mkdir()
            followed = _Followed(self._written_by)
        first = not self._examined
        with chroma_failures():
            self._client = FolderClient(self._folder)
            for outcome in OUTCOMES:
                self._collections[outcome] = self._client.api.get_or_create_collection(
                    outcome,
                    metadata=dict(self._written_by),
                    configuration={"hnsw": {"space": "ip"}},
                    embedding_function=None,
                )
                # Counting takes a quarter of a second among 100,000: once is enough.
                if first and self._collections[outcome].count() != followed.sizes[outcome]:
                    raise ChromaFailureError("the index has lost vectors")
        self._followed = followed
        self._generation = hold.generation
        self._inode = self._database().stat()
        self._examined = followed.files

    def _read_followed(self) -> _Followed | None:
        """Return how far the index in the folder has come, or None if it must be made anew."""
        try:
            followed = _Followed(**json.loads((self._folder / FOLLOWED).read_bytes()))
            if followed.written_by != self._written_by or sorted(followed.sizes) != sorted(OUTCOMES):
                return None
            # Read once whatever the times of last change say, and again where they say that something changed.
            found = checksums(self._folder, self._examined)
            whole = same_content(found, followed.files) and self._database().exists()
        except (OSError, ValueError, TypeError, LookupError, AttributeError):
            return None
        # The journal may have been replaced, or an older copy put back.
        if not whole or (followed.seq and self._journal.id_of(followed.seq) != followed.last_id):
            return None
        return replace(followed, files=found)

    def _catch_up(self, hold: Hold, upto: int) -> None:
        """Bring the index to the journal's state: first what was removed, then what came."""
        forgotten = self._journal.forgotten(self._followed.forgotten)
        gone = [id for _, id, seq in forgotten if seq <= self._followed.seq]
        if gone:
            self._begin(hold)
            for start in range(0, len(gone), BATCH):
                self._delete(gone[start : start + BATCH])
        self._followed.forgotten = forgotten[-1][0] if forgotten else self._followed.forgotten
        if gone:
            self._finish()
        for block in self._vectors.blocks(self._followed.seq, upto, BATCH):
            self._begin(hold)
            for outcome in OUTCOMES:
                rows = [row for row, one in enumerate(block.outcomes) if one == outcome]
                if rows:
                    with chroma_failures():
                        self._collections[outcome].upsert(
                            ids=[block.ids[row] for row in rows], embeddings=block.vectors[rows]
                        )
                    self._followed.sizes[outcome] += len(rows)
            self._followed.seq, self._followed.last_id = block.seqs[-1], block.ids[-1]
            self._finish()

    def _delete(self, ids: Sequence[str]) -> None:
        for outcome, collection in self._collections.items():
            with chroma_failures():
                there = collection.get(ids=list(ids), include=[])["ids"]
                if there:
                    collection.delete(ids=there)
            self._followed.sizes[outcome] -= len(there)

    def _begin(self, hold: Hold) -> None:
        self._generation = hold.announce_write()
        (self._folder / FOLLOWED).unlink(missing_ok=True)

    def _finish(self) -> None:
        self._followed.files = self._examined = checksums(self._folder, self._followed.files)
        draft = self._folder / (FOLLOWED + ".new")
        draft.write_text(json.dumps(vars(self._followed)))
        draft.replace(self._folder / FOLLOWED)

    def _database(self) -> Path:
        return self._folder / "chroma.sqlite3"

    def _in_place(self) -> bool:
        """Say whether the open files are still those in the folder."""
        try:
            return self._inode is not None and os.path.samestat(self._inode, self._database().stat())
        except OSError:
            return False

    def _discard(self, hold: Hold) -> None:
        self.close()
        hold.announce_write()
        self._examined = {}
        if self._folder.is_dir() and not self._folder.is_symlink():
            shutil.rmtree(self._folder)
        else:
            self._folder.unlink(missing_ok=True)

    def close(self) -> None:
        """Release chromadb's files and threads; the next query opens them again."""
        client, self._client, self._collections = self._client, None, {}
        if client is not None:
            with suppress(ChromaFailureError), chroma_failures():
                client.close()
