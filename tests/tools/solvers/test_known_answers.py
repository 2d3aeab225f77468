from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from tools.solvers.audit import violation
from tools.solvers.known_answers import KnownAnswer, known_answers

FINITE = [
    known
    for known in known_answers()
    if known.problem.integer.all()
    and len(known.problem.cost)
    and np.isfinite(known.problem.lower).all()
    and np.isfinite(known.problem.upper).all()
]


def test_names_are_distinct() -> None:
    names = [known.name for known in known_answers()]
    assert len(set(names)) == len(names)


def test_an_optimum_is_given_exactly_where_there_is_one() -> None:
    assert all((known.status == "optimal") == (known.optimum is not None) for known in known_answers())


@pytest.mark.parametrize("known", FINITE, ids=lambda known: known.name)
def test_enumeration_agrees(known: KnownAnswer) -> None:
    problem = known.problem
    ranges = [range(math.ceil(low), math.floor(high) + 1) for low, high in zip(problem.lower, problem.upper)]
    points = (np.array(point, dtype=np.float64) for point in itertools.product(*ranges))
    feasible = [problem.objective_at(point) for point in points if violation(problem, point)[0] <= 1e-9]
    assert known.status == ("optimal" if feasible else "infeasible")
    if feasible:
        assert min(feasible) == pytest.approx(known.optimum)
