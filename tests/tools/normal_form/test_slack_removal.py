from fractions import Fraction

import pytest

from tests.tools.normal_form.reduction_check import broken_promise, check_reduction, mutants, small_model
from tools.exact.budget import Budget
from tools.normal_form.slack_removal import SlackRemoval


@pytest.mark.parametrize(
    ("scale", "bounds", "sides"),
    [
        (1, (0, None), (None, 4)),
        (-1, (0, None), (4, None)),
        (2, (0, 1), (2, 4)),
        (-2, (-1, 1), (2, 6)),
        (1, (None, 3), (1, None)),
    ],
)
def test_a_slack_becomes_the_sides(
    scale: int, bounds: tuple[int | None, int | None], sides: tuple[int | None, int | None]
) -> None:
    model = small_model(
        {"x": (0, 3, "I"), "y": (0, 3, "C"), "s": (*bounds, "C")},
        {"r": ({"x": 1, "y": 2, "s": scale}, 4, 4), "q": ({"x": 1, "y": -1}, -2, 2)},
        {"x": 1},
    )
    reduction = SlackRemoval().apply(model, Budget())
    assert reduction is not None
    assert reduction.reduced.variables == ("x", "y")
    assert (reduction.reduced.row_lower.finite(0), reduction.reduced.row_upper.finite(0)) == sides
    check_reduction(reduction)


def test_a_slack_with_a_cost_and_a_defined_objective_are_substituted() -> None:
    model = small_model(
        {"x": (0, 3, "I"), "y": (0, 3, "I"), "t": (None, None, "C"), "s": (0, 2, "C")},
        {"value": ({"t": 2, "x": -1, "y": -4}, 6, 6), "r": ({"x": 1, "y": 1, "s": 1}, 4, 4)},
        {"t": 2, "s": 3},
        sense="maximize",
    )
    reduction = SlackRemoval().apply(model, Budget())
    assert reduction is not None
    reduced = reduction.reduced
    assert reduced.rows == ("r",)
    assert list(reduced.objective) == [-2, 1]
    assert reduced.objective_constant == 18
    check_reduction(reduction)
    for change, mutant in mutants(reduction):
        assert broken_promise(mutant) is not None, change


def test_an_integer_slack_goes_only_where_it_is_integer_by_itself() -> None:
    variables = {"x": (0, 3, "I"), "y": (0, 3, "I"), "s": (0, None, "I")}
    link = {"link": ({"x": 1, "y": -1}, -2, 2)}
    model = small_model(variables, {"r": ({"x": 2, "y": 4, "s": 2}, 6, 6), **link})
    whole = SlackRemoval().apply(model, Budget())
    assert whole is not None
    check_reduction(whole)
    odd = {"r": ({"x": 1, "y": 4, "s": 2}, 6, 6), **link}
    assert SlackRemoval().apply(small_model(variables, odd), Budget()) is None
    mixed = {**variables, "y": (0, 3, "C")}
    assert SlackRemoval().apply(small_model(mixed, {"r": ({"x": 2, "y": 4, "s": 2}, 6, 6), **link}), Budget()) is None


def test_of_two_slacks_the_one_without_cost_goes() -> None:
    model = small_model(
        {"x": (0, 3, "I"), "p": (0, 5, "C"), "s": (0, Fraction(1, 2), "C")},
        {"r": ({"x": 1, "p": 1, "s": 1}, 4, 4), "q": ({"x": 1, "p": 0}, None, 2)},
        {"p": 1},
    )
    reduction = SlackRemoval().apply(model, Budget())
    assert reduction is not None
    assert "p" in reduction.reduced.variables
    check_reduction(reduction)


@pytest.mark.parametrize(
    ("rows", "objective"),
    [
        ({"r": ({"x": 1, "s": 1}, None, 4)}, {}),  # no equality
        ({"r": ({"x": 1, "s": 1}, 4, 4), "q": ({"x": 1, "s": 2}, None, 6)}, {}),  # in two rows
        ({"r": ({"x": 1, "s": 1, "p": -1}, 2, 2), "q": ({"x": 1, "y": 1}, None, 4)}, {"s": 1, "p": 1}),  # a choice
    ],
)
def test_what_is_no_slack_stays(
    rows: dict[str, tuple[dict[str, int], int | None, int | None]], objective: dict[str, int]
) -> None:
    variables = {"x": (0, 3, "I"), "y": (0, 3, "I"), "s": (0, None, "C"), "p": (0, None, "C")}
    assert SlackRemoval().apply(small_model(variables, rows, objective), Budget()) is None
