"""One process at a time on an index, and how a process notices that another one wrote.

Two processes on one chroma folder corrupt it silently, even when one of them only reads with what it loaded earlier.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSE = 0.01


class IndexUnavailableError(Exception):
    """An index cannot answer now; says why, and never leaves the stores."""


class Hold:
    """The lock while it is held; `generation` changes with every write, also when lock files come and go."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @property
    def generation(self) -> bytes:
        """What the last writer left."""
        return os.pread(self._descriptor, 64, 0)

    def announce_write(self) -> bytes:
        """Make every other client stale and return the new generation; to be called before anything is written."""
        generation = os.urandom(16).hex().encode()
        os.pwrite(self._descriptor, generation, 0)
        return generation


@contextmanager
def index_lock(path: Path, seconds: float) -> Iterator[Hold]:
    """Hold the lock at `path` during the block; raises `IndexUnavailableError` when it is not free within `seconds`."""
    descriptor = _locked(path, time.monotonic() + seconds)
    try:
        yield Hold(descriptor)
    finally:
        os.close(descriptor)  # and with it the lock, as at the death of the process


def _locked(path: Path, deadline: float) -> int:
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise IndexUnavailableError(f"the folder cannot be written ({error.strerror})") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _same_file(descriptor, path):
                return descriptor
        except BlockingIOError:
            pass
        except OSError as error:
            os.close(descriptor)
            raise IndexUnavailableError(f"the folder's file system has no locks ({error.strerror})") from error
        os.close(descriptor)
        if time.monotonic() > deadline:
            raise IndexUnavailableError("another process is using it")
        time.sleep(_PAUSE)


def _same_file(descriptor: int, path: Path) -> bool:
    """Say whether the locked file is still the one in the folder: a lock on a deleted file excludes nobody."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
