from tests.tools.normal_form.reduction_check import check_reduction, small_model
from tools.exact.budget import Budget
from tools.normal_form.loose_rows import LooseRows

VARIABLES = {"x": (0, 3, "I"), "y": (0, 2, "C"), "z": (0, None, "C")}


def test_sides_that_bounds_imply_go() -> None:
    model = small_model(
        VARIABLES,
        {
            "both": ({"x": 1, "y": 1}, 0, 5),
            "one": ({"x": 1, "y": 1, "z": 1}, -1, 4),
            "tight": ({"x": 1, "y": -1}, -1, 3),
        },
    )
    reduction = LooseRows().apply(model, Budget())
    assert reduction is not None
    reduced = reduction.reduced
    assert reduced.rows == ("one", "tight")
    assert [reduced.row_lower.finite(i) for i in range(2)] == [None, -1]
    assert [reduced.row_upper.finite(i) for i in range(2)] == [4, None]
    check_reduction(reduction)


def test_sides_that_cut_and_half_implied_equalities_stay() -> None:
    rows = {"cut": ({"x": 1, "y": 1}, None, 4), "edge": ({"x": 1, "y": 1}, 5, 5), "open": ({"x": 1, "z": 1}, 1, 9)}
    assert not LooseRows().accepts(small_model(VARIABLES, rows))
    assert LooseRows().apply(small_model(VARIABLES, rows), Budget()) is None


def test_a_side_just_inside_is_told_from_one_just_outside() -> None:
    huge = 10**12
    inside = small_model({"x": (0, huge, "C"), "y": (0, 1, "C")}, {"r": ({"x": 1, "y": 1}, None, huge)})
    assert LooseRows().accepts(inside)
    assert LooseRows().apply(inside, Budget()) is None
    outside = small_model({"x": (0, huge, "C"), "y": (0, 1, "C")}, {"r": ({"x": 1, "y": 1}, None, huge + 1)})
    assert LooseRows().apply(outside, Budget()) is not None
