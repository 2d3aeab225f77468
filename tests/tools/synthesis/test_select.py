from fractions import Fraction

import numpy as np
import pytest
from small_models import model
from synthesis_checks import plain, prover
from synthesis_models import coverage

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.synthesis import select
from tools.synthesis.checking import broken_by
from tools.synthesis.expressions import Choice, Pool
from tools.synthesis.points import Point, sample_points
from tools.synthesis.select import Selection


def budget() -> Budget:
    return Budget.lasting(30)


def columns(source: Formulation, points: list[Point], penalties: dict[str, float]) -> list[Choice]:
    """Return one choice for each candidate variable with a penalty."""
    found = []
    for name, penalty in penalties.items():
        k = source.variable_index[name]
        values = np.array([float(point[k]) for point in points])
        found.append(Choice(Fraction(0), {k: Fraction(1)}, k, "column", penalty, values))
    return found


def selection(
    target: Formulation, source: Formulation, points: list[Point], options: dict[str, dict[str, float]], scaled=False
) -> Selection:
    choices = {target.variable_index[y]: columns(source, points, wanted) for y, wanted in options.items()}
    costs = np.array([float(source.cost_value(point)) for point in points])
    return Selection(target, choices, costs, scaled, budget())


def chosen(target: Formulation, source: Formulation, found: dict[int, Choice]) -> dict[str, str]:
    return plain({target.variables[j]: choice.named(source) for j, choice in sorted(found.items())})


def swap() -> tuple[Formulation, Formulation]:
    """a − b ≤ 0 and costs 1 and 2; the candidate's v ≤ u with costs 2 and 1."""
    target = model(integer={"a": (0, 3), "b": (0, 3)}, minimize={"a": 1, "b": 2}, rows=[({"a": 1, "b": -1}, None, 0)])
    source = model(integer={"u": (0, 3), "v": (0, 3)}, minimize={"u": 2, "v": 1}, rows=[({"v": 1, "u": -1}, None, 0)])
    return target, source


EITHER = {"a": {"u": 0.0, "v": 1.0}, "b": {"u": 1.0, "v": 0.0}}
"""The penalties favour a = u, b = v, which is wrong."""


def points_of(source: Formulation, *values: tuple[int, ...]) -> list[Point]:
    points = [[Fraction(v) for v in point] for point in values]
    assert all(source.is_feasible(point) for point in points)
    return points


def test_rows_at_points_overrule_penalties() -> None:
    target, source = swap()
    points = points_of(source, (2, 1), (3, 0))
    found = list(selection(target, source, points, EITHER).solutions(5))
    assert [chosen(target, source, each) for each in found] == [{"a": "v", "b": "u"}]


def test_without_points_that_tell_penalties_decide_and_the_next_best_follows() -> None:
    """At (0,0) every row holds: one form for two variables costs the reuse."""
    target, source = swap()
    found = list(selection(target, source, points_of(source, (0, 0)), EITHER).solutions(9))
    named = [chosen(target, source, each) for each in found]
    assert sorted(named, key=str) == sorted([{"a": x, "b": y} for x in "uv" for y in "uv"], key=str)
    assert named[0] == {"a": "u", "b": "v"}


def test_a_selection_may_be_refused() -> None:
    target, source = swap()
    search = selection(target, source, points_of(source, (0, 0)), EITHER)
    u, v = (source.variable_index[name] for name in "uv")
    search.refuse({0: (Fraction(0), {u: Fraction(1)}), 1: (Fraction(0), {v: Fraction(1)})})
    assert {"a": "u", "b": "v"} not in [chosen(target, source, each) for each in search.solutions(9)]


def test_a_refused_part_rules_out_every_selection_with_it() -> None:
    target, source = swap()
    search = selection(target, source, points_of(source, (0, 0)), EITHER)
    search.refuse({0: (Fraction(0), {source.variable_index["u"]: Fraction(1)})})
    found = [chosen(target, source, each) for each in search.solutions(9)]
    assert len(found) == 2
    assert all(each["a"] == "v" for each in found)


