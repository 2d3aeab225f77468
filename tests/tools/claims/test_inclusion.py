from fractions import Fraction

import pytest
from small_models import Number, mapping, model, renaming

from tools.claims.inclusion import Inclusion, include
from tools.claims.objective_relation import ObjectiveRelation
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping

SAME = ObjectiveRelation(Fraction(1), Fraction(0))


def carried(target: Formulation, source: Formulation, recovery: IndexMapping, **options: object) -> Inclusion:
    return include(target, recovery, Prover(source, Budget()), options.pop("relation", None), **options)  # type: ignore[arg-type]


def single(rule: tuple[Number, dict[str, Number]], source: Formulation) -> Inclusion:
    target = model(integer={"x": (None, None)})
    return carried(target, source, mapping(target, source, {"x": rule}))


def test_integer_coefficients_need_an_integer_constant() -> None:
    source = model(integer={"u": (0, 9)}, continuous={"t": (0, 9)})
    assert single((2, {"u": 3}), source).holds
    found = single(("1/2", {"u": 3}), source)
    assert found.breach is not None
    assert found.breach.kind == "integrality"
    assert not single((0, {"t": 1}), source).holds
    assert not single((0, {"u": "1/2"}), source).holds


def test_integrality_may_come_from_equalities() -> None:
    halves = model(integer={"u": (0, 9), "k": (0, 9)}, rows=[({"u": 1, "k": -2}, 0, 0)])
    assert single((0, {"u": "1/2"}), halves).holds
    slack = model(integer={"u": (0, 9)}, continuous={"s": (0, 9)}, rows=[({"u": 3, "s": 1}, 8, 8)])
    assert single((0, {"s": 1}), slack).holds
    odd_side = model(integer={"u": (0, 2)}, continuous={"s": (0, 9)}, rows=[({"u": 3, "s": 1}, "17/2", "17/2")])
    found = single((0, {"s": 1}), odd_side)
    assert found.breach is not None
    assert found.breach.amount == Fraction(1, 2)
    loose = model(integer={"u": (0, 2)}, continuous={"s": (0, 9)}, rows=[({"u": 3, "s": 1}, None, 8)])
    assert not single((0, {"s": 1}), loose).holds


def test_integrality_may_come_from_few_possible_values() -> None:
    """2u is an integer in [0, 2] and u + v = 1 with v integer only through the bounds of both."""
    thirds = model(integer={"k": (0, 0)}, continuous={"t": (0, 5)}, rows=[({"t": 1, "k": -1}, 3, 3)])
    assert single((0, {"t": 1}), thirds).holds
    forced = model(continuous={"t": (2, 2)})
    assert single((0, {"t": 1}), forced).holds
    assert single(("1/2", {"t": "1/4"}), forced).holds
    assert not single((0, {"t": "1/4"}), forced).holds


def test_both_sides_of_rows_and_bounds_are_required() -> None:
    target = model(continuous={"x": (1, 4), "y": (None, None)}, rows=[({"x": 1, "y": 1}, 2, 6)])
    inside: dict[str, tuple[Number | None, Number | None]] = {"x": (1, 4), "y": (1, 2)}
    assert carried(target, model(continuous=inside), renaming(target, target)).holds
    for name, bounds in (
        ("x", ("0.9999999", 4)),
        ("x", (1, "4.0000001")),
        ("y", ("0.9999999", 2)),
        ("y", (1, "2.0000001")),
    ):
        source = model(continuous={**inside, name: bounds})
        found = carried(target, source, renaming(target, source))
        assert found.breach is not None, (name, bounds)
        assert found.breach.amount == Fraction(1, 10**7)
        assert source.is_feasible(found.breach.point)


def test_exact_quotients_are_not_confused_with_their_decimals() -> None:
    """1/3 and 0.3333333333333333 have the same double."""
    for exact, written in (("1/3", 0.3333333333333333), (0.3333333333333333, "1/3")):
        target = model(continuous={"x": (0, None)}, rows=[({"x": 1}, None, exact)])
        source = model(continuous={"x": (0, None)}, rows=[({"x": 1}, None, written)])
        found = carried(target, source, renaming(target, source))
        assert found.holds == (Fraction(written) <= Fraction(exact) if isinstance(exact, str) else False)
        target = model(continuous={"x": (0, exact)})
        source = model(continuous={"x": (0, written)})
        assert carried(target, source, renaming(target, source)).holds == found.holds


def test_rows_that_differ_in_one_override_are_not_taken_for_the_same() -> None:
    target = model(continuous={"x": (0, 3), "y": (0, 3)}, rows=[({"x": "1/3", "y": 1}, None, 2)])
    source = model(continuous={"x": (0, 3), "y": (0, 3)}, rows=[({"x": "1/3", "y": 1}, None, 2)])
    assert carried(target, source, renaming(target, source)).holds
    other = model(
        continuous={"x": (0, 3), "y": (0, 3)},
        rows=[({"x": "333333333333333333/10000000000000000000", "y": 1}, None, 2)],
    )
    assert not carried(target, other, renaming(target, other)).holds


def test_two_variables_read_from_one_are_added_up() -> None:
    target = model(continuous={"x": (0, 1), "y": (0, 1)}, rows=[({"x": 1, "y": 1}, None, 1)])
    source = model(continuous={"u": (0, 1)}, rows=[({"u": 1}, None, 1)])
    both = mapping(target, source, {"x": (0, {"u": 1}), "y": (0, {"u": 1})})
    found = carried(target, source, both)
    assert found.breach is not None
    assert found.breach.kind == "row upper"


@pytest.mark.parametrize(("offset", "holds"), [(0, True), (1, True), ("-0.0000001", False)])
def test_the_objective_may_not_get_worse_than_promised(offset: Number, holds: bool) -> None:
    one = model(continuous={"x": (0, 1)}, maximize={"x": 2}, constant=3)
    relation = ObjectiveRelation(Fraction(1), Fraction(offset))
    assert carried(one, one, renaming(one, one), relation=relation).holds == holds


def test_pool_points_count_only_when_they_are_feasible() -> None:
    target, source = model(continuous={"x": (0, 1)}), model(continuous={"x": (0, 1)}, rows=[({"x": 2}, None, 2)])
    doubled = mapping(target, source, {"x": (0, {"x": 2})})
    outside = [[Fraction(7)], [Fraction(3, 4)]]
    found = carried(target, source, doubled, pool=outside)
    assert found.breach is not None
    assert list(found.breach.point) == [Fraction(3, 4)]
    same = carried(target, source, renaming(target, source), pool=[[Fraction(7)]])
    assert same.holds


def test_an_empty_source_is_carried_anywhere() -> None:
    target = model(integer={"x": (5, 6)}, rows=[({"x": 1}, 9, None)])
    for source in (model(integer={"u": (1, 0)}), model(integer={"u": (0, 1)}, rows=[({"u": 2}, 1, 1)])):
        assert carried(target, source, renaming(target, source)).holds


def test_crossed_and_contradictory_targets_take_nothing() -> None:
    source = model(integer={"u": (0, 1)})
    for target in (model(integer={"x": (1, 0)}), model(integer={"x": (0, 1)}, rows=[({}, 1, None)])):
        assert carried(target, source, renaming(target, source)).breach is not None


def test_a_duplicate_relation_is_no_relation() -> None:
    target = model(continuous={"x": (0, 1)}, minimize={"x": 1})
    assert carried(target, target, renaming(target, target), relation=SAME).holds
    assert carried(target, target, renaming(target, target)).holds
