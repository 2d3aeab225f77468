"""What every worker process does with itself: stdout kept for answers, a memory limit, errors as answers."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import TextIO

from tools.errors import InputError


def answers_only() -> TextIO:
    """Return the stream to the parent; what solvers print to stdout from now on is dropped."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.close(silence)
    return answers


def limit_memory(limit: int) -> None:
    """This process and its children get at most so many bytes each; 0 is no limit."""
    if limit:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def die_before_the_parent() -> None:
    """When memory runs out all the same, the kernel ends this process rather than who started it."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    except OSError:
        return


def fault_of(error: Exception, too_large: str) -> tuple[str, str]:
    """Return kind (input, memory or internal) and message of what went wrong; `too_large` is told of memory."""
    if isinstance(error, InputError):
        return "input", str(error)
    if isinstance(error, MemoryError):
        return "memory", too_large
    return "internal", f"{type(error).__name__}: {error}; please report it"
