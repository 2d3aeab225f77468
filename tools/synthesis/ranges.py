"""The values each variable really takes: what its image must stay within, and should reach."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector
from tools.solvers.gateway import solve

LARGEST_EXACT = 60
"""Models with more variables are asked about their relaxation only."""

LARGEST_ASKED = 300
"""Models with more variables are not asked at all."""

LONGEST_SOLVE = 0.5
"""Seconds for one end of one range; what takes longer stays as it is."""

_SIMPLE = 1000
_CLOSE = 1e-7


def tightened(prover: Prover) -> Formulation:
    """Return the model with bounds that a solver says are implied: hints, since they are computed in doubles.

    Every variable that is not fixed is minimised and maximised, over the integers in small models. A value near a
    simple fraction is that fraction; others move outwards a little.
    """
    model = prover.model
    n = len(model.variables)
    if n > LARGEST_ASKED:
        return model
    lower, upper = list(map(model.lower.finite, range(n))), list(map(model.upper.finite, range(n)))
    problem = prover.numeric if n <= LARGEST_EXACT else prover.numeric.relaxed()
    for j in range(n):
        low, high = lower[j], upper[j]
        if low is not None and low == high:
            continue
        direction = np.zeros(n)
        for sign in (1.0, -1.0):
            if prover.budget.expired:
                break
            direction[j] = sign
            limits = replace(prover.budget.limits, seconds=min(LONGEST_SOLVE, prover.budget.limits.seconds))
            result = solve(problem.with_cost(direction), limits=limits)
            if result.status != "optimal" or result.objective is None:
                continue
            value = _outwards(sign * result.objective, sign)
            if sign > 0 and (low is None or value > low):
                lower[j] = value
            if sign < 0 and (high is None or value < high):
                upper[j] = value
    return replace(
        model,
        lower=ExactVector.of(-float("inf") if value is None else value for value in lower),
        upper=ExactVector.of(float("inf") if value is None else value for value in upper),
    )


def _outwards(value: float, sign: float) -> Fraction:
    simple = Fraction(value).limit_denominator(_SIMPLE)
    if abs(float(simple) - value) <= _CLOSE * (1 + abs(value)):
        return simple
    return Fraction(value - sign * _CLOSE * (1 + abs(value))).limit_denominator(10**9)
