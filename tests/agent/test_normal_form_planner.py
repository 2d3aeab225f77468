"""Mappings through normal forms: down, across and up again; which of them count as structural."""

from fractions import Fraction
from itertools import islice

import pytest
from fooling import lp

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from agent.planners import normal_form, registry
from agent.planners.normal_form import normal_form_hypotheses
from agent.run import check
from agent.settings import Settings
from tools.exact.budget import Budget
from tools.formulation.model import Formulation


def context(reference: Formulation, candidate: Formulation) -> RunContext:
    return RunContext(lambda: reference, lambda: candidate, Settings(), Budget.lasting(30))


def proposed(reference: Formulation, candidate: Formulation) -> list[Hypothesis]:
    return list(normal_form_hypotheses(context(reference, candidate)))


def matched(reference: Formulation, candidate: Formulation) -> list[Hypothesis]:
    """Return those that come from a matching of reduced forms."""
    return [each for each in proposed(reference, candidate) if each.origin == "symbolic:normal-form"]


def rules(hypothesis: Hypothesis) -> dict[str, str]:
    return {name: str(expression) for name, expression in hypothesis.recovery.expressions.items()}


NEED = lp("min 2 a + 3 b + c", "need: 5 a + 3 b + c >= 7", bounds="a <= 9,b <= 8,c <= 5", integer="a b")
SURPLUS = lp("min 2 u + 3 v + w", "5 u + 3 v + w - s = 7", bounds="u <= 9,v <= 8,w <= 5", integer="u v")


def test_a_surplus_is_taken_away_and_given_back() -> None:
    first = matched(NEED, SURPLUS)[0]
    assert rules(first) == {"a": "u", "b": "v", "c": "w"}
    assert first.structural
    assert first.lifting is not None
    assert str(first.lifting.expressions["s"]) == "5*a + 3*b + c - 7"
    assert "slack" in first.rationale


def test_a_surplus_in_the_reference_is_an_affine_way_up() -> None:
    first = matched(SURPLUS, NEED)[0]
    assert rules(first) == {"u": "a", "v": "b", "w": "c", "s": "5*a + 3*b + c - 7"}


DIGITS = lp("min 20 t + 2 o + 3 v", "50 t + 5 o + 3 v >= 70", bounds="t <= 3,o <= 9,v <= 8", integer="t o v")
NUMBER = lp("min 2 a + 3 b", "5 a + 3 b >= 70", bounds="a <= 39,b <= 8", integer="a b")


def test_digits_are_read_off_the_candidate_and_lifted_by_a_function() -> None:
    first = matched(NUMBER, DIGITS)[0]
    assert rules(first) == {"a": "o + 10*t", "b": "v"}
    assert first.lifting is not None
    values = first.lifting.apply({"a": Fraction(37), "b": Fraction(2)})
    assert values == {"t": 3, "o": 7, "v": 2}


def test_digits_in_the_reference_have_no_affine_way_up() -> None:
    """Going up to the reference must be affine, so its digits stay, and nothing matches."""
    assert matched(DIGITS, NUMBER) == []


@pytest.mark.parametrize(("reference", "candidate"), [(NEED, SURPLUS), (SURPLUS, NEED), (NUMBER, DIGITS)])
def test_what_is_proposed_is_verified_as_a_reformulation(
    monkeypatch: pytest.MonkeyPatch, reference: Formulation, candidate: Formulation
) -> None:
    monkeypatch.setattr(registry, "PLANNERS", {"normal-form": lambda context: iter(matched(reference, candidate))})
    report = check(reference, candidate, Settings("reformulation", time_limit=20))
    assert (report.verdict, report.relation) == ("equivalent", "reformulation")
    assert report.mapping is not None
    assert report.mapping.origin == "symbolic:normal-form"


def shared_out(top: int = 9) -> tuple[Formulation, Formulation]:
    """a and b are alike in R and one column in C: the way up shares out their sum, so few solutions are reached."""
    reference = lp("min 2 a + 2 b + 3 c", "a + b + c >= 7", bounds="a <= 4,b <= 5,c <= 4")
    return reference, lp("min 2 u + 3 v", "u + v >= 7", bounds=f"u <= {top},v <= 4")


def test_columns_that_are_shared_out_anew_make_no_structural_map() -> None:
    found = proposed(*shared_out())
    assert rules(found[0]) == {"a": "4/9*u", "b": "5/9*u", "c": "v"}
    assert not any(hypothesis.structural for hypothesis in found)


def test_the_same_map_counts_as_structural_where_no_point_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without points to look at, it would: the points are what tells."""
    monkeypatch.setattr(normal_form, "POINTS", 0)
    assert all(hypothesis.structural for hypothesis in proposed(*shared_out()))


@pytest.mark.parametrize(
    "rows",
    [
        ("5 u + 3 v + w - s = 8",),
        ("5 u + 4 v + w - s = 7",),
        ("5 u + 3 v + w - s = 7", "u + v <= 9"),
    ],
    ids=["another side", "another coefficient", "a row more"],
)
def test_forms_that_differ_are_paired_as_closely_as_possible(rows: tuple[str, ...]) -> None:
    other = lp("min 2 u + 3 v + w", *rows, bounds="u <= 9,v <= 8,w <= 5", integer="u v")
    (found,) = proposed(NEED, other)
    assert found.origin == "symbolic:near-normal-form"
    assert rules(found) == {"a": "u", "b": "v", "c": "w"}


def test_unlike_models_give_nothing() -> None:
    assert proposed(NEED, lp("max 7 u + 3 v", "4 u + 9 v <= 11", bounds="u <= 4,v <= 8", integer="u v")) == []


def test_a_budget_that_has_ended_gives_nothing() -> None:
    run = RunContext(lambda: NEED, lambda: SURPLUS, Settings(), Budget.lasting(0))
    assert list(normal_form_hypotheses(run)) == []


def test_the_same_comes_again() -> None:
    first, again = (
        [rules(each) for each in islice(normal_form_hypotheses(context(NUMBER, DIGITS)), 2)] for _ in range(2)
    )
    assert first == again
