import time
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.normal_form.reduction_check import (
    Side,
    broken_promise,
    check_reduction,
    mutants,
    proved_by_engine,
    small_model,
)
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.normal_form.parallel_columns import AffineParallelColumns, ParallelColumns
from tools.normal_form.step import Reduction

HALF = Fraction(1, 2)


def merged(model: Formulation) -> Reduction | None:
    reduction = ParallelColumns().apply(model, Budget())
    assert reduction is None or ParallelColumns().accepts(model)
    return reduction


def with_columns(variables: Mapping[str, tuple[Side, Side, str]], factors: Mapping[str, Fraction | int]) -> Formulation:
    """A model in which the variables have these factors of one direction, and y another column."""
    return small_model(
        {**variables, "y": (0, 2, "I")},
        {
            "first": ({**{name: factor * 2 for name, factor in factors.items()}, "y": 3}, None, 11),
            "second": ({**{name: -factor for name, factor in factors.items()}, "y": 1}, -3, 1),
        },
        {**{name: factor * 3 for name, factor in factors.items()}, "y": 1},
    )


Variables = dict[str, tuple[Side, Side, str]]

YES: dict[str, tuple[Variables, dict[str, Fraction | int], tuple[Side, Side], str | None]] = {
    "decimal digits": ({"d0": (0, 9, "I"), "d1": (0, 9, "I")}, {"d0": 1, "d1": 10}, (0, 99), "digits"),
    "binary digits": ({"a": (0, 1, "B"), "b": (0, 1, "B"), "c": (0, 1, "I")}, {"a": 4, "b": 1, "c": 2}, (0, 7),
                      "digits"),
    "truncated digits": ({"d0": (0, 9, "I"), "d1": (0, 4, "I")}, {"d0": 1, "d1": 10}, (0, 49), "weighted_sum"),
    "unary": ({"a": (0, 1, "B"), "b": (0, 1, "B"), "c": (0, 1, "B")}, {"a": 1, "b": 1, "c": 1}, (0, 3), "weighted_sum"),
    "scaled whole steps": ({"a": (0, 3, "I"), "b": (0, 2, "I")}, {"a": HALF, "b": 3 * HALF}, (0, 9), "weighted_sum"),
    "opposite signs": ({"a": (0, 1, "I"), "b": (-1, 3, "I")}, {"a": 1, "b": -2}, (-6, 3), "weighted_sum"),
    "continuous split": ({"a": (0, 1, "C"), "b": (-1, 3, "C")}, {"a": 1, "b": 2}, (-2, 7), None),
    "free split": ({"p": (0, None, "C"), "n": (0, None, "C")}, {"p": 1, "n": -1}, (None, None), "weighted_sum"),
    "free integer split": ({"p": (0, None, "I"), "n": (0, None, "I")}, {"p": 1, "n": -1}, (None, None), "weighted_sum"),
    "endless member": ({"a": (1, None, "C"), "b": (-1, 3, "C")}, {"a": 1, "b": 2}, (-1, None), None),
    "endless integer": ({"a": (1, None, "I"), "b": (0, 3, "I")}, {"a": 1, "b": 2}, (1, None), None),
    "falling": ({"a": (None, 2, "C"), "b": (-1, 3, "C")}, {"a": 1, "b": 2}, (None, 8), None),
    "free member": ({"a": (None, None, "C"), "b": (-1, 3, "I")}, {"a": 1, "b": 2}, (None, None), None),
    "integer and wide rest": ({"k": (0, 2, "I"), "r": (0, 1, "C")}, {"k": 1, "r": 1}, (0, 3), "weighted_sum"),
    "endless digit": ({"d": (0, 2, "I"), "e": (0, None, "I")}, {"d": 1, "e": 3}, (0, None), "weighted_sum"),
}  # fmt: skip


@pytest.mark.parametrize("case", YES)
def test_sums_without_gap_are_merged(case: str) -> None:
    variables, factors, bounds, function = YES[case]
    reduction = merged(with_columns(variables, factors))
    assert reduction is not None
    reduced = reduction.reduced
    assert reduced.variables[0] == "y"
    assert len(reduced.variables) == 2
    assert (reduced.lower.finite(1), reduced.upper.finite(1)) == bounds
    assert bool(reduced.integer[1]) == all(kind != "C" for _, _, kind in variables.values())
    assert {f.name for f in reduction.up.extension.functions} == ({function} if function else set())
    check_reduction(reduction, box=4)
    affine = AffineParallelColumns().apply(reduction.original, Budget())
    assert (affine is None) == (function is not None)


@pytest.mark.parametrize("case", ["binary digits", "opposite signs", "continuous split", "integer and wide rest"])
def test_mutants_are_rejected(case: str) -> None:
    variables, factors, _, _ = YES[case]
    reduction = merged(with_columns(variables, factors))
    assert reduction is not None
    rejected = [broken_promise(mutant) is not None for _, mutant in mutants(reduction)]
    assert sum(rejected) >= len(rejected) - 1 > 3


