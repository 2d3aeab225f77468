from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tools.solvers.gateway import shutdown
from ui.running.jobs.registry import job_of

EXAMPLES = Path(__file__).resolve().parents[4] / "examples" / "models"

Done = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session", autouse=True)
def _no_solvers_left() -> Iterator[None]:
    yield
    shutdown()


@pytest.fixture
def events() -> list[Mapping[str, Any]]:
    """What the jobs of a test told."""
    return []


@pytest.fixture
def done(events: list[Mapping[str, Any]]) -> Done:
    """Do a job in this process and return its result."""

    def do(job: str, **request: Any) -> dict[str, Any]:
        asked = {"job": job, **request}
        return job_of(asked)(asked, events.append)

    return do


@pytest.fixture
def example() -> Callable[[str], dict[str, Any]]:
    """Return reference and candidate of an example as a request has them."""

    def of(name: str) -> dict[str, Any]:
        return {role: {"path": str(EXAMPLES / name / f"{role}.lp")} for role in ("reference", "candidate")}

    return of
