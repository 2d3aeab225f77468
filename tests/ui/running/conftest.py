import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ui.running.run import Limits, Run
from ui.running.spare import Spare

Start = Callable[..., Run]


FAKE = (sys.executable, str(Path(__file__).with_name("fake_job_worker.py")))


@pytest.fixture(scope="session")
def fakes() -> Iterator[Spare]:
    """Warm workers whose jobs misbehave."""
    spare = Spare(FAKE)
    spare.keep()
    yield spare
    spare.close()


@pytest.fixture
def start(fakes: Spare) -> Iterator[Start]:
    """Start a job of the fake worker; what still runs at the end is stopped."""
    runs: list[Run] = []

    def started(job: str, *, limits: Limits | None = None, **request: Any) -> Run:
        runs.append(Run.start({"job": job, **request}, limits=limits or Limits(60), spare=fakes))
        return runs[-1]

    yield started
    for run in runs:
        run.stop()
