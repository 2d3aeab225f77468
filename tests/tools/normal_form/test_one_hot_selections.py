from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.normal_form.reduction_check import (
    broken_promise,
    check_reduction,
    mutants,
    proved_by_engine,
    small_model,
)
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.normal_form.one_hot import OneHotSelections

Number = Fraction | int


def selection(
    values: list[Number],
    low: Number | None = 1,
    high: Number | None = 1,
    *,
    scale: int = 1,
    base: int = 0,
    kind: str = "B",
) -> Formulation:
    """One of binaries is selected; its value counts in a row, doubled and shifted by `base`, and in the objective."""
    names = [f"w{k}" for k in range(len(values))]
    return small_model(
        {**dict.fromkeys(names, (0, 1, kind)), "y": (0, 2, "I")},
        {
            "one": (dict.fromkeys(names, scale), low, high),
            "use": ({**{name: 2 * v + base for name, v in zip(names, values, strict=True)}, "y": -3}, -2, 4),
        },
        {**{name: -v for name, v in zip(names, values, strict=True)}, "y": 2},
        constant=3,
    )


@pytest.mark.parametrize(
    ("model", "top"),
    [
        (selection([0, 1, 2, 3]), 3),
        (selection([3, 5, 4], scale=2, low=2, high=2), 2),
        (selection([Fraction(1, 2), Fraction(3, 2), 1]), 2),
        (selection([2, 1, 0], base=5), 2),
        (selection([1, 2, 3], low=None), 3),
        (selection([-3, -1, -2], low=0), 3),
        (selection([1, 2], low=-1, high=None, scale=-1), 2),
        (selection([0, 1, 2], kind="I"), 2),
    ],
)
def test_a_selection_of_equally_spaced_values_becomes_a_number(model: Formulation, top: int) -> None:
    step = OneHotSelections()
    assert step.accepts(model)
    reduction = step.apply(model, Budget())
    assert reduction is not None
    reduced = reduction.reduced
    assert reduced.rows == ("use",)
    assert len(reduced.variables) == 2
    assert reduced.integer.all()
    assert (reduced.lower.finite(1), reduced.upper.finite(1)) == (0, top)
    assert {f.name for f in reduction.up.extension.functions} == {"one_hot"}
    check_reduction(reduction)
    proved_by_engine(reduction)


def test_mutants_are_rejected() -> None:
    reduction = OneHotSelections().apply(selection([2, 0, 1, 3]), Budget())
    assert reduction is not None
    for change, mutant in mutants(reduction):
        assert broken_promise(mutant) is not None, change


@pytest.mark.parametrize(
    "model",
    [
        selection([0, 1, 3]),
        selection([0, 1, 1]),
        selection([2, 2, 2]),
        selection([1, 3], low=None),
        selection([0, 1, 2], kind="C"),
        selection([0, 1, 2], low=1, high=2),
        selection([0, 1, 2], low=2, high=2),
        selection([0, 1]),
    ],
)
def test_what_is_no_even_selection_stays(model: Formulation) -> None:
    assert OneHotSelections().apply(model, Budget()) is None


def test_columns_that_are_not_on_a_line_stay() -> None:
    variables = {f"w{k}": (0, 1, "B") for k in range(3)}
    rows = {
        "one": (dict.fromkeys(variables, 1), 1, 1),
        "use": ({"w1": 1, "w2": 2}, 0, 3),
        "more": ({"w1": 1, "w2": 1}, 0, 3),
    }
    assert OneHotSelections().apply(small_model(variables, rows), Budget()) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-2, 3), min_size=2, max_size=4), st.sampled_from([None, 1]), st.integers(-1, 2))
def test_whatever_is_replaced_keeps_the_promises(values: list[int], low: int | None, base: int) -> None:
    reduction = OneHotSelections().apply(selection(list(values), low=low, base=base), Budget())
    if reduction is not None:
        check_reduction(reduction)