@pytest.mark.parametrize("case", YES)
def test_the_engine_proves_both_maps(case: str) -> None:
    variables, factors, _, _ = YES[case]
    reduction = merged(with_columns(variables, factors))
    assert reduction is not None
    proved_by_engine(reduction)


NO: dict[str, tuple[Variables, dict[str, Fraction | int]]] = {
    "gap after the digits": ({"d0": (0, 8, "I"), "d1": (0, 9, "I")}, {"d0": 1, "d1": 10}),
    "integer and half": ({"k": (0, 2, "I"), "r": (0, Fraction(1, 2), "C")}, {"k": 1, "r": 1}),
    "two and three": ({"a": (0, None, "I"), "b": (0, None, "I")}, {"a": 2, "b": 3}),
    "fixed": ({"a": (1, 1, "I"), "b": (0, 3, "I")}, {"a": 1, "b": 1}),
    "crossed bounds": ({"a": (2, 1, "I"), "b": (0, 3, "I")}, {"a": 1, "b": 1}),
    "no whole number in the bounds": ({"a": (Fraction(1, 3), Fraction(1, 2), "I"), "b": (0, 3, "I")}, {"a": 1, "b": 1}),
}  # fmt: skip


@pytest.mark.parametrize("case", NO)
def test_sums_with_gaps_stay(case: str) -> None:
    assert merged(with_columns(*NO[case])) is None


def test_the_part_without_gap_is_merged_and_the_rest_among_itself() -> None:
    binary = (0, 1, "B")
    model = with_columns(dict.fromkeys("abcd", binary), {"a": 1, "b": 1, "c": 5, "d": 5})
    reduction = merged(model)
    assert reduction is not None
    assert len(reduction.reduced.variables) == 3
    assert list(reduction.reduced.upper) == [2, 2, 2]
    check_reduction(reduction)
    assert merged(reduction.reduced) is None


def test_a_row_or_a_cost_that_breaks_the_proportion_keeps_columns_apart() -> None:
    variables = {"a": (0, 9, "I"), "b": (0, 9, "I")}
    assert merged(small_model(variables, {"r": ({"a": 1, "b": 10}, 3, 50)}, {"a": 1, "b": 9})) is None
    assert merged(small_model(variables, {"r": ({"a": 1, "b": 10}, 3, 50), "q": ({"a": 1}, 1, None)})) is None
    assert merged(small_model(variables, {"r": ({"a": 1, "b": 10}, 3, 50), "q": ({"a": 1, "b": 9}, 1, 9)})) is None


def test_variables_in_the_objective_alone_are_merged() -> None:
    reduction = merged(small_model({"a": (0, 1, "C"), "b": (0, 2, "C")}, {}, {"a": 1, "b": -2}, sense="maximize"))
    assert reduction is not None
    assert len(reduction.reduced.variables) == 1
    check_reduction(reduction)


def test_variables_that_occur_nowhere_stay() -> None:
    model = small_model({"a": (0, 1, "C"), "b": (0, 2, "C")}, {})
    assert not ParallelColumns().accepts(model)
    assert merged(model) is None


factors_of = st.sampled_from([1, 1, 2, 3, -1, -2, HALF])
bounds = st.sampled_from([(0, 1), (0, 2), (-1, 1), (1, 3), (0, None), (None, 1), (None, None), (0, Fraction(1, 2))])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(bounds, st.sampled_from("IIC"), factors_of), min_size=2, max_size=3))
def test_whatever_is_merged_keeps_the_promises(members: list[tuple[tuple[Side, Side], str, Fraction]]) -> None:
    variables = {f"x{k}": (*ends, kind) for k, (ends, kind, _) in enumerate(members)}
    reduction = merged(with_columns(variables, {f"x{k}": factor for k, (_, _, factor) in enumerate(members)}))
    if reduction is not None:
        check_reduction(reduction, box=3, limit=300)


def test_ten_thousand_nonzeros_take_about_a_second() -> None:
    count = 1000
    variables: Variables = {}
    rows: dict[str, tuple[dict[str, Fraction | int], Side, Side]] = {}
    for k in range(count):
        variables |= {f"d{k}_{place}": (0, 9, "I") for place in range(3)}
    for k in range(count):
        terms: dict[str, Fraction | int] = {}
        for offset in range(4):
            terms |= {f"d{(k + offset) % count}_{place}": 10**place * (offset + k % 7 + 1) for place in range(3)}
        rows[f"r{k}"] = (terms, None, 5000)
    model = small_model(variables, rows)
    start = time.monotonic()
    reduction = merged(model)
    seconds = time.monotonic() - start
    assert reduction is not None
    assert len(reduction.reduced.variables) == count
    assert seconds < 5
