"""A desk keeps a conversation going: one job at a time, stopped, waiting, resumed after a restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tools.errors import InputError
from ui.chat.blocks import Problem, Words
from ui.chat.conversation import Conversation, Room
from ui.chat.desk import Desk, Desks

MODEL = "Minimize\n obj: x\nSubject To\n c: x >= 4\nEnd\n"
READ = {
    "summary": {"variables": 1, "integers": 0, "constraints": 1},
    "algebra": [],
    "notes": [],
    "variables": {"count": 1, "names": ["x"]},
    "rows": {"count": 1, "names": ["c"]},
}


@dataclass
class FakeShelf:
    texts: dict[str, str] = field(default_factory=dict)

    def put(self, text: str) -> str:
        self.texts[f"key{len(text)}"] = text
        return f"key{len(text)}"

    def get(self, key: str) -> str:
        if key not in self.texts:
            raise InputError("the text is gone")
        return self.texts[key]


@dataclass
class FakeRun:
    job: Mapping[str, Any]
    state: str = "running"
    result: dict[str, Any] | None = None
    error: dict[str, str] | None = None
    events: tuple[dict[str, Any], ...] = ()

    def stop(self) -> None:
        if self.state == "running":
            self.state = "stopped"


@dataclass
class Bench:
    """A desk with everything that it does to the outside."""

    runs: list[FakeRun] = field(default_factory=list)
    saved: list[Conversation] = field(default_factory=list)
    room: Room = field(default_factory=lambda: Room(FakeShelf(), memory="none"))
    free: bool = True

    def desk(self, conversation: Conversation | None = None) -> Desk:
        def start(job: Mapping[str, Any], *, limits: Any) -> Any:
            self.runs.append(FakeRun(job))
            return self.runs[-1]

        return Desk(
            conversation or Conversation(), self.room, self.saved.append, may_start=lambda: self.free, start=start
        )


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_model_is_read_beside_and_kept(bench: Bench) -> None:
    desk = bench.desk()
    assert not desk.say(MODEL)
    assert desk.is_running
    assert not desk.advance()
    bench.runs[0].state, bench.runs[0].result = "finished", READ
    assert desk.advance()
    assert desk.conversation.reference is not None
    assert not desk.is_working
    assert bench.saved[-1] == desk.conversation


def test_a_pair_is_checked_by_itself(bench: Bench) -> None:
    desk = bench.desk()
    desk.say(f"reference:\n{MODEL}\ncandidate:\n{MODEL}")
    for _ in range(2):
        bench.runs[-1].state, bench.runs[-1].result = "finished", READ
        desk.advance()
    assert [run.job["job"] for run in bench.runs] == ["read", "read", "check"]


def test_stop_ends_the_work_and_says_so(bench: Bench) -> None:
    desk = bench.desk()
    desk.say(MODEL)
    assert desk.stop()
    assert bench.runs[0].state == "stopped"
    assert not desk.is_working
    assert Words("Stopped.") in desk.conversation.turns[-1].blocks
    assert not desk.stop()


def test_saying_stop_does_the_same(bench: Bench) -> None:
    desk = bench.desk()
    desk.say(MODEL)
    desk.say("stop")
    assert bench.runs[0].state == "stopped"
    assert not desk.is_working
    assert desk.conversation.work is None


def test_a_job_waits_until_there_is_room(bench: Bench) -> None:
    bench.free = False
    desk = bench.desk()
    desk.say(MODEL)
    assert (desk.is_waiting, desk.is_running, bench.runs) == (True, False, [])
    bench.free = True
    desk.advance()
    assert (desk.is_waiting, desk.is_running) == (False, True)


def test_a_waiting_job_can_be_stopped(bench: Bench) -> None:
    bench.free = False
    desk = bench.desk()
    desk.say(MODEL)
    assert desk.stop()
    assert not desk.is_working
    assert bench.runs == []


def test_work_that_a_restart_interrupted_has_stopped(bench: Bench) -> None:
    desk = bench.desk()
    desk.say(MODEL)
    again = bench.desk(bench.saved[-1])
    assert not again.is_working
    assert Words("Stopped.") in again.conversation.turns[-1].blocks


def test_a_failure_is_told(bench: Bench) -> None:
    desk = bench.desk()
    desk.say(MODEL)
    bench.runs[0].state, bench.runs[0].error = "failed", {"kind": "crash", "message": "the worker process died"}
    desk.advance()
    assert any(isinstance(block, Problem) for block in desk.conversation.turns[-1].blocks)
    assert not desk.is_working


def test_new_keeps_this_conversation_and_asks_for_another(bench: Bench) -> None:
    desk = bench.desk()
    desk.say(MODEL)
    assert desk.say("new")
    assert bench.runs[0].state == "stopped"
    assert desk.conversation.turns


def test_desks_share_the_machine_and_nothing_else() -> None:
    bench, desks = Bench(), Desks(most_runs=1)

    def make(may_start: Any) -> Desk:
        desk = bench.desk()
        desk._may_start = may_start
        return desk

    one, two = desks.desk(("w1", "c"), make), desks.desk(("w2", "c"), make)
    assert one is desks.desk(("w1", "c"), make)
    assert one is not two
    one.say(MODEL), two.say(MODEL)
    assert (one.is_running, two.is_running, two.is_waiting) == (True, False, True)
    bench.runs[0].state, bench.runs[0].result = "finished", READ
    one.advance()
    two.advance()
    assert two.is_running
    desks.forget(("w2", "c"))
    assert bench.runs[1].state == "stopped"
    assert desks.desk(("w2", "c"), make) is not two


def test_a_conversation_that_cannot_be_kept_goes_on_and_says_so(bench: Bench) -> None:
    full = True

    def save(conversation: Conversation) -> None:
        if full:
            raise InputError("the conversation cannot be kept: no space left")

    desk = Desk(Conversation(), bench.room, save, start=lambda job, *, limits: FakeRun(job))
    desk.say(MODEL)
    assert desk.is_running
    assert "no space left" in desk.unkept
    full = False
    desk.stop()
    assert not desk.unkept
