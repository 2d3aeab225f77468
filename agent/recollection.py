"""A run's way to memory: it opens when first asked, and whatever fails there is told once and never stops the run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from memory.embedding.portrait import Portrait, portrait
from memory.learning import Provenance
from memory.locations import location_of
from memory.memory import Memory, Recalled
from memory.record import Record
from memory.stores.errors import MemoryStoreError
from tools.formulation.model import Formulation

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds that a server has for one answer, however it dribbles; less where the run itself is short."""


class Recollection:
    """Memory for the run on one pair, or for none (the default). `warnings` collects what the user should be told.

    With `memory` an open one is used and left open; with `location` it is opened at first use and closed by `close`.
    """

    def __init__(
        self,
        location: str | None = None,
        memory: Memory | None = None,
        provenance: Provenance | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._patience = patience
        self.provenance = Provenance() if provenance is None else provenance
        self.warnings: list[str] = []
        self._location = location
        self._memory = memory
        self._owned = memory is None
        self._failed = False
        self._told = 0
        self._portrait: Portrait | None = None

    @classmethod
    def at(cls, wanted: str | Path | None, time_limit: float) -> Recollection:
        """Return the way to the memory that settings ask for, for a run of so many seconds."""
        return cls(location_of(wanted), patience=min(PATIENCE, time_limit / 4))

    def take_warnings(self) -> list[str]:
        """Return the warnings that were not taken before."""
        fresh = self.warnings[self._told :]
        self._told = len(self.warnings)
        return fresh

    @property
    def failed(self) -> bool:
        """Whether memory failed during the run."""
        return self._failed

    @property
    def available(self) -> bool:
        """Whether there is a memory that has not failed so far."""
        return not self._failed and (self._memory is not None or self._location is not None)

    def of_pair(self, reference: Formulation, candidate: Formulation) -> list[Record]:
        """Return what is known of exactly this pair."""
        return self._tried(lambda memory: memory.of_pair(reference, candidate), [])

    def similar(self, reference: Formulation, candidate: Formulation) -> list[Recalled]:
        """Return templates of similar pairs; an empty memory is not searched."""

        if not self._tried(lambda memory: len(memory.store), 0):
            return []
        seen = self.portrait(reference, candidate)
        return self._tried(lambda memory: memory.similar(seen), [])

    def portrait(self, reference: Formulation, candidate: Formulation) -> Portrait:
        """Return what memory sees of the pair, drawn once for a run."""
        if self._portrait is None:
            self._portrait = portrait(reference, candidate, self.provenance.text)
        return self._portrait

    def learn(self, make: Callable[[], list[Record]]) -> int:
        """Keep the records that `make` returns; return how many are new."""
        if not self.available:
            return 0
        records: list[Record] = self._guarded(make, [])
        return self._tried(lambda memory: memory.learn(records), 0) if records else 0

    def close(self) -> None:
        """Release a memory that was opened here."""
        if self._memory is not None and self._owned:
            self._tried(lambda memory: memory.close(), None)
            self._memory = None

    def _tried(self, action: Callable[[Memory], T], otherwise: T) -> T:
        """Return what `action` gives, or `otherwise` where there is no memory or it fails.

        Anything may go wrong in a store (a full disk, a damaged index, a server that is gone), and the verdict never
        depends on it.
        """
        if not self.available:
            return otherwise

        def acted() -> T:
            if self._memory is None:
                assert self._location is not None
                self._memory = Memory.open(self._location)
            return action(self._memory)

        remote = "://" in (self._location or "")
        result = self._guarded(lambda: _answered(acted, self._patience) if remote else acted(), otherwise)
        if self._memory is not None:
            self.warnings += [note for note in self._memory.store.notes if note not in self.warnings]
        return result

    def _guarded(self, action: Callable[[], T], otherwise: T) -> T:
        """Return what `action` gives, or `otherwise` where it fails, and then do without memory from now on."""
        try:
            return action()
        except Exception as error:
            self._failed = True
            self.warnings.append(f"going on without memory: {str(error) or type(error).__name__}")
            return otherwise


def _answered(action: Callable[[], T], seconds: float) -> T:
    """Return what `action` returns within so many seconds; raises `MemoryStoreError` where it takes longer."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(action())
        except BaseException as error:  # it is raised again where the caller waits
            errors.append(error)

    thread = threading.Thread(target=run, name="quasikarp-memory-server", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise MemoryStoreError(f"the memory server did not answer within {seconds:g} s")
    return results[0]
