from fractions import Fraction

import pytest
from definition_checks import accepted
from small_models import model

from tools.certify.cases import Apart, Branch, ByCase, Either, prove_by_cases
from tools.certify.space import Affine, Case, Space
from tools.exact.budget import Budget

F = Fraction
BASE = model({"a": (-4, 4), "u": (None, None)}, {"x": (0, 1), "y": (0, 1), "i": (-3, 7), "j": (-3, 7)},
             rows=[({"x": 2, "y": 2}, 1, 3), ({"i": 3, "j": -3}, -1, 1), ({"a": 2, "u": -1}, 0, 0)])  # fmt: skip


def space_with_size():
    """The base with s = |a|."""
    space = Space(BASE, Budget())
    a = Affine(F(0), {0: F(1)})
    s = space.define_if("s", Case(-a, F(0), F(0), a, -a))
    assert s == 6
    return space


def kinds(nodes):
    return [node[0] for node in nodes]


def shown(space, form, target, nodes):
    space.add_row(form, target, nodes)
    accepted(BASE, space.steps)
    return kinds(nodes)


def test_no_split_is_made_where_a_linear_proof_exists():
    space = space_with_size()
    every = [ByCase(6), Branch(2), Either(((0, F(1)),), F(0))]
    nodes = prove_by_cases(space, {2: F(1), 3: F(1)}, F(1), every, [0])
    assert nodes is not None
    assert shown(space, {2: F(1), 3: F(1)}, F(1), nodes) == ["linear"]


@pytest.mark.parametrize(
    ("form", "target", "splits", "expected"),
    [
        ({6: F(1), 0: F(-1)}, F(0), [ByCase(6)], ["case", "linear", "linear"]),
        ({6: F(2), 1: F(1)}, F(0), [Branch(2), ByCase(6)], ["case", "linear", "linear"]),
        ({6: F(-1)}, F(-4), [Either(((0, F(1)),), F(0)), ByCase(6)], ["case", "linear", "linear"]),
        ({4: F(1), 5: F(-1)}, F(0), [], ["linear"]),  # 3i - 3j >= -1 is i - j >= 0 in whole numbers
        ({4: F(-1), 5: F(1)}, F(0), [], ["linear"]),
    ],
)
def test_the_splits_that_matter_are_made(form, target, splits, expected):
    space = space_with_size()
    nodes = prove_by_cases(space, form, target, splits, [0, 1, 2])
    assert nodes is not None
    assert shown(space, form, target, nodes) == expected


def test_what_is_false_or_needs_other_splits_has_no_proof():
    space = space_with_size()
    assert prove_by_cases(space, {6: F(1), 0: F(-1)}, F(1, 100), [ByCase(6)]) is None
    assert prove_by_cases(space, {6: F(1)}, F(0), [Branch(2)]) is None
    assert prove_by_cases(space, {6: F(1)}, F(0), [ByCase(6)], most_nodes=2) is None


def test_a_split_above_a_branch_is_made_there_only():
    space = space_with_size()
    form = {6: F(1), 2: F(8), 0: F(-1)}  # |a| + 8x >= a: where x is 1 by the bounds
    space.tighten(6, "lower", F(0), prove_by_cases(space, {6: F(1)}, F(0), [ByCase(6)]))
    assert prove_by_cases(space, form, F(0), [Branch(2, above=(ByCase(6),))]) is None
    nodes = prove_by_cases(space, form, F(0), [Branch(2), ByCase(6)])
    assert nodes is not None
    assert shown(space, form, F(0), nodes) == ["case", "linear", "linear"]
    form = {6: F(1), 2: F(-8), 0: F(-1)}  # |a| + 8(1 - x) >= a, where only x = 1 needs the cases
    nodes = prove_by_cases(space, form, F(-8), [Branch(2, above=(ByCase(6),))])
    assert nodes is not None
    assert shown(space, form, F(-8), nodes) == ["branch", "linear", "case", "linear", "linear"]


def test_the_same_problem_over_other_variables_is_solved_once():
    space = Space(BASE, Budget())
    first = prove_by_cases(space, {4: F(2), 2: F(6)}, F(-6), [Branch(2)])
    count = len(space.known)
    second = prove_by_cases(space, {5: F(2), 3: F(6)}, F(-6), [Branch(3)])
    assert first is not None
    assert second is not None
    assert len(space.known) == count
    assert prove_by_cases(space, {5: F(2), 3: F(6)}, F(-5), [Branch(3)]) is None
    assert len(space.known) == count + 1


def test_empty_branches_are_closed():
    space = space_with_size()
    space.add_row({0: F(1)}, F(1, 2), [["empty", []]])  # a >= 1/2, not shown
    nodes = prove_by_cases(space, {6: F(1)}, F(1, 2), [ByCase(6)], [3])
    assert nodes is not None
    assert kinds(nodes) == ["case", "linear", "empty"]


def test_positions_of_a_tour_lie_apart():
    space = Space(BASE, Budget())  # i and j stand for positions
    assert prove_by_cases(space, {4: F(7), 5: F(-7), 2: F(77)}, F(7), [Branch(2), Apart(4, 5)]) is None
    rows = [space.add_row({4: F(1), 5: F(-1)}, F(0), [["linear", [[1, "1/3"]]]])]
    nodes = prove_by_cases(space, {4: F(1), 5: F(-1)}, F(1), [Branch(2), Apart(4, 5)], rows)
    assert nodes is not None
    assert kinds(nodes) == ["apart", "empty", "linear"]
