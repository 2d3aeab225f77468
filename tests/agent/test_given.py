"""What the user proposes: sketches are filled, or it is reported why not, and the search goes on."""

from __future__ import annotations

import pytest
from fooling import lp

from agent.context import RunContext
from agent.hypothesis import Attempt, Hypothesis
from agent.planners.given import given_hypotheses
from agent.run import check
from agent.settings import Settings
from tools.errors import MappingError
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.report import Report

NUMBERS = lp(
    "min 3 x_1 + 7 x_2 + 2 y",
    "2 x_1 + 3 x_2 + y >= 61",
    bounds="x_1 <= 39,x_2 <= 39,y <= 9",
    integer="x_1 x_2 y",
)
DIGITS = lp(
    "min 30 d_1_1 + 3 d_1_0 + 70 d_2_1 + 7 d_2_0 + 2 y",
    "20 d_1_1 + 2 d_1_0 + 30 d_2_1 + 3 d_2_0 + y >= 61",
    bounds="d_1_1 <= 3,d_2_1 <= 3,d_1_0 <= 9,d_2_0 <= 9,y <= 9",
    integer="d_1_1 d_1_0 d_2_1 d_2_0 y",
)
SKETCH = "x[i] = ?*d[i,1] + ?*d[i,0]"
TRUE = {"x_1": "10*d_1_1 + d_1_0", "x_2": "10*d_2_1 + d_2_0", "y": "y"}


def given(*hints: str, reference: Formulation = NUMBERS, candidate: Formulation = DIGITS) -> list[Hypothesis | Attempt]:
    settings = Settings(hints=hints)
    return list(given_hypotheses(RunContext(lambda: reference, lambda: candidate, settings, Budget.lasting(30))))


def rules(found: Hypothesis | Attempt) -> dict[str, str]:
    assert isinstance(found, Hypothesis)
    return {name: str(expression) for name, expression in found.recovery.expressions.items()}


def test_a_sketch_is_filled_and_shared_names_are_kept() -> None:
    (found,) = given(SKETCH)
    assert rules(found) == TRUE
    assert isinstance(found, Hypothesis)
    assert (found.origin, found.scope, found.structural) == ("user:hint", "", False)
    assert "filled" in found.rationale


def test_a_filled_sketch_is_verified() -> None:
    report = check(NUMBERS, DIGITS, Settings("reformulation", hints=(SKETCH,), time_limit=30))
    assert (report.verdict, report.relation) == ("equivalent", "reformulation")
    assert report.mapping is not None
    assert report.mapping.origin == "user:hint"
    assert [hypothesis.origin for hypothesis in report.hypotheses] == ["user:hint"]


def test_rules_with_and_without_open_coefficients_go_together() -> None:
    (found,) = given("x[1] = 10*d[1,1] + d[1,0]", "x[2] = ?*d[2,1] + ?*d[2,0]")
    assert rules(found) == TRUE


REFUTED, OPEN = "x[i] = ?*y", "x[i] = ?*d[i,0] - 1"


def assert_search_goes_on(report: Report, outcome: str, reason: str) -> None:
    first, *others = report.hypotheses
    assert (first.origin, first.outcome) == ("user:hint", outcome)
    assert reason in first.reason
    assert any("?" in rule for rule in first.rules)
    assert others
    assert all(hypothesis.origin.startswith("symbolic:") for hypothesis in others)
    assert report.verdict == "equivalent"
    assert report.mapping is not None
    assert report.mapping.origin.startswith("symbolic:")


def test_an_impossible_sketch_is_an_attempt_that_is_refuted() -> None:
    """Where y = 0, both x would be 0, and the row asks for 61."""
    (attempt,) = given("x[i] = ?*y + ?*d[1,0]", "y = ?*y")
    assert isinstance(attempt, Attempt)
    assert attempt.refuted
    assert attempt.rules == ("x[i] = ?*y + ?*d[1,0]", "y = ?*y")
    assert attempt.trial()["outcome"] == "refuted"


def test_after_a_refuted_sketch_the_search_goes_on() -> None:
    settings = Settings(hints=("x[i] = ?*y + ?*d[1,0]", "y = ?*y"), time_limit=30)
    assert_search_goes_on(check(NUMBERS, DIGITS, settings), "refuted", "no coefficients send these points")


def test_a_sketch_that_only_the_objective_forbids_is_undecided_with_its_reason() -> None:
    """x = ?·u satisfies every row, and min x is not carried over by −x."""
    reference = lp("max 3 x", "x <= 9", bounds="x <= 9")
    candidate = lp("min 3 u", "u <= 9", bounds="u <= 9")
    (attempt,) = given("x = ?*u", reference=reference, candidate=candidate)
    assert isinstance(attempt, Attempt)
    assert not attempt.refuted
    report = check(reference, candidate, Settings(hints=("x = ?*u",), time_limit=20))
    first = report.hypotheses[0]
    assert (first.outcome, first.rules) == ("undecided", ("x = ?*u",))
    assert "objective" in first.reason
    assert report.verdict == "equivalent"
    assert report.mapping is not None
    assert report.mapping.rules == ("x = 9 - u",)


def test_variables_without_rule_or_shared_name_are_completed() -> None:
    """t is away from the objective and has no counterpart."""
    reference = lp("min 3 x + 2 b", "x + 2 b >= 5", "3 b + t <= 9", bounds="x <= 39,b <= 1,1 <= t <= 9", integer="x b")
    candidate = lp(
        "min 30 d1 + 3 d0 + 2 b", "10 d1 + d0 + 2 b >= 5", bounds="d1 <= 3,d0 <= 9,b <= 1", integer="d1 d0 b"
    )
    found = given("x = ?*d1 + ?*d0", reference=reference, candidate=candidate)
    assert found
    for hypothesis in found:
        expressions = rules(hypothesis)
        assert (expressions["x"], expressions["b"]) == ("10*d1 + d0", "b")
        assert isinstance(hypothesis, Hypothesis)
        assert hypothesis.completed == {"t"}


def test_hints_without_open_coefficients_must_leave_nothing_open() -> None:
    (found,) = given("x[i] = 10*d[i,1] + d[i,0]")
    assert rules(found) == TRUE
    assert isinstance(found, Hypothesis)
    assert found.scope == "this mapping"
    with pytest.raises(MappingError, match="x_2"):
        given("x[1] = d[1,0]")


def test_without_hints_nothing_is_given() -> None:
    assert given() == []


def test_a_sketch_that_is_malformed_is_an_input_error() -> None:
    for hint in ("x[i] = ?*z[i]", "x[i] = ?*?*d[i,1]", "q = ?*y"):
        with pytest.raises(MappingError):
            given(hint)