def test_what_is_no_choice_cannot_be_refused() -> None:
    target, source = swap()
    search = selection(target, source, points_of(source, (0, 0)), EITHER)
    search.refuse({0: (Fraction(7), {})})
    search.refuse({0: (Fraction(0), {source.variable_index["u"]: Fraction(1)}), 1: (Fraction(7), {})})
    assert len(list(search.solutions(9))) == 4


def test_no_selection_where_none_fits() -> None:
    target, source = swap()
    points = points_of(source, (2, 1))
    assert list(selection(target, source, points, {"a": {"u": 0.0}, "b": {"v": 0.0}}).solutions(3)) == []


@pytest.mark.parametrize(("scaled", "expected"), [(False, []), (True, [{"x": "u"}])])
def test_the_objective_carries_over_with_a_scale_only_where_that_is_asked_for(scaled: bool, expected: list) -> None:
    target, source = model({"x": (0, 5)}, minimize={"x": 1}), model({"u": (0, 5)}, minimize={"u": 3})
    points = points_of(source, (0,), (1,), (5,))
    found = selection(target, source, points, {"x": {"u": 0.0}}, scaled=scaled).solutions(2)
    assert [chosen(target, source, each) for each in found] == expected


def test_an_objective_is_never_turned() -> None:
    target, source = model({"x": (0, 5)}, maximize={"x": 1}), model({"u": (0, 5)}, minimize={"u": 1})
    points = points_of(source, (0,), (5,))
    assert list(selection(target, source, points, {"x": {"u": 0.0}}, scaled=True).solutions(2)) == []


def test_open_variables_take_any_value_at_each_point() -> None:
    """x + t = 5 with t open within 0..2 forbids x = v, which is 0 at a point, and x = w, which is 6, but not x = u."""
    target = model({"x": (0, 5), "t": (0, 2)}, rows=[({"x": 1, "t": 1}, 5, 5)])
    source = model({"u": (3, 5), "v": (0, 5), "w": (0, 9)})
    points = points_of(source, (3, 0, 5), (5, 4, 6))
    found = selection(target, source, points, {"x": {"u": 1.0, "v": 0.0, "w": 0.0}}).solutions(3)
    assert [chosen(target, source, each) for each in found] == [{"x": "u"}]


def test_points_become_active_where_a_solution_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the last of many points shows that a = u, b = v is wrong."""
    monkeypatch.setattr(select, "COMFORTABLE", 1)
    target, source = swap()
    points = points_of(source, *[(0, 0)] * 6, (2, 1))
    search = selection(target, source, points, EITHER)
    assert search.active == [0, 1, 2, 3]
    assert chosen(target, source, next(search.solutions(1))) == {"a": "v", "b": "u"}
    assert 6 in search.active


def test_programs_that_are_too_large_are_not_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "LARGEST_PROGRAM", 3)
    target, source = swap()
    assert list(selection(target, source, points_of(source, (2, 1)), EITHER).solutions(1)) == []


def test_aggregates_are_selected_from_a_pool() -> None:
    ours, theirs = coverage()
    target, source = ours.model(), theirs.model()
    points = sample_points(prover(source), 24, 0)
    pool = Pool(source, points)
    choices = {j: pool.choices(target, j, 12) for j in range(len(target.variables))}
    costs = np.array([float(source.cost_value(point)) for point in points])
    found = next(Selection(target, choices, costs, False, budget()).solutions(1))
    named = {target.variables[j]: choice.named(source) for j, choice in found.items()}
    assert broken_by(target, source, named, points) is None
    assert plain(named) == {f"y{h}": f"y{h}" for h in range(4)} | {
        "z0": "x00 + x01",
        "z1": "x11 + x12",
        "z2": "x20 + x22 + x23",
        "z3": "x33",
    }
