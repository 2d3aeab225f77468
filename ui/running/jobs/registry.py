"""Every job, by the name in a request; a new one gets one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tools.errors import InputError
from ui.running.jobs.check import check
from ui.running.jobs.diff import diff
from ui.running.jobs.drop import drop
from ui.running.jobs.draw import draw
from ui.running.jobs.explain import explain
from ui.running.jobs.formulate import formulate
from ui.running.jobs.interpret import interpret
from ui.running.jobs.read import read
from ui.running.jobs.recall import recall
from ui.running.jobs.seed import seed
from ui.running.jobs.transform import transform
from ui.running.jobs.verify import verify
from ui.safe_text import safe

Request = Mapping[str, Any]
Emit = Callable[[Mapping[str, Any]], None]
Job = Callable[[Request, Emit], dict[str, Any]]

JOBS: Mapping[str, Job] = {
    "check": check,
    "diff": diff,
    "drop": drop,
    "draw": draw,
    "explain": explain,
    "formulate": formulate,
    "interpret": interpret,
    "read": read,
    "recall": recall,
    "seed": seed,
    "transform": transform,
    "verify": verify,
}


def job_of(request: Request) -> Job:
    """Return the job that `request` names; raises `InputError` where there is none."""
    name = request.get("job")
    if not isinstance(name, str) or name not in JOBS:
        raise InputError(f"unknown job {safe(str(name))!r}; known are {', '.join(JOBS)}")
    return JOBS[name]
