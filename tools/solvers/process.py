"""One worker process as its caller sees it: calls with a deadline, and a kill when they do not come back."""

from __future__ import annotations

import json
import os
import pickle
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from tools.errors import SolverError
from tools.solvers.worker import LENGTH

_ROOT = str(Path(__file__).resolve().parents[2])
_PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from tools.solvers.worker import serve
serve(sys.argv[2])
"""

_STARTUP_SECONDS = 60.0
"""How long a worker may take to import its library; a cold disk needs several seconds."""

_ORPHAN_FACTOR = 2.0
"""A worker's own alarm rings at this multiple of its deadline, after its caller should have killed it."""

_CHUNK = 1 << 20

FailureKind = Literal["deadline", "crash", "raised", "memory"]


class WorkerError(SolverError):
    """A call in a worker gave no value: it ran out of time or memory, crashed the process, or raised."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind: FailureKind = kind


class Worker:
    """A child process that has imported `library`; not for use by two threads at once.

    The constructor returns at once; the first call waits for the import. After a `WorkerError` other than "raised" the
    process is gone, and `alive` says so.
    """

    def __init__(self, library: str) -> None:
        self.library = library
        self._ready = False
        # An ordinary file keeps a chatty solver from filling a pipe, and holds its last words after a crash.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        path = [_ROOT, *(entry or os.getcwd() for entry in sys.path)]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM, json.dumps(path), library],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"},
            start_new_session=True,  # Ctrl-C in a terminal is for the caller, who then closes this worker
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._answers = self._process.stdin, self._process.stdout
        os.set_blocking(self._requests.fileno(), False)

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return not self._answers.closed and self._process.poll() is None

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float, memory_bytes: int) -> Any:
        """Return function(*arguments) as computed in the worker, within `seconds`; raises `WorkerError`.

        `function` must be importable by its module and name; it and `arguments` travel as pickles.
        """
        try:
            if not self._ready:
                self._value(self._receive(time.monotonic() + _STARTUP_SECONDS))
                self._ready = True
            deadline = time.monotonic() + seconds
            self._send(
                pickle.dumps((function, arguments, seconds * _ORPHAN_FACTOR, memory_bytes), protocol=5), deadline
            )
            return self._value(self._receive(deadline))
        except WorkerError as error:
            if error.kind != "raised" or not self._ready:
                self.close()
            raise
        except BaseException:  # e.g. Ctrl-C between request and answer: the next answer would be the wrong one
            self.close()
            raise

    def close(self) -> None:
        """End the process and free its pipes; afterwards nothing of it is left. Safe to call twice."""
        if self._process.returncode is None:
            self._process.kill()
            self._process.wait()
        self._close_files()

    def kill(self) -> None:
        """Make a call that another thread waits for fail; that thread then closes this worker."""
        self._process.kill()

    def abandon(self) -> None:
        """Forget the process without ending it: it belongs to the process from which this one was forked."""
        self._process.returncode = 0
        self._close_files()

    def _close_files(self) -> None:
        for stream in (self._requests, self._answers, self._errors):
            stream.close()

    def _send(self, payload: bytes, deadline: float) -> None:
        descriptor = self._requests.fileno()
        rest = memoryview(LENGTH.pack(len(payload)) + payload)
        while rest:
            self._wait(descriptor, select.POLLOUT, deadline)
            try:
                rest = rest[os.write(descriptor, rest[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise self._crash() from None

    def _receive(self, deadline: float) -> bytes:
        length = LENGTH.unpack(self._read(LENGTH.size, deadline))[0]
        return self._read(length, deadline)

    def _read(self, length: int, deadline: float) -> bytes:
        descriptor = self._answers.fileno()
        parts: list[bytes] = []
        while length:
            self._wait(descriptor, select.POLLIN, deadline)
            part = os.read(descriptor, min(length, _CHUNK))
            if not part:
                raise self._crash()
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        remaining = deadline - time.monotonic()
        poll = select.poll()
        poll.register(descriptor, event)
        if remaining <= 0 or not poll.poll(remaining * 1000):
            raise WorkerError("deadline", f"the worker of {self.library!r} did not answer in time and was killed")

    def _value(self, payload: bytes) -> Any:
        answer = pickle.loads(payload)
        if answer[0] == "value":
            return answer[1]
        _, name, text = answer
        if name == "MemoryError":
            raise WorkerError("memory", f"the worker of {self.library!r} ran out of memory; raise the memory limit")
        raise WorkerError("raised", f"{name}: {text}")

    def _crash(self) -> WorkerError:
        code = self._process.wait()
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        size = os.fstat(self._errors.fileno()).st_size
        words = os.pread(self._errors.fileno(), 4000, max(0, size - 4000)).decode(errors="replace").split()
        kind: FailureKind = "memory" if {"std::bad_alloc", "MemoryError"} & set(words) else "crash"
        return WorkerError(
            kind, f"the worker of {self.library!r} ended with {how}: {' '.join(words)[-300:]}".rstrip(": ")
        )
