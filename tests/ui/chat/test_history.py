"""Conversations survive a restart, strangers find nothing, and damage costs one conversation."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from chat_partner import Partner
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import InputError
from ui.chat import history as module
from ui.chat.blocks import Turn, Words
from ui.chat.conversation import Conversation
from ui.chat.history import History

SAID = Conversation(turns=(Turn("hello \ud800", (Words("hi"),)),))


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "chats")


def test_what_was_saved_is_loaded_by_another_server(history: History, tmp_path: Path) -> None:
    token, key = history.new_workspace(), history.new_key()
    partner = Partner()
    partner.give("digits")
    history.save(token, key, partner.conversation)
    again = History(tmp_path / "chats")
    assert again.load(token, key) == partner.conversation
    assert [(entry.key, entry.title) for entry in again.conversations(token)] == [(key, "reference.lp · candidate.lp")]
    history.save(token, key, SAID)
    assert again.load(token, key).turns[0].said == "hello ?"


def test_files_are_their_owners_only(history: History, tmp_path: Path) -> None:
    token = history.new_workspace()
    history.save(token, history.new_key(), SAID)
    history.shelf(token).put("max x")
    for path in [tmp_path / "chats", tmp_path / "chats" / token, *(tmp_path / "chats" / token).rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


@given(
    st.text(max_size=70) | st.sampled_from(["", "..", "../" * 12, "/" + "a" * 40, "a" * 31, "a" * 65, "a" * 39 + "\n"])
)
def test_what_is_no_token_leads_nowhere(text: str) -> None:
    history = History(Path("/nonexistent/chats"))
    assert not history.is_workspace(text)
    with pytest.raises(InputError):
        history.load(text, "0" * 16)
    with pytest.raises(InputError):
        history.shelf(text)


@pytest.mark.parametrize("key", ["", "../x", "0" * 15, "0" * 16 + "\n", "G" * 16])
def test_what_is_no_key_leads_nowhere(history: History, key: str) -> None:
    token = history.new_workspace()
    for act in (history.load, history.delete):
        with pytest.raises(InputError):
            act(token, key)
    with pytest.raises(InputError):
        history.save(token, key, SAID)
    with pytest.raises(InputError):
        history.shelf(token).get(key)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[]", b"3", b'{"turns": [3]}', b'{"unknown": 1}', b"[" * 100_000, b'{"run": "1"}'],
)
def test_a_damaged_conversation_is_told_and_costs_no_other(history: History, tmp_path: Path, content: bytes) -> None:
    token, good, bad = history.new_workspace(), history.new_key(), history.new_key()
    history.save(token, good, SAID)
    (tmp_path / "chats" / token / f"{bad}.json").write_bytes(content)
    (tmp_path / "chats" / token / "stranger.json").write_text("{}")
    with pytest.raises(InputError, match="damaged"):
        history.load(token, bad)
    assert {entry.key: bool(entry.trouble) for entry in history.conversations(token)} == {good: False, bad: True}


def test_what_is_too_long_loses_its_beginning(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_CONVERSATION", 20_000)
    token, key = history.new_workspace(), history.new_key()
    turns = tuple(Turn(f"{number}", (Words("x" * 1_000),)) for number in range(100))
    history.save(token, key, replace(SAID, turns=turns))
    kept = history.load(token, key).turns
    assert isinstance(kept[0].blocks[0], Words)
    assert kept[0].blocks[0].text.startswith("What was said before is left out")
    assert kept[-1] == turns[-1]


def test_the_oldest_conversation_goes_when_there_are_too_many(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CONVERSATIONS", 3)
    token = history.new_workspace()
    keys = [history.new_key() for _ in range(5)]
    for key in keys:
        history.save(token, key, SAID)
    assert {entry.key for entry in history.conversations(token)} == set(keys[-3:])


def test_deleting_takes_the_models_that_nobody_else_needs(history: History, tmp_path: Path) -> None:
    token, first, second = history.new_workspace(), history.new_key(), history.new_key()
    shelf = history.shelf(token)
    partner = Partner()
    object.__setattr__(partner.room, "shelf", shelf)
    partner.give("digits")
    both = partner.conversation
    assert both.pair is not None
    history.save(token, first, both)
    history.save(token, second, replace(both, candidate=None))
    checkpoint = history.checkpoint_of(token, first, both)
    assert checkpoint is not None
    Path(checkpoint).write_bytes(b"")
    history.delete(token, first)
    assert not Path(checkpoint).exists()
    assert shelf.get(both.pair[0].key)
    with pytest.raises(InputError, match="gone"):
        shelf.get(both.pair[1].key)
    history.delete_workspace(token)
    assert not (tmp_path / "chats" / token).exists()


def test_a_text_that_is_not_saved_yet_outlives_what_others_delete(history: History) -> None:
    token, key = history.new_workspace(), history.new_key()
    history.save(token, key, SAID)
    text = history.shelf(token).put("a model that another window has just been given")
    history.delete(token, key)
    assert history.shelf(token).get(text)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 8])
def test_a_long_conversation_keeps_its_end(history: History, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr("ui.chat.history.LONGEST_CONVERSATION", 3_000)
    monkeypatch.setattr("ui.chat.history.LONGEST_READ", 6_000)
    token, key = history.new_workspace(), history.new_key()
    turns = tuple(Turn(f"turn {k}", (Words("x" * 2_900),)) for k in range(number))
    history.save(token, key, Conversation(turns=turns))
    history.save(token, key, history.load(token, key))
    kept = history.load(token, key).turns
    assert kept[-1].said == f"turn {number - 1}"
    assert len(kept) <= 2
    with pytest.raises(InputError, match="too long to be kept"):
        history.save(token, key, Conversation(turns=(Turn("", (Words("x" * 7_000),)),)))
    assert history.load(token, key).turns == kept


def test_each_check_has_a_checkpoint_of_its_own(history: History) -> None:
    token, key = history.new_workspace(), history.new_key()
    partner = Partner()
    assert history.checkpoint_of(token, key, partner.conversation) is None
    partner.give("digits")
    first = history.checkpoint_of(token, key, partner.conversation)
    assert history.checkpoint_of(token, key, partner.conversation) == first
    assert first is not None
    Path(first).write_bytes(b"")
    second = history.checkpoint_of(token, key, replace(partner.conversation, run=9))
    assert second not in (None, first)
    assert not Path(first).exists()


def test_a_text_that_was_changed_on_disk_is_not_used(history: History, tmp_path: Path) -> None:
    token = history.new_workspace()
    shelf = history.shelf(token)
    key = shelf.put("max x")
    assert shelf.get(key) == "max x"
    (tmp_path / "chats" / token / "texts" / key).write_text("max y")
    with pytest.raises(InputError, match="damaged"):
        shelf.get(key)
    with pytest.raises(InputError, match="half a character"):
        shelf.put("\ud800")


def test_a_workspace_does_not_fill_the_disk(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_SHELF", 10)
    shelf = history.shelf(history.new_workspace())
    shelf.put("12345")
    shelf.put("12345")
    with pytest.raises(InputError, match="too many models"):
        shelf.put("123456")
