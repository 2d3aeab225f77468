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
from tools.normal_form.capped_sum import CappedSums

Variables = dict[str, tuple[Side, Side, str]]
Rows = dict[str, tuple[dict[str, Fraction | int], Side, Side]]


def coverage() -> Formulation:
    """Two stations, two customers: x[s,h] says that customer s is served by station h."""
    variables: Variables = {"y1": (0, 1, "B"), "y2": (0, 1, "B")}
    rows: Rows = {"budget": ({"y1": 2, "y2": 3}, None, 4)}
    for s in "ab":
        variables |= {f"x{s}1": (0, 1, "B"), f"x{s}2": (0, 1, "B")}
        rows[f"once {s}"] = ({f"x{s}1": 1, f"x{s}2": 1}, None, 1)
        rows |= {f"open {s}{h}": ({f"x{s}{h}": 1, f"y{h}": -1}, None, 0) for h in "12"}
    return small_model(variables, rows, {"xa1": 3, "xa2": 3, "xb1": 2, "xb2": 2, "y1": -1}, sense="maximize")


def test_coverage_by_any_station() -> None:
    model = coverage()
    assert CappedSums().accepts(model)
    reduction = CappedSums().apply(model, Budget())
    assert reduction is not None
    reduced = reduction.reduced
    assert reduced.variables == ("y1", "y2", "sum(xa1)", "sum(xb1)")
    assert reduced.rows == ("budget", "once a", "once b", "cap(sum(xa1))", "cap(sum(xb1))")
    assert reduced.row_terms(3) == {0: -1, 1: -1, 2: 1}
    assert reduced.integer.all()
    assert {f.name for f in reduction.up.extension.functions} == {"greedy_fill"}
    check_reduction(reduction)
    proved_by_engine(reduction)


def supply(
    caps: list[tuple[dict[str, Fraction | int], Fraction | int]], kind: str = "C", upper: Side = None
) -> Formulation:
    """x_h ≤ u_h for caps (terms in y, z; constant), and what counts is their sum."""
    names = [f"x{h}" for h in range(len(caps))]
    variables: Variables = dict.fromkeys(names, (0, upper, kind)) | {"y": (0, 1, "B"), "z": (0, 2, "I")}
    rows: Rows = {"use": ({**dict.fromkeys(names, 1), "z": 1}, 1, 5)}
    for name, (terms, constant) in zip(names, caps, strict=True):
        rows[f"cap {name}"] = ({name: 2, **{v: -2 * a for v, a in terms.items()}}, None, 2 * constant)
    return small_model(variables, rows, {**dict.fromkeys(names, -2), "y": 3, "z": 1})


@pytest.mark.parametrize("kind", ["C", "I"])
def test_caps_add_up(kind: str) -> None:
    reduction = CappedSums().apply(supply([({"y": 2}, 0), ({"z": 1}, 1)], kind), Budget())
    assert reduction is not None
    assert reduction.reduced.rows == ("use", "cap(sum(x0))")
    check_reduction(reduction)
    for change, mutant in mutants(reduction):
        assert broken_promise(mutant) is not None, change


def test_a_cap_that_may_be_negative_needs_a_row_that_says_it_is_not() -> None:
    assert CappedSums().apply(supply([({"y": 2, "z": -1}, 0), ({"z": 1}, 0)]), Budget()) is None
    variables: Variables = {"a": (0, None, "C"), "b": (0, None, "C"), "y": (0, 1, "B"), "z": (0, 1, "B")}
    rows: Rows = {
        "use": ({"a": 1, "b": 1, "y": 1}, 1, 3),
        "cap a": ({"a": -1, "y": 2, "z": -2}, 0, None),
        "cap b": ({"b": 1, "z": -1}, None, 0),
        "order": ({"y": -1, "z": 1}, None, 0),
    }
    reduction = CappedSums().apply(small_model(variables, rows, {"a": -1, "b": -1, "y": 1}), Budget())
    assert reduction is not None
    assert reduction.reduced.rows == ("use", "order", "cap(sum(a))")
    check_reduction(reduction)
    rows["order"] = ({"y": -1, "z": 1}, None, 1)
    assert CappedSums().apply(small_model(variables, rows), Budget()) is None


