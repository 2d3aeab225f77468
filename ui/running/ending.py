"""How a worker process ended, as its parent tells it: the signal or exit status, and its last words."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from typing import IO

from ui.safe_text import safe

_LAST_WORDS = 2000


def worker_environment() -> Mapping[str, str]:
    """Return the environment of a worker: ours, with one thread for numerical libraries unless we say otherwise."""
    return {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **os.environ}


def cause_of_end(code: int | None, errors: IO[bytes]) -> tuple[str, str]:
    """Return kind (memory or crash) and message for a worker that ended with `code` before it had answered."""
    end = how_it_ended(code, errors)
    out_of_memory = code == -signal.SIGKILL or "bad_alloc" in end
    return ("memory" if out_of_memory else "crash"), f"the worker process died: {end}"


def how_it_ended(code: int | None, errors: IO[bytes]) -> str:
    """Return "signal SIGSEGV, Segmentation fault" and the like; `errors` is the file that took its stderr."""
    how = f"exit status {code}" if code is None or code >= 0 else f"signal {signal.Signals(-code).name}"
    errors.seek(0, os.SEEK_END)
    errors.seek(max(0, errors.tell() - _LAST_WORDS))
    lines = errors.read().decode("utf-8", "backslashreplace").split("\n")
    words = next((line for line in reversed(lines) if line.strip()), "")
    return f"{how}, {safe(words, 200)}" if words else how
