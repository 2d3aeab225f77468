import random
import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.normal_form.reduction_check import (
    Side,
    broken_promise,
    check_reduction,
    confirm_with_engine,
    mutants,
    small_model,
)
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.normal_form.defined_variables import BoundedDefinitions, DefinedVariables
from tools.normal_form.step import Reduction

Variables = dict[str, tuple[Side, Side, str]]
Rows = dict[str, tuple[dict[str, Fraction | int], Side, Side]]


def substituted(model: Formulation, *, bounded: bool = False) -> Reduction | None:
    step = BoundedDefinitions() if bounded else DefinedVariables()
    reduction = step.apply(model, Budget())
    assert reduction is None or step.accepts(model)
    return reduction


def defined(terms: dict[str, Fraction | int], constant: int, bounds: tuple[Side, Side], kind: str) -> Formulation:
    """x = terms + constant, where x counts in a row and in the objective."""
    return small_model(
        {"x": (*bounds, kind), "d": (0, 2, "I"), "e": (0, 1, "B"), "c": (0, 1, "C")},
        {
            "define": ({"x": 2, **{name: -2 * value for name, value in terms.items()}}, 2 * constant, 2 * constant),
            "use": ({"x": 1, "c": 2, "e": 1}, 1, 4),
            "more": ({"x": 1, "d": -2, "c": 1}, -2, 2),
        },
        {"x": 3, "c": -1, "d": 1, "e": -1},
        sense="maximize",
    )


@pytest.mark.parametrize(
    ("model", "left"),
    [
        (defined({"d": 2, "e": 1}, 0, (None, None), "C"), 4 - 1),
        (defined({"d": 2, "e": 1}, 1, (0, None), "C"), 4 - 1),
        (defined({"d": 2, "e": 1}, 0, (0, 5), "I"), 4 - 1),
        (defined({"d": 1, "c": -1}, 1, (0, 3), "C"), 4 - 1),
        (defined({"e": 3}, 0, (0, 2), "C"), 4 - 1),
        (defined({"d": -1}, 2, (0, 1), "I"), 4 - 1),
    ],
)
def test_defined_variables_are_substituted(model: Formulation, left: int) -> None:
    reduction = substituted(model)
    assert reduction is not None
    assert len(reduction.reduced.variables) == left
    assert "define" not in reduction.reduced.rows
    assert reduction.up.as_affine() is not None
    check_reduction(reduction)


def test_bounds_of_an_alias_become_bounds_of_the_other() -> None:
    reduction = substituted(defined({"d": -2}, 3, (0, 2), "C"))
    assert reduction is not None
    reduced = reduction.reduced
    assert "x" not in reduced.variables
    assert (reduced.lower[0], reduced.upper[0]) == (1, 1)


def test_a_bound_that_is_not_implied_stays_as_a_row() -> None:
    model = small_model(
        {"x": (0, 2, "C"), "d": (0, 3, "I"), "e": (0, 3, "I")},
        {
            "define": ({"x": 2, "d": -2, "e": 4}, 2, 2),
            "use": ({"x": 1, "d": 1, "e": 1}, 1, 4),
        },
        {"x": 1, "d": -1},
    )
    assert substituted(model) is None
    reduction = substituted(model, bounded=True)
    assert reduction is not None
    assert reduction.reduced.variables == ("d", "e")
    assert len(reduction.reduced.rows) == 2
    check_reduction(reduction)
    for change, mutant in mutants(reduction):
        assert broken_promise(mutant) is not None, change
    confirm_with_engine(reduction)


@pytest.mark.parametrize(
    ("terms", "bounds", "kind"),
    [
        ({"d": Fraction(1, 2), "e": 1}, (0, 3), "I"),
        ({"d": 1, "c": 1}, (0, 3), "I"),
        ({"d": 2, "e": 1}, (0, 3), "I"),
    ],
)
def test_what_is_not_whole_or_not_implied_stays(
    terms: dict[str, Fraction | int], bounds: tuple[Side, Side], kind: str
) -> None:
    reduction = substituted(defined(terms, 0, bounds, kind))
    assert reduction is None or "x" in reduction.reduced.variables


def test_of_two_like_variables_neither_goes_when_bounds_would_stay() -> None:
    flow = small_model(
        {"a": (0, 2, "C"), "b": (0, 2, "C"), "c": (0, 2, "C")},
        {"balance": ({"a": 1, "b": 1, "c": -1}, 0, 0), "limit": ({"a": 1, "b": 1, "c": 1}, None, 3)},
    )
    assert substituted(flow, bounded=True) is None


def inventory(order: list[int], seed: int = 0) -> Formulation:
    """Stock over four periods: i[t] = i[t-1] + p[t] - demand, p[t] ≤ 9·y[t], with rows and variables shuffled."""
    periods = len(order)
    variables: Variables = {}
    rows: Rows = {}
    for t in order:
        variables |= {f"i{t}": (0, None, "C"), f"p{t}": (0, None, "C"), f"y{t}": (0, 1, "B")}
        balance: dict[str, Fraction | int] = {f"p{t}": 1, f"i{t}": -1}
        if t:
            balance[f"i{t - 1}"] = 1
        rows[f"balance{t}"] = (balance, t + 2, t + 2)
        rows[f"setup{t}"] = ({f"p{t}": 1, f"y{t}": -9}, None, 0)
    names = list(variables)
    random.Random(seed).shuffle(names)
    return small_model(
        {name: variables[name] for name in names},
        rows,
        {f"i{t}": 1 for t in range(periods)} | {f"y{t}": 20 for t in range(periods)},
    )


def test_what_goes_does_not_depend_on_the_order_or_on_names() -> None:
    forms = set()
    for seed, order in enumerate([[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]]):
        reduction = substituted(inventory(order, seed), bounded=True)
        assert reduction is not None
        forms.add(frozenset(reduction.reduced.variables))
    assert len(forms) == 1


coefficients = st.dictionaries(st.sampled_from("dec"), st.sampled_from([1, -1, 2, Fraction(1, 2)]), min_size=1)
limits = st.sampled_from([(0, None), (0, 2), (None, None), (-1, 4), (1, 1)])


@settings(max_examples=100, deadline=None)
@given(coefficients, st.integers(-1, 2), limits, st.sampled_from("CI"), st.booleans())
def test_whatever_is_substituted_keeps_the_promises(
    terms: dict[str, Fraction | int], constant: int, bounds: tuple[Side, Side], kind: str, bounded: bool
) -> None:
    reduction = substituted(defined(terms, constant, bounds, kind), bounded=bounded)
    if reduction is not None:
        check_reduction(reduction, box=4, limit=300)


def test_ten_thousand_nonzeros_take_about_a_second() -> None:
    variables: Variables = {}
    rows: Rows = {}
    for k in range(1200):
        variables |= {f"x{k}": (None, None, "C"), f"a{k}": (0, 9, "I"), f"b{k}": (0, 9, "I")}
        rows[f"define{k}"] = ({f"x{k}": 1, f"a{k}": -1, f"b{k}": -3}, k, k)
        rows[f"use{k}"] = ({f"{v}{(k + s) % 1200}": s + 1 for s in range(2) for v in "xab"}, None, 100)
    model = small_model(variables, rows)
    start = time.monotonic()
    reduction = substituted(model)
    seconds = time.monotonic() - start
    assert reduction is not None
    assert not any(name.startswith("x") for name in reduction.reduced.variables)
    assert seconds < 5