def test_a_member_without_cap_takes_all() -> None:
    model = small_model(
        {"a": (0, None, "C"), "b": (0, None, "C"), "y": (0, 1, "B")},
        {"use": ({"a": 1, "b": 1, "y": 1}, 2, 4), "cap": ({"b": 1, "y": -3}, None, 0)},
        {"a": 1, "b": 1, "y": 1},
    )
    reduction = CappedSums().apply(model, Budget())
    assert reduction is not None
    assert reduction.reduced.rows == ("use",)
    assert reduction.up.as_affine() is not None
    check_reduction(reduction)


def test_a_bound_counts_as_a_cap_and_an_implied_one_does_not_matter() -> None:
    variables: Variables = {"a": (0, 2, "C"), "b": (0, 3, "C"), "y": (0, 1, "B")}
    rows: Rows = {"use": ({"a": 1, "b": 1, "y": 1}, 2, 6), "cap": ({"b": 1, "y": -3}, None, 0)}
    reduction = CappedSums().apply(small_model(variables, rows), Budget())
    assert reduction is not None
    assert reduction.reduced.row_terms(1) == {0: -3, 1: 1}
    assert reduction.reduced.row_upper[1] == 2
    check_reduction(reduction)
    # b ≤ 2 is not implied by b ≤ 3y, so b has two caps
    assert CappedSums().apply(small_model({**variables, "b": (0, 2, "C")}, rows), Budget()) is None


@pytest.mark.parametrize(
    "model",
    [
        supply([({"y": Fraction(3, 2)}, 0), ({"z": 1}, 0)], "I"),
        supply([({"y": 2}, 0)]),
        small_model(
            {"a": (0, None, "C"), "b": (0, None, "C"), "y": (0, 1, "B")},
            {"use": ({"a": 1, "b": 2}, 2, 6), "p": ({"a": 1, "y": -3}, None, 0), "q": ({"b": 1, "y": -3}, None, 0)},
        ),
        small_model(
            {"a": (-1, None, "C"), "b": (-1, None, "C"), "y": (0, 1, "B")},
            {"use": ({"a": 1, "b": 1}, 2, 6), "p": ({"a": 1, "y": -3}, None, 0), "q": ({"b": 1, "y": -3}, None, 0)},
        ),
        small_model(
            {"a": (0, None, "C"), "b": (0, None, "C"), "y": (0, 1, "B")},
            {
                "use": ({"a": 1, "b": 1}, 2, 6),
                "p": ({"a": 1, "b": -1, "y": -3}, None, 0),
                "q": ({"b": 1, "a": -1}, None, 0),
            },
        ),
        small_model(
            {"a": (0, None, "C"), "b": (0, None, "C"), "y": (0, 1, "B")},
            {"use": ({"a": 1, "b": 1}, 2, 6), "p": ({"a": 1, "y": -3}, -1, 0), "q": ({"b": 1, "y": -3}, -1, 0)},
        ),
    ],
)  # fmt: skip
def test_what_the_rule_does_not_cover_stays(model: Formulation) -> None:
    assert CappedSums().apply(model, Budget()) is None


caps = st.tuples(st.dictionaries(st.sampled_from("yz"), st.sampled_from([1, 2, -1])), st.integers(-1, 2))


@settings(max_examples=80, deadline=None)
@given(st.lists(caps, min_size=2, max_size=3), st.sampled_from("CI"), st.sampled_from([None, 1, 3]))
def test_whatever_is_merged_keeps_the_promises(
    chosen: list[tuple[dict[str, Fraction | int], Fraction | int]], kind: str, upper: Side
) -> None:
    reduction = CappedSums().apply(supply(chosen, kind, upper), Budget())
    if reduction is not None:
        check_reduction(reduction, box=4, limit=300)
