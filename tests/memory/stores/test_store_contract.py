import dataclasses
import doctest
from pathlib import Path
from typing import Any

import pytest
from store_makers import MakeEmbedded, MakeInMemory, MakeServer

import memory.testing
from memory.embedder import Embedder
from memory.record import Record
from memory.stores.in_memory import InMemoryStore
from memory.stores.store import Match
from memory.testing import run_store_tests


def test_in_memory_store() -> None:
    result = run_store_tests(MakeInMemory())
    assert len(result.passed) == 9
    assert "kill -9" in result.skipped


def test_embedded_store(tmp_path: Path) -> None:
    result = run_store_tests(MakeEmbedded(tmp_path))
    assert len(result.passed) == 14
    assert not result.skipped


def test_server_store(server: str) -> None:
    result = run_store_tests(MakeServer(server))
    assert len(result.passed) == 14


def test_example() -> None:
    assert doctest.testmod(memory.testing, raise_on_error=True).attempted > 3


class _CountsAll(InMemoryStore):
    def put(self, records: Any) -> int:
        given = list(records)
        super().put(given)
        return len(given)


class _TakesTheLaterText(InMemoryStore):
    def put(self, records: Any) -> int:
        given = list(records)
        new = super().put(given)
        self._records.update((record.id, record) for record in given)
        return new


class _IgnoresTheOutcome(InMemoryStore):
    def nearest(self, structure: Any, text: str, count: int, *, outcome: Any = "verified", weights: Any) -> list[Match]:
        return super().nearest(structure, text, count, outcome=None, weights=weights)


class _IgnoresTheWeights(InMemoryStore):
    def nearest(self, structure: Any, text: str, count: int, *, outcome: Any = "verified", weights: Any) -> list[Match]:
        equal = dataclasses.replace(weights, structure=1.0, text=1.0)
        return super().nearest(structure, text, count, outcome=outcome, weights=equal)


class _OldestFirst(InMemoryStore):
    def of_pair(self, reference_hash: str, candidate_hash: str) -> list[Record]:
        return list(reversed(super().of_pair(reference_hash, candidate_hash)))


class _RemembersTheForgotten(InMemoryStore):
    def forget(self, ids: Any) -> int:
        return len(self.get(ids))


class _KeepsFirstMark(InMemoryStore):
    def mark(self, key: str, note: str) -> None:
        if self.marked(key) is None:
            super().mark(key, note)


@pytest.mark.parametrize(
    ("broken", "test"),
    [
        (_CountsAll, "put and get"),
        (_TakesTheLaterText, "put and get"),
        (_IgnoresTheOutcome, "nearest"),
        (_IgnoresTheWeights, "nearest"),
        (_OldestFirst, "pairs"),
        (_RemembersTheForgotten, "forget"),
        (_KeepsFirstMark, "marks"),
    ],
)
def test_broken_stores_are_found_out(broken: type[InMemoryStore], test: str) -> None:
    @dataclasses.dataclass(frozen=True)
    class Make:
        keeps: bool = False

        def __call__(self, name: str, embedder: Embedder, schema: str) -> InMemoryStore:
            return broken(embedder)

    with pytest.raises(AssertionError, match=f"^{test}: "):
        run_store_tests(Make())
