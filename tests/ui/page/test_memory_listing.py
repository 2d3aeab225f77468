"""The list of records: newest first, filtered, read once, bounded."""

from dataclasses import replace
from typing import Any

import pytest

from memory.record import Record
from memory.stores.in_memory import InMemoryStore
from memory.testing import example_record, fake_embedder
from ui.page import memory_listing
from ui.page.memory_listing import Entry, Known


class CountingStore(InMemoryStore):
    """Counts the records that are read."""

    read = 0

    def get(self, ids: Any) -> list[Record]:
        """Return the records."""
        self.read += len(ids)
        return super().get(ids)


@pytest.fixture
def store() -> CountingStore:
    found = CountingStore(fake_embedder())
    found.put([example_record(number) for number in range(6)])
    return found


def test_the_newest_come_first_and_each_is_read_once(store: CountingStore) -> None:
    known = Known()
    listing = known.listing(store)
    assert [entry.id for entry in listing.entries] == store.ids()[::-1]
    assert (listing.records, listing.unreadable) == (6, 0)
    store.put([example_record(7)])
    store.forget([example_record(0).id])
    assert [entry.id for entry in known.listing(store).entries] == store.ids()[::-1]
    assert store.read == 7


def test_at_most_so_many_are_listed(store: CountingStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_listing, "MOST_LISTED", 2)
    listing = Known().listing(store)
    assert [entry.id for entry in listing.entries] == store.ids()[:-3:-1]
    assert listing.records == 6
    assert store.read == 2


def test_entries_are_found_by_outcome_kind_and_words() -> None:
    entry = Entry.of(replace(example_record(1), kind="Digits", source="Textbook"))
    assert entry.fits(None, None, "")
    assert entry.fits("verified", "Digits", "TEXT digits")
    assert entry.fits(None, None, entry.id[:8])
    assert entry.fits(None, None, f"memory:{entry.id}")
    assert not entry.fits(None, None, entry.id[1:8])
    assert not entry.fits("refuted", None, "")
    assert not entry.fits(None, "digits", "")
    assert not entry.fits(None, None, "digits cutting")


def test_kinds_are_counted_by_outcome(store: CountingStore) -> None:
    store.put([replace(example_record(9), kind="alone")])
    assert Known().listing(store).kinds() == [("scaling", 4, 2), ("alone", 1, 0)]


def test_long_texts_are_cut() -> None:
    entry = Entry.of(replace(example_record(1), kind="k" * 10_000, source="s" * 10_000, rules=("r" * 100_000,) * 50))
    assert max(len(text) for text in (entry.kind, entry.source, entry.words)) <= 2_000
