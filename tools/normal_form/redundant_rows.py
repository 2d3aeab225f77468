"""Row sides that the rest of the model implies → no side.

Rule: a side of l ≤ a·x ≤ u goes where it is proved of the model without it; of an equality both sides go or none. One
side is tested at a time against what is left, since of x ≤ 1 and 2x ≤ 2 one must stay. Sides that the linear
relaxation implies go first, long rows before short ones and later rows before earlier ones, so that added cuts go and
an aggregated row goes before the rows it sums up; then, in models that are small enough, sides that only integrality
implies, rows with few different coefficients first: cover and clique cuts rather than the knapsack they come from.

Assumes an exact proof for every side (`Prover.at_least`); a solver's word is not enough. A model whose relaxation is
infeasible is left alone. Maps: down and up are the identity.
Source: Telgen, "Identifying redundant constraints and implicit equalities in systems of linear constraints" (1983);
Achterberg et al., "Presolve reductions in mixed integer programming" (2020), section 4 (redundant rows).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from tools.exact.budget import Budget
from tools.exact.proofs import SolverProof
from tools.exact.prover import Proved, Prover, dense
from tools.formulation.model import Formulation
from tools.normal_form.draft import Draft, unchanged_variables
from tools.normal_form.step import Reduction
from tools.solvers.gateway import solve
from tools.solvers.problem import NumericProblem

LARGEST = 5_000
"""Models with more nonzeros are left alone."""

MOST_SIDES = 400
"""Models with more sides are left alone: each costs a linear program."""

LARGEST_INTEGER = 300
"""In mixed-integer models with more nonzeros only the linear relaxation is asked …"""

MOST_INTEGER_SIDES = 40
"""… and also where more sides than these are left."""

TOLERANCE = 1e-7
"""A solver's optimum that reaches the side up to this, relatively, is worth an exact proof."""


@dataclass(frozen=True)
class _Unit:
    """What goes at once: sides of `row` as (whether it is the upper one, value)."""

    row: int
    sides: tuple[tuple[bool, Fraction], ...]


class RedundantRows:
    """No row side is implied by the other rows and the bounds, as far as that was proved."""

    name: ClassVar[str] = "redundant rows"

    def accepts(self, model: Formulation) -> bool:
        """Say whether the model has two rows and is small enough."""
        sides = np.isfinite(model.row_lower.floats).sum() + np.isfinite(model.row_upper.floats).sum()
        return len(model.rows) > 1 and model.nonzeros <= LARGEST and bool(sides <= MOST_SIDES)

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the reduction without implied sides, None where none was proved to be implied."""
        if not self.accepts(model):
            return None
        whole = NumericProblem.of(model)
        problem = whole.relaxed()
        if solve(problem.with_cost(np.zeros(len(model.variables))), limits=budget.limits).status != "optimal":
            return None
        proofs = budget.smaller(10)
        current, necessary = self._pass(model, model, problem, _units(model), proofs)
        if model.integer.any() and model.nonzeros <= LARGEST_INTEGER and len(necessary) <= MOST_INTEGER_SIDES:
            rest = dataclasses.replace(whole, row_lower=current.row_lower.floats, row_upper=current.row_upper.floats)
            order = sorted(necessary, key=lambda unit: len({abs(a) for a in model.row_terms(unit.row).values()}))
            current, _ = self._pass(current, model, rest, order, proofs)
        if current is model:
            return None
        draft = Draft(current)
        draft.drop_free_rows()
        return unchanged_variables(model, draft.freeze(), self.name)

    @staticmethod
    def _pass(
        current: Formulation, model: Formulation, problem: NumericProblem, units: Sequence[_Unit], budget: Budget
    ) -> tuple[Formulation, list[_Unit]]:
        """Return `current` without the units that the rest implies, and the units that stay.

        `problem` is `current` or its relaxation in doubles: it only saves the proofs that would fail.
        """
        necessary: list[_Unit] = []
        for unit in units:
            if (
                not budget.expired
                and _seems_implied(model, problem, unit, budget)
                and _is_implied(current, model, unit, budget)
            ):
                current, problem = _without(current, model, unit), _without_sides(problem, unit)
            else:
                necessary.append(unit)
        return current, necessary


def _units(model: Formulation) -> Sequence[_Unit]:
    found: list[_Unit] = []
    for i in range(len(model.rows)):
        low, high = model.row_lower.finite(i), model.row_upper.finite(i)
        if low is not None and low == high:
            found.append(_Unit(i, ((False, low), (True, high))))
            continue
        if low is not None:
            found.append(_Unit(i, ((False, low),)))
        if high is not None:
            found.append(_Unit(i, ((True, high),)))
    lengths = np.diff(model.indptr)
    return sorted(found, key=lambda unit: (-int(lengths[unit.row]), -unit.row))


def _seems_implied(model: Formulation, problem: NumericProblem, unit: _Unit, budget: Budget) -> bool:
    """Say whether a solver finds every side of the unit implied by the rest of the problem, in doubles."""
    rest = _without_sides(problem, unit)
    form = dense(model.row_terms(unit.row), len(model.variables))
    size = float(np.abs(form).max(initial=0.0)) or 1.0
    for upper, side in unit.sides:
        sign = -1.0 if upper else 1.0
        result = solve(rest.with_cost(sign * form / size), limits=budget.limits)
        target = sign * float(side) / size
        if result.status != "optimal" or result.objective is None:
            return False
        if result.objective < target - TOLERANCE * (1 + abs(target)):
            return False
    return True


def _is_implied(current: Formulation, model: Formulation, unit: _Unit, budget: Budget) -> bool:
    """Say whether every side of the unit is proved, exactly, of `current` without it."""
    prover = Prover(_without(current, model, unit), budget)
    terms = model.row_terms(unit.row)
    for upper, side in unit.sides:
        form, target = ({j: -a for j, a in terms.items()}, -side) if upper else (terms, side)
        answer = prover.at_least(form, target)
        if not isinstance(answer, Proved) or isinstance(answer.proof, SolverProof):
            return False
    return True


def _without(current: Formulation, model: Formulation, unit: _Unit) -> Formulation:
    """Return `current`, which has the rows of `model`, with the unit's sides made infinite."""
    changes = {}
    for upper, _ in unit.sides:
        label = "row_upper" if upper else "row_lower"
        sides = getattr(current, label)
        floats = sides.floats.copy()
        floats[unit.row] = np.inf if upper else -np.inf
        overrides = {k: value for k, value in sides.overrides.items() if k != unit.row}
        changes[label] = type(sides)(floats, overrides)
    return current.changed(**changes)


def _without_sides(problem: NumericProblem, unit: _Unit) -> NumericProblem:
    low, high = problem.row_lower.copy(), problem.row_upper.copy()
    for upper, _ in unit.sides:
        (high if upper else low)[unit.row] = np.inf if upper else -np.inf
    return dataclasses.replace(problem, row_lower=low, row_upper=high)
