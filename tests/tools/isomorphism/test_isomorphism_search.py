"""Twins of random and of symmetric models are recognised; models that only look alike are not."""

import dataclasses
import random
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from isomorphism_twins import (
    BINARY,
    NONNEGATIVE,
    Dress,
    Row,
    assignment,
    bin_packing,
    blocks,
    carries_over,
    circulant,
    colouring,
    model,
    random_model,
    random_regular,
    tsp_mtz,
    twin,
    vertex_cover,
)

from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import ExactVector
from tools.formulation.read import read
from tools.isomorphism.search import Matching, isomorphisms

PERMUTED = Dress(scale=False, shift=False, reflect=False)
SHIFTED = Dress(scale=False)
SCALED = Dress()
DRIFTED = Dress(drift=True)


def first(reference: Formulation, candidate: Formulation) -> Matching:
    matching = next(isomorphisms(reference, candidate), None)
    assert matching is not None, "nothing found"
    return matching


def image(matching: Matching, point: list[Fraction]) -> list[Fraction]:
    return [
        shift + (scale * point[k] if k >= 0 else 0)
        for k, scale, shift in zip(matching.column_of.tolist(), matching.scale, matching.shift)
    ]


@given(st.integers(0, 10**6), st.sampled_from([PERMUTED, SHIFTED, SCALED, DRIFTED, Dress(scale=False, drift=True)]))
def test_twins_of_random_models_are_found(seed: int, dress: Dress) -> None:
    reference = random_model(seed)
    candidate = twin(reference, seed + 1, dress)
    matching = first(reference, candidate)
    assert matching.exact
    assert carries_over(reference, candidate, matching)


FAMILIES = {
    "assignment": assignment(12),
    "bin packing, equal items": bin_packing(12, 6, [3] * 12),
    "bin packing, kinds of items": bin_packing(12, 6, [1 + i % 3 for i in range(12)]),
    "tsp, equal distances": tsp_mtz(8, {(i, j): 1 for i in range(8) for j in range(8) if i != j}),
    "tsp": tsp_mtz(8, {(i, j): 1 + (7 * i + 3 * j) % 11 for i in range(8) for j in range(8) if i != j}),
    "colouring of a circulant": colouring(circulant(15, [1, 4]), 15, 4),
    "identical random blocks": blocks(random_model(3), 12),
    "identical symmetric blocks": blocks(assignment(4), 12),
    "identical regular blocks": blocks(vertex_cover(random_regular(14, 4, 1), 14), 8),
    "knapsack, equal items": model(
        [BINARY] * 300, dict.fromkeys(range(300), 1), [(dict.fromkeys(range(300), 2), None, 77)]
    ),
    "vertex cover of a circulant": vertex_cover(circulant(60, [1, 5, 7]), 60),
    "vertex cover of a regular graph": vertex_cover(random_regular(60, 4, 5), 60),
    "no rows": model([NONNEGATIVE, BINARY, (Kind.INTEGER, -2, 5)], {0: 1, 1: -3}, []),
    "no objective": model([NONNEGATIVE] * 3, {}, [({0: 1, 1: 2}, None, 4), ({1: 1, 2: -1}, 0, 0)]),
}


@pytest.mark.parametrize("dress", [PERMUTED, SCALED], ids=["permuted", "scaled"])
@pytest.mark.parametrize("name", FAMILIES)
def test_twins_of_symmetric_models_are_found(name: str, dress: Dress) -> None:
    reference = FAMILIES[name]
    candidate = twin(reference, 7, dress)
    matching = first(reference, candidate)
    assert matching.exact
    assert carries_over(reference, candidate, matching)


ROOK = [(4 * i + j, 4 * i + k) for i in range(4) for j in range(4) for k in range(j + 1, 4)] + [
    (4 * i + j, 4 * k + j) for j in range(4) for i in range(4) for k in range(i + 1, 4)
]
SHRIKHANDE = sorted(
    {
        (min(u, v), max(u, v))
        for i in range(4)
        for j in range(4)
        for a, b in ((1, 0), (0, 1), (1, 1))
        for u, v in [(4 * i + j, 4 * ((i + a) % 4) + (j + b) % 4)]
    }
)


@pytest.mark.parametrize(
    ("one", "other", "nodes"),
    [
        ([(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)], [(i, (i + 1) % 6) for i in range(6)], 6),
        (random_regular(40, 4, 1), random_regular(40, 4, 2), 40),
        (ROOK, SHRIKHANDE, 16),
    ],
    ids=["two triangles, hexagon", "regular graphs", "strongly regular graphs"],
)
def test_models_that_refinement_cannot_tell_apart_are_not_matched(
    one: list[tuple[int, int]], other: list[tuple[int, int]], nodes: int
) -> None:
    assert list(isomorphisms(vertex_cover(one, nodes), vertex_cover(other, nodes))) == []


