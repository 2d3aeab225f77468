"""The worker processes of this process: kept warm between calls, one library each, usable from several threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tools.solvers.process import Worker

_KEPT_IDLE = 2
"""Idle workers kept for each library; further threads get workers of their own, which end after their call."""


class WorkerPool:
    """Workers by library. Every method may be called from any thread; a forked child starts with an empty pool."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: dict[str, list[Worker]] = {}
        self._busy: set[Worker] = set()

    def call(
        self, library: str, function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float, memory_bytes: int
    ) -> Any:
        """Return function(*arguments) from a worker that has loaded `library`; raises `WorkerError`."""
        worker = self._take(library)
        try:
            return worker.call(function, arguments, seconds, memory_bytes)
        finally:
            self._give_back(worker)

    def start(self, library: str) -> None:
        """Ensure that a worker of `library` runs or is starting; returns at once."""
        self._give_back(self._take(library))

    def close(self) -> None:
        """End every idle worker, and every busy one, whose call then fails. The pool can be used again."""
        with self._lock:
            idle = [worker for workers in self._idle.values() for worker in workers]
            busy = list(self._busy)
            self._idle.clear()
            self._busy.clear()
        for worker in busy:
            worker.kill()
        for worker in idle:
            worker.close()

    def forget(self) -> None:
        """Drop all workers without ending them: after a fork they belong to the parent."""
        workers = [*self._busy, *(worker for idle in self._idle.values() for worker in idle)]
        self._lock = threading.Lock()  # a thread that no longer exists may have held the old one
        self._idle = {}
        self._busy = set()
        for worker in workers:
            worker.abandon()

    def _take(self, library: str) -> Worker:
        with self._lock:
            idle = self._idle.setdefault(library, [])
            while idle:
                worker = idle.pop()
                if worker.alive:
                    self._busy.add(worker)
                    return worker
                worker.close()
        worker = Worker(library)
        with self._lock:
            self._busy.add(worker)
        return worker

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            ours = worker in self._busy
            self._busy.discard(worker)
            idle = self._idle.setdefault(worker.library, [])
            if ours and worker.alive and len(idle) < _KEPT_IDLE:
                idle.append(worker)
                return
        worker.close()
