from fractions import Fraction

import pytest
from small_models import model
from synthesis_checks import prover

from tools.formulation.model import Formulation
from tools.synthesis import ranges
from tools.synthesis.ranges import tightened


def sides(found: Formulation, name: str) -> tuple[Fraction | None, Fraction | None]:
    j = found.variable_index[name]
    return found.lower.finite(j), found.upper.finite(j)


def test_bounds_are_those_that_rows_and_integrality_imply() -> None:
    """3t + a = 7 with a in 0..4 gives t from 1 to 7/3; 2a + 2b ≤ 5 gives b ≤ 2 in integers, 5/2 in the relaxation."""
    loose = model(
        {"t": (None, None)}, {"a": (0, 4), "b": (0, None)}, rows=[({"t": 3, "a": 1}, 7, 7), ({"a": 2, "b": 2}, None, 5)]
    )
    found = tightened(prover(loose))
    assert sides(found, "t") == (Fraction(5, 3), Fraction(7, 3))
    assert sides(found, "a") == (0, 2)
    assert sides(found, "b") == (0, 2)
    assert found.rows == loose.rows


def test_large_models_are_asked_about_their_relaxation_only(monkeypatch: pytest.MonkeyPatch) -> None:
    loose = model(integer={"a": (0, 9), "b": (0, 9)}, rows=[({"a": 2, "b": 2}, None, 5)])
    monkeypatch.setattr(ranges, "LARGEST_EXACT", 1)
    assert sides(tightened(prover(loose)), "b") == (0, Fraction(5, 2))
    monkeypatch.setattr(ranges, "LARGEST_ASKED", 1)
    assert tightened(prover(loose)) is loose


def test_what_has_no_end_stays_open() -> None:
    found = tightened(prover(model({"x": (None, None), "y": (0, None)}, rows=[({"x": 1, "y": -1}, 2, None)])))
    assert sides(found, "x") == (2, None)
    assert sides(found, "y") == (0, None)


def test_ends_that_are_no_simple_fraction_move_outwards() -> None:
    """x from 1/7919 to 5/7919: denominators beyond those that are taken at their word."""
    found = tightened(prover(model({"x": (0, 1)}, rows=[({"x": 7919}, 1, 5)])))
    low, high = sides(found, "x")
    assert low is not None
    assert high is not None
    assert Fraction(0) <= low <= Fraction(1, 7919)
    assert Fraction(5, 7919) <= high < Fraction(6, 7919)
