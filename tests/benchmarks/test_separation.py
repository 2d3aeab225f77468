from fractions import Fraction

import pytest
from benchmark_models import build, integer_points, models
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.mutants import mutant
from benchmarks.separation import find_difference, no_relation
from benchmarks.twin_models import disguised
from tools.formulation.model import Formulation

BASE = build("iic", [({0: 1, 1: 1}, 2, None), ({0: 1, 1: 1}, 1, None), ({1: 1, 2: 1}, None, 3)], [1, 2, 3])


def changed(rows: list[tuple[dict[int, int], int | None, int | None]], columns: str, cost: list[int]) -> Formulation:
    return build(columns, rows, cost)


def test_what_separates_is_named() -> None:
    rows: list[tuple[dict[int, int], int | None, int | None]] = [
        ({0: 1, 1: 1}, 3, None), ({0: 1, 1: 1}, 1, None), ({1: 1, 2: 1}, None, 3),
    ]  # fmt: skip
    difference = find_difference(BASE, changed(rows, "iic", [1, 2, 3]), 10.0)
    assert difference is not None
    assert (difference.what, difference.where, difference.evidence) == ("row r0", "original only", "exact")
    rows[0] = ({0: 1, 1: 1}, 2, None)
    difference = find_difference(BASE, changed(rows, "icc", [1, 2, 3]), 10.0)
    assert difference is not None
    assert (difference.what, difference.where) == ("integrality of x[1]", "mutant only")
    difference = find_difference(BASE, changed(rows, "iic", [1, 2, -3]), 10.0)
    assert difference is not None
    assert difference.where == "objective"


def test_points_far_outside_separate_too() -> None:
    near, far = (build("ff", [({0: 1}, low, high)], [1, 1]) for low, high in ((0, 1), (1000, 2000)))
    difference = find_difference(near, far, 10.0)
    assert difference is not None
    assert (difference.what, difference.where) == ("row r0", "mutant only")


def test_a_redundant_row_separates_nothing() -> None:
    rows: list[tuple[dict[int, int], int | None, int | None]] = [
        ({0: 1, 1: 1}, 2, None), ({0: 1, 1: 1}, 0, None), ({1: 1, 2: 1}, None, 3),
    ]  # fmt: skip
    assert find_difference(BASE, changed(rows, "iic", [1, 2, 3]), 10.0) is None


def test_an_objective_of_one_term_may_be_scaled() -> None:
    one, twice, opposite = (build("ic", [({0: 1, 1: 1}, 1, None)], [cost, 0]) for cost in (1, 2, -1))
    assert find_difference(one, twice, 10.0) is None
    assert find_difference(one, opposite, 10.0) is not None


def test_other_variables_are_refused() -> None:
    with pytest.raises(ValueError, match="same variables"):
        find_difference(BASE, disguised(BASE, 0), 10.0)


@settings(max_examples=25)
@given(models("bi"), st.integers(0, 1000))
def test_agrees_with_enumeration(model: Formulation, seed: int) -> None:
    made = mutant(model, seed)
    assert made is not None
    other, mutation = made
    if mutation.kind == "integrality toggled":
        return
    mine, theirs = integer_points(model), integer_points(other)
    pairs = [(other.cost_value(point), model.cost_value(point)) for point in mine]
    apart = mine != theirs or no_relation(pairs, 0.0)
    assert (find_difference(model, other, 10.0) is not None) == apart


def test_no_relation() -> None:
    def values(*pairs: tuple[int, int]) -> list[tuple[Fraction, Fraction]]:
        return [(Fraction(a), Fraction(b)) for a, b in pairs]

    assert not no_relation(values((0, 1), (1, 3), (2, 5)), 0.0)
    assert no_relation(values((0, 1), (1, 3), (2, 6)), 0.0)
    assert no_relation(values((0, 1), (1, 0)), 0.0)
    assert no_relation(values((0, 1), (1, 1)), 0.0)
    assert no_relation(values((1, 0), (1, 1)), 0.0)
    assert not no_relation(values((1, 5)), 0.0)
    assert not no_relation(values((1, 5), (1, 5)), 0.0)
