"""Mappings through normal forms: both models are reduced by reversible steps, and the reduced forms are matched."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from agent.planners.completing import with_completed
from tools.claims.structure import chosen_because
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.isomorphism.row_space import affine_isomorphisms
from tools.isomorphism.search import Matching, isomorphisms
from tools.mapping.affine import AffineExpression
from tools.mapping.forms import IndexMapping
from tools.mapping.total import TotalMapping
from tools.normal_form.normalise import stages
from tools.normal_form.registry import STEPS
from tools.normal_form.step import Reduction

POINTS = 6
"""How many extreme points a reduction of the reference must keep for its mapping to count as structural."""

LONGEST_SOLVE = 0.5
"""Seconds for one of these points."""

MATCHINGS = 4
"""How many matchings of two reduced forms are proposed."""


def normal_form_hypotheses(context: RunContext) -> Iterator[Hypothesis]:
    """Yield the recoveries (and liftings) that matchings of the two normal forms give, cheap forms first.

    The recovery goes down from the candidate to its normal form, across, and up to the reference. Going up must be
    affine for the reference, so only steps with an affine way up are applied to it.
    """
    budget, seed = context.budget.smaller(4), context.settings.seed
    closest: tuple[int, Reduction, Reduction, Matching] | None = None
    for reference, candidate in _pairs(context.reference, context.candidate, budget):
        if context.budget.expired:
            return
        exact = False
        for matching in isomorphisms(reference.reduced, candidate.reduced, limit=MATCHINGS, seed=seed):
            exact = True
            yield _matched(context, reference, candidate, matching, "symbolic:normal-form")
        if exact:
            continue
        for found in affine_isomorphisms(reference.reduced, candidate.reduced, MATCHINGS):
            across, back = TotalMapping(found.across), TotalMapping(found.back)
            note = "a change of variables carries rows and bounds onto rows and bounds"
            yield _composed(reference, candidate, across, back, "symbolic:affine-isomorphism", note, False)
        for matching in isomorphisms(reference.reduced, candidate.reduced, limit=1, seed=seed, best_effort=True):
            left = _left_over(reference.reduced, matching)
            if not left and (closest is None or len(reference.reduced.variables) < closest[0]):
                closest = (len(reference.reduced.variables), reference, candidate, matching)
    if closest is not None:
        yield from with_completed(context, _matched(context, *closest[1:], "symbolic:near-normal-form"))


def _pairs(reference: Formulation, candidate: Formulation, budget: Budget) -> Iterator[tuple[Reduction, Reduction]]:
    """Yield pairs of forms of the two models, each further on than the ones before in one of them.

    The candidate is also reduced without the steps whose way up needs functions: both may have the same digits.
    """
    for affine_only in (False, True):
        ours, theirs = stages(reference, budget, affine_only=True), stages(candidate, budget, affine_only=affine_only)
        first: list[Reduction] = []
        second: list[Reduction] = []
        # Stage by stage for both, so that no solver is asked before all cheap forms were compared.
        for more, also in zip(ours, theirs, strict=True):
            fresh: list[tuple[Reduction, Reduction]] = []
            if more is not None and also is not None:
                fresh.append((more, also))
            fresh += [] if more is None else [(more, old) for old in reversed(second)]
            fresh += [] if also is None else [(old, also) for old in reversed(first)]
            first += [] if more is None else [more]
            second += [] if also is None else [also]
            yield from fresh
        if all(entry.affine for entry in STEPS):
            return


def _matched(
    context: RunContext, reference: Reduction, candidate: Reduction, matching: Matching, origin: str
) -> Hypothesis:
    across = _across(reference.reduced, candidate.reduced, matching)
    back = _back(reference.reduced, candidate.reduced, matching)
    indexed = IndexMapping(
        list(matching.shift),
        [{int(k): matching.scale[j]} if k >= 0 else {} for j, k in enumerate(matching.column_of)],
    )
    structural = chosen_because(reference.reduced, candidate.reduced, indexed) is None and _keeps_points(
        reference, context.budget.smaller(4)
    )
    return _composed(reference, candidate, across, back, origin, matching.note, structural)


def _composed(
    reference: Reduction,
    candidate: Reduction,
    across: TotalMapping,
    back: TotalMapping | None,
    origin: str,
    note: str,
    structural: bool,
) -> Hypothesis:
    """Return the recovery down from the candidate, across and up to the reference, and the lifting the other way."""
    recovery = reference.up.after(across).after(candidate.down)
    lifting = None if back is None else candidate.up.after(back).after(reference.down)
    steps = ", ".join(dict.fromkeys((*reference.steps, *candidate.steps)))
    rationale = f"normal forms ({steps}): {note}" if steps else note
    return Hypothesis(recovery, origin, rationale, lifting=lifting, structural=structural)


def _keeps_points(reduction: Reduction, budget: Budget) -> bool:
    """Say whether going down and up again leaves extreme points of the original where they are.

    Columns that were merged come back with their sum shared out anew: such a recovery reaches few reference solutions,
    and must show by completeness that it is no artefact.
    """
    model = reduction.original
    there_and_back = reduction.up.after(reduction.down)
    if all(there_and_back.expressions[name] == AffineExpression.variable(name) for name in model.variables):
        return True
    # Any feasible points will do, so a solver may stop at its first.
    prover = Prover(model, replace(budget.ending(POINTS * LONGEST_SOLVE), solve_seconds=LONGEST_SOLVE, solve_nodes=1))
    generator = random.Random(budget.seed)
    for _ in range(POINTS):
        direction = {j: Fraction(generator.choice((-2, -1, 1, 2))) for j in range(len(model.variables))}
        values = prover.minimise(direction).point
        point = None if values is None or not np.isfinite(values).all() else prover.exact_point(values)
        if point is None:
            continue
        image = there_and_back.apply(dict(zip(model.variables, point, strict=True)))
        if any(image[name] != value for name, value in zip(model.variables, point, strict=True)):
            return False
    return True


def _left_over(model: Formulation, matching: Matching) -> list[int]:
    """Return the columns in some row or the objective that have no counterpart."""
    return [
        j
        for j, k in enumerate(matching.column_of.tolist())
        if k < 0 and (model.rows_of(j).size or model.objective.floats[j])
    ]


def _across(reference: Formulation, candidate: Formulation, matching: Matching) -> TotalMapping:
    """Return the matching as expressions for the reference's variables."""
    expressions = {}
    for j, name in enumerate(reference.variables):
        k = int(matching.column_of[j])
        terms = {} if k < 0 else {candidate.variables[k]: matching.scale[j]}
        expressions[name] = AffineExpression(matching.shift[j], terms)
    return TotalMapping(expressions)


def _back(reference: Formulation, candidate: Formulation, matching: Matching) -> TotalMapping | None:
    """Return the inverse of the matching, or None where a candidate variable has no counterpart."""
    expressions = {}
    for j, name in enumerate(reference.variables):
        k = int(matching.column_of[j])
        if k >= 0:
            scale = matching.scale[j]
            expressions[candidate.variables[k]] = AffineExpression(-matching.shift[j] / scale, {name: 1 / scale})
    if len(expressions) < len(candidate.variables):
        return None
    return TotalMapping(expressions)
