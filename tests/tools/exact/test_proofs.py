import itertools
import math
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import model

from tools.exact.budget import Budget
from tools.exact.proofs import (
    BranchProof,
    EmptyProof,
    LinearProof,
    Proof,
    SimplifiedProof,
    bounds_of,
    crossed_element,
    grid,
    holds,
    linear_bound,
    round_up,
)
from tools.exact.prover import Proved, Prover
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation

HALF = Fraction(1, 2)
SMALL = st.integers(-3, 3).map(Fraction) | st.sampled_from([HALF, Fraction(-1, 3), Fraction(5, 2)])


def points_of(formulation: Formulation) -> list[list[Fraction]]:
    """Return all points of a pure integer box, by trying them."""
    ranges = []
    for j in range(len(formulation.variables)):
        low, high = formulation.lower[j], formulation.upper[j]
        ranges.append(range(math.ceil(low), math.floor(high) + 1))
    points = ([Fraction(v) for v in values] for values in itertools.product(*ranges))
    return [point for point in points if formulation.is_feasible(point)]


@st.composite
def integer_models(draw: st.DrawFn) -> Formulation:
    names = ["x", "y", "z"][: draw(st.integers(1, 3))]
    bounds = {}
    for name in names:
        low = draw(st.integers(-2, 2).map(Fraction) | st.just(Fraction(1, 3)))
        bounds[name] = (low, low + draw(st.sampled_from([0, 1, 2, HALF])))
    rows = []
    for _ in range(draw(st.integers(0, 3))):
        terms = {name: draw(SMALL.filter(bool)) for name in names}
        low = draw(st.none() | SMALL)
        rows.append((terms, low, None if low is not None and draw(st.booleans()) else draw(SMALL)))
    return model(integer=bounds, rows=rows)


@st.composite
def proofs(draw: st.DrawFn, formulation: Formulation, depth: int = 2) -> Proof:
    """Proof trees of arbitrary, mostly useless multipliers."""
    m, n = formulation.shape
    kind = draw(st.sampled_from(["linear", "linear", "empty", "crossed", "branch"] if depth else ["linear", "empty"]))
    if kind == "branch":
        below, above = draw(proofs(formulation, depth - 1)), draw(proofs(formulation, depth - 1))
        return BranchProof(draw(st.integers(-1, n)), draw(st.integers(-3, 3)), below, above)
    if kind == "crossed":
        return EmptyProof({}, draw(st.sampled_from([("variable", 0), ("variable", n - 1), ("row", 0), ("row", -1)])))
    multipliers = draw(st.dictionaries(st.integers(-1, m), SMALL, max_size=3))
    return EmptyProof(multipliers) if kind == "empty" else LinearProof(multipliers, Fraction(0))


@settings(max_examples=200)
@given(st.data())
def test_what_an_arbitrary_proof_shows_is_true_of_every_point(data: st.DataObject) -> None:
    formulation = data.draw(integer_models())
    form = {j: c for j in range(len(formulation.variables)) if (c := data.draw(SMALL))}
    proof = data.draw(proofs(formulation))
    target = data.draw(st.integers(-12, 6).map(lambda v: Fraction(v, 2)))
    if holds(formulation, form, target, proof):
        for point in points_of(formulation):
            assert sum((c * point[j] for j, c in form.items()), Fraction(0)) >= target


def knapsack(**changes: object) -> Formulation:
    """3x + 2y ≥ 7 with x, y in 0..4, integer."""
    return model(integer={"x": (0, 4), "y": (0, 4)}, rows=[({"x": 3, "y": 2}, 7, None)])


FORM = {0: Fraction(3), 1: Fraction(2)}


def test_a_row_proves_its_own_side_and_no_more() -> None:
    proof = LinearProof({0: Fraction(1)}, Fraction(7))
    assert holds(knapsack(), FORM, Fraction(7), proof)
    assert not holds(knapsack(), FORM, Fraction(15, 2), LinearProof({0: Fraction(0)}, Fraction(7)))
    assert proof.kind == "row"


