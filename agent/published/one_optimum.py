"""The acceptance test of EquivaMap: one optimum of the candidate is mapped, pinned in the reference, and solved again.

It is evidence about this one optimum, never a proof: `docs/definitions.md` says which maps it takes for right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import scipy.sparse as sp

from agent.published.execution_accuracy import PUBLISHED_TOLERANCE
from agent.published.symbols import symbols
from tools.formulation.model import Formulation
from tools.formulation.numbers import FloatArray
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.solvers.gateway import Limits, SolveResult, solve
from tools.solvers.problem import NumericProblem

Ending = Literal[
    "accepted",
    "no optimum",  # a model has none to compare, or the solver found none in time
    "incomplete",  # a reference variable is not mapped
    "infeasible",  # the mapped optimum is no solution of the reference
    "crashed",  # the same in the released code, which raises an exception there
    "worse",  # it is a solution that is not optimal
    "unsettled",  # the solver did not finish the second solve
]


@dataclass(frozen=True)
class Acceptance:
    """How the test ended, and why in words."""

    ending: Ending
    why: str

    @property
    def accepted(self) -> bool:
        """Whether the mapping passed."""
        return self.ending == "accepted"


class OneOptimum:
    """The test for a pair of models; each is solved once, however many mappings are tested."""

    def __init__(self, reference: Formulation, candidate: Formulation, limits: Limits | None = None) -> None:
        self._reference = reference
        self._candidate = candidate
        self._limits = Limits() if limits is None else limits
        self._problem = NumericProblem.of(reference)

    @cached_property
    def missing(self) -> str:
        """Why there is nothing to test, in words; empty where both models have an optimum."""
        for side, result in (("candidate", self._theirs), ("reference", self._ours)):
            if result.status != "optimal" or result.point is None:
                return f"the solver calls the {side} {result.status}"
        return ""

    def test(self, mapping: AffineMapping, *, as_released: bool = False) -> Acceptance:
        """Return whether the image of one optimum of the candidate is an optimum of the reference.

        Each reference variable is pinned at its image by a row, and the reference is solved again: the mapping passes
        when that is feasible and the value is the reference's own within an absolute 1e-6. Variables without an
        expression end the test. Values of integer variables are rounded before they are mapped, because a solver
        returns 2.9999999.

        `as_released` does what the authors' code does: variables without an expression are not pinned, nor are those of
        more than one index, so that an empty mapping passes; an infeasible pin raises there and leaves the statistics.
        """
        if self.missing:
            return Acceptance("no optimum", self.missing)
        pinned = mapping.expressions
        if as_released:
            pinned = {name: pinned[name] for name in self._short if name in pinned}
        else:
            missing = next((name for name in self._reference.variables if name not in pinned), None)
            if missing is not None:
                return Acceptance("incomplete", f"the reference variable {missing[:60]!r} is not mapped")
        index = self._reference.variable_index
        values = {index[name]: self._value(expression) for name, expression in pinned.items() if name in index}
        if not all(map(math.isfinite, values.values())):
            return Acceptance("infeasible", "an image is too large a number")
        again = solve(self._pinned(values), limits=self._limits)
        if again.status == "infeasible":
            ending: Ending = "crashed" if as_released else "infeasible"
            return Acceptance(ending, "with the mapped values the reference is infeasible")
        if again.status != "optimal" or again.objective is None or self._ours.objective is None:
            return Acceptance("unsettled", f"with the mapped values the solver calls the reference {again.status}")
        excess = again.objective - self._ours.objective
        if abs(excess) > PUBLISHED_TOLERANCE:
            return Acceptance("worse", f"the mapped optimum is off the optimal value of the reference by {excess:g}")
        return Acceptance("accepted", "one optimum of the candidate is mapped to an optimum of the reference")

    def _value(self, expression: AffineExpression) -> float:
        try:
            terms = [float(a) * self._optimum[self._candidate.variable_index[v]] for v, a in expression.terms.items()]
            return float(sum(terms, float(expression.constant)))
        except (KeyError, OverflowError):
            return math.nan

    def _pinned(self, values: dict[int, float]) -> NumericProblem:
        columns, sides = list(values), np.array(list(values.values()), dtype=np.float64)
        shape = (len(columns), len(self._reference.variables))
        ones = sp.csr_array((np.ones(len(columns)), (np.arange(len(columns)), columns)), shape=shape)
        return self._problem.with_rows(ones, sides, sides)

    @cached_property
    def _ours(self) -> SolveResult:
        return solve(self._problem, limits=self._limits)

    @cached_property
    def _theirs(self) -> SolveResult:
        return solve(NumericProblem.of(self._candidate), limits=self._limits)

    @cached_property
    def _optimum(self) -> FloatArray:
        point = self._theirs.point
        assert point is not None
        return np.where(self._candidate.integer, np.round(point), point)

    @cached_property
    def _short(self) -> list[str]:
        """The reference variables of one index at most."""
        known = symbols(self._reference.variables)
        return [name for symbol in known if symbol.dimensions <= 1 for name in symbol.members.values()]
