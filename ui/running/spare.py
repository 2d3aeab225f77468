"""One worker that has everything loaded waits for the next job, so that jobs begin at once."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from ui.running.process import WORKER_COMMAND, WorkerProcess


class Spare:
    """Keeps one warm worker once `keep` was called; for use by several threads."""

    def __init__(self, command: Sequence[str] = WORKER_COMMAND) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._waiting: WorkerProcess | None = None
        self._keeping = False

    def keep(self) -> None:
        """A worker is being made ready, and another one whenever it is taken."""
        with self._lock:
            self._keeping = True
            self._refill()

    def take(self) -> WorkerProcess:
        """Return a worker for one job, the one that waited where there is one; it is the caller's to close."""
        with self._lock:
            worker, self._waiting = self._waiting, None
            if worker is not None and not worker.alive:
                worker.close()
                worker = None
            if worker is None:
                worker = WorkerProcess(self._command)
            if self._keeping:
                self._refill()
            return worker

    def close(self) -> None:
        """No worker waits any more, and none will."""
        with self._lock:
            self._keeping = False
            if self._waiting is not None:
                self._waiting.close()
                self._waiting = None

    def _refill(self) -> None:
        if self._waiting is not None and not self._waiting.alive:
            self._waiting.close()
            self._waiting = None
        if self._waiting is None:
            self._waiting = WorkerProcess(self._command)


SPARE = Spare()
"""The one of this process, from which `Run.start` takes; a server calls `SPARE.keep()` once."""
