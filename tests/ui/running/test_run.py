import json
import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

import ui.running.process
import ui.running.run
from ui.running.process import WorkerProcess
from ui.running.run import MOST_EVENTS, Limits, Run
from ui.running.spare import Spare

Start = Callable[..., Run]
FAKE = (sys.executable, str(Path(__file__).with_name("fake_job_worker.py")))


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def followed() -> list[threading.Thread]:
    """Return the threads that follow a run."""
    return [thread for thread in threading.enumerate() if thread.name == "quasikarp-run"]


def told_pids(run: Run, count: int) -> list[int]:
    until(lambda: len(run.events) >= count)
    return [int(event["message"]) for event in run.events]


def test_a_job_tells_its_steps_and_its_result(start: Start) -> None:
    run = start("echo", text="<b>$x$</b>\x1b[2J\u202e")
    assert run.wait(30)
    assert (run.state, run.error) == ("finished", None)
    assert run.events == ({"kind": "step", "node": "echo", "message": "<b>$x$</b>\\x1b[2J\\u202e"},)
    assert run.result is not None
    assert run.result["said"] == "<b>$x$</b>\x1b[2J\u202e"
    run.stop()
    assert run.state == "finished"


def test_nothing_is_left_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    until(lambda: not followed())  # runs of earlier tests
    files = len(os.listdir("/proc/self/fd"))
    found = [Run.start({"job": job, "text": ""}, limits=Limits(30), spare=Spare(FAKE)) for job in ("echo", "sleep")]
    assert len(list(tmp_path.iterdir())) == 2
    assert found[0].wait(30)
    found[1].stop()
    until(lambda: not followed())
    assert len(os.listdir("/proc/self/fd")) == files
    assert not list(tmp_path.iterdir())


def test_a_stopped_run_is_gone_within_a_second(start: Start) -> None:
    run = start("sleep")
    (pid,) = told_pids(run, 1)
    begun = time.monotonic()
    run.stop()
    run.stop()
    assert time.monotonic() - begun < 1
    assert (run.state, run.result, run.error) == ("stopped", None, None)
    assert run.wait(0)
    until(lambda: not runs(pid), 1)


def test_a_run_may_be_stopped_before_its_worker_is_ready(start: Start) -> None:
    run = start("sleep")
    run.stop()
    assert run.state == "stopped"
    assert run.pid is not None
    until(lambda: not runs(run.pid or 0), 1)


def test_grandchildren_end_with_a_stopped_run(start: Start) -> None:
    run = start("children")
    pids = told_pids(run, 2)
    assert all(map(runs, pids))
    run.stop()
    until(lambda: not any(map(runs, pids)), 1)


def test_grandchildren_end_with_a_crashed_worker(start: Start) -> None:
    run = start("children", crash=True)
    assert run.wait(20)
    pids = told_pids(run, 2)
    assert run.error == {"kind": "crash", "message": "the worker process died: signal SIGABRT"}
    until(lambda: not any(map(runs, pids)), 1)


@pytest.mark.parametrize(
    ("job", "kind", "words"),
    [
        ("crash", "crash", "signal SIGSEGV"),
        ("leave", "crash", "exit status 7, last words"),
        ("killed", "memory", "signal SIGKILL"),
        ("memory", "memory", "the job needs more memory than one process may use"),
        ("nan", "internal", "please report it"),
        ("bug", "internal", "ZeroDivisionError: \\x1b[2Joops"),
        ("bad", "input", "row q\\nis quadratic"),
    ],
)
def test_whatever_goes_wrong_is_an_error_in_one_line(start: Start, job: str, kind: str, words: str) -> None:
    run = start(job, limits=Limits(60, memory_bytes=900 << 20))
    assert run.wait(30)
    assert (run.state, run.result) == ("failed", None)
    assert run.error is not None
    assert run.error["kind"] == kind
    assert words in run.error["message"]
    assert "\n" not in run.error["message"]
    assert len(run.error["message"]) < 1200
    assert "Traceback" not in run.error["message"]


def test_a_worker_that_closes_its_output_is_ended(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui.running.process, "_LAST_SECONDS", 0.2)
    run = start("close")
    assert run.wait(20)
    assert run.error == {"kind": "crash", "message": "the worker process closed its output without an answer"}


