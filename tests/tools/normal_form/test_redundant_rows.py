import pytest

from tests.tools.normal_form.reduction_check import broken_promise, check_reduction, mutants, small_model
from tools.exact.budget import Budget
from tools.normal_form.redundant_rows import RedundantRows

BINARY = (0, 1, "B")
FLOW = (0, None, "C")


def test_a_sum_of_linking_rows_goes_and_the_linking_rows_stay() -> None:
    model = small_model(
        {"y": BINARY, "a": FLOW, "b": FLOW},
        {
            "a under y": ({"a": 1, "y": -1}, None, 0),
            "b under y": ({"b": 1, "y": -1}, None, 0),
            "sum": ({"a": 1, "b": 1, "y": -2}, None, 0),
            "need": ({"a": 1, "b": 2}, 1, None),
        },
        {"y": 3, "a": 1},
    )
    reduction = RedundantRows().apply(model, Budget())
    assert reduction is not None
    assert reduction.reduced.rows == ("a under y", "b under y", "need")
    check_reduction(reduction)


def test_a_cover_cut_goes_and_its_knapsack_stays() -> None:
    model = small_model(
        {"a": BINARY, "b": BINARY, "c": BINARY},
        {"knapsack": ({"a": 3, "b": 4, "c": 2}, None, 5), "cover": ({"a": 1, "b": 1}, None, 1)},
        {"a": -1, "b": -2, "c": -1},
    )
    reduction = RedundantRows().apply(model, Budget())
    assert reduction is not None
    assert reduction.reduced.rows == ("knapsack",)
    check_reduction(reduction)
    for change, mutant in mutants(reduction):
        if not change.startswith("coefficient"):
            assert broken_promise(mutant) is not None, change


def test_of_two_equal_rows_one_stays() -> None:
    rows = {"r": ({"x": 1, "y": 1}, None, 1), "s": ({"x": 2, "y": 2}, None, 2)}
    reduction = RedundantRows().apply(small_model({"x": FLOW, "y": FLOW}, rows, {"x": -1, "y": -1}), Budget())
    assert reduction is not None
    assert reduction.reduced.rows == ("r",)
    check_reduction(reduction)


def test_a_dependent_equality_goes_as_a_whole() -> None:
    flow = {f"x{i}{j}": FLOW for i in range(2) for j in range(2)}
    rows = {f"from {i}": ({f"x{i}0": 1, f"x{i}1": 1}, 1, 1) for i in range(2)}
    rows |= {f"to {j}": ({f"x0{j}": 1, f"x1{j}": 1}, 1, 1) for j in range(2)}
    reduction = RedundantRows().apply(small_model(flow, rows, {"x00": 1}), Budget())
    assert reduction is not None
    assert reduction.reduced.rows == ("from 0", "from 1", "to 0")
    check_reduction(reduction)


@pytest.mark.parametrize("kind", ["C", "I"])
def test_necessary_rows_stay(kind: str) -> None:
    rows = {"r": ({"x": 2, "y": 1}, None, 5), "s": ({"x": 1, "y": 2}, None, 5)}
    model = small_model({"x": (0, None, kind), "y": (0, None, kind)}, rows, {"x": -1, "y": -1})
    assert RedundantRows().apply(model, Budget()) is None


def test_an_infeasible_relaxation_is_left_alone() -> None:
    rows = {"r": ({"x": 1, "y": 1}, 3, None), "s": ({"x": 1, "y": 1}, None, 2), "t": ({"x": 1, "y": 2}, None, 9)}
    assert RedundantRows().apply(small_model({"x": FLOW, "y": FLOW}, rows), Budget()) is None


def test_nothing_is_done_without_time() -> None:
    rows = {"r": ({"x": 1, "y": 1}, None, 1), "s": ({"x": 2, "y": 2}, None, 2)}
    assert RedundantRows().apply(small_model({"x": FLOW, "y": FLOW}, rows), Budget.lasting(-1)) is None
