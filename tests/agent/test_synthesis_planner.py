"""Hypotheses from synthesis: found without names, completed where something is left out, taught by the pool."""

from collections.abc import Generator, Iterable
from fractions import Fraction

import pytest
from fooling import lp

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from agent.planners import registry, synthesis
from agent.planners.synthesis import synthesis_hypotheses
from agent.run import check
from agent.settings import Settings
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.synthesis.sketched import Sketched

ARCS = lp(
    "min 3 sa + 5 sb + ab + 9 at + 4 bt",
    *("sa + sb = 10", "sa - ab - at = 0", "sb + ab - bt = 0"),
    bounds="sa <= 8,sb <= 9,ab <= 4,at <= 7,bt <= 9",
)
PATHS = lp(
    "min 12 q1 + 8 q2 + 9 q0",
    *("q1 + q2 + q0 = 10", "q1 + q2 <= 8", "q0 <= 9", "q2 <= 4", "q1 <= 7", "q0 + q2 <= 9"),
)
"""Of the paths q1 is sat, q2 sabt and q0 sbt."""


def context(reference: Formulation, candidate: Formulation) -> RunContext:
    return RunContext(lambda: reference, lambda: candidate, Settings(), Budget.lasting(30))


def test_flows_on_paths_give_flows_on_arcs() -> None:
    first = next(synthesis_hypotheses(context(ARCS, PATHS)))
    assert first.origin == "symbolic:synthesis-selection"
    assert (first.scope, first.structural, first.completed) == ("", False, frozenset())
    image = first.recovery.apply({"q1": Fraction(5), "q2": Fraction(1), "q0": Fraction(4)})
    assert image == {"sa": 6, "sb": 4, "ab": 1, "at": 5, "bt": 5}


def test_what_synthesis_finds_is_verified_like_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "PLANNERS", {"synthesis": synthesis_hypotheses})
    report = check(ARCS, PATHS, Settings("reformulation", time_limit=30))
    assert (report.verdict, report.relation) == ("equivalent", "reformulation")
    assert report.mapping is not None
    assert report.mapping.origin.startswith("symbolic:synthesis")
    assert report.claims["complete"].strength == "exact"


def test_models_without_a_map_give_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another capacity of bt cuts off flows that cost least: nothing that is found may pass."""
    monkeypatch.setattr(registry, "PLANNERS", {"synthesis": synthesis_hypotheses})
    narrow = lp(
        "min 12 q1 + 8 q2 + 9 q0",
        *("q1 + q2 + q0 = 10", "q1 + q2 <= 8", "q0 <= 9", "q2 <= 4", "q1 <= 7", "q0 + q2 <= 6"),
    )
    report = check(ARCS, narrow, Settings(time_limit=20))
    assert report.verdict == "unknown"
    assert any(hypothesis.origin.startswith("symbolic:synthesis") for hypothesis in report.hypotheses)
    assert all(hypothesis.outcome != "verified" for hypothesis in report.hypotheses)


POINT = [Fraction(1), Fraction(2), Fraction(3)]


def sketched(*names: str, left_out: tuple[str, ...] = ()) -> Sketched:
    expressions = {name: AffineExpression.variable(name.lower()) for name in names}
    return Sketched(expressions, left_out, "core", "because")


def test_points_of_the_pool_are_given_at_the_start_and_after_each_hypothesis(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Iterable] = []

    def fake(*args: object, points: Iterable, **options: object) -> Generator[Sketched, Iterable | None, None]:
        heard.append(list(points))
        for _ in range(2):
            heard.append((yield sketched("A", "B", "C")))

    monkeypatch.setattr(synthesis, "synthesise", fake)
    run = context(lp("min A + B + C", "r: A + B + C >= 1"), lp("min a + b + c", "r: a + b + c >= 1"))
    run.pool = [POINT]
    found: list[Hypothesis] = []
    for hypothesis in synthesis_hypotheses(run):
        found.append(hypothesis)
        run.pool = [*run.pool, [value + len(found) for value in POINT]]
    assert [len(list(points)) for points in heard] == [1, 2, 3]
    assert [hypothesis.origin for hypothesis in found] == ["symbolic:synthesis-core"] * 2
    assert {name: str(e) for name, e in found[0].recovery.expressions.items()} == {"A": "a", "B": "b", "C": "c"}


def test_what_is_left_out_is_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    """t is away from the objective, and 9 − 3a or any smaller value of at least 1 will do."""
    monkeypatch.setattr(
        synthesis, "synthesise", lambda *args, **options: (s for s in [sketched("A", "B", left_out=("t",))])
    )
    reference = lp("min 2 A + 3 B", "A + B >= 1", "3 A + t <= 9", bounds="A <= 1,B <= 1,1 <= t <= 9", integer="A B")
    candidate = lp("min 2 a + 3 b", "a + b >= 1", bounds="a <= 1,b <= 1", integer="a b")
    found = list(synthesis_hypotheses(context(reference, candidate)))
    assert found
    for hypothesis in found:
        assert hypothesis.completed == {"t"}
        assert hypothesis.origin == "symbolic:synthesis-core"
        assert set(hypothesis.recovery.expressions) == {"A", "B", "t"}
        assert "completed: t" in hypothesis.rationale
    report = check(reference, candidate, Settings("reformulation", time_limit=20))
    assert report.verdict == "equivalent"
    assert report.mapping is not None
    assert report.mapping.completed == ("t",)