@pytest.mark.parametrize(
    "request_", [{"job": object()}, {"job": "echo", "text": float("nan")}, {"job": {1: 2, "a": b"x"}}]
)
def test_a_request_that_is_no_json_never_starts(request_: dict[str, object]) -> None:
    run = Run.start(request_, limits=Limits(5))
    assert run.wait(0)
    assert run.pid is None
    assert run.error is not None
    assert run.error["kind"] == "input"
    assert "not plain JSON" in run.error["message"]


def test_the_watchdog_ends_what_takes_too_long(start: Start) -> None:
    run = start("sleep", limits=Limits(0.2, grace=0.2))
    assert run.wait(20)
    assert run.error == {"kind": "timeout", "message": "no answer within 0.4 seconds; the worker was stopped"}
    until(lambda: not runs(run.pid or 0), 1)


def test_a_worker_whose_parent_has_forgotten_it_ends_itself() -> None:
    worker = WorkerProcess(FAKE)
    late = threading.Timer(10, worker.kill)
    late.start()
    asked = {"memory_bytes": 0, "seconds": 0.1, "request": {"job": "sleep"}}
    worker.send(json.dumps(asked).encode() + b"\n")
    assert worker.line() == b'{"ready": true}\n'
    assert b"step" in worker.line()
    assert worker.line() == b""
    assert worker.cause() == ("crash", "the worker process died: signal SIGALRM")
    late.cancel()
    worker.close()


def test_a_worker_that_never_gets_ready_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui.running.run, "START_SECONDS", 0.2)
    run = Run.start({"job": "x"}, limits=Limits(60), spare=Spare((sys.executable, "-c", "import time; time.sleep(99)")))
    assert run.wait(10)
    assert run.error == {"kind": "timeout", "message": "the worker was not ready within 0.2 seconds"}


def test_a_worker_that_cannot_start_is_an_error() -> None:
    run = Run.start({"job": "x"}, limits=Limits(60), spare=Spare((sys.executable, "-c", "raise SystemExit('no')")))
    assert run.wait(10)
    assert run.error == {"kind": "crash", "message": "the worker process died: exit status 1, no"}
    run = Run.start({"job": "x"}, limits=Limits(60), spare=Spare(("/no/such/program",)))
    assert run.wait(10)
    assert run.error == {"kind": "internal", "message": "no process can be started: No such file or directory"}


def test_events_are_bounded(start: Start) -> None:
    run = start("events", count=MOST_EVENTS + 7)
    assert run.wait(30)
    assert len(run.events) == MOST_EVENTS + 1
    assert run.events[MOST_EVENTS - 1]["message"] == str(MOST_EVENTS - 1)
    assert run.events[-1] == {"kind": "more", "node": "", "message": "… and 7 more steps"}


def test_endless_output_is_cut_off(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui.running.process, "LONGEST_LINE", 1 << 20)
    monkeypatch.setattr(ui.running.run, "LONGEST_LINE", 1 << 20)
    # The stream of answers is the first descriptor that the worker opened after the standard ones.
    run = start("flood", stream=3)
    assert run.wait(20)
    assert run.error == {"kind": "internal", "message": "the answer is too long"}
    until(lambda: not runs(run.pid or 0), 1)


def test_two_runs_at_once_are_apart(start: Start) -> None:
    first, second, third = start("sleep"), start("crash"), start("echo", text="here")
    assert second.wait(30)
    assert third.wait(30)
    assert (first.state, second.state, third.state) == ("running", "failed", "finished")
    assert len({first.pid, second.pid, third.pid}) == 3


def test_runs_and_spares_end_with_their_parent(tmp_path: Path) -> None:
    program = textwrap.dedent(f"""
        import sys, time
        from ui.running.run import Limits, Run
        from ui.running.spare import Spare
        spare = Spare({FAKE!r})
        spare.keep()
        run = Run.start({{"job": "children"}}, limits=Limits(60), spare=spare)
        while len(run.events) < 2:
            time.sleep(0.01)
        print(run.pid, spare._waiting.pid, *(event["message"] for event in run.events), flush=True)
        time.sleep(1000)
    """)
    command, scratch = [sys.executable, "-c", program], {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=scratch) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert len(pids) == 4
        assert all(map(runs, pids))
        assert list(tmp_path.iterdir())
        parent.kill()
        until(lambda: not any(map(runs, pids)), 5)
    assert not list(tmp_path.iterdir())
