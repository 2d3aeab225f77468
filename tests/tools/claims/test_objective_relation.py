from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import mapping, model, renaming

from tools.claims.objective_relation import LARGEST_EXACT, ObjectiveRelation, read_relation
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping

BOX = {"x": (0, 5), "y": (0, 5)}


def test_scale_and_offset_are_read_off_proportional_objectives() -> None:
    target = model(continuous=BOX, minimize={"x": 4, "y": -6}, constant=1)
    source = model(continuous=BOX, maximize={"x": -2, "y": 3}, constant=5)
    recovery = mapping(target, source, {"x": (7, {"x": 1}), "y": (0, {"y": 1})})
    assert read_relation(target, source, recovery) == ObjectiveRelation(Fraction(2), Fraction(39))


@pytest.mark.parametrize(
    "objective",
    [{"minimize": {"x": -1, "y": -1}}, {"maximize": {"x": 1, "y": 1}}, {"minimize": {"x": 1, "y": 2}}, {}],
    ids=["reversed", "maximised", "not proportional", "constant"],
)
def test_there_is_no_relation_with_another_objective(objective: dict[str, dict[str, int]]) -> None:
    target = model(continuous=BOX, minimize={"x": 1, "y": 1})
    source = model(continuous=BOX, **objective)  # type: ignore[arg-type]
    assert read_relation(target, source, renaming(target, source)) is None
    assert read_relation(source, target, renaming(source, target)) is None


def test_constant_objectives_have_scale_one() -> None:
    target, source = model(continuous=BOX, constant=3), model(continuous=BOX, constant=-4)
    assert read_relation(target, source, renaming(target, source)) == ObjectiveRelation(Fraction(1), Fraction(7))
    fixed = model(continuous={"x": (2, 2), "y": (0, 5)}, minimize={"x": 3})
    assert read_relation(target, fixed, renaming(target, fixed)) == ObjectiveRelation(Fraction(1), Fraction(-3))


def defined(factor: str, extra: str = "0") -> Formulation:
    """z = factor·(x + y) + extra, minimise z."""
    return model(
        continuous={"x": (0, 5), "y": (0, 5), "z": (None, None)},
        minimize={"z": 1},
        rows=[({"z": 1, "x": f"-{factor}", "y": f"-{factor}"}, extra, extra)],
    )


@pytest.mark.parametrize("factor", ["1", "2", "1/3", "7/5", "1000000000", "1/1000000000"])
def test_a_defining_equality_is_looked_through(factor: str) -> None:
    target, source = model(continuous=BOX, minimize={"x": 1, "y": 1}, constant=2), defined(factor, "3")
    relation = read_relation(target, source, renaming(target, source))
    scale = 1 / Fraction(factor)
    assert relation == ObjectiveRelation(scale, 2 - 3 * scale)


@pytest.mark.parametrize("factor", ["1", "3", "5/7"])
def test_a_large_model_is_looked_through_in_doubles_first(factor: str) -> None:
    names = [f"x{j}" for j in range(LARGEST_EXACT + 1)]
    box = dict.fromkeys(names, (0, 5))
    target = model(continuous=box, minimize=dict.fromkeys(names, 1))
    terms = {**dict.fromkeys(names, f"-{factor}"), "z": 1}
    source = model(continuous={**box, "z": (None, None)}, minimize={"z": 1}, rows=[(terms, 3, 3)])
    scale = 1 / Fraction(factor)
    assert read_relation(target, source, renaming(target, source)) == ObjectiveRelation(scale, -3 * scale)


def test_multipliers_need_not_be_simple() -> None:
    target = model(continuous={"x": (0, 5)}, minimize={"x": 1})
    source = model(
        continuous={"x": (0, 5), "z": (None, None)},
        minimize={"z": 1},
        rows=[({"x": "2.9999997", "z": "-1.0000001"}, 2, 2)],
    )
    scale = Fraction(10000001, 29999997)
    assert read_relation(target, source, renaming(target, source)) == ObjectiveRelation(
        scale, Fraction(20000000, 29999997)
    )


def test_a_reversed_definition_is_not_a_relation() -> None:
    target, source = model(continuous=BOX, maximize={"x": 1, "y": 1}), defined("1")
    assert read_relation(target, source, renaming(target, source)) is None


def test_equalities_that_fix_the_objective_leave_scale_one() -> None:
    tied = model(continuous=BOX, minimize={"x": 1, "y": 1}, rows=[({"x": 1, "y": 1}, 4, 4)])
    target = model(continuous=BOX, constant=1)
    assert read_relation(target, tied, renaming(target, tied)) == ObjectiveRelation(Fraction(1), Fraction(-3))
    free = model(continuous=BOX, minimize={"x": 1}, rows=[({"x": 1, "y": 1}, 4, 4)])
    assert read_relation(target, free, renaming(target, free)) is None


@settings(max_examples=40)
@given(st.data())
def test_whatever_is_read_holds_wherever_the_equalities_do(data: st.DataObject) -> None:
    numbers = st.integers(-3, 3)
    names = ("x", "y", "z")

    def objective() -> dict[str, int]:
        return {name: data.draw(numbers) for name in names}

    bounds = dict.fromkeys(names, (None, None))
    row = {name: data.draw(numbers.filter(bool)) for name in names}
    side = data.draw(numbers)
    target = model(continuous=bounds, minimize=objective(), constant=data.draw(numbers))
    source = model(continuous=bounds, minimize=objective(), rows=[(row, side, side)])
    recovery = renaming(target, source)
    relation = read_relation(target, source, recovery)
    if relation is None:
        return
    assert relation.scale > 0
    for x, y in ((0, 0), (1, 0), (0, 1), (5, -7)):
        z = Fraction(side - row["x"] * x - row["y"] * y, row["z"])
        point = [Fraction(x), Fraction(y), z]
        assert target.cost_value(recovery.apply(point)) == relation(source.cost_value(point))


@given(st.fractions(min_value="1/50", max_value=50), st.fractions(), st.fractions())
def test_the_inverse_undoes_the_relation(scale: Fraction, offset: Fraction, value: Fraction) -> None:
    relation = ObjectiveRelation(scale, offset)
    assert relation.inverse()(relation(value)) == value
    assert relation.inverse().inverse() == relation


def test_a_variable_that_rows_fix_may_cost_on_one_side_only() -> None:
    source = parse_lp("min 3 x + 5 u\nst\n r: x = 2\n s: x - 2 u <= 0\nbounds\n x <= 9\nbinary\n u\nend")
    target = parse_lp("min 4 y\nst\n r: y >= 0\nend")
    relation = read_relation(target, source, IndexMapping([Fraction(0)], [{0: Fraction(1)}]))
    assert relation is not None
    assert relation(source.cost_value([Fraction(2), Fraction(1)])) == 8
