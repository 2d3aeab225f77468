"""One statement of a report, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tools.report import ClaimName

Topic = Literal[
    "verdict",
    "reason",
    "mapping",
    "objective",
    "counterexample",
    "claims",
    "certainty",
    "tried",
    "limits",
    "next",
    "models",
]

CLAIM_WORDS: dict[ClaimName, str] = {
    "status": "both models have an optimum, both are infeasible, or both are unbounded",
    "value": "the optimal values correspond",
    "optimum": "one optimum of the candidate maps to an optimum of the reference",
    "optima": "every optimum of the candidate maps to an optimum of the reference",
    "sound": "every solution of the candidate maps to a solution of the reference that is no worse",
    "complete": "every solution of the reference is the image of a candidate solution that is no worse",
}

STATUS_WORDS = {"optimal": "has an optimum", "infeasible": "is infeasible", "unbounded": "is unbounded"}


@dataclass(frozen=True)
class Fact:
    """One statement of the report; `lines` belong to it and are shown below it, such as the rules of a mapping."""

    topic: Topic
    text: str
    lines: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """The statement with its lines, as one line."""
        return " ".join((self.text, "; ".join(self.lines))) if self.lines else self.text
