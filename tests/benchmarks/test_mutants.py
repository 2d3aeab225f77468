import random

import pytest
from benchmark_models import build, models
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.mutants import KINDS, mutant
from benchmarks.plain_model import PlainModel
from tools.formulation.model import Formulation


@given(models(), st.integers(0, 1000))
def test_a_mutant_differs_and_keeps_its_variables(model: Formulation, seed: int) -> None:
    made = mutant(model, seed)
    assert made is not None
    other, mutation = made
    assert not other.same_as(model)
    assert other.variables == model.variables
    assert mutation.place in (*model.rows, *model.variables)
    again = mutant(model, seed)
    assert again is not None
    assert again[0].same_as(other)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(10))
def test_every_kind_changes_the_model_once(kind: str, seed: int) -> None:
    model = build("bicf", [({0: 1, 1: 2}, 1, None), ({2: 1, 3: -1}, 2, 2), ({1: 1, 2: 1}, 0, 5)], [1, 0, -2, 3])
    plain = PlainModel.of(model)
    assert KINDS[kind](plain, random.Random(seed)) is not None
    before = PlainModel.of(model)
    changed = [c for c, d in zip(plain.columns, before.columns, strict=True) if c != d]
    rows = {row.name: row for row in plain.rows}
    changed_rows = [row.name for row in before.rows if rows.get(row.name) != row]
    assert len(changed) + len(changed_rows) == 1
    plain.formulation()


def test_kinds_that_do_not_apply_are_passed_over() -> None:
    model = build("f", [], [0])
    for seed in range(20):
        made = mutant(model, seed)
        assert made is not None
        assert made[1].kind in ("integrality toggled", "objective changed")
