import pytest

from tests.tools.normal_form.reduction_check import broken_promise, check_reduction, mutants, small_model
from tools.exact.budget import Budget
from tools.normal_form.epigraph import Epigraph, ProvedEpigraph

X = {"x": (0, 3, "I"), "y": (0, 3, "I")}
NEED = {"need": ({"x": 1, "y": 2}, 3, None)}


@pytest.mark.parametrize(
    ("sense", "cost", "row"),
    [
        ("minimize", 2, ({"t": 1, "x": -2, "y": -3}, 1, None)),
        ("minimize", 2, ({"t": -1, "x": 2, "y": 3}, None, -1)),
        ("maximize", -2, ({"t": 1, "x": -2, "y": -3}, 1, 50)),
        ("maximize", 2, ({"t": 1, "x": 2, "y": 3}, None, 1)),
        ("minimize", -2, ({"t": -1, "x": -2, "y": -3}, -1, None)),
    ],
)
def test_a_bounding_variable_gives_way_to_what_it_bounds(
    sense: str, cost: int, row: tuple[dict[str, int], int | None, int | None]
) -> None:
    model = small_model({**X, "t": (None, None, "C")}, {"value": row, **NEED}, {"t": cost}, sense=sense)
    reduction = Epigraph().apply(model, Budget())
    assert reduction is not None
    assert reduction.reduced.variables == ("x", "y")
    assert reduction.reduced.rows == ("need",)
    assert [abs(c) for c in reduction.reduced.cost] == [4, 6]
    check_reduction(reduction, 30)
    for change, mutant in mutants(reduction):
        assert broken_promise(mutant, 30) is not None, change


def test_the_near_bound_becomes_a_row_and_the_far_one_is_proved() -> None:
    model = small_model({**X, "t": (0, 9, "C")}, {"value": ({"t": 1, "x": -2, "y": -3}, 0, None), **NEED}, {"t": 1})
    reduction = Epigraph().apply(model, Budget())
    assert reduction is not None
    reduced = reduction.reduced
    assert dict(reduced.row_terms(0)) == {0: -2, 1: -3}
    assert (reduced.row_lower.finite(0), reduced.row_upper.finite(0)) == (-9, None)
    check_reduction(reduction)


def test_a_far_bound_that_needs_other_rows_is_proved_by_them() -> None:
    rows = {"value": ({"t": 1, "x": -2, "y": -4}, 0, None), **NEED}
    model = small_model({**X, "t": (6, None, "C")}, rows, {"t": 1})
    assert Epigraph().apply(model, Budget()) is None
    reduction = ProvedEpigraph().apply(model, Budget())
    assert reduction is not None
    check_reduction(reduction, 30)
    assert ProvedEpigraph().apply(small_model({**X, "t": (7, None, "C")}, rows, {"t": 1}), Budget()) is None


@pytest.mark.parametrize(
    ("kind", "cost", "rows"),
    [
        ("C", 1, {"a": ({"t": 1, "x": -1}, 0, None), "b": ({"t": 1, "y": -1}, 0, None)}),  # a maximum
        ("C", -1, {"a": ({"t": 1, "x": -1}, 0, None)}),  # bounded from the other side
        ("C", 1, {"a": ({"t": 1, "x": -1}, 0, 0)}),  # an equality
        ("I", 1, {"a": ({"t": 2, "x": -1}, 0, None)}),  # rounds up
        ("C", 0, {"a": ({"t": 1, "x": -1}, 0, None)}),  # not in the objective
    ],
)
def test_what_is_no_epigraph_stays(
    kind: str, cost: int, rows: dict[str, tuple[dict[str, int], int | None, int | None]]
) -> None:
    model = small_model({**X, "t": (-9, 9, kind)}, {**rows, **NEED}, {"t": cost, "y": 1})
    assert Epigraph().apply(model, Budget()) is None
    assert ProvedEpigraph().apply(model, Budget()) is None


def test_two_bounding_variables_in_one_row_stay() -> None:
    variables = {**X, "t": (None, None, "C"), "u": (None, None, "C")}
    model = small_model(variables, {"a": ({"t": 1, "u": 2, "x": -1}, 0, None), **NEED}, {"t": 1, "u": 2})
    assert Epigraph().accepts(model)
    assert Epigraph().apply(model, Budget()) is None


def test_an_integer_that_bounds_an_integer_goes() -> None:
    rows = {"value": ({"t": 1, "x": -2, "y": -1}, 0, None), **NEED}
    reduction = Epigraph().apply(small_model({**X, "t": (0, None, "I")}, rows, {"t": 1}), Budget())
    assert reduction is not None
    check_reduction(reduction)
