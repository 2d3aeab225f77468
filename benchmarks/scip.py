"""SCIP as an outside opinion on one model: what a linear form can reach over its feasible set.

Written apart from quasikarp's own solver access on purpose: what the benchmarks confirm must not rest on the code that
they test.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from tools.formulation.model import Formulation

Answer = Literal["optimal", "infeasible", "unbounded", "limit"]

FEASIBILITY_TOLERANCE = 1e-8


@dataclass(frozen=True)
class Extreme:
    """The largest value of a form: `bound` is at least it, `value` is reached at `point`; floats, as SCIP says."""

    answer: Answer
    value: float | None = None
    bound: float = math.inf
    point: dict[int, float] | None = None


class FeasibleSet:
    """The feasible set of one formulation, loaded into SCIP once."""

    def __init__(self, model: Formulation, seconds: float) -> None:
        from pyscipopt import Model, quicksum

        self.model = model
        self._sum = quicksum
        self._broken = False
        self._scip: Any = Model()
        self._scip.hideOutput()
        self._scip.setParam("limits/time", seconds)
        self._scip.setParam("numerics/feastol", FEASIBILITY_TOLERANCE)
        self._scip.setParam("limits/memory", 4000.0)
        self._infinity = self._scip.infinity()
        self._x = [
            self._scip.addVar(
                f"x{j}",
                lb=self._finite(model.lower.floats[j]),
                ub=self._finite(model.upper.floats[j]),
                vtype="I" if model.integer[j] else "C",
            )
            for j in range(len(model.variables))
        ]
        for i in range(len(model.rows)):
            self._add_row(model.row_terms(i), model.row_lower.finite(i), model.row_upper.finite(i))
        self._value = self._scip.addVar("value", lb=None, ub=None)
        self._whole = self._scip.addVar("whole", lb=None, ub=None, vtype="I")
        self._part = self._scip.addVar("part", lb=0.0, ub=1.0)

    def largest(self, form: Mapping[int, Fraction], cap: float | None = None, floor: float | None = None) -> Extreme:
        """Return the largest value of `form` among the points where it lies between `floor` and `cap`."""
        return self._solve(form, self._value, Fraction(0), cap, floor)

    def beyond(self, form: Mapping[int, Fraction], limit: float) -> Extreme:
        """Return a point at which `form` is above `limit` where there is one, else the largest value of `form`.

        Looks below a cap, which keeps the search bounded, and then above it: of a set that is not convex the part
        below says nothing about the part above, and neither does an empty one.
        """
        cap = limit + 2 * max(1.0, abs(limit))
        below = self.largest(form, cap=cap)
        if below.answer == "optimal" and (below.bound > limit + 0.5 * (cap - limit) or not self.model.integer.any()):
            return below
        above = self._solve(form, self._value, Fraction(0), floor=cap, optimise=False)
        return below if above.answer == "infeasible" else above

    def fractional(self, form: Mapping[int, Fraction], constant: Fraction, margin: float) -> Extreme:
        """Return a point at which `form + constant` is at least `margin` away from every integer, if there is one."""
        self._scip.chgVarLb(self._part, margin)
        self._scip.chgVarUb(self._part, 1.0 - margin)
        return self._solve(form, self._whole + self._part, constant, optimise=False)

    def _solve(
        self,
        form: Mapping[int, Fraction],
        target: Any,
        constant: Fraction,
        cap: float | None = None,
        floor: float | None = None,
        optimise: bool = True,
    ) -> Extreme:
        if self._broken:
            return Extreme("limit")
        scip = self._scip
        scip.chgVarUb(self._value, cap)
        scip.chgVarLb(self._value, floor)
        link = scip.addCons(self._sum(float(a) * self._x[j] for j, a in form.items()) + float(constant) == target)
        scip.setObjective(self._value if optimise else 0 * self._value, "maximize")
        try:
            scip.optimize()
        except Exception:  # SCIP raises nothing more special, for example where its LP solver gives up
            self._broken = True
            return Extreme("limit")
        extreme = self._extreme(optimise)
        scip.freeTransform()
        scip.delCons(link)
        return extreme

    def _extreme(self, optimise: bool) -> Extreme:
        scip = self._scip
        status = scip.getStatus()
        if status == "infeasible":
            return Extreme("infeasible", bound=-math.inf)
        point = None
        if scip.getNSols():
            best = scip.getBestSol()
            point = {j: scip.getSolVal(best, x) for j, x in enumerate(self._x)}
        if status in ("unbounded", "inforunbd"):
            return Extreme("unbounded", point=point)
        bound = min(scip.getDualbound(), math.inf) if optimise else math.inf
        if bound >= self._infinity:
            bound = math.inf
        answer: Answer = "optimal" if status == "optimal" else "limit"
        return Extreme(answer, scip.getObjVal() if point is not None else None, bound, point)

    def _add_row(self, terms: Mapping[int, Fraction], low: Fraction | None, high: Fraction | None) -> None:
        if low is None and high is None:
            return
        if not terms:
            if (low is not None and low > 0) or (high is not None and high < 0):
                self._scip.addCons(self._scip.addVar(lb=0.0, ub=0.0) >= 1.0)
            return
        expression = self._sum(float(a) * self._x[j] for j, a in terms.items())
        if low is not None and low == high:
            self._scip.addCons(expression == float(low))
            return
        if low is not None:
            self._scip.addCons(expression >= float(low))
        if high is not None:
            self._scip.addCons(expression <= float(high))

    def _finite(self, value: float) -> float | None:
        return float(value) if abs(value) < self._infinity else None


def exact_point(model: Formulation, point: Mapping[int, float]) -> list[Fraction] | None:
    """Return an exactly feasible point next to `point`, or None where rounding its entries does not give one."""
    for digits in (0, 2, 4, 6, 9):
        rounded = []
        for j in range(len(model.variables)):
            value = point.get(j, 0.0)
            near = Fraction(round(value)) if model.integer[j] else Fraction(value).limit_denominator(10**digits or 1)
            low, high = model.lower.finite(j), model.upper.finite(j)
            if low is not None and near < low:
                near = low
            if high is not None and near > high:
                near = high
            rounded.append(near)
        if model.is_feasible(rounded):
            return rounded
    return None


def worst_violation(model: Formulation, point: list[Fraction]) -> float:
    """Return the largest violation at `point`, each measured against the size of the numbers it is about."""
    worst = 0.0
    for violation in model.violations(point):
        size = max(1.0, abs(float(violation.activity)), abs(float(violation.limit or 0)))
        worst = max(worst, float(violation.amount) / size)
    return worst
