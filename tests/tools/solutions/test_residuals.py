"""How far points are off, exactly and relative to the size of what they break."""

from fractions import Fraction

import pytest

from tests.small_models import model
from tools.solutions.residuals import residuals
from tools.solvers.tolerances import Tolerances

MODEL = model(
    {"x": (0, 10)},
    {"n": (0, 1000)},
    maximize={"x": 3, "n": 1},
    constant=5,
    rows=[({"x": 2, "n": 1}, None, 1000), ({"x": 1}, 1, None)],
)


def point(x: object, n: object) -> list[Fraction | None]:
    return [None if value is None else Fraction(str(value)) for value in (x, n)]


def test_a_feasible_point_has_none() -> None:
    found = residuals(MODEL, point(2, 3))
    assert (found.row, found.bound, found.integrality) == (None, None, None)
    assert found.objective == 14
    assert found.within(Tolerances(0, 0, 0))


def test_the_worst_of_each_sort_is_named() -> None:
    found = residuals(MODEL, point("-0.5", "1001.25"))
    assert found.row is not None
    assert found.bound is not None
    assert found.integrality is not None
    assert (MODEL.rows[found.row.violation.index], found.row.relative) == ("r1", Fraction(3, 2))
    assert (MODEL.variables[found.bound.violation.index], found.bound.relative) == ("x", Fraction(1, 2))
    assert (found.integrality.violation.amount, found.integrality.relative) == (Fraction(1, 4), Fraction(1, 4))


@pytest.mark.parametrize(("n", "within"), [("1000.0009", True), ("1000.0011", False)])
def test_rows_and_bounds_are_measured_by_their_size(n: str, within: bool) -> None:
    continuous = model({"n": (0, None)}, rows=[({"n": 1}, None, 1000)])
    assert residuals(continuous, [Fraction(n)]).within(Tolerances()) is within


@pytest.mark.parametrize(("n", "within"), [("500.0000009", True), ("500.0000011", False), ("499.9999991", True)])
def test_integrality_is_absolute(n: str, within: bool) -> None:
    assert residuals(MODEL, point(1, n)).within(Tolerances()) is within


def test_variables_without_a_value_leave_rows_out() -> None:
    found = residuals(MODEL, point(None, 2000))
    assert found.rows_left_out == 2
    assert found.objective is None
    assert found.row is None
    assert found.bound is not None
    assert residuals(MODEL, point(0, None)).rows_left_out == 1
    assert residuals(MODEL, point(0, None)).row is not None
