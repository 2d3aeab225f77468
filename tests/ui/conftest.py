"""Models, reports and a stand-in for the agent, so that these tests decide nothing and start no solver."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

import pytest

import ui.check_command
from agent.events import Event
from agent.settings import Settings
from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector
from tools.report import (
    CLAIM_NAMES,
    ClaimSummary,
    CounterexampleSummary,
    HypothesisSummary,
    MappingSummary,
    ModelSummary,
    Report,
)

Row = tuple[str, dict[str, Fraction | int], float, float]


@pytest.fixture
def build() -> Callable[..., Formulation]:
    """Build a model from {variable: (lower, upper, kind)}, {variable: cost} and rows (name, terms, lower, upper)."""

    def builder(
        variables: dict[str, tuple[float, float, int]],
        objective: dict[str, Fraction | int],
        rows: list[Row],
        **more: Any,
    ) -> Formulation:
        names = list(variables)
        terms = [(names.index(name), Fraction(a)) for _, row, _, _ in rows for name, a in row.items()]
        starts = [0]
        for _, row, _, _ in rows:
            starts.append(starts[-1] + len(row))
        return Formulation.build(
            variables=names,
            lower=ExactVector.of([v[0] for v in variables.values()]),
            upper=ExactVector.of([v[1] for v in variables.values()]),
            kinds=[v[2] for v in variables.values()],
            objective=ExactVector.of([objective.get(name, 0) for name in names]),
            rows=[row[0] for row in rows],
            row_lower=ExactVector.of([row[2] for row in rows]),
            row_upper=ExactVector.of([row[3] for row in rows]),
            indptr=starts,
            columns=[j for j, _ in terms],
            coefficients=ExactVector.of([a for _, a in terms]),
            **more,
        )

    return builder


@pytest.fixture
def reference_model(build: Callable[..., Formulation]) -> Formulation:
    variables = {"x": (0.0, 10.0, 1), "y": (0.0, 10.0, 1)}
    return build(variables, {"x": 5, "y": 4}, [("cap", {"x": 3, "y": 2}, -inf, 10.0)], name="ref", sense="maximize")


@pytest.fixture
def candidate_model(build: Callable[..., Formulation]) -> Formulation:
    variables = {"u": (0.0, 10.0, 1), "v": (0.0, 10.0, 1)}
    return build(variables, {"u": -5, "v": -4}, [("cap", {"u": 3, "v": 1}, -inf, 10.0)], name="cand")


@pytest.fixture
def equivalent() -> Report:
    return Report(
        verdict="equivalent",
        contract="quasi-karp",
        relation="narrowing",
        scope=None,
        reason="every row carries over",
        claims={name: ClaimSummary("proved", "exact", f"why {name} holds") for name in CLAIM_NAMES},
        mapping=MappingSummary(
            rules=("x = u", "y = v"),
            recovery={"x": {"constant": "0", "terms": {"u": "1"}}, "y": {"constant": "0", "terms": {"v": "1"}}},
            completed=(),
            lifting=None,
            objective={"scale": "2", "offset": "3"},
            origin="symbolic:names",
        ),
        counterexample=None,
        hypotheses=(HypothesisSummary("symbolic:names", ("x = u", "y = v"), "verified", "all claims proved"),),
        reference=ModelSummary("ref", 2, 2, 1, 2, "optimal", -20.0),
        candidate=ModelSummary("cand", 2, 2, 1, 2, "optimal", -20.0),
        seconds={"total": 0.25, "ingest": 0.1, "verify": 0.15},
        model_calls=0,
    )


@pytest.fixture
def refuted(equivalent: Report) -> Report:
    return replace(
        equivalent,
        verdict="not_equivalent",
        relation="relaxation",
        scope="this mapping",
        reason="an optimum of the candidate maps outside the reference",
        claims={**equivalent.claims, "sound": ClaimSummary("refuted", "exact", "row cap is broken")},
        counterexample=CounterexampleSummary(
            claim="sound",
            point_of="candidate",
            point={"u": "3", "v": "1"},
            image={"x": "3", "y": "1"},
            violates="row cap",
            explanation="the image breaks row cap",
        ),
        hypotheses=(HypothesisSummary("symbolic:names", ("x = u", "y = v"), "refuted", "row cap"),),
    )


@pytest.fixture
def undecided(equivalent: Report) -> Report:
    return replace(equivalent, verdict="unknown", relation="undetermined", reason="out of ideas", mapping=None)


@pytest.fixture
def agent_says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Settings]]:
    """Let the agent warn and answer with this report (or raise this); returns the settings it was given, as a list."""

    def install(answer: Report | Exception, warnings: Sequence[str] = ()) -> list[Settings]:
        calls: list[Settings] = []

        def stream(reference: Path, candidate: Path, settings: Settings) -> Iterator[Event]:
            calls.append(settings)
            yield Event("step", "ingest", "read both models")
            for warning in warnings:
                yield Event("warning", "recall", warning)
            if isinstance(answer, Exception):
                raise answer
            yield Event("report", "conclude", "done", answer)

        monkeypatch.setattr(ui.check_command, "stream", stream)
        return calls

    return install


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two files that exist."""
    paths = tmp_path / "reference.lp", tmp_path / "candidate.lp"
    for path, name in zip(paths, "xu", strict=True):
        path.write_text(f"minimize\n obj: {name}\nsubject to\n cap: {name} >= 1\nend\n", encoding="utf-8")
    return paths


@pytest.fixture
def quasikarp() -> list[str]:
    """The command line as a child process, without anything that a shell may have set."""
    return [sys.executable, "-m", "ui.cli"]
