"""The SQLite file that holds a folder's records: the truth from which everything else can be made again.

A rollback journal rather than a write-ahead log: a log needs a shared-memory file, hence a writable folder even for
reading, and is not for network drives.
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from memory.record import Record
from memory.stores.documents import document, readable
from memory.stores.errors import EmbedderMismatchError, MemoryStoreError, SchemaMismatchError

FILE = "records.sqlite3"

LAYOUT = "1"
"""Version of the tables below."""

_PAGE = 500
_BUSY_SECONDS = 5

# `seq` orders the records and is never used twice. `forgotten` tells an index what to drop. Vectors carry the name of
# their embedder, so that those of another are never mistaken for ours, whatever a crash left behind.
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS records (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, outcome TEXT NOT NULL,
  reference_hash TEXT NOT NULL, candidate_hash TEXT NOT NULL, document TEXT NOT NULL,
  checksum INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS records_of_pair ON records (reference_hash, candidate_hash);
CREATE TABLE IF NOT EXISTS vectors (
  seq INTEGER NOT NULL, embedder TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (seq, embedder));
CREATE TABLE IF NOT EXISTS forgotten (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, seq INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS forgotten_seq ON forgotten (seq);
CREATE TABLE IF NOT EXISTS marks (key TEXT PRIMARY KEY, note TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Row:
    """One row of the journal; `record` is None where its document cannot be read."""

    seq: int
    id: str
    outcome: str
    record: Record | None


class Journal:
    """Records, marks and meta data in one file; safe for several threads and processes, and against kill -9.

    The folder and the file are made by the first write. Opening raises `EmbedderMismatchError` or
    `SchemaMismatchError` where somebody else wrote it, and so does a write after somebody else migrated it; whatever
    SQLite or the system refuses raises `MemoryStoreError`.
    """

    def __init__(self, folder: Path, embedder: str, schema: str) -> None:
        self.folder = folder
        self._meta = {"embedder": embedder, "schema": schema, "layout": LAYOUT}
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._closed = False
        self._unreadable: set[int] = set()
        try:
            self.require_ours()
        except BaseException:
            self.close()
            raise

    def require_ours(self) -> None:
        """Return if this embedder and schema may use the memory, else raise the error that says who may."""
        written = self._meta_data()
        place = str(self.folder)
        for key in ("schema", "layout"):
            if written.get(key, self._meta[key]) != self._meta[key]:
                label = "" if key == "schema" else f"{key} "
                raise SchemaMismatchError(place, label + written[key], label + self._meta[key])
        if written.get("embedder", self._meta["embedder"]) != self._meta["embedder"]:
            raise EmbedderMismatchError(place, written["embedder"], self._meta["embedder"])

    def hand_over(self, embedder: str) -> None:
        """Make another embedder the owner, in one transaction that drops the vectors of all others."""
        if not self._meta_data():
            return
        with self.transaction() as connection:
            connection.execute("UPDATE meta SET value = ? WHERE key = 'embedder'", (embedder,))
            connection.execute("DELETE FROM vectors WHERE embedder != ?", (embedder,))
        self._meta["embedder"] = embedder

    def put(self, records: Iterable[Record]) -> int:
        """Keep the records in one transaction and return how many are new."""
        rows = [(r.id, r.outcome, r.reference.hash, r.candidate.hash, document(r)) for r in records]
        if not rows:
            return 0
        with self.transaction(create=True) as connection:
            return sum(self._insert(connection, row) for row in rows)

    def _insert(self, connection: sqlite3.Connection, row: tuple[str, ...]) -> bool:
        there = connection.execute(f"{_SELECT} WHERE id = ?", row[:1]).fetchone()
        if there is not None:
            if there[1:] == row or _row(*there).record is not None:
                return False
            self._drop(connection, there[0], row[0])  # unreadable: the whole record takes its place
        connection.execute(_INSERT, (*row, _checksum(row[1].encode(), row[-1].encode())))
        return True

    def get(self, ids: Sequence[str]) -> list[Record]:
        """Return the readable records of these ids in this order."""
        found: dict[str, Record] = {}
        for start in range(0, len(ids), _PAGE):
            page = list(ids[start : start + _PAGE])
            where = f"WHERE id IN ({', '.join('?' * len(page))})"
            found.update((row.id, row.record) for row in self._rows(where, page) if row.record is not None)
        return [found[id] for id in ids if id in found]

    def of_pair(self, reference_hash: str, candidate_hash: str) -> list[Record]:
        """Return the readable records of exactly this pair: verified first, newest first."""
        where = "WHERE reference_hash = ? AND candidate_hash = ? ORDER BY seq DESC"
        found = [row.record for row in self._rows(where, (reference_hash, candidate_hash)) if row.record is not None]
        return sorted(found, key=lambda record: record.outcome != "verified")

    def after(self, seq: int) -> Iterator[Row]:
        """Yield the rows behind `seq` in their order, a page at a time, so that no writer waits for the reader."""
        while page := self._rows(f"WHERE seq > ? ORDER BY seq LIMIT {_PAGE}", (seq,)):
            yield from page
            seq = page[-1].seq

    def ids(self) -> list[str]:
        """Return all ids in the order in which they came."""
        return [str(id) for (id,) in self.select("SELECT id FROM records ORDER BY seq")]

    def last(self) -> int:
        """Return the highest sequence number, 0 when there is none."""
        return int((self.select("SELECT max(seq) FROM records") or [(0,)])[0][0] or 0)

    def id_of(self, seq: int) -> str | None:
        """Return the id that this sequence number was given to, whether it was forgotten since or not."""
        query = "SELECT id FROM records WHERE seq = ? UNION SELECT id FROM forgotten WHERE seq = ?"
        rows = self.select(query, (seq, seq))
        return str(rows[0][0]) if rows else None

    def __len__(self) -> int:
        return int((self.select("SELECT count(*) FROM records") or [(0,)])[0][0])

    def forget(self, ids: Sequence[str]) -> int:
        """Remove these records and return how many there were."""
        if not self.select("SELECT 1 FROM meta"):
            return 0
        gone = 0
        with self.transaction() as connection:
            for id in ids:
                for (seq,) in connection.execute("SELECT seq FROM records WHERE id = ?", (id,)).fetchall():
                    self._drop(connection, seq, id)
                    gone += 1
        return gone

    def _drop(self, connection: sqlite3.Connection, seq: int, id: str) -> None:
        connection.execute("DELETE FROM records WHERE seq = ?", (seq,))
        connection.execute("DELETE FROM vectors WHERE seq = ?", (seq,))
        connection.execute("INSERT INTO forgotten (id, seq) VALUES (?, ?)", (id, seq))

    def forgotten(self, after: int) -> list[tuple[int, str, int]]:
        """Return what was removed behind this number, as (number, id, seq)."""
        return self.select("SELECT number, id, seq FROM forgotten WHERE number > ? ORDER BY number", (after,))

    def mark(self, key: str, note: str) -> None:
        """Remember durably that `key` was dealt with."""
        with self.transaction(create=True) as connection:
            connection.execute("INSERT OR REPLACE INTO marks (key, note) VALUES (?, ?)", (key, note))

    def clear_marks(self) -> None:
        """Forget all marks."""
        if self.select("SELECT 1 FROM meta"):
            with self.transaction() as connection:
                connection.execute("DELETE FROM marks")

    def marked(self, key: str) -> str | None:
        """Return the note of `mark`, or None."""
        rows = self.select("SELECT note FROM marks WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def counts(self) -> dict[str, int]:
        """Return how many records are verified, refuted and unreadable.

        Damage shows in the checksums, which take 3 µs a record where reading takes 90; who alters a checksum too is
        found out when the record is read, and counted from then on.
        """
        counts = {"verified": 0, "refuted": 0, "unreadable": 0}
        with self._lock:
            found_out = ", ".join(map(str, sorted(self._unreadable)))
        for outcome, whole, number in self.select(_COUNT.format(found_out=found_out)):
            counts[outcome if whole and outcome in counts else "unreadable"] += number
        return counts

    def _rows(self, where: str, values: Sequence[Any]) -> list[Row]:
        rows = [_row(*found) for found in self.select(f"{_SELECT} {where}", values)]
        with self._lock:
            self._unreadable.update(row.seq for row in rows if row.record is None)
        return rows

    def select(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query; none where nothing was ever written."""
        with self._lock, self._failures("read"):
            connection = self._open(create=False)
            if connection is None:
                return []
            try:
                return connection.execute(query, values).fetchall()
            except sqlite3.OperationalError as error:
                # The process that made the file was killed before its first commit: there is nothing yet.
                if "no such table" in str(error):
                    return []
                raise

    @contextmanager
    def transaction(self, create: bool = False) -> Iterator[sqlite3.Connection]:
        """Run the block as one durable transaction: when it ends all is kept, when it raises nothing is."""
        with self._lock, self._failures("write"):
            connection = self._open(create)
            if connection is None:
                raise sqlite3.OperationalError("it does not exist")
            connection.execute("BEGIN IMMEDIATE")
            try:
                if create:
                    self._make_tables(connection)
                self.require_ours()
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # A full disk rolls back by itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _make_tables(self, connection: sqlite3.Connection) -> None:
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        connection.executemany("INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)", self._meta.items())

    def _meta_data(self) -> dict[str, str]:
        return {str(key): str(value) for key, value in self.select("SELECT key, value FROM meta")}

    def _open(self, create: bool) -> sqlite3.Connection | None:
        if self._closed:
            raise sqlite3.ProgrammingError("it is closed")
        if self._connection is None:
            path = self.folder / FILE
            if create:
                self.folder.mkdir(parents=True, exist_ok=True)
            elif not path.exists():
                if self.folder.exists() and not self.folder.is_dir():
                    raise NotADirectoryError("it is not a folder")
                return None
            address = f"file:{quote(str(path.absolute()))}?mode={'rwc' if create else 'rw'}"
            connection = sqlite3.connect(
                address, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            # Text that is not UTF-8 makes its own row unreadable instead of the whole query.
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            # EXTRA is FULL, and the journal's removal is synchronised too: a commit survives the loss of power.
            connection.execute("PRAGMA synchronous = EXTRA")
            connection.create_function("checksum_of", 2, _checksum, deterministic=True)
            self._connection = connection
        return self._connection

    @contextmanager
    def _failures(self, action: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise MemoryStoreError(f"cannot {action} the memory {self.folder}: {reason}") from error

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None


_SELECT = "SELECT seq, id, outcome, reference_hash, candidate_hash, document FROM records"

_INSERT = """
INSERT INTO records (id, outcome, reference_hash, candidate_hash, document, checksum) VALUES (?, ?, ?, ?, ?, ?)
"""

# As blobs, since SQLite would fail the whole query over text that is not UTF-8.
_COUNT = """
SELECT outcome, seq NOT IN ({found_out}) AND checksum = checksum_of(CAST(outcome AS BLOB), CAST(document AS BLOB))
  AS whole, count(*) FROM records GROUP BY outcome, whole
"""


def _checksum(outcome: bytes, document: bytes) -> int:
    return zlib.crc32(document, zlib.crc32(outcome))


def _row(seq: int, id: str, outcome: object, reference: object, candidate: object, text: object) -> Row:
    record = readable(text, id)
    if record is not None and (record.outcome, record.reference.hash, record.candidate.hash) != (
        outcome,
        reference,
        candidate,
    ):
        record = None
    return Row(seq, id, str(outcome), record)