@pytest.mark.parametrize(
    "multipliers",
    [{0: Fraction(-1)}, {0: Fraction(4, 5)}, {0: Fraction(6, 5)}, {}, {1: Fraction(1)}, {-1: Fraction(1)}],
    ids=["other side", "too small", "too large", "none", "no such row", "counted from the end"],
)
def test_changed_multipliers_are_rejected(multipliers: Mapping[int, Fraction]) -> None:
    assert not holds(knapsack(), FORM, Fraction(7), LinearProof(multipliers, Fraction(7)))


def test_the_stated_bound_is_not_believed() -> None:
    assert not holds(knapsack(), FORM, Fraction(8), LinearProof({0: Fraction(1)}, Fraction(8)))


def test_a_bound_is_rounded_to_the_grid_of_integer_forms_only() -> None:
    even = {0: Fraction(2), 1: Fraction(2)}  # takes even values
    rows = [({"x": 1, "y": 1}, "1/4", None)]
    integer = model(integer={"x": (0, 4), "y": (0, 4)}, rows=rows)
    mixed = model(integer={"x": (0, 4)}, continuous={"y": (0, 4)}, rows=rows)
    proof = LinearProof({0: Fraction(2)}, HALF)
    assert holds(integer, even, Fraction(2), proof)
    assert not holds(integer, even, Fraction(5, 2), proof)
    assert not holds(mixed, {1: Fraction(2), 0: Fraction(2)}, Fraction(1), proof)


def test_the_grid_is_the_greatest_common_step() -> None:
    formulation = model(integer={"x": (0, 4), "y": (0, 4)}, continuous={"u": (0, 1)})
    assert grid(formulation, {1: Fraction(2, 3), 2: Fraction(1, 2)}) == Fraction(1, 6)
    assert grid(formulation, {1: Fraction(-4), 2: Fraction(6)}) == 2
    assert grid(formulation, {0: Fraction(1)}) is None
    assert grid(formulation, {}) is None
    assert round_up(Fraction(-5, 4), Fraction(1, 2)) == -1


def test_bounds_of_integer_variables_are_rounded_inward() -> None:
    formulation = model(integer={"x": ("-1/2", "7/2")}, continuous={"u": ("-1/2", "7/2")})
    assert bounds_of(formulation, 1) == (0, 3)
    assert bounds_of(formulation, 0) == (-HALF, Fraction(7, 2))
    assert bounds_of(formulation, 1, {1: (Fraction(1), None)}) == (1, None)


def test_an_infinite_side_proves_nothing() -> None:
    formulation = model(continuous={"x": (0, None)}, rows=[({"x": 1}, None, 5)])
    assert linear_bound(formulation, {0: Fraction(-1)}, {}) is None
    assert linear_bound(formulation, {0: Fraction(1)}, {0: Fraction(2)}) is None
    assert linear_bound(formulation, {0: Fraction(-1)}, {0: Fraction(-1)}) == -5


def test_a_branch_covers_every_integer() -> None:
    leaf = LinearProof({}, Fraction(0))
    formulation = model(integer={"x": (0, 4)}, rows=[({"x": 2}, 3, 3)])
    gap = {0: Fraction(2)}
    row = LinearProof({0: Fraction(1)}, Fraction(3))
    assert holds(formulation, gap, Fraction(3), BranchProof(0, 1, row, row))
    for bad in (HALF, Fraction(3, 2)):
        assert not holds(formulation, gap, Fraction(3), BranchProof(0, bad, row, row))  # type: ignore[arg-type]
    both = EmptyProof({0: Fraction(1)}), EmptyProof({0: Fraction(-1)})
    assert holds(formulation, {}, Fraction(1), BranchProof(0, 1, *both))
    assert not holds(formulation, {}, Fraction(1), BranchProof(0, 1, *reversed(both)))
    assert not holds(formulation, {}, Fraction(1), BranchProof(0, 0, *both))
    assert not holds(formulation, {}, Fraction(1), BranchProof(0, 1, both[0], leaf))


