"""Whether any mapping can do is asked once, when a mapping misses solutions, and ends the search."""

from collections.abc import Iterator
from typing import Any

import pytest
from fooling import lp

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from agent.nodes import conclude, reflect
from agent.nodes.reflect import misses_solutions
from agent.planners import registry
from agent.planners.names import names_hypotheses
from agent.run import check, stream
from agent.settings import Settings
from agent.state import RunState
from tools.claims.invariants import Impossibility
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.total import TotalMapping


def numbers(top: int, a: str = "a", b: str = "b") -> Formulation:
    """min 2a + 3b with 5a + 3b ≥ 7 in whole numbers up to `top`."""
    return lp(f"min 2 {a} + 3 {b}", f"5 {a} + 3 {b} >= 7", bounds=f"{a} <= {top},{b} <= {top}", integer=f"{a} {b}")


MORE, FEWER = numbers(9, "A", "B"), numbers(8)
REFORMULATION = Settings("reformulation", time_limit=20)


def counted(patch: pytest.MonkeyPatch) -> list[str]:
    """Return the list to which each question about invariants is added, and by whom."""
    asked: list[str] = []
    for module in (reflect, conclude):
        original = module.reformulation_impossible

        def asking(*args: Any, name: str = module.__name__, original: Any = original) -> Impossibility | None:
            asked.append(name.rpartition(".")[2])
            return original(*args)

        patch.setattr(module, "reformulation_impossible", asking)
    return asked


@pytest.fixture(autouse=True)
def few_planners(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, twice: what else might be proposed is not the question here."""
    two = {"names": names_hypotheses, "more names": others}
    monkeypatch.setattr(registry, "PLANNERS", two)


def others(context: RunContext) -> Iterator[Hypothesis]:
    """Yield a mapping with the names exchanged."""
    names = context.reference.variables
    swapped = dict(zip(names, map(AffineExpression.variable, context.candidate.variables[::-1]), strict=True))
    yield Hypothesis(TotalMapping(swapped), "test:others", "exchanged")


def test_a_mapping_that_misses_solutions_raises_the_question_and_a_no_ends_the_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R has more points than C, whatever the mapping; the planner that is left is not asked."""
    asked = counted(monkeypatch)
    report = check(MORE, FEWER, REFORMULATION)
    assert (report.verdict, report.scope) == ("not_equivalent", "any mapping")
    assert "solutions" in report.reason
    assert asked == ["reflect"]
    assert [hypothesis.origin for hypothesis in report.hypotheses] == ["symbolic:names"]
    assert report.claims["complete"].result == "refuted"


def test_without_the_question_the_search_goes_on_and_the_answer_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = counted(monkeypatch)
    monkeypatch.setattr(reflect, "misses_solutions", lambda state: False)
    report = check(MORE, FEWER, REFORMULATION)
    assert (report.verdict, report.scope) == ("not_equivalent", "any mapping")
    assert asked == ["conclude"]
    assert [hypothesis.origin for hypothesis in report.hypotheses] == ["symbolic:names", "test:others"]


def test_an_answer_that_nothing_forbids_a_mapping_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row cuts a corner off a polygon: no invariant tells, the question comes once, and planners go on."""
    asked = counted(monkeypatch)
    reference = lp("min 2 A + 3 B", "A + B >= 3", bounds="A <= 5,B <= 5")
    candidate = lp("min 2 a + 3 b", "a + b >= 3", "a - b <= 4", bounds="a <= 5,b <= 5")
    report = check(reference, candidate, REFORMULATION)
    assert report.verdict == "unknown"
    assert asked == ["reflect"]
    assert [hypothesis.origin for hypothesis in report.hypotheses] == ["symbolic:names", "test:others"]
    assert [hypothesis.outcome for hypothesis in report.hypotheses] == ["refuted", "refuted"]


def test_quasi_karp_does_not_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """C needs 11 rather than 7: solutions are missed, the best among them."""
    asked = counted(monkeypatch)
    needy = lp("min 2 a + 3 b", "5 a + 3 b >= 11", bounds="a <= 9,b <= 9", integer="a b")
    report = check(numbers(9), needy, Settings(time_limit=20))
    assert (report.verdict, report.scope) == ("not_equivalent", "this mapping")
    assert report.claims["complete"].result == "refuted"
    assert asked == []


def test_the_search_says_why_it_ends() -> None:
    events = list(stream(MORE, FEWER, REFORMULATION))
    report = events[-1].report
    assert report is not None
    assert report.reason in [event.message for event in events if event.node == "reflect"]


@pytest.mark.parametrize(
    ("results", "expected"),
    [([], False), (["proved"], False), (["unknown"], False), (["refuted"], True), (["unknown", "refuted"], True)],
)
def test_what_misses_solutions_is_a_finding_in_which_complete_is_refuted(results: list[str], expected: bool) -> None:
    state: RunState = {
        "findings": [{"claims": {"complete": {"result": result}, "sound": {"result": "refuted"}}} for result in results]
    }
    assert misses_solutions(state) is expected


def test_a_finding_of_soundness_alone_raises_no_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """C lost a row and is larger; the identity is complete, and its refutation says nothing of other mappings."""
    asked = counted(monkeypatch)
    reference = lp("min 2 a + 3 b", "5 a + 3 b >= 7", "a + b <= 12", bounds="a <= 9,b <= 9", integer="a b")
    candidate = lp("min 2 a + 3 b", "5 a + 3 b >= 7", bounds="a <= 9,b <= 9", integer="a b")
    report = check(reference, candidate, REFORMULATION)
    assert (report.verdict, report.scope) == ("not_equivalent", "this mapping")
    assert "reflect" not in asked
