"""Small models on which every transformation applies somewhere, and their solutions by plain loops."""

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction

from small_models import model

from tools.formulation.model import Formulation

STEPS = 4
"""Continuous variables take this many values between their bounds (or around 0) when solutions are listed."""

MOST_POINTS = 40_000


def knapsack() -> Formulation:
    """Three items, of which two are alike, in any number up to 3."""
    return model(
        integer={"a": (0, 3), "b": (0, 3), "c": (0, 13)},
        maximize={"a": 4, "b": 4, "c": 3},
        rows=[({"a": 3, "b": 3, "c": 2}, None, 17), ({"a": 1, "b": 1, "c": -1}, -12, 4)],
    )


def lot() -> Formulation:
    """Two periods of production with set-ups, stock that an equality defines, and a void big M."""
    return model(
        {"x1": (0, 8), "x2": (0, 8), "s": (0, None)},
        {"y1": (0, 1), "y2": (0, 1)},
        minimize={"x1": 2, "x2": "5/2", "s": 1, "y1": 5, "y2": 7},
        constant=3,
        rows=[
            ({"x1": 1, "s": -1}, 2, 2),
            ({"x2": 1, "s": 1}, 4, 4),
            ({"x1": 1, "y1": -8}, None, 0),
            ({"x2": 1, "y2": -12}, None, 0),
        ],
    )


def whole_balance() -> Formulation:
    """Integer variables of either sign, one of them whole only because an equality makes it so."""
    return model(
        {"t": (-6, 6)},
        {"u": (-2, 3), "v": (-3, 2), "w": (1, 5)},
        minimize={"t": 2, "u": -1, "w": 1},
        rows=[({"t": 1, "u": 1, "v": -1}, 1, 1), ({"u": 2, "w": 1}, 0, 7), ({"v": 1, "w": -1}, None, -1)],
    )


def blend() -> Formulation:
    """A linear program with two identical columns, no upper bounds and a ranged row."""
    return model(
        {"p": (0, None), "q": (0, None), "r": (-1, 4)},
        minimize={"p": 1, "q": 1, "r": "1/3"},
        rows=[({"p": 1, "q": 1, "r": 1}, 2, 6), ({"p": 1, "q": 1, "r": "-1/2"}, "1/2", None)],
    )


def unbounded_counts() -> Formulation:
    """Counts without upper bounds, whose optimum is small."""
    return model(integer={"n": (0, None), "m": (0, 99)}, minimize={"n": 3, "m": 4}, rows=[({"n": 2, "m": 3}, 7, None)])


def infeasible() -> Formulation:
    """Two rows that contradict each other."""
    return model(
        integer={"x": (0, 3), "y": (0, 3)},
        minimize={"x": 1},
        rows=[({"x": 1, "y": 1}, 5, None), ({"x": 1, "y": 1}, None, 4)],
    )


MODELS = {build.__name__: build for build in (knapsack, lot, whole_balance, blend, unbounded_counts, infeasible)}


def solutions(of: Formulation, most: int = MOST_POINTS) -> Iterator[dict[str, Fraction]]:
    """Yield solutions by trying a grid: whole values for integers, a few others for continuous variables."""
    ranges = [_values(of, j) for j in range(len(of.variables))]
    for point in itertools.islice(itertools.product(*ranges), most):
        if of.is_feasible(point):
            yield dict(zip(of.variables, point, strict=True))


def _values(of: Formulation, j: int) -> list[Fraction]:
    low, high = of.lower.finite(j), of.upper.finite(j)
    least = low if low is not None else (high or Fraction(0)) - 8
    most = high if high is not None else least + 8
    if of.integer[j]:
        return [Fraction(k) for k in range(math.ceil(least), math.floor(most) + 1)]
    return [least + (most - least) * Fraction(k, STEPS) for k in range(STEPS + 1)]
