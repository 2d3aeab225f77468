"""The least absolute coefficients that satisfy linear requirements: a cvxpy problem solved again as these arrive."""

from __future__ import annotations

from typing import Any

import numpy as np

from tools.exact.budget import Budget
from tools.formulation.from_cvxpy import formulation_from_cvxpy
from tools.formulation.numbers import FloatArray
from tools.quiet_cvxpy import import_cvxpy
from tools.solvers.gateway import solve
from tools.solvers.problem import NumericProblem

FIRST_CAPACITY = 32
"""Requirements for which the problem has room at first; it is built again, twice as large, when they do not fit."""


class SparseFill:
    """Minimises weights·|h| over h subject to requirements a·h ≥ b that are added one by one."""

    def __init__(self, weights: FloatArray, integer: bool = False) -> None:
        self._weights = weights
        self._integer = integer
        self._rows: list[FloatArray] = []
        self._sides: list[float] = []
        self._capacity = 0
        self._problem: Any = None
        self._matrix: Any = None
        self._right: Any = None

    def require(self, coefficients: FloatArray, at_least: float) -> None:
        """Add coefficients·h ≥ at_least."""
        self._rows.append(coefficients)
        self._sides.append(at_least)

    def solve(self, budget: Budget) -> FloatArray | None:
        """Return the h of least weights·|h| in doubles; None where there is none or the limits of `budget` end it."""
        width = len(self._weights)
        if not self._rows:
            return np.zeros(width)
        if len(self._rows) > self._capacity:
            self._build()
        matrix, right = np.zeros((self._capacity, width)), np.zeros(self._capacity)
        matrix[: len(self._rows)] = self._rows
        right[: len(self._rows)] = self._sides
        self._matrix.value, self._right.value = matrix, right
        formulation = formulation_from_cvxpy(self._problem)
        result = solve(NumericProblem.of(formulation), limits=budget.limits)
        if result.point is None or result.status != "optimal":
            return None
        places = [formulation.variable_index[f"h[{k}]"] for k in range(width)]
        return np.asarray(result.point[places], dtype=np.float64)

    def _build(self) -> None:
        cvxpy = import_cvxpy()
        self._capacity = max(FIRST_CAPACITY, 2 * len(self._rows))
        width = len(self._weights)
        unknown = cvxpy.Variable(width, name="h", integer=self._integer)
        self._matrix = cvxpy.Parameter((self._capacity, width))
        self._right = cvxpy.Parameter(self._capacity)
        cost = cvxpy.Minimize(self._weights @ cvxpy.abs(unknown))
        self._problem = cvxpy.Problem(cost, [self._matrix @ unknown >= self._right])
