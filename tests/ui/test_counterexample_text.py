from dataclasses import replace

import pytest

from tools.formulation.model import Formulation
from tools.report import Report
from ui.counterexample_text import broken_requirement


def _with(report: Report, **changes: object) -> Report:
    assert report.counterexample is not None
    return replace(report, counterexample=replace(report.counterexample, **changes))  # type: ignore[arg-type]


def test_a_broken_row_comes_from_the_reference(
    refuted: Report, reference_model: Formulation, candidate_model: Formulation
) -> None:
    lines = broken_requirement(refuted, reference_model, candidate_model)
    assert lines == ["row cap: 3 x + 2 y = 11 > 10", "3·3 + 2·1 = 11"]


@pytest.mark.parametrize(
    ("image", "violates", "line"),
    [
        ({"x": "-1"}, "bound x ≥ 0", "lower bound of x: x = -1 < 0"),
        ({"x": "1/2", "y": "1/2"}, "integrality of y", "integrality of y: y = 0.5 is not an integer"),
        ({"y": "21/2"}, None, "upper bound of y: y = 10.5 > 10"),
    ],
)
def test_other_violations(
    refuted: Report,
    reference_model: Formulation,
    candidate_model: Formulation,
    image: dict[str, str],
    violates: str | None,
    line: str,
) -> None:
    report = _with(refuted, image=image, violates=violates)
    assert broken_requirement(report, reference_model, candidate_model) == [line]


def test_an_objective_that_does_not_carry_over(
    refuted: Report, reference_model: Formulation, candidate_model: Formulation
) -> None:
    report = _with(refuted, point={"u": "2"}, image={"x": "2"}, violates="objective")
    assert broken_requirement(report, reference_model, candidate_model) == [
        "objectives, as minimisation: reference -10, candidate -10",
        "the candidate's value carried over to the reference: -17 < -10",
    ]


def test_a_reference_point_is_checked_in_the_candidate(
    refuted: Report, reference_model: Formulation, candidate_model: Formulation
) -> None:
    report = _with(refuted, claim="complete", point_of="reference", point={"y": "5"}, image={"v": "11"}, violates=None)
    lines = broken_requirement(report, reference_model, candidate_model)
    assert lines == ["upper bound of v: v = 11 > 10"]


@pytest.mark.parametrize(
    "changes", [{"image": None}, {"image": {"stranger": "1"}}, {"image": {"x": "a lot"}}, {"point": {"stranger": "1"}}]
)
def test_nothing_is_claimed_when_nothing_can_be_evaluated(
    refuted: Report, reference_model: Formulation, candidate_model: Formulation, changes: dict[str, object]
) -> None:
    assert broken_requirement(_with(refuted, **changes), reference_model, candidate_model) == []


def test_completed_variables_leave_the_image_open(
    refuted: Report, reference_model: Formulation, candidate_model: Formulation
) -> None:
    assert refuted.mapping is not None
    report = replace(refuted, mapping=replace(refuted.mapping, completed=("y",)))
    assert broken_requirement(report, reference_model, candidate_model) == []
