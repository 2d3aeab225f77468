"""What a run tells while it works: one event a step, the last one carrying the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tools.report import Report

EventKind = Literal["step", "warning", "question", "report"]


@dataclass(frozen=True)
class Event:
    """One step of the graph in one line, something the user should be told, a question, or the final report.

    A question carries the report as it stands; the run waits for the answer.
    """

    kind: EventKind
    node: str
    message: str
    report: Report | None = None
