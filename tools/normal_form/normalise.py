"""The normal form of a model: every registered step applied until none does any more."""

from __future__ import annotations

from collections.abc import Iterator

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.normal_form.registry import STEPS, Stage
from tools.normal_form.step import Reduction, Step, compose

ROUNDS = 10
"""How often the steps of a later stage may be followed by cheap steps that open the way for them again."""


def normalise(model: Formulation, budget: Budget, *, affine_only: bool = False) -> Reduction:
    """Return the reduction of `model` to its normal form, as far as `budget` goes.

    `affine_only` leaves out the steps whose way back needs functions; then `up` is affine as `down` always is.
    """
    forms = [form for form in stages(model, budget, affine_only=affine_only) if form is not None]
    return forms[-1]


def stages(model: Formulation, budget: Budget, *, affine_only: bool = False) -> Iterator[Reduction | None]:
    """Yield the reductions of `model` to its forms, each going on from the one before: none, cheap, by solvers, last.

    Always four, None where a form is no further than the one before. Each is computed when it is asked for. Two models
    may agree at an early stage and not at a late one, where of several redundant rows others went, or the other way
    round.
    """
    cheap = _steps(Stage.CHEAP, affine_only)
    found = Reduction.identity(model)
    yield found
    more = compose(model, cheap, budget)
    if more.steps:
        found = found.then(more)
    yield found if more.steps else None
    for stage in (Stage.SOLVER, Stage.LAST):
        steps, before = _steps(stage, affine_only), found
        for _ in range(ROUNDS):
            more = compose(found.reduced, steps, budget, rounds=1)
            if not more.steps:
                break
            after = compose(more.reduced, cheap, budget)
            found = found.then(more).then(after)
            if not after.steps:
                break
        yield None if found is before else found


def _steps(stage: Stage, affine_only: bool) -> list[Step]:
    return [entry.step for entry in STEPS if entry.stage == stage and (entry.affine or not affine_only)]