def test_part_kinds_that_differ_are_found_inside_many_blocks() -> None:
    triangles, hexagon = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)], [(i, (i + 1) % 6) for i in range(6)]
    mixed = [(u + 6 * k, v + 6 * k) for k in range(5) for u, v in (hexagon if k == 3 else triangles)]
    other = [(u + 6 * k, v + 6 * k) for k in range(5) for u, v in (hexagon if k == 0 else triangles)]
    pure = [(u + 6 * k, v + 6 * k) for k in range(5) for u, v in triangles]
    assert first(vertex_cover(mixed, 30), vertex_cover(other, 30)).exact
    assert list(isomorphisms(vertex_cover(mixed, 30), vertex_cover(pure, 30))) == []


def test_regular_blocks_of_two_kinds_in_another_order_are_paired() -> None:
    kinds = [random_regular(16, 4, seed) for seed in (1, 2, 3)]

    def arranged(order: list[int]) -> Formulation:
        edges = [(u + 16 * k, v + 16 * k) for k, kind in enumerate(order) for u, v in kinds[kind]]
        return vertex_cover(edges, 16 * len(order))

    reference, candidate = arranged([0, 1, 2, 0, 1, 2]), arranged([2, 2, 1, 0, 1, 0])
    matching = first(reference, candidate)
    assert matching.exact
    assert carries_over(reference, candidate, matching)
    assert list(isomorphisms(reference, arranged([2, 2, 1, 0, 1, 1]))) == []


def test_one_changed_number_is_noticed() -> None:
    reference = random_model(4, rows=20, columns=20, integers=1.0)
    candidate = twin(reference, 1, PERMUTED)
    floats = candidate.coefficients.floats.copy()
    floats[3] *= 3
    changed = dataclasses.replace(candidate, coefficients=ExactVector(floats, candidate.coefficients.overrides))
    assert list(isomorphisms(reference, changed)) == []


def test_an_integer_column_is_never_scaled() -> None:
    def packing(size: int, kind: Kind) -> Formulation:
        columns = [(kind, 0, None), NONNEGATIVE, NONNEGATIVE]
        return model(columns, {0: size, 1: 1}, [({0: size, 1: 3}, None, 7), ({0: 5 * size, 2: 1}, 4, None)])

    assert first(packing(1, Kind.CONTINUOUS), packing(2, Kind.CONTINUOUS)).scale[0] == 2
    assert list(isomorphisms(packing(1, Kind.INTEGER), packing(2, Kind.INTEGER))) == []


def test_fixed_and_idle_columns_are_mapped() -> None:
    body: list[Row] = [({0: 1, 1: 2, 2: 3}, None, 10), ({2: 1}, 4, 4), ({0: 1, 1: -1}, 0, None)]
    reference = model([NONNEGATIVE] * 3 + [(Kind.INTEGER, 1, 3), (Kind.CONTINUOUS, 2, 6)], {0: -1}, body)
    columns = [(Kind.CONTINUOUS, 5, 7), NONNEGATIVE, NONNEGATIVE]
    candidate = model(columns, {1: -1}, [({1: 1, 2: 2}, None, -2), ({1: 1, 2: -1}, 0, None)])
    matching = first(reference, candidate)
    assert matching.exact
    assert matching.column_of.tolist() == [1, 2, -1, -1, 0]
    assert image(matching, [Fraction(5), Fraction(8), Fraction(9)]) == [8, 9, 4, 1, 2]
    assert "1 variables that occur nowhere" in matching.note


def test_a_complemented_binary_and_an_integer_shift_are_found() -> None:
    reference = model([BINARY, (Kind.INTEGER, 3, 9)], {0: 5, 1: 1}, [({0: 4, 1: 1}, 6, None)])
    candidate = model([(Kind.INTEGER, 0, 6), BINARY], {0: -1, 1: 5}, [({0: -1, 1: 4}, None, 1)], sense="maximize")
    matching = first(reference, candidate)
    assert matching.exact
    assert matching.column_of.tolist() == [1, 0]
    assert (matching.scale, matching.shift) == ((-1, 1), (1, 3))


def test_parallel_rows_and_bounds_written_as_rows_do_not_matter() -> None:
    reference = model([NONNEGATIVE] * 2, {0: 1}, [({0: 1, 1: 3}, 2, 8)])
    rows: list[Row] = [
        ({0: 2, 1: 6}, 4, None),
        ({0: -1, 1: -3}, -8, None),
        ({0: 3, 1: 9}, None, 99),
        ({0: -2}, None, 0),
        ({1: 1}, 0, None),
    ]
    matching = first(reference, model([(Kind.CONTINUOUS, None, None)] * 2, {0: 2}, rows))
    assert matching.exact
    assert matching.column_of.tolist() == [0, 1]


