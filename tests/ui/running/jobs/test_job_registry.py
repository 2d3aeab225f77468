import json
from collections.abc import Callable
from typing import Any

import pytest

from tools.errors import InputError
from ui.running.jobs.registry import JOBS, job_of
from ui.running.run import Limits, Run


def test_jobs_are_found_by_name() -> None:
    assert set(JOBS) >= {"check", "explain", "formulate", "read", "recall", "seed", "transform", "verify"}
    for name in JOBS:
        job = job_of({"job": name})
        assert (job.__name__, job.__module__) == (name, f"ui.running.jobs.{name}")


@pytest.mark.parametrize("request_", [{}, {"job": None}, {"job": ["check"]}, {"job": "\x1b" + "x" * 10_000}])
def test_an_unknown_job_is_one_line(request_: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"unknown job .*; known are check, verify") as caught:
        job_of(request_)
    assert len(str(caught.value)) < 250


def test_a_real_worker_does_a_job(example: Callable[[str], dict[str, Any]]) -> None:
    settings = {"time_limit": 20, "memory": "none", "planner": "symbolic"}
    run = Run.start({"job": "check", **example("production"), "settings": settings}, limits=Limits(20))
    assert run.wait(60)
    assert run.error is None
    assert run.result is not None
    assert run.result["report"]["verdict"] == "not_equivalent"
    assert json.loads(json.dumps(run.events))[0]["node"] == "ingest"
