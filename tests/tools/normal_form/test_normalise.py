"""Pairs that differ by what the normal form takes away are isomorphic afterwards, and the engine confirms the maps."""

import itertools
from collections.abc import Mapping
from fractions import Fraction

import pytest

from tests.tools.normal_form.reduction_check import check_reduction, confirm_with_engine, small_model
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.isomorphism.search import isomorphisms
from tools.normal_form import normalise as module
from tools.normal_form.normalise import normalise, stages
from tools.normal_form.registry import STEPS, Stage

Side = Fraction | int | None
Variables = Mapping[str, tuple[Side, Side, str]]
Rows = Mapping[str, tuple[Mapping[str, Fraction | int], Side, Side]]

INTEGER = (0, 3, "I")
X: Variables = {"x": INTEGER, "y": INTEGER, "z": INTEGER}
NEED: Rows = {"need": ({"x": 2, "y": 3, "z": 4}, 7, None)}
CAP: Rows = {"cap": ({"x": 3, "y": 1, "z": 2}, None, 11)}
COST = {"x": 5, "y": 7, "z": 8}
PLAIN = small_model(X, {**NEED, **CAP}, COST)

SAME = {
    "a maximisation": small_model(X, {**NEED, **CAP}, {k: -c for k, c in COST.items()}, sense="maximize"),
    "a slack": small_model(
        {**X, "s": (0, None, "C")}, {**NEED, "cap": ({"x": 3, "y": 1, "z": 2, "s": 1}, 11, 11)}, COST
    ),
    "an integer surplus": small_model(
        {**X, "s": (0, None, "I")}, {"need": ({"x": 2, "y": 3, "z": 4, "s": -1}, 7, 7), **CAP}, COST
    ),
    "an epigraph": small_model(
        {**X, "t": (0, None, "C")}, {**NEED, **CAP, "value": ({"t": 1, "x": -5, "y": -7, "z": -8}, 0, None)}, {"t": 1}
    ),
    "a hypograph": small_model(
        {**X, "t": (None, 0, "C")},
        {**NEED, **CAP, "value": ({"t": 1, "x": 5, "y": 7, "z": 8}, None, 0)},
        {"t": 3},
        sense="maximize",
    ),
    "a defined objective": small_model(
        {**X, "t": (None, None, "C")}, {**NEED, **CAP, "value": ({"t": 2, "x": -5, "y": -7, "z": -8}, 4, 4)}, {"t": 2}
    ),
    "a fixed variable": small_model(
        {**X, "k": (2, 2, "I")}, {**NEED, "cap": ({"x": 3, "y": 1, "z": 2, "k": 4}, None, 19)}, {**COST, "k": 6}
    ),
    "rows instead of bounds": small_model(
        dict.fromkeys(X, (0, None, "I")), {**NEED, **CAP, **{f"at most {v}": ({v: 2}, None, 7) for v in X}}, COST
    ),
    "repeated and weaker rows": small_model(
        X, {**NEED, **CAP, "again": ({"x": -4, "y": -6, "z": -8}, None, -12), "weak": ({"x": 1, "y": 1}, None, 6)}, COST
    ),
    "a sum of rows": small_model(X, {**NEED, **CAP, "sum": ({"x": 1, "y": -2, "z": -2}, None, 4)}, COST),
    "a cut for integers": small_model(X, {**NEED, **CAP, "cut": ({"x": 1, "y": 1, "z": 1}, 2, None)}, COST),
    "another scale with a rounded side": small_model(X, {"need": ({"x": 4, "y": 6, "z": 8}, 13, None), **CAP}, COST),
    "a bound that a row implies": small_model({**X, "x": (0, 7, "I")}, {**NEED, **CAP}, COST),
}

DIFFERENT = {
    "a row less": small_model(X, CAP, COST),
    "another side": small_model(X, {"need": ({"x": 2, "y": 3, "z": 4}, 8, None), **CAP}, COST),
    "a slack with a bound that cuts": small_model(
        {**X, "s": (0, 7, "C")}, {**NEED, "cap": ({"x": 3, "y": 1, "z": 2, "s": 1}, 11, 11)}, COST
    ),
    "an epigraph cut off": small_model(
        {**X, "t": (None, 20, "C")},
        {**NEED, **CAP, "value": ({"t": 1, "x": -5, "y": -7, "z": -8}, 0, None)},
        {"t": 1},
    ),
}


def _alike(one: Formulation, two: Formulation) -> bool:
    first, second = normalise(one, Budget()).reduced, normalise(two, Budget()).reduced
    return any(matching.exact for matching in isomorphisms(first, second))


@pytest.mark.parametrize("name", SAME)
def test_reformulations_have_isomorphic_normal_forms(name: str) -> None:
    assert _alike(PLAIN, SAME[name])


@pytest.mark.parametrize("name", DIFFERENT)
def test_others_have_not(name: str) -> None:
    assert not _alike(PLAIN, DIFFERENT[name])


@pytest.mark.parametrize("name", SAME)
def test_maps_keep_their_promises(name: str) -> None:
    check_reduction(normalise(SAME[name], Budget()), 25, limit=100)


@pytest.mark.parametrize("name", ["a slack", "an epigraph", "a fixed variable"])
def test_the_engine_confirms_the_maps(name: str) -> None:
    tested = confirm_with_engine(normalise(SAME[name], Budget()))
    assert any(mutant.outcome == "rejected" for mutant in tested.mutants)


def test_stages_go_on_from_one_another() -> None:
    every = list(stages(SAME["a sum of rows"], Budget()))
    found = [form for form in every if form is not None]
    assert len(every) == 4
    assert 1 < len(found) < 4
    assert found[0].steps == ()
    assert all(later.steps[: len(earlier.steps)] == earlier.steps for earlier, later in itertools.pairwise(found))
    assert normalise(SAME["a sum of rows"], Budget()).reduced.same_as(found[-1].reduced)


def test_only_affine_steps_are_used_where_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = tuple(type(entry)(entry.step, entry.stage, affine=False) for entry in STEPS if entry.stage == Stage.CHEAP)
    monkeypatch.setattr(module, "STEPS", cheap)
    assert normalise(SAME["a slack"], Budget(), affine_only=True).steps == ()
    assert normalise(SAME["a slack"], Budget()).steps != ()


def test_without_time_the_model_stays() -> None:
    assert normalise(SAME["a slack"], Budget.lasting(-1)).steps == ()
