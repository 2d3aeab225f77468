from collections.abc import Mapping

import pytest
from small_models import model

from tools.completion.patterns.row_pairs import _unions, row_pairs
from tools.completion.rows import OpenRow
from tools.completion.samples import Samples
from tools.completion.state import State, Task
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.mapping.affine import AffineExpression

SIDE = AffineExpression.number(3)


def state(*rows: Mapping[str, int], inequalities: tuple[Mapping[str, int], ...] = (), focus: str = "") -> State:
    """Return the state in which all variables of these equalities are open."""
    names = sorted({name for row in (*rows, *inequalities) for name in row} | set(focus.split()))
    target = model(dict.fromkeys(names, (0, 9)))
    task = Task(Samples(Prover(model({"z": (0, 1)}), Budget())), target)
    written = [OpenRow(f"e{i}", dict(row), SIDE, SIDE) for i, row in enumerate(rows)]
    written += [OpenRow(f"i{i}", dict(row), None, SIDE) for i, row in enumerate(inequalities)]
    start = State.start(task, written)
    return start.focused(focus.split()) if focus else start


def ones(text: str) -> dict[str, int]:
    return dict.fromkeys(text.split(), 1)


TABLE = (ones("a b"), ones("c d"), ones("a c"), ones("b d"))


def sides(found: State) -> list[tuple[set[int], set[int]]]:
    return [(set(group.first), set(group.second)) for group in row_pairs(found)]


def test_a_table_is_divided_into_sums_of_rows_and_of_columns() -> None:
    assert sides(state(*TABLE)) == [({0, 1}, {2, 3})]


def test_equal_coefficients_of_any_size_will_do() -> None:
    doubled = ({"a": 2, "b": 2}, {"c": -1, "d": -1}, {"a": 1, "c": 1}, {"b": 5, "d": 5})
    assert sides(state(*doubled)) == [({0, 1}, {2, 3})]
    assert sides(state({"a": 2, "b": 1}, *TABLE[1:])) == []


def test_tables_without_a_common_variable_are_groups_of_their_own() -> None:
    other = tuple({name.upper(): a for name, a in row.items()} for row in TABLE)
    assert sides(state(*TABLE, *other)) == [({0, 1}, {2, 3}), ({4, 5}, {6, 7})]


@pytest.mark.parametrize(
    "rows",
    [
        TABLE[:3],  # b and d are in one equality only
        (ones("a b"), ones("b c"), ones("a c")),  # an odd ring has no two sides
    ],
)
def test_what_is_no_table_has_no_groups(rows: tuple[Mapping[str, int], ...]) -> None:
    assert sides(state(*rows)) == []


def test_inequalities_and_equalities_with_other_variables_are_left_aside() -> None:
    assert sides(state(*TABLE, inequalities=(ones("a b c d"),))) == [({0, 1}, {2, 3})]
    assert sides(state(*TABLE, ones("a e"), focus="a b c d")) == [({0, 1}, {2, 3})]
    assert sides(state(*TABLE[:3], ones("b d e"), focus="a b c d")) == []


def test_an_equality_that_comes_twice_counts_once() -> None:
    assert sides(state(*TABLE, {"a": 3, "b": 3})) == [({0, 1}, {2, 3})]


def test_a_total_of_others_is_left_aside() -> None:
    """Each variable is in three equalities; the sum of everything is what rows, or columns, add up to."""
    assert sides(state(*TABLE, ones("a b c d"))) == [({0, 1}, {2, 3})]


def test_running_totals_are_left_aside() -> None:
    """Stocks add up the amounts of one period after the other: t0, t0 + t1, t0 + t1 + t2."""
    first, second, third = "a b c", "d e f", "g h i"
    columns = (ones("a d g"), ones("b e h"), ones("c f i"))
    totals = (ones(f"{first} {second}"), ones(f"{first} {second} {third}"))
    found = sides(state(ones(first), ones(second), ones(third), *columns, *totals))
    assert found == [({0, 1, 2}, {3, 4, 5})]


def test_unions_are_what_disjoint_others_add_up_to() -> None:
    def unions(*sets: str) -> set[str]:
        members = {i: frozenset(text.split()) for i, text in enumerate(sets)}
        return {sets[i] for i in _unions(members)}

    assert unions("a b", "c d", "a b c d") == {"a b c d"}
    assert unions("a b", "c d", "a c", "b d") == set()
    assert unions("a b", "b c", "a b c") == set()  # they overlap
    assert unions("a b", "c", "a b c d") == set()  # d is in no other
    assert unions("a", "b", "c", "a b", "a b c") == {"a b", "a b c"}
    # What was found to be a union is no part of another, but its own parts are.
    assert unions("a b", "c d", "e", "a b c d", "a b c d e") == {"a b c d", "a b c d e"}


@pytest.mark.parametrize("sets", [("a", "b", "c d", "a c", "a b c d"), ("a b c", "d e f", "c d", "a b c d e f")])
def test_parts_are_tried_small_ones_first_and_large_ones_first(sets: tuple[str, ...]) -> None:
    """Taking a c leaves b and d uncovered, where a, b and c d cover everything; taking c d spoils the two halves."""
    members = {i: frozenset(text.split()) for i, text in enumerate(sets)}
    assert _unions(members) == [len(sets) - 1]
