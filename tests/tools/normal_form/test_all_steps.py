"""Every registered step keeps its promises on random small models, alone and composed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tools.normal_form.reduction_check import broken_promise, check_reduction, mutants, small_model, small_models
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.normal_form.normalise import normalise, stages
from tools.normal_form.registry import STEPS, Entry, Stage

BUDGET = Budget(tree_nodes=200)
CHEAP = [entry for entry in STEPS if entry.stage != Stage.SOLVER]
SOLVER = [entry for entry in STEPS if entry.stage == Stage.SOLVER]
SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)


def _check(entry: Entry, model: Formulation) -> None:
    reduction = entry.step.apply(model, BUDGET)
    if reduction is None:
        return
    assert entry.step.accepts(model)
    assert reduction.original is model
    assert reduction.steps == (entry.step.name,)
    assert not entry.affine or reduction.up.as_affine() is not None
    check_reduction(reduction, 4, limit=120)


@pytest.mark.parametrize("entry", CHEAP, ids=lambda entry: entry.step.name)
@given(model=small_models())
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
def test_step_keeps_its_promises(entry: Entry, model: Formulation) -> None:
    _check(entry, model)


@pytest.mark.parametrize("entry", SOLVER, ids=lambda entry: entry.step.name)
@given(model=small_models())
@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
def test_solver_step_keeps_its_promises(entry: Entry, model: Formulation) -> None:
    _check(entry, model)


@given(model=small_models(), affine_only=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
def test_normal_form_keeps_its_promises(model: Formulation, affine_only: bool) -> None:
    for reduction in filter(None, stages(model, BUDGET, affine_only=affine_only)):
        check_reduction(reduction, 4, limit=120)
        assert not affine_only or reduction.up.as_affine() is not None


def test_step_names_are_different() -> None:
    names = [entry.step.name for entry in STEPS]
    assert len(set(names)) == len(names)


def test_the_check_rejects_every_mutant_that_matters() -> None:
    model = small_model(
        {"x": (0, 3, "I"), "y": (0, 3, "I"), "s": (0, None, "C"), "t": (None, None, "C")},
        {
            "cap": ({"x": 1, "y": 1, "s": 1}, 4, 4),
            "value": ({"t": 1, "x": -2, "y": -1}, 0, None),
            "need": ({"x": 1, "y": 2}, 3, None),
        },
        {"t": 1},
    )
    reduction = normalise(model, BUDGET)
    assert reduction.reduced.variables == ("x", "y")
    check_reduction(reduction)
    tried = 0
    for change, mutant in mutants(reduction):
        assert broken_promise(mutant) is not None, change
        tried += 1
    assert tried >= 8
