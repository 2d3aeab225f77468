"""One call that tests a store in every way: for people who write their own, and for ours.

>>> from memory.stores.in_memory import InMemoryStore
>>> @dataclass(frozen=True)
... class InMemory:
...     keeps: bool = False
...
...     def __call__(self, name: str, embedder: Embedder, schema: str) -> Store:
...         return InMemoryStore(embedder)
>>> result = run_store_tests(InMemory())
>>> "nearest" in result.passed, "kill -9" in result.skipped
(True, True)

Answers are compared with plain loops that share no code with the stores. `fake_embedder` and `example_record` are the
cheap material for it.
"""

from __future__ import annotations

import functools
import hashlib
import multiprocessing
import multiprocessing.connection
import random
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from memory.embedder import Embedder, Vectors, Weights
from memory.record import SCHEMA, ModelSketch, Outcome, Record
from memory.stores.errors import EmbedderMismatchError, SchemaMismatchError
from memory.stores.store import Match, Store
from tools.errors import InputError
from tools.report import CLAIM_NAMES

STRUCTURE_ENTRIES = 16
"""Entries of the fingerprints of example records."""

KILLS = 4
"""Writers that are killed, each at another moment."""

_EQUAL = Weights(structure=1.0, text=1.0)
_PATIENCE = 120.0
_WORDS = ("knapsack", "flow", "cover", "cutting", "stock", "routing", "lot", "sizing", "facility", "packing", "binary")


class StoreMaker(Protocol):
    """Opens stores for the tests; where `keeps` is true it is sent to other processes, so it must be picklable."""

    @property
    def keeps(self) -> bool:
        """Whether a store that was closed can be opened again, also by another process and by two at once."""

    def __call__(self, name: str, embedder: Embedder, schema: str) -> Store:
        """Return the store of this name: an empty one at first, and the same records again each later time."""


@dataclass(frozen=True)
class StoreTestResult:
    """The names of the tests that were passed, and of those that do not apply to a store that does not keep."""

    passed: tuple[str, ...]
    skipped: tuple[str, ...]


def run_store_tests(make_store: StoreMaker, *, seed: int = 0) -> StoreTestResult:
    """Return what was tested, having raised `AssertionError` at the first thing that is not as `Store` promises.

    Tested are: the empty store; put and get; unicode; pairs; the order of `nearest` against plain loops, with every
    outcome and with weights; equal similarities; forget; marks; a big batch. For stores that keep also: opening again,
    a wrong embedder, a wrong schema, two writers at once, and writers killed with SIGKILL at random moments, after
    which everything acknowledged must be there, nothing half-written, and the store at work. Other processes are
    spawned: a script that calls this needs `if __name__ == "__main__"`.
    """
    passed: list[str] = []
    skipped: list[str] = []
    for name, check, needs_keeping in _CHECKS:
        if needs_keeping and not make_store.keeps:
            skipped.append(name)
            continue
        try:
            check(make_store, seed)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error
        passed.append(name)
    return StoreTestResult(tuple(passed), tuple(skipped))


@dataclass(frozen=True)
class FakeStructure:
    """Fingerprints at length 1."""

    name: str = "fake-structure/1"
    dimensions: int = STRUCTURE_ENTRIES

    def embed(self, fingerprints: Sequence[Sequence[float]]) -> Vectors:
        """Return unit vectors (or zero)."""
        return _unit(np.array(fingerprints, dtype=np.float64).reshape(len(fingerprints), self.dimensions))


