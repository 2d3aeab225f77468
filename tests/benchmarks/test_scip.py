from fractions import Fraction
from typing import Any

import pytest
from benchmark_models import build

from benchmarks.scip import FeasibleSet, exact_point, worst_violation

ONE = Fraction(1)


def test_one_set_answers_many_questions() -> None:
    box = FeasibleSet(build("ic", [({0: 1, 1: 2}, None, 5)], [0, 0]), 10.0)
    assert box.largest({0: ONE, 1: ONE}).value == pytest.approx(4.5)
    assert box.largest({1: ONE}).value == pytest.approx(2.5)
    assert box.largest({1: -ONE}).value == pytest.approx(0.0)
    assert box.largest({0: ONE}, cap=2.0).value == pytest.approx(2.0)
    assert box.largest({0: ONE}, floor=9.0).answer == "infeasible"
    assert box.fractional({1: ONE}, Fraction(0), 0.25).point is not None
    assert box.fractional({0: ONE}, Fraction(0), 0.25).answer == "infeasible"
    assert box.fractional({0: ONE}, Fraction(1, 2), 0.25).point is not None
    assert box.largest({0: ONE, 1: ONE}).value == pytest.approx(4.5)


def test_points_that_are_all_far_beyond_a_limit_are_found() -> None:
    far = FeasibleSet(build("f", [({0: 1}, 100, None)], [0]), 10.0)
    extreme = far.beyond({0: ONE}, 0.0)
    assert extreme.point is not None
    assert extreme.point[0] >= 100 - 1e-6
    assert far.beyond({0: ONE}, 200.0).value == pytest.approx(600.0)
    assert far.beyond({0: -ONE}, 0.0).value == pytest.approx(-100.0)
    empty = FeasibleSet(build("i", [({0: 2}, 1, 1)], [0]), 10.0)
    assert empty.beyond({0: ONE}, 0.0).answer == "infeasible"


def test_a_gap_around_the_limit_hides_nothing() -> None:
    # x[0] is 0 or 1 and x[1] = 100·x[0]
    steps = FeasibleSet(build("bf", [({1: 1, 0: -100}, 0, 0)], [0, 0]), 10.0)
    extreme = steps.beyond({1: ONE}, 0.0)
    assert extreme.point is not None
    assert extreme.point[1] == pytest.approx(100.0)
    assert steps.beyond({1: ONE}, 100.0).value == pytest.approx(100.0)
    assert steps.beyond({1: ONE}, 150.0).bound == pytest.approx(100.0)


def test_unbounded_and_empty_sets() -> None:
    assert FeasibleSet(build("f", [], [0]), 10.0).largest({0: ONE}).answer == "unbounded"
    assert FeasibleSet(build("i", [({0: 2}, 1, 1)], [0]), 10.0).largest({0: ONE}).answer == "infeasible"
    assert FeasibleSet(build("i", [({}, 1, None)], [0]), 10.0).largest({}).answer == "infeasible"


def test_a_point_is_made_exact_where_simple_numbers_do() -> None:
    thirds = build("c", [({0: 3}, 1, 1)], [0])
    assert exact_point(thirds, {0: 0.3333333333}) == [Fraction(1, 3)]
    assert exact_point(thirds, {0: 0.4}) is None
    assert worst_violation(thirds, [Fraction(0)]) == 1.0


def test_a_failing_scip_leaves_the_question_open(monkeypatch: pytest.MonkeyPatch) -> None:
    box = FeasibleSet(build("c", [], [0]), 10.0)

    class Failing:
        def __getattr__(self, name: str) -> Any:
            return self.optimize if name == "optimize" else getattr(scip, name)

        def optimize(self) -> None:
            raise Exception("SCIP: error in LP solver!")

    scip = box._scip
    monkeypatch.setattr(box, "_scip", Failing())
    assert box.largest({0: ONE}).answer == "limit"
    assert box.largest({0: ONE}).answer == "limit"
