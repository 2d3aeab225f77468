"""One step of a node: its messages go to whoever streams the run, its duration into the state."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from langgraph.config import get_stream_writer


@dataclass
class StepLog:
    """Call it with a message to stream it; `seconds` holds {stage: duration} once the step has ended."""

    stage: str
    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, message: str) -> None:
        """Stream one line about this step."""
        get_stream_writer()({"node": self.stage, "message": message})

    def warn(self, messages: Iterable[str]) -> None:
        """Stream what the user should be told although the run goes on."""
        for message in messages:
            get_stream_writer()({"node": self.stage, "message": message, "warning": True})


@contextmanager
def step(stage: str) -> Iterator[StepLog]:
    """Time the body under `stage`."""
    log = StepLog(stage)
    started = time.monotonic()
    yield log
    log.seconds[stage] = time.monotonic() - started
