"""Solutions carried over by a report's mapping: exact, complete, verified, or refused."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tests.small_models import model
from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.extension import Extension
from tools.mapping.functions.digits import Digits
from tools.mapping.total import TotalMapping
from tools.recovering import carried
from tools.report import CLAIM_NAMES, ClaimSummary, MappingSummary, ModelSummary, Report, Verdict

ANY = ModelSummary("m", 1, 1, 1, 1, "optimal", 0.0)


def variable(name: str) -> AffineExpression:
    return AffineExpression.variable(name)


def digits_of(name: str, *outputs: str) -> TotalMapping:
    functions = Extension((Digits(variable(name), 10, outputs),))
    return TotalMapping({output: variable(output) for output in outputs}, functions)


def report(
    recovery: dict[str, Any] | None = None,
    completed: tuple[str, ...] = (),
    completed_by: TotalMapping | None = None,
    lifting: TotalMapping | None = None,
) -> Report:
    return Report(
        verdict="equivalent",
        contract="quasi-karp",
        relation="reformulation",
        scope=None,
        reason="",
        claims={name: ClaimSummary("proved", "exact", "") for name in CLAIM_NAMES},
        mapping=MappingSummary(
            rules=(),
            recovery=recovery or {},
            completed=completed,
            lifting=None if lifting is None else lifting.to_json(),
            objective=None,
            origin="user:mapping",
            completed_by=None if completed_by is None else completed_by.to_json(),
        ),
        counterexample=None,
        hypotheses=(),
        reference=ANY,
        candidate=ANY,
    )


AFFINE = report({"x": {"constant": "1/3", "terms": {"u": "10", "v": "-1"}}, "y": {"constant": "2", "terms": {}}})
JUMPING = report({"x": {"constant": "0", "terms": {"u": "1"}}}, ("d0", "d1"), digits_of("u", "d0", "d1"))
WHOLE = model({"c": (0, 10)}, {"u": (0, 99)})


@pytest.mark.parametrize(
    "tenth", [0.1, "0.1", "1/10", Decimal("0.1"), Fraction(1, 10), np.float64(0.1), np.float32(0.1)]
)
def test_recovery_is_exact(tenth: Any) -> None:
    found = AFFINE.recover({"u": tenth, "v": 1, "not in the mapping": 5})
    assert found == {"x": Fraction(1, 3), "y": 2}
    assert all(type(value) is Fraction for value in found.values())


def test_a_report_that_was_read_recovers_the_same() -> None:
    for one in (AFFINE, JUMPING):
        point = {"u": 37, "v": 0}
        assert Report.from_json(one.to_json()).recover(point) == one.recover(point)


def test_completed_variables_get_the_values_of_their_functions() -> None:
    assert JUMPING.recover({"u": 37}) == {"x": 37, "d0": 7, "d1": 3}


def test_completed_variables_without_an_expression_are_left_out() -> None:
    one = report({"x": {"constant": "0", "terms": {"u": "1"}}}, ("t",))
    assert one.recover({"u": 1}) == {"x": 1}
    assert carried(one, {"u": 1}, "recover", source_model=None, missing="error", force=False).left_open == ("t",)


def test_lifting_goes_the_other_way() -> None:
    one = report(lifting=digits_of("x", "d0", "d1"))
    assert one.lift({"x": 42}) == {"d0": 2, "d1": 4}
    with pytest.raises(InputError, match="no lifting"):
        AFFINE.lift({"x": 42})
    claims = {**one.claims, "complete": ClaimSummary("unknown", "exact", "")}
    with pytest.raises(InputError, match="'complete' is not proved"):
        replace(one, claims=claims).lift({"x": 42})
    assert replace(one, claims=claims).lift({"x": 42}, force=True) == {"d0": 2, "d1": 4}


def test_missing_values_are_an_error_or_zero() -> None:
    with pytest.raises(InputError, match="'v' is missing from the solution"):
        AFFINE.recover({"u": 1})
    assert AFFINE.recover({"u": 1}, missing="zero")["x"] == Fraction(31, 3)
    with pytest.raises(InputError, match="missing must be"):
        AFFINE.recover({"u": 1}, missing="maybe")  # type: ignore[arg-type]


def test_a_solution_of_another_model_is_not_all_zero() -> None:
    with pytest.raises(InputError, match="names no variable that the mapping uses"):
        AFFINE.recover({"a": 1}, missing="zero")
    assert AFFINE.recover({}, missing="zero") == {"x": Fraction(1, 3), "y": 2}


@pytest.mark.parametrize("value", [float("nan"), "inf", None, "x"])
def test_values_that_are_no_numbers(value: Any) -> None:
    with pytest.raises(InputError, match="the value of 'u'"):
        AFFINE.recover({"u": value, "v": 1})


@pytest.mark.parametrize("verdict", ["not_equivalent", "unknown"])
def test_only_what_was_verified_is_used(verdict: Verdict) -> None:
    refuted = replace(AFFINE, verdict=verdict, claims={**AFFINE.claims, "sound": ClaimSummary("refuted", "exact", "")})
    with pytest.raises(InputError, match=r"the verdict is .*force"):
        refuted.recover({"u": 1, "v": 1})
    assert refuted.recover({"u": 1, "v": 1}, force=True)["y"] == 2
    # Sound alone says that solutions map to solutions.
    assert replace(AFFINE, verdict=verdict).recover({"u": 1, "v": 1})["y"] == 2


def test_without_a_mapping_there_is_nothing_to_recover() -> None:
    for force in (False, True):
        with pytest.raises(InputError, match="no mapping"):
            replace(AFFINE, mapping=None).recover({}, force=force)


def test_noise_passes_through_affine_maps() -> None:
    assert report({"x": {"constant": "0", "terms": {"u": "1"}}}).recover({"u": 0.9999999}) == {
        "x": Fraction("0.9999999")
    }


@pytest.mark.parametrize("noisy", ["9.9999999", "10.0000001"])
def test_noise_does_not_reach_functions_that_jump(noisy: str) -> None:
    with pytest.raises(InputError, match="nearly whole"):
        JUMPING.recover({"u": noisy})
    assert JUMPING.recover({"u": noisy}, candidate=WHOLE) == {"x": 10, "d0": 0, "d1": 1}
    said = carried(JUMPING, {"u": noisy}, "recover", source_model=WHOLE, missing="error", force=False)
    assert said.rounded == {"u": Fraction(noisy) - 10}
    assert JUMPING.recover({"u": "9.9999999"}, force=True)["d1"] == 0


def test_only_integer_variables_are_rounded_and_only_a_little() -> None:
    candidate = model({"v": (0, 10)}, {"u": (0, 99)})
    given = {"u": "0.999991", "v": "0.999991"}
    assert AFFINE.recover(given, candidate=candidate)["x"] == Fraction(1, 3) + 10 - Fraction("0.999991")
    assert AFFINE.recover({**given, "u": "0.99998"}, candidate=candidate)["x"] == Fraction(1, 3) + 9 * Fraction(
        "0.99998"
    ) + (Fraction("0.99998") - Fraction("0.999991"))


@pytest.mark.parametrize(("value", "candidate"), [("37.5", None), ("37.5", WHOLE), (120, None), (-1, WHOLE)])
def test_functions_are_not_asked_outside_their_lemma(value: Any, candidate: Formulation | None) -> None:
    with pytest.raises(InputError, match="force"):
        JUMPING.recover({"u": value}, candidate=candidate)
    assert "x" in JUMPING.recover({"u": value}, candidate=candidate, force=True)


def test_the_candidate_must_have_what_the_mapping_uses() -> None:
    with pytest.raises(InputError, match="'v' is used by the mapping but no variable of the candidate"):
        AFFINE.recover({"u": 1, "v": 1}, candidate=WHOLE)


def test_a_whole_number_that_is_continuous_is_not_rounded_silently() -> None:
    candidate = model({"u": (0, 99)})
    with pytest.raises(InputError, match="round the values that it uses"):
        JUMPING.recover({"u": "9.9999999"}, candidate=candidate)
