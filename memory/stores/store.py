"""What every store promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from memory.embedder import Embedder, Weights
from memory.record import Outcome, Record


@dataclass(frozen=True)
class Match:
    """A record and how similar it is to what was asked: the weighted sum of the cosines of structure and text."""

    record: Record
    similarity: float


class Store(Protocol):
    """Records by id, by pair and by similarity.

    A record that cannot be read (altered, damaged) is left out everywhere, costs nothing but itself, and is counted.
    What the system under a store refuses raises `MemoryStoreError`. Vectors of another embedder and records of another
    schema are refused when the store is opened, with `EmbedderMismatchError` and `SchemaMismatchError`.
    """

    location: str
    """Where it is, as a user would write it."""

    embedder: Embedder
    """What makes the vectors of its records."""

    notes: list[str]
    """What the caller should tell the user, each said once; for example that a search had to do without its index."""

    index_queries: int
    """How many searches an approximate index answered."""

    def put(self, records: Iterable[Record]) -> int:
        """Keep the records durably and return how many are new; an id that is there already changes nothing.

        All of them are kept or, when it raises, none. Raises `InputError` for a record that could not be read back.
        """

    def get(self, ids: Sequence[str]) -> list[Record]:
        """Return the records of these ids in this order; missing ones are left out."""

    def of_pair(self, reference_hash: str, candidate_hash: str) -> list[Record]:
        """Return the records of exactly this pair: verified ones first, and among equals the newest first."""

    def nearest(
        self,
        structure: Sequence[float],
        text: str,
        count: int,
        *,
        outcome: Outcome | None = "verified",
        weights: Weights,
    ) -> list[Match]:
        """Return at most `count` records of this outcome (None: any), by similarity, the highest first, then by id."""

    def ids(self) -> list[str]:
        """Return all ids in the order in which they came."""

    def __iter__(self) -> Iterator[Record]:
        """Yield all records in the order in which they came, without holding them all."""

    def __len__(self) -> int:
        """Return how many records there are, unreadable ones included."""

    def forget(self, ids: Sequence[str]) -> int:
        """Remove these records and return how many there were."""

    def mark(self, key: str, note: str) -> None:
        """Remember durably that `key` was dealt with; a later note takes the place of an earlier one."""

    def marked(self, key: str) -> str | None:
        """Return the note of `mark`, or None."""

    def clear_marks(self) -> None:
        """Forget all marks, so that the same seeding begins anew."""

    def counts(self) -> dict[str, int]:
        """Return how many records are "verified", "refuted" and "unreadable"."""

    def close(self) -> None:
        """Release files and connections; closing twice is harmless, using it afterwards is an error."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
