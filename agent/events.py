"""What a run tells while it works: one event a step, the last one carrying the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tools.report import Report

EventKind = Literal["step", "report"]


@dataclass(frozen=True)
class Event:
    """One step of the graph: the node that finished, what it found in one line, or the final report."""

    kind: EventKind
    node: str
    message: str
    report: Report | None = None
