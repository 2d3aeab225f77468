from fractions import Fraction

import pytest
from small_models import Number, mapping, model, renaming

from tools.claims.carrier import Carrier
from tools.claims.completeness import CompletenessCheck
from tools.claims.objective_relation import read_relation
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping


def check(
    reference: Formulation, candidate: Formulation, recovery: IndexMapping, budget: Budget | None = None
) -> CompletenessCheck:
    relation = read_relation(reference, candidate, recovery)
    chosen = budget or Budget()
    return CompletenessCheck(
        Prover(reference, chosen), Carrier.plain(reference, Prover(candidate, chosen), recovery), relation
    )


def exact(*values: Number) -> list[Fraction]:
    return [Fraction(value) for value in values]


def test_a_determined_point_is_reached_or_not_without_any_lifting_at_hand() -> None:
    reference = model(integer={"x": (0, 5)}, minimize={"x": 1})
    candidate = model(integer={"u": (0, 3), "one": (1, 1)}, minimize={"u": 1}, constant=1)
    recovery = mapping(reference, candidate, {"x": (1, {"u": 1})})
    asked = check(reference, candidate, recovery)
    assert asked.determined
    assert asked.pin(exact(1)).outcome == "reached"
    assert asked.pin(exact(1)).point == exact(0, 1)
    assert asked.pin(exact(0)).outcome == "unreachable"
    assert asked.pin(exact(5)).outcome == "unreachable"


def test_a_point_is_reached_only_at_the_promised_value() -> None:
    reference = model(integer={"x": (0, 5)}, minimize={"x": 1})
    candidate = model(integer={"u": (0, 5), "w": (0, 9)}, minimize={"u": 1})
    recovery = mapping(reference, candidate, {"x": (0, {"u": 1})})
    assert check(reference, candidate, recovery).pin(exact(4)).outcome == "reached"
    dearer = model(
        integer={"u": (0, 5), "w": (0, 9)}, continuous={"z": (0, 99)}, minimize={"z": 1},
        rows=[({"z": 1, "u": -1, "w": -1}, 0, 0), ({"w": 1, "u": -1}, 0, None)],
    )  # fmt: skip
    to_dearer = mapping(reference, dearer, {"x": (0, {"u": 1})})
    asked = CompletenessCheck(
        Prover(reference, Budget()),
        Carrier.plain(reference, Prover(dearer, Budget()), to_dearer),
        read_relation(reference, reference, renaming(reference, reference)),
    )
    assert asked.pin(exact(0)).outcome == "reached"
    assert asked.pin(exact(2)).outcome == "unreachable"
    asked.relation = None
    assert asked.pin(exact(2)).outcome == "reached"


def test_two_readings_of_one_variable_must_agree() -> None:
    reference = model(integer={"x": (0, 5), "y": (0, 5)})
    candidate = model(integer={"u": (0, 5)})
    recovery = mapping(reference, candidate, {"x": (0, {"u": 1}), "y": (0, {"u": 2})})
    asked = check(reference, candidate, recovery)
    assert asked.pin(exact(2, 4)).outcome == "reached"
    assert asked.pin(exact(2, 3)).outcome == "unreachable"


def test_constants_reach_one_value() -> None:
    reference = model(integer={"x": (0, 5)})
    candidate = model(integer={"u": (0, 5)})
    asked = check(reference, candidate, mapping(reference, candidate, {"x": (3, {})}))
    assert asked.pin(exact(3)).outcome == "reached"
    assert asked.pin(exact(2)).outcome == "unreachable"
    assert asked.decide().claim.result == "refuted"


def test_a_zero_coefficient_reads_nothing_off() -> None:
    reference = model(integer={"x": (3, 3)})
    candidate = model(integer={"u": (0, 5)})
    recovery = IndexMapping([Fraction(3)], [{0: Fraction(0)}])
    assert recovery.terms == [{}]
    asked = check(reference, candidate, recovery)
    assert not asked.determined
    assert asked.decide().claim.result == "proved"


@pytest.mark.parametrize("top", [99, 98])
def test_digits_are_complete_up_to_the_last_number(top: int) -> None:
    reference = model(integer={"x": (0, 99)}, minimize={"x": 1})
    candidate = model(
        integer={"t": (0, 9), "o": (0, 9)}, minimize={"t": 10, "o": 1}, rows=[({"t": 10, "o": 1}, None, top)]
    )
    claim = check(reference, candidate, mapping(reference, candidate, {"x": (0, {"t": 10, "o": 1})})).decide().claim
    assert claim.result == ("proved" if top == 99 else "refuted")
    assert claim.strength == "exact"
    if claim.witness is not None:
        assert list(claim.witness.point) == exact(99)


def test_a_hole_inside_a_listed_set_is_found() -> None:
    reference = model(integer={"x": (0, 40)}, minimize={"x": 1})
    candidate = model(
        integer={"t": (0, 5), "o": (0, 9)}, minimize={"t": 8, "o": 1}, rows=[({"t": 8, "o": 3}, None, 60)]
    )
    recovery = mapping(reference, candidate, {"x": (0, {"t": 8, "o": 1})})
    claim = check(reference, candidate, recovery).decide().claim
    values = {8 * t + o for t in range(6) for o in range(10) if 8 * t + 3 * o <= 60}
    missing = set(range(41)) - values
    assert (claim.result == "refuted") == bool(missing)
    if claim.witness is not None:
        assert claim.witness.point[0] in missing


def test_without_budget_for_a_list_a_hunt_only_refutes() -> None:
    reference = model(integer={"x": (0, 40)}, minimize={"x": 1})
    candidate = model(
        integer={"t": (0, 4), "o": (0, 9)}, minimize={"t": 10, "o": 1}, rows=[({"t": 1, "o": 1}, None, 12)]
    )
    recovery = mapping(reference, candidate, {"x": (0, {"t": 10, "o": 1})})
    claim = check(reference, candidate, recovery, Budget(enumeration=3)).decide().claim
    assert claim.result != "proved" or claim.strength == "exact"


def test_a_pool_point_outside_the_reference_refutes_nothing() -> None:
    one = model(integer={"x": (0, 5)}, continuous={"s": (0, 9)}, minimize={"x": 1}, rows=[({"x": 1, "s": 1}, 5, 5)])
    asked = check(one, one, renaming(one, one))
    assert asked.decide(pool=[exact(7, 7)]).claim.result == "proved"
    tighter = model(integer={"x": (0, 5)}, minimize={"x": 1}, rows=[({"x": 1}, None, 4)])
    wide = model(integer={"x": (0, 5)}, minimize={"x": 1}, rows=[({"x": 1}, None, 4), ({"x": 2}, None, 9)])
    assert check(wide, tighter, renaming(wide, tighter)).decide(pool=[exact(5)]).claim.result == "proved"
