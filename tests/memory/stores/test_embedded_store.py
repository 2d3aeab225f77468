import fcntl
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from memory.embedder import Embedder, Vectors, Weights
from memory.record import Record
from memory.stores import chroma_index, embedded
from memory.stores.embedded import EmbeddedStore
from memory.stores.errors import EmbedderMismatchError, MemoryStoreError, SchemaMismatchError
from memory.stores.in_memory import InMemoryStore
from memory.stores.journal import Journal
from memory.stores.migrate import migrate
from memory.stores.store import Match, Store
from memory.testing import FakeStructure, FakeText, example_record, fake_embedder
from tools.errors import InputError

EQUAL = Weights(1.0, 1.0)
RECORDS = [example_record(number) for number in range(60)]


def ask(store: Store, like: Record, count: int = 5, outcome: Any = None) -> list[Match]:
    return store.nearest(like.structure, like.text, count, outcome=outcome, weights=EQUAL)


def opened(folder: Path, version: int = 1) -> EmbeddedStore:
    return EmbeddedStore(folder, fake_embedder(version))


def alter(folder: Path, statement: str, values: Sequence[Any] = ()) -> None:
    with closing(sqlite3.connect(folder / "records.sqlite3")) as connection, connection:
        connection.execute(statement, values)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A memory with sixty records and their index."""
    with opened(tmp_path / "memory") as store:
        store.put(RECORDS)
        ask(store, RECORDS[0])
    return tmp_path / "memory"


@contextmanager
def mounted(place: Path, *arguments: str) -> Iterator[None]:
    place.mkdir()
    command = ["mount", *arguments, str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting a file system is not permitted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def _target(descriptor: str) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return ""


class TestTheFolder:
    def test_is_made_by_the_first_put_only(self, tmp_path: Path) -> None:
        with opened(tmp_path / "deep" / "memory") as store:
            assert (len(store), ask(store, RECORDS[0]), store.forget(["x"])) == (0, [], 0)
            assert not (tmp_path / "deep").exists()
            store.put(RECORDS[:1])
            assert list(store) == RECORDS[:1]

    def test_may_be_made_by_another_process_meanwhile(self, tmp_path: Path) -> None:
        with opened(tmp_path / "memory") as early, opened(tmp_path / "memory") as late:
            late.put(RECORDS[:3])
            assert list(early) == RECORDS[:3]
            with pytest.raises(EmbedderMismatchError, match=r"fake-text/1.*fake-text/2.*quasikarp memory migrate"):
                opened(tmp_path / "memory", 2)

    def test_a_writer_that_opened_before_another_embedder_is_refused(self, tmp_path: Path) -> None:
        with opened(tmp_path / "memory", 1) as one, opened(tmp_path / "memory", 2) as two:
            one.put(RECORDS[:3])
            with pytest.raises(EmbedderMismatchError):
                two.put(RECORDS[3:])
            assert len(one) == 3

    def test_that_is_a_file_is_one_clear_error(self, tmp_path: Path) -> None:
        (tmp_path / "memory").write_text("x")
        with pytest.raises(MemoryStoreError, match=r"memory.*not a folder"):
            opened(tmp_path / "memory")

    def test_with_a_file_that_is_no_database_is_one_clear_error(self, tmp_path: Path) -> None:
        (tmp_path / "records.sqlite3").write_bytes(b"something else entirely " * 100)
        with pytest.raises(MemoryStoreError, match="not a database"):
            opened(tmp_path)

    def test_left_by_a_writer_that_died_before_its_first_commit_is_empty(self, tmp_path: Path) -> None:
        (tmp_path / "records.sqlite3").touch()
        with opened(tmp_path) as store:
            assert (len(store), store.counts()["verified"], ask(store, RECORDS[0])) == (0, 0, [])
            assert store.put(RECORDS) == 60

    def test_of_another_layout_is_refused(self, folder: Path) -> None:
        alter(folder, "UPDATE meta SET value = '99' WHERE key = 'layout'")
        with pytest.raises(SchemaMismatchError, match="layout 99"):
            opened(folder)

    def test_a_closed_store_says_so(self, folder: Path) -> None:
        store = opened(folder)
        store.close()
        store.close()
        with pytest.raises(MemoryStoreError, match="closed"):
            len(store)

    def test_closing_releases_every_file(self, folder: Path) -> None:
        def use() -> None:
            with opened(folder) as store:
                assert ask(store, RECORDS[0])

        for _ in range(3):
            use()
        for _ in range(100):  # chromadb's threads close theirs a moment later
            targets = [target for target in map(_target, os.listdir("/proc/self/fd")) if str(folder) in target]
            if not targets:
                return
            time.sleep(0.05)
        raise AssertionError(targets)

    def test_records_do_not_need_chromadb(self, folder: Path) -> None:
        program = f"""
