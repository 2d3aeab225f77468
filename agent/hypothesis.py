"""A proposed mapping on its way through the graph, and what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypedDict

from tools.mapping.total import TotalMapping
from tools.report import Outcome

MEMORY = "memory:"
"""How the origin of a recalled hypothesis starts; the record's id follows."""


def is_recalled(origin: str) -> bool:
    """Say whether a hypothesis of this origin came from memory."""
    return origin.startswith(MEMORY)


LANGUAGE_MODEL = "llm:"
"""How the origin of a hypothesis by a language model starts; the model's name follows."""


def is_by_language_model(origin: str) -> bool:
    """Say whether a hypothesis of this origin came from a language model."""
    return origin.startswith(LANGUAGE_MODEL)


HINT = "user:hint"
"""The origin of what the user hinted at."""

RULES_SHOWN = 20
"""How many rules of a hypothesis the list of what was tried keeps."""

Scope = Literal["this mapping", ""]


class HypothesisDocument(TypedDict):
    """A hypothesis as the graph's state stores it: text only, so that any checkpointer can keep it exactly."""

    id: str
    origin: str
    rationale: str
    scope: Scope
    rules: list[str]
    recovery: str
    completed: list[str]
    lifting: str | None
    structural: bool


class TrialDocument(TypedDict):
    """What became of one hypothesis.

    `rank` > 0 puts it later in its round; `lesson` says with exact numbers what failed, for whoever plans next.
    """

    id: str
    origin: str
    rules: list[str]
    outcome: Outcome
    reason: str
    rank: int
    lesson: str


ID_LENGTH = 16


def is_covered(identifier: str, tried: Iterable[str]) -> bool:
    """Say whether the same recovery was tried as one that counts for as much.

    A mapping that the user asked about is refuted for good, and a structural one needs no completeness: proposed as
    such, it is worth another verification, though not the other way round.
    """
    weight = set(identifier.split("-")[1:]) - {"recalled"}
    return any(other[:ID_LENGTH] == identifier[:ID_LENGTH] and weight <= set(other.split("-")[1:]) for other in tried)


@dataclass(frozen=True)
class Attempt:
    """Something that a planner tried and that gave no mapping, with the reason: the report lists it.

    `rules` say what was looked for; `refuted` that an exact proof shows that there is no such mapping.
    """

    origin: str
    rules: tuple[str, ...]
    reason: str
    refuted: bool = False

    def trial(self) -> TrialDocument:
        """Return what became of it; its id hashes origin and rules."""
        key = "\0".join((self.origin, *self.rules))
        return {
            "id": hashlib.sha256(key.encode()).hexdigest()[:ID_LENGTH],
            "origin": self.origin,
            "rules": list(self.rules[:RULES_SHOWN]),
            "outcome": "refuted" if self.refuted else "undecided",
            "reason": self.reason,
            "rank": 0,
            "lesson": self.reason,
        }


@dataclass(frozen=True)
class Hypothesis:
    """A recovery (and maybe a lifting) with its origin and rationale.

    `scope` is "this mapping" when a refutation of exactly this mapping answers the user's question: the user gave it,
    or the candidate uses the reference's variable names and it is the identity on them. Reference variables in
    `completed` are completed rather than mapped. `structural` says that the planner composed the recovery of reversible
    steps and renamings, so that no coefficient was picked to make things fit.
    """

    recovery: TotalMapping
    origin: str
    rationale: str
    scope: Scope = ""
    lifting: TotalMapping | None = None
    completed: frozenset[str] = frozenset()
    structural: bool = False

    def document(self, rules: list[str]) -> HypothesisDocument:
        """Return the hypothesis as text, with its rules; its id hashes the recovery, so that none is tried twice.

        The id ends with what makes the same recovery count for more (see `is_covered`), or with where it came from when
        that is memory: a mapping that a stranger's record suggests and a planner's own are refuted apart.
        """
        recovery = json.dumps(self.recovery.to_json(), sort_keys=True, separators=(",", ":"))
        key = "\0".join([recovery, *sorted(self.completed)])
        weight = ("-asked" if self.scope else "") + ("-structural" if self.structural else "")
        weight += "-recalled" if is_recalled(self.origin) else ""
        return {
            "id": hashlib.sha256(key.encode()).hexdigest()[:ID_LENGTH] + weight,
            "origin": self.origin,
            "rationale": self.rationale,
            "scope": self.scope,
            "rules": rules,
            "recovery": recovery,
            "completed": sorted(self.completed),
            "lifting": None if self.lifting is None else json.dumps(self.lifting.to_json()),
            "structural": self.structural,
        }

    @classmethod
    def from_document(cls, document: HypothesisDocument) -> Hypothesis:
        """Return the hypothesis that `document` describes."""
        lifting = document["lifting"]
        return cls(
            TotalMapping.from_json(json.loads(document["recovery"])),
            document["origin"],
            document["rationale"],
            document["scope"],
            None if lifting is None else TotalMapping.from_json(json.loads(lifting)),
            frozenset(document["completed"]),
            document["structural"],
        )
