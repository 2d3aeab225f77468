import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_formulations import formulations

from tools.formulation.canonical import canonical_form
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation, Kind

SMALL = st.sampled_from([Fraction(n, d) for n in (-3, -2, -1, 0, 1, 2, 3) for d in (1, 2, 3)])
POINTS = [Fraction(n, 6) for n in range(-12, 13, 3)]


def lp(rows: str, rest: str = "") -> Formulation:
    return parse_lp(f"min x + y\nst\n{rows}\nbounds\n x free\n y free\n{rest}\nend")


def test_opposed_and_scaled_rows_become_one() -> None:
    form = canonical_form(
        lp(" a: x + y <= 4\n b: -2 x - 2 y <= 6\n c: 3 x + 3 y <= 9\n d: x - y <= 1\n e: x + y >= -9")
    )
    model = form.formulation
    assert model.rows == ("a", "d")
    assert (model.row_lower.finite(0), model.row_upper.finite(0)) == (-3, 3)
    assert form.row_sources[0] == ((0, 1), (1, Fraction(-1, 2)), (2, Fraction(1, 3)), (4, 1))
    assert form.row_sources[1] == ((3, 1),)


def test_opposed_inequalities_become_an_equality() -> None:
    model = canonical_form(lp(" a: 0.1 x + 0.3 y <= 4\n b: x + 3 y >= 40")).formulation
    assert (model.row_lower.finite(0), model.row_upper.finite(0)) == (4, 4)


def test_rows_of_one_variable_become_bounds() -> None:
    form = canonical_form(lp(" a: -2 x <= 6\n b: 3 x <= 1\n c: x <= 5\n d: x + y <= 1"))
    model = form.formulation
    assert model.rows == ("d",)
    assert (model.lower.finite(0), model.upper.finite(0)) == (-3, Fraction(1, 3))
    assert form.bound_sources == {0: ((0, Fraction(-1, 2)), (1, Fraction(1, 3)), (2, 1))}


def test_bounds_of_integers_move_inward() -> None:
    form = canonical_form(lp(" a: 3 x <= 8\n b: 2 y >= -3\n c: 2 y <= 1", "gen\n x y"))
    assert (form.formulation.upper.finite(0), form.formulation.lower.finite(1), form.formulation.upper.finite(1)) == (
        2,
        -1,
        0,
    )


def test_empty_and_free_rows() -> None:
    form = canonical_form(lp(" a: 0 x <= 3\n b: x + y >= -inf\n c: 0 x >= 1\n d: x + y <= 3\n e: 0 y = 0"))
    assert form.formulation.rows == ("c", "d")
    assert form.dropped == (0, 1, 4)


def test_crossing_bounds_stay_visible() -> None:
    model = canonical_form(lp(" a: x >= 3\n b: x <= 1\n c: b >= 2", "bin\n b")).formulation
    assert (model.lower.finite(0), model.upper.finite(0)) == (3, 1)
    assert (model.kinds[2], model.lower.finite(2), model.upper.finite(2)) == (Kind.INTEGER, 2, 1)


def test_nearly_parallel_rows_stay_apart() -> None:
    model = lp(" a: 0.1 x + 0.2 y <= 1\n b: 0.1 x + 0.20000000000000001 y <= 1\n c: x + 2 y <= 1")
    assert canonical_form(model).formulation.rows == ("a", "b")


def test_a_canonical_form_is_its_own() -> None:
    model = canonical_form(lp(" a: x + y <= 4\n b: -2 x - 2 y <= 6\n c: 3 x <= 9")).formulation
    assert canonical_form(model).formulation.same_as(model)


@settings(max_examples=200)
@given(formulations(SMALL))
def test_the_feasible_set_stays(model: Formulation) -> None:
    form = canonical_form(model)
    merged = form.formulation
    assert merged.variables == model.variables
    n = min(len(model.variables), 3)
    rest = [Fraction(0)] * (len(model.variables) - n)
    for values in itertools.product(POINTS[:: 1 if n < 3 else 2], repeat=n):
        point = [*values, *rest]
        assert merged.is_feasible(point) == model.is_feasible(point)
    check_sources(model, canonical_form(model).formulation, form.row_sources)
    accounted = [row for group in (*form.row_sources, *form.bound_sources.values()) for row, _ in group]
    assert sorted([*accounted, *form.dropped]) == list(range(len(model.rows)))


def check_sources(
    model: Formulation, merged: Formulation, sources: tuple[tuple[tuple[int, Fraction], ...], ...]
) -> None:
    for i, group in enumerate(sources):
        assert merged.rows[i] == model.rows[group[0][0]]
        lows, highs = [], []
        for row, factor in group:
            assert {j: factor * a for j, a in model.row_terms(row).items()} == merged.row_terms(i)
            sides = [model.row_lower.finite(row), model.row_upper.finite(row)]
            low, high = sides if factor > 0 else reversed(sides)
            lows += [] if low is None else [low * factor]
            highs += [] if high is None else [high * factor]
        assert merged.row_lower.finite(i) == max(lows, default=None)
        assert merged.row_upper.finite(i) == min(highs, default=None)


@given(st.data())
def test_multiples_are_always_found(data: st.DataObject) -> None:
    numbers = st.fractions(-100, 100, max_denominator=1000).filter(bool)
    terms = data.draw(st.lists(numbers, min_size=2, max_size=4))
    factors = data.draw(st.lists(numbers, min_size=1, max_size=4))
    scale = math.lcm(*(x.denominator for x in (*terms, *factors))) ** 2
    rows = [
        " " + " ".join(f"{'+' if a * f > 0 else '-'} {abs(a * f * scale)} x{j}" for j, a in enumerate(terms)) + " <= 1"
        for f in (Fraction(1), *factors)
    ]
    assert len(canonical_form(lp("\n".join(rows))).formulation.rows) == 1


@pytest.mark.slow
def test_a_million_nonzeros_in_seconds() -> None:
    import time

    row = " + ".join(f"{j % 7 + 1} x{j}" for j in range(50))
    rows = "\n".join(f" {row} + {i // 2 + 1} z <= {i}" for i in range(20_000))
    model = lp(rows)
    start = time.process_time()
    assert len(canonical_form(model).formulation.rows) == 10_000
    assert time.process_time() - start < 20