def test_scales_of_data_that_a_program_rounded_are_recovered() -> None:
    found = 0
    for seed in range(20):
        reference = random_model(seed)
        candidate = twin(reference, seed)
        exact = first(reference, candidate)
        rounded = dataclasses.replace(
            candidate,
            **{
                name: ExactVector(getattr(candidate, name).floats)
                for name in ("lower", "upper", "objective", "row_lower", "row_upper", "coefficients")
            },
        )
        matching = first(reference, rounded)
        found += matching.column_of.tolist() == exact.column_of.tolist() and matching.scale == exact.scale
    assert found == 20


def test_close_columns_are_told_apart_exactly() -> None:
    columns = [NONNEGATIVE] * 40
    rows: list[Row] = [
        ({j: 1 + Fraction(j, 10**9) for j in range(40)}, None, 100),
        ({j: 1 + Fraction(j * j % 41, 10**9) for j in range(40)}, 1, None),
    ]
    reference = model(columns, dict.fromkeys(range(40), 1), rows)
    for dress in (PERMUTED, SCALED):
        candidate = twin(reference, 3, dress)
        matching = first(reference, candidate)
        assert matching.exact
        assert carries_over(reference, candidate, matching)


def test_a_long_chain_without_bounds_keeps_its_scales() -> None:
    rng = random.Random(2)
    rows: list[Row] = [({i: rng.randint(1, 99), j: rng.randint(1, 99)}, None, 0) for i, j in pairwise(range(400))]
    rows += [({j: 1, (37 * j) % 400: 2}, None, 0) for j in range(1, 400, 9) if (37 * j) % 400 != j]
    reference = model([NONNEGATIVE] * 400, {0: 1, 399: 3}, rows)
    candidate = twin(reference, 1)
    matching = first(reference, candidate)
    assert matching.exact
    assert carries_over(reference, candidate, matching)


def test_the_result_is_reproducible_and_bounded() -> None:
    reference = assignment(8)
    candidate = twin(reference, 2)
    one, two = first(reference, candidate), first(reference, candidate)
    assert one.column_of.tolist() == two.column_of.tolist()
    assert (one.scale, one.shift, one.note) == (two.scale, two.shift, two.note)
    assert list(isomorphisms(reference, candidate, limit=0)) == []
    assert list(isomorphisms(reference, candidate, work=10)) == []
    assert len(list(isomorphisms(reference, candidate))) == 1


@pytest.mark.parametrize("seed", range(8))
def test_best_effort_pairs_what_a_missing_row_leaves(seed: int) -> None:
    reference = random_model(seed, rows=40, columns=40)
    candidate = twin(reference, seed, Dress(scale=False, rows=False))
    truth = first(reference, candidate)
    m, n = candidate.shape
    columns = [(Kind(int(candidate.kinds[j])), candidate.lower.finite(j), candidate.upper.finite(j)) for j in range(n)]
    rows = [
        (candidate.row_terms(i), candidate.row_lower.finite(i), candidate.row_upper.finite(i))
        for i in range(m)
        if i != seed
    ]
    mutant = model(columns, candidate.cost_terms, rows)
    assert list(isomorphisms(reference, mutant)) == []
    (matching,) = isomorphisms(reference, mutant, best_effort=True)
    assert not matching.exact
    agreeing = np.mean(matching.column_of == truth.column_of)
    assert agreeing >= 0.9


def test_best_effort_says_nothing_about_strangers() -> None:
    assert list(isomorphisms(random_model(1, integers=0.0), assignment(4), best_effort=True)) == []


def test_an_empty_model_matches_itself() -> None:
    empty = model([], {}, [])
    assert first(empty, empty).exact
    assert first(empty, empty).column_of.size == 0


def test_a_contradiction_matches_no_consistent_model() -> None:
    contradictory = model([NONNEGATIVE], {0: 1}, [({}, 1, None)])
    consistent = model([NONNEGATIVE], {0: 1}, [({}, 0, None)])
    assert list(isomorphisms(contradictory, consistent)) == []
    assert first(contradictory, contradictory).exact


@pytest.mark.slow
def test_a_hundred_thousand_random_entries_take_seconds() -> None:
    rng = np.random.default_rng(1)
    rows: list[Row] = []
    for _ in range(10_000):
        terms = {int(j): int(a) for j, a in zip(rng.integers(0, 20_000, 10), rng.integers(1, 100, 10))}
        rows.append((terms, None, int(rng.integers(50, 99))))
    reference = model([NONNEGATIVE] * 20_000, {j: 1 + j % 7 for j in range(20_000)}, rows)
    candidate = twin(reference, 1)
    assert first(reference, candidate).exact


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name", ["afiro", "dcmulti", "egout", "gesa2", "greenbea", "p0548", "25fv47", "qap04", "stair"]
)
@pytest.mark.parametrize("dress", [PERMUTED, SHIFTED, DRIFTED], ids=["permuted", "shifted", "scaled and drifted"])
def test_twins_of_real_models_are_found(shared_data: Path, name: str, dress: Dress) -> None:
    reference = read(shared_data / "highs_instances" / f"{name}.mps")
    assert first(reference, twin(reference, 5, dress)).exact
