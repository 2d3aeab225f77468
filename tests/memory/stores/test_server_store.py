import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.embedder import Weights
from memory.stores import chroma_client
from memory.stores.embedded import EmbeddedStore
from memory.stores.errors import MemoryStoreError
from memory.stores.in_memory import InMemoryStore
from memory.stores.opening import open_store
from memory.stores.server import ServerStore
from memory.testing import example_record, fake_embedder
from tools.errors import InputError

EQUAL = Weights(1.0, 1.0)
RECORDS = [example_record(number) for number in range(30)]


@pytest.fixture
def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_an_unreachable_server_is_one_line_with_its_address(free_port: int) -> None:
    url = f"http://127.0.0.1:{free_port}"
    with pytest.raises(MemoryStoreError, match=rf"{url}: .*refused") as caught:
        ServerStore(url, fake_embedder())
    assert "\n" not in str(caught.value)


@pytest.fixture
def mute() -> Iterator[str]:
    """The URL of a server that takes requests and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        kept = []
        thread = threading.Thread(target=lambda: kept.append(listener.accept()), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()
        for connection, _ in kept:
            connection.close()


def test_a_mute_server_is_not_waited_for_for_ever(mute: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroma_client, "SECONDS", 0.2)
    with pytest.raises(MemoryStoreError, match=mute):
        ServerStore(mute, fake_embedder())


@pytest.mark.parametrize(
    "url", ["http://", "http://host:port", "http://host:99999999", "http://host/a/b", "http://u:p@host", "http://h?x=1"]
)
def test_a_malformed_address_is_the_users_error(url: str) -> None:
    with pytest.raises(InputError, match="no address"):
        ServerStore(url, fake_embedder())


def test_a_collection_with_a_bad_name_is_one_clear_error(server: str) -> None:
    with pytest.raises(MemoryStoreError, match="name"):
        ServerStore(f"{server}/a", fake_embedder())


@pytest.mark.parametrize("document", ["nonsense", "", RECORDS[8].to_text()])
def test_an_unreadable_document_costs_only_itself(server: str, document: str) -> None:
    with ServerStore(f"{server}/unreadable", fake_embedder()) as store:
        store.put(RECORDS)
        store._records.update(ids=[RECORDS[7].id], documents=[document], embeddings=[[0.1] * 48])
        assert list(store) == RECORDS[:7] + RECORDS[8:]
        assert store.counts() == {"verified": 19, "refuted": 10, "unreadable": 1}
        assert store.of_pair("reference-7", "candidate-7") == []
        found = store.nearest(RECORDS[7].structure, RECORDS[7].text, 30, outcome=None, weights=EQUAL)
        assert len(found) == 29
        assert store.put([RECORDS[7]]) == 1
        assert store.counts() == {"verified": 20, "refuted": 10, "unreadable": 0}


def test_a_rare_outcome_is_found_among_many(server: str) -> None:
    rare = [example_record(number, outcome="refuted") for number in range(3)]
    with ServerStore(f"{server}/rare", fake_embedder()) as store:
        store.put([*(example_record(number, outcome="verified") for number in range(10, 400)), *rare])
        like = example_record(100)
        found = store.nearest(like.structure, like.text, 5, outcome="refuted", weights=EQUAL)
        assert {match.record.id for match in found} == {record.id for record in rare}


def test_a_closed_store_says_so(server: str) -> None:
    store = ServerStore(f"{server}/closed", fake_embedder())
    store.close()
    store.close()
    with pytest.raises(MemoryStoreError, match="closed"):
        len(store)


def test_opening_chooses_by_location(server: str, tmp_path: Path) -> None:
    embedder = fake_embedder()
    with open_store(":memory:", embedder) as store:
        assert isinstance(store, InMemoryStore)
    with open_store(f"{server}/opening", embedder) as store:
        assert isinstance(store, ServerStore)
        assert store.location == f"{server}/opening"
    for location in (tmp_path / "memory", str(tmp_path / "memory")):
        with open_store(location, embedder) as store:
            assert isinstance(store, EmbeddedStore)
            assert store.location == str(tmp_path / "memory")
