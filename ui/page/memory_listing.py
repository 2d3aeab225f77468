"""What a list of records needs to know of each, kept for records that were read before: they never change."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from memory.record import Outcome, Record
from memory.stores.store import Store

MOST_LISTED = 20_000
"""Records that are listed, the newest; older ones are found by `quasikarp memory list`."""

_SEARCHED = 2_000
_NAME = 200
_SHORTEST_ID = 4
_PAGE = 500


@dataclass(frozen=True)
class Entry:
    """One record in a list; `words` is what a search looks at, in lower case."""

    id: str
    outcome: Outcome
    kind: str
    contract: str
    reference: str
    candidate: str
    source: str
    words: str

    @classmethod
    def of(cls, record: Record) -> Entry:
        """Return the entry of a record, its texts cut."""
        names = [model.name[:_NAME] for model in (record.reference, record.candidate)]
        texts = (record.kind[:_NAME], *names, record.source[:_NAME], *record.rules[:20])
        return cls(
            id=record.id,
            outcome=record.outcome,
            kind=record.kind[:_NAME],
            contract=record.contract,
            reference=names[0],
            candidate=names[1],
            source=record.source[:_NAME],
            words=" ".join(texts)[:_SEARCHED].casefold(),
        )

    def fits(self, outcome: Outcome | None, kind: str | None, text: str) -> bool:
        """Say whether the record has this outcome and kind, None for any, and every word of the text.

        The beginning of its id is as good as a word.
        """
        return (
            outcome in (None, self.outcome)
            and kind in (None, self.kind)
            and all(map(self._has, text.casefold().split()))
        )

    def _has(self, word: str) -> bool:
        return word in self.words or (len(word) >= _SHORTEST_ID and self.id.startswith(word.removeprefix("memory:")))


@dataclass(frozen=True)
class Listing:
    """The newest records of a memory, the newest first; how many there are in all, and how many cannot be read."""

    entries: tuple[Entry, ...]
    records: int
    unreadable: int

    def kinds(self) -> list[tuple[str, int, int]]:
        """Return each kind with its verified and refuted records, the most frequent first."""
        verified = Counter(entry.kind for entry in self.entries if entry.outcome == "verified")
        refuted = Counter(entry.kind for entry in self.entries if entry.outcome == "refuted")
        both = verified + refuted
        return [(kind, verified[kind], refuted[kind]) for kind in sorted(both, key=lambda kind: (-both[kind], kind))]


class Known:
    """The entries of one memory that were read so far; for use by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}

    def listing(self, store: Store) -> Listing:
        """Return what the store holds now; only records that are new are read."""
        with self._lock:
            ids = store.ids()
            newest = ids[::-1][:MOST_LISTED]
            self._read(store, [id for id in newest if id not in self._entries])
            entries = {id: self._entries[id] for id in newest if id in self._entries}
            self._entries = entries
            return Listing(tuple(entries.values()), len(ids), store.counts()["unreadable"])

    def _read(self, store: Store, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _PAGE):
            records = store.get(ids[start : start + _PAGE])
            self._entries.update((record.id, Entry.of(record)) for record in records)
