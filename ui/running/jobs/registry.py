"""Every job, by the name in a request; a new one gets one word here and the file of that name.

A job's file is imported when the job is asked for, or before, by `load`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from tools.errors import InputError
from ui.safe_text import safe

Request = Mapping[str, Any]
Emit = Callable[[Mapping[str, Any]], None]
Job = Callable[[Request, Emit], dict[str, Any]]

NAMES = (
    "check",
    "verify",
    "certify",
    "verify_certificate",
    "read",
    "explain",
    "recall",
    "transform",
    "drop",
    "diff",
    "draw",
    "formulate",
    "interpret",
    "seed",
)
"""In the order in which a worker that waits loads them."""


def job_of(request: Request) -> Job:
    """Return the job that `request` names; raises `InputError` where there is none."""
    name = request.get("job")
    if not isinstance(name, str) or name not in NAMES:
        raise InputError(f"unknown job {safe(str(name))!r}; known are {', '.join(NAMES)}")
    return load(name)


def load(name: str) -> Job:
    """Return the job of that name, its file imported."""
    job: Job = getattr(import_module(f"ui.running.jobs.{name}"), name)
    return job


def _when_called(name: str) -> Job:
    def job(request: Request, emit: Emit) -> dict[str, Any]:
        return load(name)(request, emit)

    return job


JOBS: Mapping[str, Job] = {name: _when_called(name) for name in NAMES}
