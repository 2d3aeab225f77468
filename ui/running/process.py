"""One worker process as its parent sees it: a line in, lines out, and an end that leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence

from ui.running.ending import cause_of_end, worker_environment
from ui.running.family import MARK, SCRATCH, end_family

WORKER_COMMAND = (sys.executable, "-P", "-m", "ui.running.worker")

LONGEST_LINE = 256 << 20
"""Bytes of one line that are read from a worker."""

_LAST_SECONDS = 5.0


class WorkerProcess:
    """A child process in a session and with a folder for temporary files of its own.

    The constructor waits for nothing but the creation of the process. It sees the end of its stdin, and then ends, when
    this process ends in any way. `kill` may be called by any thread, the rest by one.
    """

    def __init__(self, command: Sequence[str] = WORKER_COMMAND) -> None:
        self._mark = secrets.token_hex(8)
        self._scratch = tempfile.mkdtemp(prefix=SCRATCH)
        # An ordinary file keeps a chatty solver from filling a pipe, and holds its last words after a crash.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 -- `close` does
        self._gone = threading.Lock()
        self._closed = False
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                start_new_session=True,  # Ctrl-C is for the parent
                env={**worker_environment(), MARK: self._mark, "TMPDIR": self._scratch},
            )
        except BaseException:
            self._errors.close()
            shutil.rmtree(self._scratch, ignore_errors=True)
            raise

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def send(self, line: bytes) -> None:
        """The worker has the line, or is gone; waits while the worker is not reading."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def line(self) -> bytes:
        """Return the next line with its end; without one where the worker ended or the line is too long."""
        assert self._process.stdout is not None
        return self._process.stdout.readline(LONGEST_LINE)

    def kill(self) -> None:
        """No process of the family runs any more."""
        with self._gone:
            if self._closed:
                return
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            end_family(self._mark)

    def cause(self) -> tuple[str, str]:
        """Return kind and message of an end before the answer; it is waited for a few seconds, then brought about."""
        try:
            code = self._process.wait(_LAST_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return "crash", "the worker process closed its output without an answer"
        return cause_of_end(code, self._errors)

    def close(self) -> None:
        """Nothing of the worker is left: no process, pipe or temporary file."""
        self.kill()
        with self._gone:
            self._closed = True
            self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):  # what could not be sent is flushed in vain
                stream.close()
        shutil.rmtree(self._scratch, ignore_errors=True)