@dataclass(frozen=True)
class FakeText:
    """Bags of hashed words at length 1."""

    name: str = "fake-text/1"
    dimensions: int = 32

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (or zero)."""
        vectors = np.zeros((len(texts), self.dimensions))
        for row, text in enumerate(texts):
            for word in text.split():
                digest = hashlib.blake2b(word.encode(errors="replace"), digest_size=4).digest()
                vectors[row, digest[0] % self.dimensions] += 1 + digest[1] / 256
        return _unit(vectors)


def fake_embedder(version: int = 1) -> Embedder:
    """Return an embedder that costs nothing; other versions have other names."""
    return Embedder(FakeStructure(), FakeText(name=f"fake-text/{version}"))


@functools.lru_cache(maxsize=10_000)
def example_record(number: int, *, outcome: Outcome | None = None, pair: int | None = None, words: str = "") -> Record:
    """Return the record with this number, always the same; every third one is refuted unless `outcome` is given."""
    source = random.Random(number)
    fingerprint = [source.gauss(0, 1) for _ in range(STRUCTURE_ENTRIES)]
    one = number if pair is None else pair
    return Record(
        outcome=outcome or ("refuted" if number % 3 == 2 else "verified"),
        kind="scaling",
        contract="reformulation",
        reference=ModelSketch(f"reference-{one}", f"model {one}", 3, 1, 2, 5),
        candidate=ModelSketch(f"candidate-{one}", f"other {one}", 4, 2, 3, 7),
        rules=(f"x = {number} u",),
        claims={name: {"result": "proved", "strength": "exact"} for name in CLAIM_NAMES},
        template={"rules": ["x = a u"], "number": number},
        mapping={"x": f"{number} u"},
        mapping_hash=f"mapping-{number}",
        witness=None,
        structure=tuple(fingerprint),
        text=f"{words} {' '.join(source.sample(_WORDS, 4))} n{number}".strip(),
        report="",
        source="memory.testing",
    )


def _unit(vectors: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)


@contextmanager
def _opened(make_store: StoreMaker, name: str) -> Iterator[Store]:
    with make_store(name, fake_embedder(), SCHEMA) as store:
        yield store


def _ask(
    store: Store, like: Record, count: int, outcome: Outcome | None = None, weights: Weights = _EQUAL
) -> list[Match]:
    return store.nearest(like.structure, like.text, count, outcome=outcome, weights=weights)


def _brute(
    records: Sequence[Record], like: Record, count: int, outcome: Outcome | None, weights: Weights
) -> list[tuple[float, str]]:
    """Return (similarity, id) of the nearest records, by plain loops."""
    embedder = fake_embedder()
    query = [float(value) for value in embedder.query(like.structure, like.text, weights)]
    fitting = [record for record in records if outcome in (None, record.outcome)]
    vectors = embedder.stored([record.structure for record in fitting], [record.text for record in fitting]).tolist()
    found = [(-sum(a * b for a, b in zip(query, vector)), record.id) for record, vector in zip(fitting, vectors)]
    return [(-negative, id) for negative, id in sorted(found)[:count]]


def _require_nearest(
    store: Store, records: Sequence[Record], like: Record, count: int, outcome: Outcome | None, weights: Weights
) -> None:
    expected = _brute(records, like, count, outcome, weights)
    found = [(match.similarity, match.record.id) for match in _ask(store, like, count, outcome, weights)]
    asked = f"nearest {count} of outcome {outcome} with {weights}"
    _same([id for _, id in found], [id for _, id in expected], asked)
    for (similarity, id), (truth, _) in zip(found, expected):
        assert abs(similarity - truth) < 1e-5, f"{asked}: similarity {similarity} of {id}, expected {truth}"


def _same(found: object, expected: object, what: str) -> None:
    assert found == expected, f"{what}: found {str(found)[:300]}, expected {str(expected)[:300]}"


def _check_empty(make_store: StoreMaker, seed: int) -> None:
    with _opened(make_store, "empty") as store:
        _same(len(store), 0, "the length of an empty store")
        _same((list(store), store.ids(), store.get(["no"]), store.of_pair("a", "b")), ([], [], [], []), "what it holds")
        _same(_ask(store, example_record(1), 5), [], "nearest")
        _same(store.counts(), {"verified": 0, "refuted": 0, "unreadable": 0}, "counts")
        _same(
            (store.forget(["no"]), store.marked("no"), store.put([])), (0, None, 0), "forget, marked and put of nothing"
        )


def _check_put_and_get(make_store: StoreMaker, seed: int) -> None:
    records = [example_record(number) for number in range(7)]
    with _opened(make_store, "put") as store:
        _same(store.put(records[:4]), 4, "new records")
        _same(store.put(records[2:]), 3, "new records where two are known")
        _same(store.put([records[0], records[0]]), 0, "a known record twice")
        _same(store.put([replace(records[1], text="other words")]), 0, "a known id with another text")
        _same(list(store), records, "all records in their order")
        _same(store.ids(), [record.id for record in records], "ids")
        asked = [records[5].id, "no", records[1].id]
        _same(store.get(asked), [records[5], records[1]], "get in the order of the ids")
        _same((len(store), store.counts()), (7, {"verified": 5, "refuted": 2, "unreadable": 0}), "counts")


def _check_unicode(make_store: StoreMaker, seed: int) -> None:
    record = replace(example_record(1), text="Zuschnitt ≤ ∑ 背包 🎒 \x00 \u2028 'quoted\" \\", source="naïve\n\ttab")
    with _opened(make_store, "unicode") as store:
        store.put([record])
        _same(list(store), [record], "a record with unusual characters")
        _same([match.record for match in _ask(store, record, 1)], [record], "nearest to it")
        store.mark("schlüssel 🗝 '", "")
        _same(store.marked("schlüssel 🗝 '"), "", "a mark with an empty note")


def _check_pairs(make_store: StoreMaker, seed: int) -> None:
    outcomes: list[Outcome] = ["refuted", "verified", "refuted", "verified"]
    same = [example_record(number, outcome=outcome, pair=1) for number, outcome in enumerate(outcomes)]
    with _opened(make_store, "pairs") as store:
        for record in [*same, example_record(9, pair=2)]:
            store.put([record])
        found = store.of_pair("reference-1", "candidate-1")
        _same(found, [same[3], same[1], same[2], same[0]], "records of a pair, verified first, newest first")
        _same(store.of_pair("reference-1", "candidate-2"), [], "records of a pair that is none")
        _same(store.of_pair("candidate-1", "reference-1"), [], "records of the pair turned around")


def _check_nearest(make_store: StoreMaker, seed: int) -> None:
    records = [example_record(number) for number in range(200)]
    outcomes: tuple[Outcome | None, ...] = ("verified", "refuted", None)
    with _opened(make_store, "nearest") as store:
        store.put(records)
        for number in range(1000, 1006):
            for outcome in outcomes:
                for weights in (_EQUAL, Weights(1.0, 0.0), Weights(0.0, 1.0), Weights(0.3, 0.7)):
                    _require_nearest(store, records, example_record(number), 10, outcome, weights)
        _same(_ask(store, records[3], 1, "verified")[0].record, records[3], "nearest to a record that is there")
        _same(len(_ask(store, records[3], 1000)), 200, "how many are found when more are asked for than there are")
        _same((_ask(store, records[3], 0), _ask(store, records[3], -1)), ([], []), "nearest none")


def _check_ties(make_store: StoreMaker, seed: int) -> None:
    like = example_record(0)
    same = [
        replace(example_record(number, outcome="verified"), structure=like.structure, text="") for number in range(120)
    ]
    with _opened(make_store, "ties") as store:
        store.put(same)
        ids = [match.record.id for match in _ask(store, like, 5, "verified")]
        _same(ids, sorted(record.id for record in same)[:5], "equal similarities, by id")
        store.put([example_record(500, outcome="verified")])
        _same(
            _ask(store, example_record(500), 1)[0].record.id,
            example_record(500, outcome="verified").id,
            "the other one",
        )


def _check_forget(make_store: StoreMaker, seed: int) -> None:
    records = [example_record(number, outcome="verified") for number in range(30)]
    with _opened(make_store, "forget") as store:
        store.put(records)
        _same(_ask(store, records[3], 1)[0].record, records[3], "nearest before")
        _same(store.forget([records[3].id, "no", records[4].id]), 2, "forgotten")
        kept = records[:3] + records[5:]
        _same((list(store), len(store), store.get([records[3].id])), (kept, 28, []), "what is left")
        _same(store.of_pair("reference-3", "candidate-3"), [], "the forgotten pair")
        _require_nearest(store, kept, records[3], 28, None, _EQUAL)
        _same(store.put([records[3]]), 1, "put again")
        _same(list(store), [*kept, records[3]], "the record that came back is the last")
        _require_nearest(store, [*kept, records[3]], records[3], 5, None, _EQUAL)
        store.forget(store.ids())
        _same((len(store), _ask(store, records[3], 5)), (0, []), "what is left of all")


def _check_marks(make_store: StoreMaker, seed: int) -> None:
    with _opened(make_store, "marks") as store:
        store.mark("set/1", "verified 3")
        store.mark("set/2", "x")
        store.mark("set/1", "verified 4")
        marked = (store.marked("set/1"), store.marked("set/2"), store.marked("set/3"))
        _same(marked, ("verified 4", "x", None), "marks")
        store.clear_marks()
        _same((store.marked("é"), len(store)), (None, 0), "marks after they were cleared, and records")
        _same((len(store), store.ids()), (0, []), "a mark is no record")


def _check_big_batch(make_store: StoreMaker, seed: int) -> None:
    records = [example_record(number) for number in range(6000)]
    with _opened(make_store, "big") as store:
        _same(store.put(records), 6000, "new records of a big batch")
        _same((len(store), store.ids() == [record.id for record in records]), (6000, True), "what is there")
        for record in records[::997]:
            _same(_ask(store, record, 1)[0].record, record, "nearest to a record that is there")


def _check_reopen(make_store: StoreMaker, seed: int) -> None:
    records = [example_record(number) for number in range(40)]
    with _opened(make_store, "reopen") as store:
        store.put(records[:20])
        store.mark("done", "yes")
        before = _ask(store, records[5], 10)
    store.close()
    with _opened(make_store, "reopen") as store:
        _same((list(store), store.marked("done")), (records[:20], "yes"), "what was kept")
        _same(_ask(store, records[5], 10), before, "nearest")
        _same(store.put(records), 20, "new records")
        _require_nearest(store, records, records[35], 10, None, _EQUAL)


def _check_wrong_embedder(make_store: StoreMaker, seed: int) -> None:
    with _opened(make_store, "embedder") as store:
        store.put([example_record(1)])
    message = _refusal(lambda: make_store("embedder", fake_embedder(2), SCHEMA), EmbedderMismatchError)
    for name in (fake_embedder().name, fake_embedder(2).name):
        assert name in message, f"the error does not name {name!r}: {message}"
    with _opened(make_store, "embedder") as store:
        _same(len(store), 1, "records after the refusal")


def _check_wrong_schema(make_store: StoreMaker, seed: int) -> None:
    with _opened(make_store, "schema") as store:
        store.put([example_record(1)])
    message = _refusal(lambda: make_store("schema", fake_embedder(), "quasikarp/memory/0"), SchemaMismatchError)
    for name in (SCHEMA, "quasikarp/memory/0"):
        assert name in message, f"the error does not name {name!r}: {message}"


def _refusal(open_it: Callable[[], Store], kind: type[InputError]) -> str:
    try:
        open_it().close()
    except kind as error:
        return str(error)
    raise AssertionError(f"it was opened, expected {kind.__name__}")


def _write(make_store: StoreMaker, name: str, numbers: Sequence[int], search: int, sender: _Connection) -> None:
    """Put the records one by one in this process, search now and then, and acknowledge each; runs in a child."""
    try:
        new = 0
        with _opened(make_store, name) as store:
            for place, number in enumerate(numbers):
                new += store.put([example_record(number)])
                sender.send(number)
                if search and place % search == search - 1:
                    first = _ask(store, example_record(number), 1)[0].record
                    _same(first, example_record(number), f"nearest to record {number} while another process writes")
        sender.send(("new", new))
    except BaseException:
        sender.send(("failed", traceback.format_exc()))


_Connection = multiprocessing.connection.Connection


def _start(
    make_store: StoreMaker, name: str, numbers: Sequence[int], search: int
) -> tuple[multiprocessing.context.SpawnProcess, _Connection]:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_write, args=(make_store, name, numbers, search, sender), daemon=True)
    process.start()
    sender.close()
    return process, receiver


def _received(receiver: _Connection) -> Iterator[object]:
    """Yield what a child says until it ends; raises `AssertionError` for a child that failed or says nothing."""
    while True:
        assert receiver.poll(_PATIENCE), f"a writer said nothing for {_PATIENCE:.0f} seconds"
        try:
            message = receiver.recv()
        except EOFError:
            return
        if isinstance(message, tuple) and message[0] == "failed":
            raise AssertionError(f"a writer failed: {message[1]}")
        yield message


def _stop(process: multiprocessing.context.SpawnProcess, receiver: _Connection) -> None:
    process.kill()
    process.join()
    process.close()
    receiver.close()


def _check_two_writers(make_store: StoreMaker, seed: int) -> None:
    mine, others = list(range(60)), list(range(119, 39, -1))
    children = [_start(make_store, "two", numbers, 10) for numbers in (mine, others)]
    try:
        new = [message[1] for _, receiver in children for message in _received(receiver) if isinstance(message, tuple)]
    finally:
        for child in children:
            _stop(*child)
    assert len(new) == 2, f"{2 - len(new)} writers ended without a word"
    records = [example_record(number) for number in range(120)]
    with _opened(make_store, "two") as store:
        _same(sorted(store.ids()), sorted(record.id for record in records), "what two writers left")
        assert sum(new) >= 120, f"two writers counted {sum(new)} new records, there are 120"
        for record in records[::11]:
            _require_nearest(store, records, record, 5, None, _EQUAL)


def _check_kills(make_store: StoreMaker, seed: int) -> None:
    moments = random.Random(seed)
    acknowledged: set[int] = set()
    for turn in range(KILLS):
        numbers = range(10_000 * turn, 10_000 * (turn + 1))
        process, receiver = _start(make_store, "killed", numbers, 3 if turn % 2 else 0)
        try:
            _wait_for_words(receiver)
            time.sleep(moments.uniform(0.0, 0.25) + (0.8 if turn % 2 else 0.0))
            process.kill()
            acknowledged.update(number for number in _received(receiver) if isinstance(number, int))
        finally:
            _stop(process, receiver)
        with _opened(make_store, "killed") as store:
            found = list(store)
            known = {example_record(n).id for n in acknowledged}
            missing = known - {record.id for record in found}
            assert not missing, f"{len(missing)} of {len(known)} acknowledged records are gone"
            _same(len(found), len(store), "readable records after a kill")
            for record in found:
                _same(
                    record, example_record(int(record.mapping_hash.removeprefix("mapping-"))), "a record after a kill"
                )
            _require_nearest(store, found, found[-1], 5, None, _EQUAL)
            _same(store.put([example_record(numbers[-1])]), 1, "a record put after a kill")


def _wait_for_words(receiver: _Connection) -> None:
    assert receiver.poll(_PATIENCE), f"a writer said nothing for {_PATIENCE:.0f} seconds"


_Check = Callable[[StoreMaker, int], None]

_CHECKS: tuple[tuple[str, _Check, bool], ...] = (
    ("empty", _check_empty, False),
    ("put and get", _check_put_and_get, False),
    ("unicode", _check_unicode, False),
    ("pairs", _check_pairs, False),
    ("nearest", _check_nearest, False),
    ("ties", _check_ties, False),
    ("forget", _check_forget, False),
    ("marks", _check_marks, False),
    ("big batch", _check_big_batch, False),
    ("reopen", _check_reopen, True),
    ("wrong embedder", _check_wrong_embedder, True),
    ("wrong schema", _check_wrong_schema, True),
    ("two writers", _check_two_writers, True),
    ("kill -9", _check_kills, True),
)
