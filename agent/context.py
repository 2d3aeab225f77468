"""What a run holds in memory and no checkpoint keeps: the models, their provers, the planners' position."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from agent.hypothesis import Attempt, Hypothesis, HypothesisDocument, TrialDocument
from agent.language.brief.summary import PairDigest
from agent.language.chat import ChatModel
from agent.language.choice import Chosen
from agent.language.ledger import Ledger
from agent.recollection import Recollection
from agent.settings import Settings
from tools.claims.carrier import Carrier
from tools.claims.verify import Pair
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.mapping.patterns import NameTable
from tools.synthesis.fill import POINTS
from tools.synthesis.points import sample_points


@dataclass
class RunContext:
    """Shared by all nodes of one run, rebuilt when a killed run resumes.

    `load_reference` and `load_candidate` read the models once, on first use. `budget` carries the deadline.
    `recollection` is the way to memory. `pool` holds the exact candidate points of the state, and `trials` what became
    of hypotheses, for planners that learn from them. `answered` counts the user's answers that were planned for.
    `chosen` is the language model to ask; `planning` says in words who plans, and `notices` collects what the user
    should be told about it; `planner_seconds` says what each planner took.
    """

    load_reference: Callable[[], Formulation]
    load_candidate: Callable[[], Formulation]
    settings: Settings
    budget: Budget
    recollection: Recollection = field(default_factory=Recollection)
    chosen: Chosen = field(default_factory=lambda: Chosen(None, "asked for"))
    trials: list[TrialDocument] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    planning: str = ""
    planner_seconds: dict[str, float] = field(default_factory=dict)
    proposals: Iterator[list[Hypothesis | Attempt]] | None = None
    answered: int = 0
    pool: list[list[Fraction]] = field(default_factory=list)
    _language: ChatModel | None = None
    _samples: list[Sequence[Fraction]] | None = None
    _carriers: dict[str, Carrier] = field(default_factory=dict)

    @cached_property
    def reference(self) -> Formulation:
        """The reference model."""
        return self.load_reference()

    @cached_property
    def candidate(self) -> Formulation:
        """The candidate model."""
        return self.load_candidate()

    @cached_property
    def pair(self) -> Pair:
        """Both models with provers and facts that all hypotheses share."""
        return Pair(self.reference, self.candidate, self.budget)

    @cached_property
    def names(self) -> tuple[NameTable, NameTable]:
        """The variables of the reference and of the candidate by their index patterns."""
        return NameTable(self.reference.variables), NameTable(self.candidate.variables)

    @cached_property
    def digest(self) -> PairDigest:
        """Both models, to be told to a language model in brief."""
        return PairDigest(self.reference, self.candidate)

    @cached_property
    def completed(self) -> frozenset[str]:
        """Reference variables that a modelling layer added: a mapping completes them and reports do not show them."""
        return frozenset(self.reference.variables[j] for j in self.reference.auxiliary)

    @contextmanager
    def timed(self, planner: str) -> Iterator[None]:
        """Count the time of this block as the planner's."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.planner_seconds[planner] = self.planner_seconds.get(planner, 0.0) + time.monotonic() - started

    def take_seconds(self) -> dict[str, float]:
        """Return what planners took since this was asked before."""
        taken, self.planner_seconds = self.planner_seconds, {}
        return taken

    def take_notices(self) -> list[str]:
        """Return what the user should be told and was not told before."""
        taken, self.notices = self.notices, []
        return taken

    @cached_property
    def ledger(self) -> Ledger | None:
        """What the language model of this run has cost; None where there is none."""
        return None if self.chosen.model is None else self.chosen.ledger()

    @property
    def language(self) -> ChatModel:
        """The language model, opened when first asked for."""
        if self._language is None:
            self._language = self.chosen.open()
        return self._language

    def close(self) -> None:
        """Give up a question to a language model that was opened here."""
        if self._language is not None and self._language is not self.chosen.model:
            self._language.close()

    @contextmanager
    def ending_early(self, seconds: float) -> Iterator[None]:
        """Let planners that begin in this block end so many seconds before the run does."""
        whole = self.budget
        if seconds:
            self.budget = whole.ending(max(0.0, whole.remaining - seconds))
        try:
            yield
        finally:
            self.budget = whole

    def samples(self, points: Iterable[Sequence[Fraction]]) -> list[Sequence[Fraction]]:
        """Return exact candidate points, sampled once for the run after those given at first."""
        if self._samples is None:
            self._samples = sample_points(self.pair.candidate, POINTS, self.settings.seed, points)
        return self._samples

    def carrier(self, document: HypothesisDocument, pair: Pair | None = None) -> Carrier:
        """Return the hypothesis's recovery in the form that claims are decided in, within the budget of `pair`."""
        if document["id"] not in self._carriers:
            hypothesis = Hypothesis.from_document(document)
            self._carriers[document["id"]] = Carrier.of(
                self.reference, self.pair.candidate, hypothesis.recovery, hypothesis.completed
            )
        carrier = self._carriers[document["id"]]
        return carrier if pair is None or pair is self.pair else carrier.within(pair.candidate)

    def describe(self, document: HypothesisDocument) -> dict[str, Any]:
        """Return origin and rationale, for events."""
        return {"origin": document["origin"], "rationale": document["rationale"]}
