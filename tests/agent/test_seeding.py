"""Seeding: every pair is checked like any other; repeated it changes nothing, stopped it goes on."""

from dataclasses import replace

import pytest

from agent.seeding import seed
from agent.settings import Settings
from memory.loaders.pairs import SeedPair, Unreadable
from memory.memory import Memory
from memory.stores.errors import MemoryStoreError
from tests.memory.pairs import LEVELS_RULE, levels_pair
from tools.errors import InputError
from tools.formulation.lp_reader import parse_lp

SETTINGS = Settings(contract="reformulation", time_limit=10)
MODEL = parse_lp("min\n 2 a + 3 b\nst\n need: 5 a + 3 b >= 7\nbounds\n a <= 10\n b <= 10\ngeneral\n a b\nend")
OTHER = parse_lp("min\n 2 a + 3 b\nst\n need: 5 a + 3 b >= 9\nbounds\n a <= 10\n b <= 10\ngeneral\n a b\nend")


def refuse():
    raise InputError("the file is gone")


def crash():
    raise ZeroDivisionError("a loader with a mistake")


def pairs():
    yield SeedPair("same", "1", lambda: (MODEL, MODEL), text="two numbers")
    yield SeedPair("levels", "2", lambda: levels_pair(2), mapping=LEVELS_RULE, kind="levels")
    yield Unreadable("odd", "line 3 is no JSON")
    yield SeedPair("gone", "3", refuse)
    yield SeedPair("mistake", "4", crash)
    yield SeedPair("different", "5", lambda: (MODEL, OTHER))
    yield SeedPair("open", "6", lambda: levels_pair(4, top=4))


def test_each_pair_gets_its_outcome_and_seeding_twice_changes_nothing():
    with Memory.open(":memory:") as memory:
        first = list(seed(memory, pairs(), SETTINGS, "test"))
        assert [(s.id, s.outcome) for s in first] == [
            ("same", "verified"),
            ("levels", "verified"),
            ("odd", "unreadable"),
            ("gone", "unreadable"),
            ("mistake", "unreadable"),
            ("different", "refuted"),
            ("open", "verified"),  # as "levels" says
        ]
        assert "the file is gone" in first[3].detail
        texts = {record.to_text() for record in memory.store}
        assert {record.kind for record in memory.store} >= {"levels"}
        again = list(seed(memory, pairs(), SETTINGS, "test"))
        assert [s.outcome for s in again if s.outcome != "unreadable"] == ["done before"] * 4
        assert {record.to_text() for record in memory.store} == texts


def test_a_stopped_seeding_goes_on_where_it_was(tmp_path):
    with Memory.open(tmp_path) as memory:
        started = seed(memory, pairs(), SETTINGS)
        next(started), next(started)
        started.close()
    with Memory.open(tmp_path) as memory:
        rest = list(seed(memory, pairs(), SETTINGS))
    assert [s.outcome for s in rest][:2] == ["done before", "done before"]
    assert rest[-1].outcome == "verified"


def test_a_pair_without_verdict_is_tried_again_only_with_more_time(monkeypatch):
    with Memory.open(":memory:") as memory:
        hard = SeedPair("hard", "7", lambda: levels_pair(4, top=4))
        brief = replace(SETTINGS, time_limit=0.01)
        assert [s.outcome for s in seed(memory, [hard], brief)] == ["unknown"]
        assert [s.outcome for s in seed(memory, [hard], brief)] == ["done before"]
        easy = replace(hard, mapping="u[i,k] = sum(z[i,m] for m if m >= k)")
        assert [s.outcome for s in seed(memory, [easy], SETTINGS)] == ["verified"]


def test_a_memory_that_cannot_be_written_stops_the_seeding(monkeypatch):
    with Memory.open(":memory:") as memory:

        def full(records):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(memory.store, "put", full)
        with pytest.raises(MemoryStoreError, match="No space left"):
            list(seed(memory, pairs(), SETTINGS))
