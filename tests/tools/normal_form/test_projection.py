from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.normal_form.reduction_check import (
    Side,
    broken_promise,
    check_reduction,
    confirm_with_engine,
    mutants,
    proved_by_engine,
    small_model,
    small_models,
)
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.normal_form.projection import AffineProjection, Projection

Limits = list[tuple[dict[str, Fraction | int], Side, Side]]


def limited(limits: Limits, bounds: tuple[Side, Side] = (None, None), kind: str = "C") -> Formulation:
    """p without cost between limits: rows low ≤ p + terms ≤ high; y, z and c have costs."""
    rows = {f"r{k}": ({"p": 1, **terms}, low, high) for k, (terms, low, high) in enumerate(limits)}
    return small_model(
        {"p": (*bounds, kind), "y": (0, 2, "I"), "z": (0, 2, "I"), "c": (0, 1, "C")},
        {**rows, "rest": ({"y": 1, "z": 1}, 2, None)},
        {"y": 1, "z": 2, "c": -1},
    )


def test_a_limit_on_both_sides_is_a_row() -> None:
    model = limited([({"y": -3}, 0, None), ({"z": -3, "c": 1}, None, 3)])
    assert Projection().accepts(model)
    reduction = Projection().apply(model, Budget())
    assert reduction is not None
    reduced = reduction.reduced
    assert reduced.variables == ("y", "z", "c")
    assert reduced.rows == ("rest", "r1")
    assert reduced.row_terms(1) == {0: -3, 1: 3, 2: -1}
    assert reduced.row_lower[1] == -3
    check_reduction(reduction)
    for change, mutant in mutants(reduction):
        assert broken_promise(mutant) is not None, change
    assert reduction.up.as_affine() is not None
    confirm_with_engine(reduction)


def test_several_limits_take_a_maximum() -> None:
    limits: Limits = [({"y": -2}, 0, None), ({"z": -1}, -1, None), ({"c": 1}, None, 3), ({"z": -1, "c": -1}, None, 2)]
    reduction = Projection().apply(limited(limits), Budget())
    assert reduction is not None
    assert {f.name for f in reduction.up.extension.functions} == {"maximum"}
    check_reduction(reduction)
    proved_by_engine(reduction)
    assert AffineProjection().apply(limited(limits), Budget()) is None


def test_what_is_limited_on_one_side_goes_with_its_rows() -> None:
    reduction = Projection().apply(limited([({"y": -2}, None, 0), ({"z": -1}, None, 3)]), Budget())
    assert reduction is not None
    assert reduction.reduced.rows == ("rest",)
    assert {f.name for f in reduction.up.extension.functions} == {"minimum"}
    check_reduction(reduction)


@pytest.mark.parametrize("bounds", [(None, None), (1, 3), (None, -1), (2, None)])
def test_what_occurs_nowhere_goes(bounds: tuple[Side, Side]) -> None:
    reduction = Projection().apply(limited([], bounds), Budget())
    assert reduction is not None
    assert "p" not in reduction.reduced.variables
    check_reduction(reduction)


def test_an_integer_in_a_row_stays() -> None:
    assert Projection().apply(limited([({"y": -2}, 0, None), ({"z": -3}, None, 1)], kind="I"), Budget()) is None
    reduction = Projection().apply(limited([], (2, None), kind="I"), Budget())
    assert reduction is not None
    assert reduction.up.apply(dict.fromkeys(reduction.reduced.variables, Fraction(1)))["p"] == 2


@pytest.mark.parametrize(
    "model",
    [
        limited([({"y": -2}, 1, 1), ({"z": -1}, None, 3)]),
        limited([({"y": k}, 0, 5) for k in (-2, -1, 1)]),
        limited([({"y": -1}, 0, None)], (3, 2)),
        limited([({}, 3, None)], (None, 2)),
    ],
)
def test_equalities_many_limits_and_contradictions_stay(model: Formulation) -> None:
    assert Projection().apply(model, Budget()) is None


def test_a_variable_with_a_cost_stays() -> None:
    model = small_model({"p": (0, 1, "C"), "y": (0, 1, "B")}, {"r": ({"p": 1, "y": -1}, 0, None)}, {"p": 1, "y": -1})
    assert Projection().apply(model, Budget()) is None
    assert not Projection().accepts(model)


@settings(max_examples=150, deadline=None)
@given(small_models())
def test_projections_keep_the_promises(model: Formulation) -> None:
    reduction = Projection().apply(model, Budget())
    if reduction is not None:
        check_reduction(reduction, box=4, limit=200)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from("yzc"), st.sampled_from([1, -1, 2, -2])),
            st.sampled_from([None, None, 0, -1]),
            st.sampled_from([None, None, 1, 2]),
        ),
        max_size=4,
    ),
    st.sampled_from([(None, None), (0, None), (0, 2)]),
    st.sampled_from("CI"),
)
def test_projections_of_a_limited_variable_keep_the_promises(
    limits: Limits, bounds: tuple[Side, Side], kind: str
) -> None:
    reduction = Projection().apply(limited(limits, bounds, kind), Budget())
    if reduction is not None:
        check_reduction(reduction, box=4, limit=200)
