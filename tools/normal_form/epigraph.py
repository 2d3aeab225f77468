"""A variable that bounds the objective in one row → the objective itself.

Rule, for minimisation (a maximisation has the signs of its cost exchanged): let t ∈ [l, u] have the cost d > 0 and
occur in one row alone, whose relevant side is a·x + c·t ≥ b with c > 0 (or ≤ with c < 0). No objective is better than
with t = f(x) := (b − a·x)/c; so the cost d·t becomes d·f(x), and the row becomes f(x) ≤ u, or goes where u is infinite.
The row's other side holds at t = f(x) by itself. For d < 0, a hypograph, the same with the order turned round.

Assumes that f(x) ≥ l is proved on the reduced form or l is infinite; that the row's sides do not cross; that t is
continuous, or f(x) an integer because all its numbers and variables are; that f has no such variable in it itself.
Equalities are the business of slack removal. A maximum of several functions has several rows and stays.
Maps: down drops t, at no greater cost; up gives t = f(x).
Source: Boyd & Vandenberghe, "Convex optimization" (2004), section 4.1.3 (epigraph form); MathOptInterface,
`Bridges.Objective.SlackBridge`, read backwards.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from tools.exact.budget import Budget
from tools.exact.proofs import SolverProof, linear_bound
from tools.exact.prover import Proved, Prover
from tools.formulation.model import Formulation
from tools.normal_form.draft import Draft, Side
from tools.normal_form.integral_definition import is_integral
from tools.normal_form.step import Reduction

LARGEST_ASKED = 5_000
"""In models with more nonzeros no solver is asked for f(x) ≥ l …"""

LARGEST_INTEGER = 300
"""… with more than these only about the linear relaxation …"""

QUESTIONS = 20
"""… and at most this often in one pass."""


class Epigraph:
    """No objective variable is there only to be bounded by one row, as far as the bounds show that it may go."""

    name: ClassVar[str] = "epigraph"

    def accepts(self, model: Formulation) -> bool:
        """Say whether some objective variable occurs in one row alone, an inequality."""
        return bool(_candidates(model))

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the reduction with those substituted whose far bound the variables' bounds prove, None without any."""
        sure = [bound for bound in _bounds(model) if bound.holds_by_activity(model)]
        return _substituted(model, sure, self.name) if sure else None


class ProvedEpigraph:
    """No objective variable is there only to be bounded by one row, as far as solvers show that it may go."""

    name: ClassVar[str] = "epigraph by proof"

    def accepts(self, model: Formulation) -> bool:
        """Say whether some objective variable occurs in one row alone, an inequality, and the model is small enough."""
        return model.nonzeros <= LARGEST_ASKED and bool(_candidates(model))

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the reduction with variables substituted one by one as f(x) ≥ l is proved, None where it never is."""
        if not self.accepts(model):
            return None
        found = Reduction.identity(model)
        for bound in _bounds(model)[:QUESTIONS]:
            current = found.reduced
            moved = _bound_of(current, current.variable_index[model.variables[bound.variable]], set())
            if moved is not None and not budget.expired:
                trial = _substituted(current, [moved], self.name)
                if moved.is_proved(current, trial.reduced, budget):
                    found = found.then(trial)
        return dataclasses.replace(found, steps=(self.name,)) if found.steps else None


@dataclass(frozen=True)
class _Bound:
    """f(x) = constant + Σ terms[k]·x_k bounds `variable` in `row`; `far` and `near` are l and u, or u and l for d < 0.

    `sign` is 1 where f bounds from below (d > 0), else −1; `at_lower` says that f comes from the row's lower side.
    """

    variable: int
    row: int
    constant: Fraction
    terms: Mapping[int, Fraction]
    sign: int
    far: Side
    limit: Side
    at_lower: bool

    def _claim(self) -> tuple[dict[int, Fraction], Fraction]:
        """Return (form, target): form·x ≥ target says that f(x) is not beyond `far`."""
        far = self.far or Fraction(0)
        return {k: self.sign * a for k, a in self.terms.items()}, self.sign * (far - self.constant)

    def holds_by_activity(self, model: Formulation) -> bool:
        """Say whether the bounds of the variables of f keep it within t's far bound."""
        if self.far is None:
            return True
        form, target = self._claim()
        bound = linear_bound(model, form, {})
        return bound is not None and bound >= target

    def is_proved(self, model: Formulation, reduced: Formulation, budget: Budget) -> bool:
        """Say whether f is proved to stay within t's far bound on the reduced form of `model`, exactly."""
        form, target = self._claim()
        if model.nonzeros > LARGEST_INTEGER:
            reduced = reduced.changed(kinds=np.zeros(len(reduced.variables), dtype=np.uint8))
        index = reduced.variable_index
        moved = {index[model.variables[k]]: a for k, a in form.items()}
        answer = Prover(reduced, budget.smaller(10)).at_least(moved, target)
        return isinstance(answer, Proved) and not isinstance(answer.proof, SolverProof)


def _bounds(model: Formulation) -> list[_Bound]:
    candidates = _candidates(model)
    found = [_bound_of(model, variable, set(candidates)) for variable in candidates]
    return [bound for bound in found if bound is not None]


def _bound_of(model: Formulation, variable: int, candidates: set[int]) -> _Bound | None:
    """Return what bounds the variable, None where the rule does not fit or another candidate is in its row."""
    rows = model.rows_of(variable).tolist()
    if len(rows) != 1 or variable not in model.cost_terms:
        return None
    row = int(rows[0])
    terms = model.row_terms(row)
    scale = terms.pop(variable)
    downwards = model.cost_terms[variable] > 0
    at_lower = (scale > 0) == downwards
    low, high = model.row_lower.finite(row), model.row_upper.finite(row)
    side = low if at_lower else high
    if side is None or (low is not None and high is not None and low >= high) or not candidates.isdisjoint(terms):
        return None
    constant, value = side / scale, {k: -a / scale for k, a in terms.items()}
    if model.integer[variable] and not is_integral(model, constant, value):
        return None
    far, near = model.lower.finite(variable), model.upper.finite(variable)
    if not downwards:
        far, near = near, far
    limit = None if near is None else side - scale * near
    return _Bound(variable, row, constant, value, 1 if downwards else -1, far, limit, at_lower)


def _substituted(model: Formulation, bounds: Sequence[_Bound], step: str) -> Reduction:
    draft = Draft(model)
    for bound in bounds:
        del draft.rows[bound.row][bound.variable]
        draft.row_lower[bound.row] = bound.limit if bound.at_lower else None
        draft.row_upper[bound.row] = None if bound.at_lower else bound.limit
        draft.replace(bound.variable, bound.constant, bound.terms)
    draft.drop_free_rows()
    return draft.reduction(step)


def _candidates(model: Formulation) -> list[int]:
    """Return the objective variables that occur in one row alone, an inequality with other variables."""
    counts = np.bincount(model.columns, minlength=len(model.variables))
    inequality = (model.row_lower.floats != model.row_upper.floats) & (np.diff(model.indptr) > 1)
    row_of = np.repeat(np.arange(len(model.rows), dtype=np.int64), np.diff(model.indptr))
    single = (counts[model.columns] == 1) & inequality[row_of] & (model.objective.floats[model.columns] != 0)
    return sorted(model.columns[single].tolist())