import sys
import time
from pathlib import Path
from memory.stores.embedded import EmbeddedStore
from memory.testing import example_record, fake_embedder
with EmbeddedStore(Path({str(folder)!r}), fake_embedder()) as store:
    assert store.put([example_record(999)]) == 1
    assert len(store) == 61 and store.of_pair("reference-5", "candidate-5") and store.counts() and list(store)
assert "chromadb" not in sys.modules
"""
        subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(chroma_index.__file__).parents[2])


class TestReadOnly:
    def test_reading_goes_on(self, tmp_path: Path) -> None:
        with opened(tmp_path / "disk" / "memory") as store:
            store.put(RECORDS[:30])
            expected = ask(store, RECORDS[3])
            store.put(RECORDS[30:])
        # A view of its own: a file system that anything still holds open cannot be made read-only.
        with (
            mounted(tmp_path / "view", "--bind", "-o", "ro", str(tmp_path / "disk")),
            opened(tmp_path / "view" / "memory") as store,
        ):
            assert list(store) == RECORDS
            assert ask(store, RECORDS[3])[0] == expected[0]
            # Vectors that nobody could save are there all the same.
            assert ask(store, RECORDS[45])[0].record == RECORDS[45]
            assert store.index_queries == 0
            assert len(store.notes) == 1
            assert "cannot be written" in store.notes[0]
            with pytest.raises(MemoryStoreError, match=r"cannot write the memory .*readonly"):
                store.put([example_record(999)])

    def test_vectors_that_cannot_be_saved_stay_in_the_process(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with opened(tmp_path) as store:
            store.put(RECORDS)

            def refuse(self: Journal, create: bool = False) -> Any:
                raise MemoryStoreError("cannot write the memory: read-only")

            monkeypatch.setattr(Journal, "transaction", refuse)
            for record in RECORDS:
                assert ask(store, record, 1)[0].record == record


class TestFullDisk:
    def test_old_records_stay(self, folder: Path) -> None:
        with opened(folder) as store:
            connection = store._journal._connection
            assert connection is not None
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 2}")
            with pytest.raises(MemoryStoreError, match=r"cannot write the memory .* full"):
                store.put([example_record(number) for number in range(100, 400)])
            assert list(store) == RECORDS
            assert ask(store, RECORDS[7], 1)[0].record == RECORDS[7]
            connection.execute("PRAGMA max_page_count = 1000000")
            assert store.put([example_record(100)]) == 1

    def test_a_disk_that_is_really_full(self, tmp_path: Path) -> None:
        with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1m", "tmpfs"):
            with opened(tmp_path / "disk" / "memory") as store:
                store.put(RECORDS)
                with pytest.raises(MemoryStoreError, match=r"cannot write the memory"):
                    store.put([example_record(number) for number in range(100, 2000)])
                kept = list(store)
                assert kept == RECORDS
                # There is no room for chromadb's files either.
                (tmp_path / "disk" / "rest").write_bytes(b"x" * (os.statvfs(tmp_path / "disk").f_bavail * 4096))
                assert ask(store, RECORDS[7], 1)[0].record == RECORDS[7]
            with opened(tmp_path / "disk" / "memory") as store:
                assert list(store) == RECORDS


class TestTamperedRows:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE records SET document = replace(document, 'x = 7 u', 'x = 8 u') WHERE seq = 8",
            "UPDATE records SET document = 'nonsense' WHERE seq = 8",
            "UPDATE records SET document = x'ff00fe' WHERE seq = 8",
            "UPDATE records SET document = CAST(x'7bff' AS TEXT) WHERE seq = 8",
            "UPDATE records SET document = 7 WHERE seq = 8",
            "UPDATE records SET outcome = 'refuted' WHERE seq = 8",
            "UPDATE records SET outcome = x'ff' WHERE seq = 8",
            "UPDATE records SET candidate_hash = 'candidate-1' WHERE seq = 8",
            "UPDATE records SET document = (SELECT document FROM records WHERE seq = 9) WHERE seq = 8",
        ],
    )
    def test_cost_only_themselves(self, folder: Path, statement: str) -> None:
        alter(folder, statement)
        with opened(folder) as store:
            whole = RECORDS[:7] + RECORDS[8:]
            assert list(store) == whole
            assert store.counts() == {"verified": 39, "refuted": 20, "unreadable": 1}
            assert store.get([RECORDS[7].id, RECORDS[8].id]) == [RECORDS[8]]
            assert store.of_pair("reference-7", "candidate-7") == []
            found = ask(store, RECORDS[7], 60)
            assert len(found) == 59
            assert RECORDS[7] not in [match.record for match in found]
            # The finding made again takes the place of the damaged one.
            assert store.put([RECORDS[7]]) == 1
            assert store.counts() == {"verified": 40, "refuted": 20, "unreadable": 0}
            assert ask(store, RECORDS[7], 1)[0].record == RECORDS[7]

    def test_an_altered_checksum_is_found_out_by_reading(self, folder: Path) -> None:
        import zlib

        text = "nonsense"
        checksum = zlib.crc32(text.encode(), zlib.crc32(b"verified"))
        alter(folder, "UPDATE records SET document = ?, checksum = ? WHERE seq = 8", (text, checksum))
        with opened(folder) as store:
            assert len(list(store)) == 59
            assert store.counts()["unreadable"] == 1

    @pytest.mark.parametrize("vector", [b"", b"short", b"\xff" * 48 * 4, b"\0" * 48 * 4])
    def test_a_tampered_vector_hides_no_other_record(self, folder: Path, vector: bytes) -> None:
        alter(folder, "UPDATE vectors SET vector = ? WHERE seq = 8", (vector,))
        shutil.rmtree(folder / "index")
        with opened(folder) as store:
            for record in RECORDS[:7] + RECORDS[8:20]:
                assert ask(store, record, 1)[0].record == record
            assert store.index_queries == 19
            assert store._vectors.scan(fake_embedder().query(RECORDS[9].structure, RECORDS[9].text, EQUAL), 1, None)

    def test_a_record_that_would_not_come_back_is_refused(self, tmp_path: Path) -> None:
        with opened(tmp_path) as store:
            for bad in (replace(RECORDS[1], text="\ud800"), replace(RECORDS[1], text="x" * 1_000_001)):
                with pytest.raises(InputError, match="record"):
                    store.put([RECORDS[0], bad])
            assert len(store) == 0


class TestIndex:
    def test_deleted_is_rebuilt_from_the_journal(self, folder: Path) -> None:
        shutil.rmtree(folder / "index")
        with opened(folder) as store:
            assert ask(store, RECORDS[7], 1)[0].record == RECORDS[7]
            assert (store.index_queries, store.notes) == (1, [])
            assert (folder / "index" / "chroma.sqlite3").exists()
            # Also while it is open.
            shutil.rmtree(folder / "index")
            assert ask(store, RECORDS[8], 1)[0].record == RECORDS[8]
            assert (store.index_queries, store.notes) == (2, [])
            assert (folder / "index" / "chroma.sqlite3").exists()

    @pytest.mark.parametrize("name", ["followed.json", "chroma.sqlite3"])
    @pytest.mark.parametrize("content", [None, b"", b"garbage" * 1000, b"{}"])
    def test_damaged_is_rebuilt(self, folder: Path, name: str, content: bytes | None) -> None:
        (folder / "index" / name).unlink()
        if content is not None:
            (folder / "index" / name).write_bytes(content)
        with opened(folder) as store:
            assert ask(store, RECORDS[7], 1)[0].record == RECORDS[7]
            assert (store.index_queries, store.notes) == (1, [])

    def test_damaged_binary_files_are_rebuilt(self, tmp_path: Path) -> None:
        # Chroma reads some of these without complaint and answers wrongly, or never ends.
        records = [example_record(number, outcome="verified") for number in range(1100)]
        with opened(tmp_path) as store:
            store.put(records)
            ask(store, records[0])
        shutil.copytree(tmp_path / "index", tmp_path / "whole")
        files = [path.relative_to(tmp_path / "index") for path in (tmp_path / "index").glob("*/*")]
        assert len(files) >= 4
        for number, file in enumerate(files):
            shutil.rmtree(tmp_path / "index")
            shutil.copytree(tmp_path / "whole", tmp_path / "index")
            damaged = tmp_path / "index" / file
            if number % 3 == 0:
                damaged.unlink()
            elif number % 3 == 1:
                damaged.write_bytes(b"\xa5" * damaged.stat().st_size)
            else:
                damaged.write_bytes(damaged.read_bytes()[:-8])
            with opened(tmp_path) as store:
                for record in records[:: 1099 // 4]:
                    assert ask(store, record, 1)[0].record == record
                assert (store.index_queries, store.notes) == (5, [])
            assert not (tmp_path / "index" / file).exists(), f"damage to {file} went unnoticed"

    def test_a_copied_memory_keeps_its_index(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shutil.copytree(folder, tmp_path / "copy")

        def refuse(*_: object) -> None:
            raise AssertionError("the index was thrown away")

        monkeypatch.setattr(chroma_index.ChromaIndex, "_discard", refuse)
        with opened(tmp_path / "copy") as store:
            assert ask(store, RECORDS[7], 1)[0].record == RECORDS[7]
            assert store.index_queries == 1

    def test_a_file_in_its_place_is_replaced(self, folder: Path) -> None:
        shutil.rmtree(folder / "index")
        (folder / "index").write_text("x")
        with opened(folder) as store:
            assert ask(store, RECORDS[7], 1)[0].record == RECORDS[7]
            assert store.index_queries == 1

    def test_of_another_journal_is_rebuilt(self, folder: Path, tmp_path: Path) -> None:
        with opened(tmp_path / "other") as store:
            store.put([example_record(number) for number in range(500, 700)])
        shutil.copy(tmp_path / "other" / "records.sqlite3", folder / "records.sqlite3")
        with opened(folder) as store:
            for number in (500, 530, 559, 699):
                assert ask(store, example_record(number), 1)[0].record == example_record(number)
            assert store.index_queries == 4

    def test_damage_while_it_is_open_is_noticed(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with opened(folder) as store:
            assert ask(store, RECORDS[7], 1)
            real = store._index._collections["verified"]
            calls: list[str] = []

            class Broken:
                def query(self, **_: object) -> None:
                    calls.append("query")
                    raise RuntimeError("hnsw is unwell")

            store._index._collections["verified"] = Broken()  # type: ignore[assignment]
            assert ask(store, RECORDS[7], 1, "verified")[0].record == RECORDS[7]
            assert (calls, store.index_queries, store.notes) == (["query"], 2, [])
            assert store._index._collections["verified"].id != real.id

    def test_chromadb_that_does_not_work_is_done_without(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with opened(folder) as store:
            expected = ask(store, RECORDS[7])

        def refuse(_: Path) -> None:
            raise ImportError("no module named chromadb")

        monkeypatch.setattr(chroma_index, "FolderClient", refuse)
        with opened(folder) as store:
            assert ask(store, RECORDS[7]) == expected
            assert ask(store, RECORDS[7]) == expected
            assert store.index_queries == 0
            assert len(store.notes) == 1
            assert "no module named chromadb" in store.notes[0]

    def test_in_the_hands_of_another_process_is_done_without(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(chroma_index, "WAIT_SECONDS", 0.05)
        with opened(folder) as store, (folder / "index.lock").open("r+") as lock:
            indexed = [ask(store, record, 10, outcome) for record in RECORDS[:9] for outcome in ("verified", None)]
            fcntl.flock(lock, fcntl.LOCK_EX)
            scanned = [ask(store, record, 10, outcome) for record in RECORDS[:9] for outcome in ("verified", None)]
            assert scanned == indexed
            assert store.index_queries == 18
            assert len(store.notes) == 1
            assert "another process" in store.notes[0]
            store.put([example_record(999)])
            store.forget([RECORDS[0].id])
            assert ask(store, example_record(999), 1)[0].record == example_record(999)
            assert ask(store, RECORDS[0], 1)[0].record != RECORDS[0]

    def test_follows_what_other_stores_of_the_process_wrote(self, folder: Path) -> None:
        with opened(folder) as one, opened(folder) as two:
            for number in range(100, 106):
                writer, reader = (one, two) if number % 2 else (two, one)
                writer.put([example_record(number)])
                assert ask(writer, example_record(number), 1)[0].record == example_record(number)
                stale = reader._index._client
                assert ask(reader, example_record(number), 1)[0].record == example_record(number)
                assert reader._index._client is not stale
                writer.forget([example_record(number).id])
                assert ask(reader, example_record(number), 1)[0].record != example_record(number)
            assert one.index_queries + two.index_queries == 18
            assert one.notes == two.notes == []

    def test_a_crash_while_it_is_written_costs_only_the_index(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Killed(BaseException):
            pass

        def die(self: object) -> None:
            raise Killed

        with opened(folder) as store, monkeypatch.context() as patch:
            store.put([example_record(999)])
            patch.setattr(chroma_index.ChromaIndex, "_finish", die)
            with pytest.raises(Killed):
                ask(store, example_record(999))
        with opened(folder) as store:
            assert ask(store, example_record(999), 61)[0].record == example_record(999)
            assert len(ask(store, RECORDS[0], 100)) == 61
            assert store.notes == []


def test_behaves_like_the_plain_store_whatever_the_order(tmp_path: Path) -> None:
    chance = random.Random(7)
    plain = InMemoryStore(fake_embedder())
    stores = [opened(tmp_path), opened(tmp_path)]
    for _ in range(250):
        number, one = chance.randrange(80), chance.randrange(2)
        step = chance.choice(["put", "put", "forget", "nearest", "nearest", "reopen", "delete the index", "iterate"])
        some = [example_record(n) for n in range(number, number + chance.randrange(1, 12))]
        if step == "put":
            assert stores[one].put(some) == plain.put(some)
        elif step == "forget":
            ids = [record.id for record in some[:4]]
            assert stores[one].forget(ids) == plain.forget(ids)
        elif step == "nearest":
            outcome = chance.choice(["verified", "refuted", None])
            expected = ask(plain, some[0], 7, outcome)
            assert ask(stores[one], some[0], 7, outcome) == expected
        elif step == "reopen":
            stores[one].close()
            stores[one] = opened(tmp_path)
        elif step == "delete the index" and chance.random() < 0.3:
            shutil.rmtree(tmp_path / "index", ignore_errors=True)
        else:
            assert (list(stores[one]), stores[one].counts()) == (list(plain), plain.counts())
    assert sum(store.index_queries for store in stores) > 0
    for store in stores:
        assert store.notes == []
        store.close()


def test_records_beside_many_equal_ones_are_found(tmp_path: Path) -> None:
    # An outlier that comes after a cluster of equal vectors has no way to it in chroma's graph.
    others = [example_record(number, outcome="verified") for number in range(1000, 1020)]
    equal = [
        replace(example_record(number, outcome="verified"), structure=others[0].structure, text="the same words")
        for number in range(300)
    ]
    with opened(tmp_path) as store:
        store.put(equal)
        for other in others:
            store.put([other])
            assert ask(store, other, 1)[0].record == other
        for other in others:
            assert ask(store, other, 1)[0].record == other
        assert (store.index_queries, store.notes) == (40, [])


@pytest.mark.parametrize("outcome", ["verified", "refuted", None])
def test_among_many_the_index_decides(folder: Path, outcome: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(folder) as store:
        exact = [ask(store, record, 3, outcome) for record in RECORDS[:10]]

        def refuse(*_: object) -> None:
            raise AssertionError("everything was scanned")

        monkeypatch.setattr(embedded, "EXACT", 0)
        monkeypatch.setattr(EmbeddedStore, "_from_scan", refuse)
        assert [ask(store, record, 3, outcome) for record in RECORDS[:10]] == exact


def test_serves_several_threads(folder: Path) -> None:
    with opened(folder) as store, ThreadPoolExecutor(4) as pool:

        def work(number: int) -> bool:
            store.put([example_record(number)])
            return ask(store, example_record(number), 1)[0].record == example_record(number) and len(store) > 60

        assert all(pool.map(work, range(200, 230)))
        assert store.index_queries == 30
        assert store.notes == []


@dataclass(frozen=True)
class CountingText:
    counted: list[int] = field(default_factory=list)
    name: str = "fake-text/1"
    dimensions: int = 32

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.counted.append(len(texts))
        return FakeText().embed(texts)


def test_texts_are_embedded_once(tmp_path: Path) -> None:
    text = CountingText()
    with EmbeddedStore(tmp_path, Embedder(FakeStructure(), text)) as store:
        store.put(RECORDS)
        ask(store, RECORDS[0])
    shutil.rmtree(tmp_path / "index")
    with EmbeddedStore(tmp_path, Embedder(FakeStructure(), text)) as store:
        ask(store, RECORDS[0])
        store._from_scan(store.embedder.query(RECORDS[0].structure, "x", EQUAL), 3, None)
    assert sorted(text.counted) == [1, 1, 1, 60]


def test_a_fingerprint_of_another_length_hides_no_other_record(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.put([*RECORDS[:9], replace(RECORDS[9], structure=(1.0, 2.0))])
        assert ask(store, RECORDS[3], 1)[0].record == RECORDS[3]
        assert ask(store, RECORDS[3], 10)[-1].similarity <= 0.5
        assert len(ask(store, RECORDS[3], 10)) == 10


class TestMigrate:
    def test_gives_the_memory_to_another_embedder(self, folder: Path) -> None:
        with opened(folder) as old:
            assert migrate(folder, fake_embedder(2)) == 60
            with pytest.raises(EmbedderMismatchError):
                ask(old, RECORDS[7])
            with pytest.raises(EmbedderMismatchError):
                old.put([example_record(999)])
            assert len(old) == 60
        with pytest.raises(EmbedderMismatchError):
            opened(folder)
        with opened(folder, 2) as store:
            assert list(store) == RECORDS
            assert ask(store, RECORDS[7], 1)[0].record == RECORDS[7]
            assert (store.index_queries, store.notes) == (1, [])
        assert migrate(folder, fake_embedder(2)) == 60

    @pytest.mark.parametrize("step", ["fill", "hand_over"])
    def test_that_crashes_leaves_the_old_memory(self, folder: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
        from memory.stores.stored_vectors import StoredVectors

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(StoredVectors if step == "fill" else Journal, step, die)
            with pytest.raises(KeyboardInterrupt):
                migrate(folder, fake_embedder(2))
        with opened(folder) as store:
            assert ask(store, RECORDS[7], 1)[0].record == RECORDS[7]
            assert store.notes == []
        assert migrate(folder, fake_embedder(2)) == 60
        with opened(folder, 2) as store:
            assert ask(store, RECORDS[7], 1)[0].record == RECORDS[7]

    def test_of_no_memory_is_one_clear_error(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="no memory"):
            migrate(tmp_path / "none", fake_embedder())
        assert not (tmp_path / "none").exists()

    def test_of_another_schema_is_refused(self, folder: Path) -> None:
        with pytest.raises(SchemaMismatchError):
            migrate(folder, fake_embedder(2), schema="quasikarp/memory/0")
