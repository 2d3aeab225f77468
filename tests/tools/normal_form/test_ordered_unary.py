import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.normal_form.reduction_check import (
    broken_promise,
    check_reduction,
    mutants,
    proved_by_engine,
    small_model,
)
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.normal_form.ordered_unary import OrderedUnary

Rows = dict[str, tuple[dict[str, Fraction | int], Fraction | int | None, Fraction | int | None]]


def chain(order: list[tuple[str, str]], names: str = "abc", kind: str = "B") -> Formulation:
    """Binaries that count in one row and the objective, with rows first ≥ second."""
    rows: Rows = {"use": ({**dict.fromkeys(names, 2), "y": -3}, -4, 2)}
    for first, second in order:
        rows[f"{first} before {second}"] = ({first: 1, second: -1}, 0, None)
    variables = {**dict.fromkeys(names, (0, 1, kind)), "y": (0, 2, "I")}
    return small_model(variables, rows, {**dict.fromkeys(names, -1), "y": 1})


def test_ordered_binaries_become_their_number() -> None:
    model = chain([("b", "a"), ("a", "c"), ("b", "c")])
    step = OrderedUnary()
    assert step.accepts(model)
    reduction = step.apply(model, Budget())
    assert reduction is not None
    reduced = reduction.reduced
    assert reduced.rows == ("use",)
    assert (reduced.lower.finite(1), reduced.upper.finite(1)) == (0, 3)
    assert reduced.integer.all()
    assert {f.name for f in reduction.up.extension.functions} == {"threshold"}
    image = reduction.up.apply({"y": Fraction(0), reduced.variables[1]: Fraction(2)})
    assert (image["b"], image["a"], image["c"]) == (1, 1, 0)
    check_reduction(reduction)
    proved_by_engine(reduction)
    for change, mutant in mutants(reduction):
        assert broken_promise(mutant) is not None, change


def test_the_sense_of_the_rows_does_not_matter() -> None:
    model = small_model(
        {"a": (0, 1, "B"), "b": (0, 1, "I"), "c": (0, 1, "B")},
        {"r": ({"a": 2, "b": -2}, None, 0), "q": ({"b": -3, "c": 3}, 0, None), "use": ({"a": 1, "b": 1, "c": 1}, 1, 2)},
    )
    reduction = OrderedUnary().apply(model, Budget())
    assert reduction is not None
    assert reduction.reduced.variables == ("sum(c)",)
    check_reduction(reduction)


def test_two_like_chains_are_two_numbers() -> None:
    reduction = OrderedUnary().apply(chain([("a", "b"), ("c", "d")], "abcd"), Budget())
    assert reduction is not None
    assert len(reduction.reduced.variables) == 3
    check_reduction(reduction)


@pytest.mark.parametrize(
    ("order", "kind"),
    [
        ([("a", "b"), ("a", "c")], "B"),
        ([("a", "b"), ("b", "a"), ("b", "c")], "B"),
        ([("a", "b"), ("b", "c"), ("c", "a")], "B"),
        ([("a", "b"), ("b", "c")], "C"),
        ([], "B"),
    ],
)
def test_what_is_not_a_total_order_of_binaries_stays(order: list[tuple[str, str]], kind: str) -> None:
    assert OrderedUnary().apply(chain(order, kind=kind), Budget()) is None


def test_binaries_that_are_not_alike_stay() -> None:
    model = chain([("a", "b"), ("b", "c")])
    costs = small_model(
        {"a": (0, 1, "B"), "b": (0, 1, "B")},
        {"r": ({"a": 1, "b": -1}, 0, None), "q": ({"a": 1, "b": 1}, 1, 2)},
        {"a": 1},
    )
    assert OrderedUnary().apply(costs, Budget()) is None
    linked = small_model(
        {**dict.fromkeys("abc", (0, 1, "B"))},
        {"r": ({"a": 1, "b": -1}, 0, None), "q": ({"b": 1, "c": -1}, 0, None), "s": ({"a": 1, "b": 1}, 1, 2)},
    )
    # c differs from a and b in the row s, so q is no order row and b differs from a
    assert OrderedUnary().apply(linked, Budget()) is None
    assert OrderedUnary().apply(model, Budget()) is not None


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(list(itertools.permutations("abcd", 2)))), st.sampled_from(["abcd", "abc"]))
def test_whatever_is_merged_keeps_the_promises(order: set[tuple[str, str]], names: str) -> None:
    inside = [pair for pair in sorted(order) if set(pair) <= set(names)]
    reduction = OrderedUnary().apply(chain(inside, names), Budget())
    if reduction is not None:
        check_reduction(reduction)