def test_a_branch_on_a_continuous_variable_is_rejected() -> None:
    formulation = model(continuous={"x": (0, 4)}, rows=[({"x": 2}, 3, 3)])
    both = EmptyProof({0: Fraction(1)}), EmptyProof({0: Fraction(-1)})
    assert not holds(formulation, {}, Fraction(1), BranchProof(0, 1, *both))
    assert not holds(formulation, {}, Fraction(1), BranchProof(-1, 1, *both))


def test_a_branch_never_widens_bounds() -> None:
    formulation = model(integer={"x": (0, 4)})
    activity = LinearProof({}, Fraction(0))
    assert holds(formulation, {0: Fraction(1)}, Fraction(0), BranchProof(0, -7, activity, activity))
    assert holds(formulation, {0: Fraction(-1)}, Fraction(-4), BranchProof(0, 9, activity, activity))


def test_emptiness_needs_a_positive_bound_on_zero() -> None:
    touching = model(continuous={"x": (0, 1)}, rows=[({"x": 1}, 1, None)])
    apart = model(continuous={"x": (0, 1)}, rows=[({"x": 1}, "1.0000001", None)])
    proof = EmptyProof({0: Fraction(1)})
    assert not holds(touching, {}, Fraction(1), proof)
    assert holds(apart, {}, Fraction(1), proof)
    assert holds(apart, {0: Fraction(5)}, Fraction(10**9), proof)
    assert not holds(apart, {}, Fraction(1), EmptyProof({0: Fraction(-1)}))


def test_crossing_is_looked_up_in_the_model() -> None:
    crossed = model(integer={"x": (0, 1), "y": ("1/3", "2/3")}, rows=[({"x": 1}, 2, 1)])
    fine = model(integer={"x": (0, 1), "y": (0, 1)}, rows=[({"x": 1}, 0, 1)])
    for element in (("variable", 1), ("row", 0)):
        assert holds(crossed, {}, Fraction(1), EmptyProof({}, element))
        assert not holds(fine, {}, Fraction(1), EmptyProof({}, element))
    for element in (("variable", -1), ("row", -1), ("row", 1), ("variable", 2), ("variable", 0)):
        assert not holds(crossed, {}, Fraction(1), EmptyProof({}, element))
    assert crossed_element(crossed) in (("variable", 1), ("row", 0))
    assert crossed_element(fine) is None
    assert crossed_element(model(continuous={"x": ("1/3", 0.3333333333333333)})) == ("variable", 0)
    assert crossed_element(model(continuous={"x": (0.3333333333333333, "1/3")})) is None


def test_a_proof_on_the_simplified_model_is_checked_there() -> None:
    """y ≥ ½ as a row fixes the binary y at 1; then x + y ≤ 3 gives x ≤ 2, which no multipliers on the raw rows show."""
    formulation = parse_lp("min\n x\nst\n open: 2 y >= 1\n cap: x + y <= 3\nbounds\n x <= 9\nbin\n y\nend\n")
    x = formulation.variable_index["x"]
    form, target = {x: Fraction(-1)}, Fraction(-2)
    answer = Prover(formulation, Budget()).at_least(form, target)
    assert isinstance(answer, Proved)
    assert isinstance(answer.proof, SimplifiedProof)
    assert holds(formulation, form, target, answer.proof)
    assert not holds(formulation, form, target + Fraction(1, 100), answer.proof)
    stronger = parse_lp("min\n x\nst\n open: 2 y >= 0\n cap: x + y <= 3\nbounds\n x <= 9\nbin\n y\nend\n")
    assert not holds(stronger, form, target, answer.proof)
