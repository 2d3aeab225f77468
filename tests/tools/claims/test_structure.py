from fractions import Fraction

import pytest
from small_models import mapping, model, renaming

from tools.claims.structure import chosen_because
from tools.formulation.model import Formulation


def reference() -> Formulation:
    return model(
        integer={"a": (0, 10)},
        continuous={"t": (0, 4)},
        minimize={"a": 2, "t": 1},
        rows=[({"a": 5, "t": 3}, 7, None), ({"a": 1, "t": -1}, None, 6)],
    )


def test_renaming_and_changes_of_sign_are_structural() -> None:
    assert chosen_because(reference(), reference(), renaming(reference(), reference())) is None
    negative = model(integer={"u": (-10, 0)}, continuous={"v": (0, 4)}, rows=[({"u": -5, "v": 3}, 7, None)])
    assert (
        chosen_because(reference(), negative, mapping(reference(), negative, {"a": (0, {"u": -1}), "t": (0, {"v": 1})}))
        is None
    )


def complemented(rows: bool = True, top: int = 10) -> Formulation:
    """a = 10 − u and t = v/2."""
    return model(
        integer={"u": (0, top)},
        continuous={"v": (0, 8)},
        rows=[({"u": -10, "v": 3}, -86, None), ({"u": -2, "v": -1}, None, -8)] if rows else [],
    )


def test_complement_and_scale_carry_bounds_and_rows() -> None:
    rules = {"a": (10, {"u": -1}), "t": (0, {"v": "1/2"})}
    assert chosen_because(reference(), complemented(), mapping(reference(), complemented(), rules)) is None
    shorter = complemented(top=9)
    reason = chosen_because(reference(), shorter, mapping(reference(), shorter, rules))
    assert reason is not None
    assert "bounds" in reason
    lost = complemented(rows=False)
    reason = chosen_because(reference(), lost, mapping(reference(), lost, rules))
    assert reason is not None
    assert "r0" in reason


@pytest.mark.parametrize("side", ["-85", "-87", None])
def test_a_row_with_another_side_is_no_counterpart(side: str | None) -> None:
    candidate = model(
        integer={"u": (0, 10)},
        continuous={"v": (0, 8)},
        rows=[({"u": -10, "v": 3}, side, -86 if side is None else None), ({"u": -2, "v": -1}, None, -8)],
    )
    rules = {"a": (10, {"u": -1}), "t": (0, {"v": "1/2"})}
    assert chosen_because(reference(), candidate, mapping(reference(), candidate, rules)) is not None


def test_a_scaled_integer_reaches_some_integers_only() -> None:
    even = model(integer={"x": (0, 10)}, maximize={"x": 1})
    halves = model(integer={"u": (0, 5)}, maximize={"u": 1})
    assert chosen_because(even, halves, mapping(even, halves, {"x": (0, {"u": 2})})) is not None


def test_sums_constants_and_repeated_variables_are_chosen() -> None:
    pair = model(continuous={"x": (0, 1), "y": (0, 1)}, rows=[({"x": 1, "y": 1}, None, 1)])
    for rules in (
        {"x": (0, {"x": 1, "y": 1}), "y": (0, {"y": 1})},
        {"x": ("1/2", {}), "y": (0, {"y": 1})},
        {"x": (0, {"y": 1}), "y": (0, {"y": 1})},
        {"x": (0, {"x": 0}), "y": (0, {"y": 1})},
    ):
        assert chosen_because(pair, pair, mapping(pair, pair, rules)) is not None  # type: ignore[arg-type]


def test_a_fixed_or_unused_variable_may_be_constant() -> None:
    loose = model(continuous={"x": (0, 1), "one": (1, 1), "idle": (0, 9)}, minimize={"x": 1, "one": 4})
    candidate = model(continuous={"x": (0, 1)}, minimize={"x": 1}, constant=4)
    rules = {"x": (0, {"x": 1}), "one": (1, {}), "idle": (3, {})}
    assert chosen_because(loose, candidate, mapping(loose, candidate, rules)) is None
    wrong = {**rules, "one": (2, {})}
    assert chosen_because(loose, candidate, mapping(loose, candidate, wrong)) is not None
    assert Fraction(1) == loose.lower[1]


def selecting(values: range, *, side: int = 1) -> Formulation:
    """Binaries of which one is chosen for each value."""
    names = {f"z{v}": (0, 1) for v in values}
    return model(integer=names, rows=[(dict.fromkeys(names, 1), side, side)])


@pytest.mark.parametrize(
    ("values", "side", "structural"),
    [(range(5), 1, True), (range(4), 1, False), (range(1, 6), 1, False), (range(5), 2, False)],
    ids=["every whole number", "the last is missing", "shifted", "two are selected"],
)
def test_a_selected_number_is_structural_if_it_takes_every_value(values: range, side: int, structural: bool) -> None:
    ours = model(continuous={"t": (0, 4)}, minimize={"t": 1})
    theirs = selecting(values, side=side)
    found = chosen_because(ours, theirs, mapping(ours, theirs, {"t": (0, {f"z{v}": v for v in values})}))
    assert (found is None) == structural


def test_binaries_select_one_number_only() -> None:
    ours = model(continuous={"t": (0, 4), "u": (0, 4)}, minimize={"t": 1, "u": 1})
    theirs = selecting(range(5))
    both = {"t": (0, {f"z{v}": v for v in range(5)}), "u": (4, {f"z{v}": -v for v in range(5)})}
    assert "another reference variable" in str(chosen_because(ours, theirs, mapping(ours, theirs, both)))
