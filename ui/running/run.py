"""One job in a process of its own: it can be watched and stopped, and whatever it does costs itself alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ui.running.process import LONGEST_LINE, WorkerProcess
from ui.running.spare import SPARE, Spare

State = Literal["running", "finished", "failed", "stopped"]

MOST_EVENTS = 2_000
"""Events of one run that are kept."""

START_SECONDS = 180.0
"""How long a worker may take to load everything, on a busy machine with a cold disk."""

_MEMORY_SHARE = 0.4


@dataclass(frozen=True)
class Limits:
    """What a job may take: `seconds`, after which and `grace` it is killed, and bytes of memory for each process.

    Without `memory_bytes`, a job gets 40 % of the machine's memory.
    """

    seconds: float
    memory_bytes: int | None = None
    grace: float = 15.0


class Run:
    """A job that was started. Its properties may be read by any thread at any time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._state: State = "running"
        self._events: list[dict[str, Any]] = []
        self._left_out = 0
        self._result: dict[str, Any] | None = None
        self._error: dict[str, str] | None = None
        self._worker: WorkerProcess | None = None
        self._timer: threading.Timer | None = None

    @classmethod
    def start(cls, job: Mapping[str, Any], *, limits: Limits, spare: Spare = SPARE) -> Run:
        """Return the run of `job`, {"job": name, …}, which goes on by itself; waits for no more than a new process.

        Paths in it are relative to this process's folder. A job that is not plain JSON is a run that failed.
        """
        run = cls(limits)
        try:
            told = {"memory_bytes": _memory(limits), "seconds": limits.seconds + limits.grace, "request": dict(job)}
            line = json.dumps(told, allow_nan=False).encode()
        except (TypeError, ValueError, RecursionError) as error:
            run._settle("failed", error=("input", f"the request is not plain JSON: {str(error)[:200]}"))
            return run
        if len(line) >= LONGEST_LINE:
            run._settle("failed", error=("input", f"the request has {len(line)} bytes; at most {LONGEST_LINE}"))
            return run
        try:
            run._worker = spare.take()
        except OSError as error:
            run._settle("failed", error=("internal", f"no process can be started: {error.strerror}"))
            return run
        run._watch(START_SECONDS, f"the worker was not ready within {START_SECONDS:g} seconds")
        threading.Thread(
            target=run._follow, args=(run._worker, line + b"\n"), name="quasikarp-run", daemon=True
        ).start()
        return run

    @property
    def state(self) -> State:
        """Where the run is."""
        return self._state

    @property
    def events(self) -> tuple[dict[str, Any], ...]:
        """What the job told so far; the first `MOST_EVENTS`, then one that counts the rest."""
        with self._lock:
            if not self._left_out:
                return tuple(self._events)
            return (*self._events, {"kind": "more", "node": "", "message": f"… and {self._left_out} more steps"})

    @property
    def result(self) -> dict[str, Any] | None:
        """What the job returned, once the run has finished."""
        return self._result

    @property
    def error(self) -> dict[str, str] | None:
        """{"kind", "message"} of a run that failed, with kind input, timeout, crash, memory or internal."""
        return self._error

    @property
    def pid(self) -> int | None:
        """The id of the worker process, which may be gone."""
        return None if self._worker is None else self._worker.pid

    def stop(self) -> None:
        """The run has ended: as stopped, unless it had ended before; its processes are gone."""
        self._settle("stopped")

    def wait(self, seconds: float) -> bool:
        """Say whether the run has ended, after at most so many seconds."""
        return self._ended.wait(seconds)

    def _follow(self, worker: WorkerProcess, request: bytes) -> None:
        """Read everything that the worker says, until it ends."""
        try:
            worker.send(request)
            while self._state == "running":
                line = worker.line()
                if not line.endswith(b"\n"):
                    too_long = len(line) >= LONGEST_LINE
                    self._settle("failed", error=("internal", "the answer is too long") if too_long else worker.cause())
                    return
                self._hear(json.loads(line))
        except Exception as error:
            self._settle("failed", error=("internal", f"{type(error).__name__}: {str(error)[:200]}; please report it"))
        finally:
            worker.close()

    def _hear(self, told: dict[str, Any]) -> None:
        if "ready" in told:
            seconds = self._limits.seconds + self._limits.grace
            self._watch(seconds, f"no answer within {seconds:g} seconds; the worker was stopped")
        elif told["kind"] == "result":
            self._settle("finished", result=told["data"])
        elif told["kind"] == "error":
            self._settle("failed", error=(told["error"]["kind"], told["error"]["message"]))
        else:
            with self._lock:
                if len(self._events) < MOST_EVENTS:
                    self._events.append(told)
                else:
                    self._left_out += 1

    def _watch(self, seconds: float, message: str) -> None:
        """After so many seconds from now the run has failed, unless it has ended by then."""
        timer = threading.Timer(seconds, self._settle, ("failed",), {"error": ("timeout", message)})
        timer.daemon = True
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._state != "running":
                return
            self._timer = timer
            timer.start()

    def _settle(
        self, state: State, *, result: dict[str, Any] | None = None, error: tuple[str, str] | None = None
    ) -> None:
        """The run has ended, in the way it ended first."""
        with self._lock:
            if self._state == "running":
                self._result = result
                self._error = None if error is None else {"kind": error[0], "message": error[1]}
                self._state = state
            if self._timer is not None:
                self._timer.cancel()
        if self._worker is not None:
            self._worker.kill()
        self._ended.set()


def _memory(limits: Limits) -> int:
    if limits.memory_bytes is not None:
        return limits.memory_bytes
    import psutil

    return int(psutil.virtual_memory().total * _MEMORY_SHARE)
