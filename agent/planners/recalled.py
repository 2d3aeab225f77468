"""Mappings made from what memory knows: of this very pair, or templates of similar ones put into new roles."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Literal

from agent.context import RunContext
from agent.hypothesis import MEMORY, Hypothesis
from agent.planners.completing import completed_hypotheses
from memory.application import Applied, apply_template
from memory.memory import Recalled
from memory.record import Record
from tools.claims.carrier import Carrier
from tools.claims.completable import objective_linked
from tools.claims.structure import chosen_because
from tools.errors import InputError, QuasikarpError
from tools.formulation.model import Formulation
from tools.formulation.numbers import parse_rational
from tools.mapping.affine import AffineExpression
from tools.mapping.reading import read_mapping
from tools.mapping.total import TotalMapping
from tools.synthesis.fill import fill
from tools.synthesis.sketch import Sketch

MOST_RECORDS = 20
"""Records of one pair that are looked at, the newest first."""

MOST_RECALLED = 3
"""Hypotheses from templates that one run tries."""

SHARE_OF_TIME = 0.1
"""Part of the time left that may go into making them."""

FILL_SHARE = 8


def hypotheses_of_records(context: RunContext, records: Iterable[Record]) -> Iterator[Hypothesis]:
    """Yield the mappings that were verified for exactly this pair; they are verified again like any other.

    Left out is a mapping that held because its planner composed it of reversible steps: a record cannot vouch for
    that, so the planner has to propose it again.
    """
    reference = context.reference
    for record in itertools.islice(records, MOST_RECORDS):
        if record.outcome != "verified" or record.mapping is None:
            continue
        try:
            read = read_mapping(json.dumps(record.mapping), context.reference.variables, context.candidate.variables)
        except QuasikarpError:
            continue
        if any(name not in read.total.expressions for name in reference.variables):
            continue
        hypothesis = Hypothesis(
            read.total,
            f"{MEMORY}{record.id}",
            f"verified before for this very pair under the contract {record.contract}",
            lifting=read.lifting,
            completed=read.recovery.completed,
        )
        try:
            carrier = context.carrier(hypothesis.document([]))
        except QuasikarpError:
            continue
        if record.claims["complete"]["result"] == "proved" or not _is_chosen(context, carrier):
            yield hypothesis


def _is_chosen(context: RunContext, carrier: Carrier) -> bool:
    return chosen_because(context.reference, carrier.extended.model, carrier.mapping, carrier.completed) is not None


def points_of_records(
    model: Formulation, side: Literal["reference", "candidate"], records: Iterable[Record]
) -> Iterator[list[Fraction]]:
    """Yield the points of one model that refuted mappings of this pair before, checked to be feasible."""
    for record in records:
        witness = record.witness
        if witness is None or witness.get("point_of") != side or not isinstance(witness.get("point"), dict):
            continue
        try:
            named = {name: parse_rational(value) for name, value in witness["point"].items()}
        except (TypeError, AttributeError, InputError):
            continue
        if not named.keys() <= model.variable_index.keys():
            continue
        point = [named.get(name, Fraction(0)) for name in model.variables]
        if model.is_feasible(point):
            yield point


def hypotheses_of_templates(
    context: RunContext, found: Sequence[Recalled], points: Sequence[Sequence[Fraction]]
) -> Iterator[Hypothesis]:
    """Yield what the templates of similar pairs say about this one, the likeliest first, within a share of the time."""
    limit = context.budget.remaining * (1 - SHARE_OF_TIME)
    ranked: list[tuple[float, int, Recalled, Applied]] = []
    for place, recalled in enumerate(found):
        if context.budget.remaining < limit:
            break
        for applied in apply_template(recalled.template, context.reference, context.candidate, points):
            ranked.append((applied.score + recalled.similarity, place, recalled, applied))
    ranked.sort(key=lambda entry: (-entry[0], entry[1]))
    seen: set[str] = set()
    for _, _, recalled, applied in ranked:
        if len(seen) >= MOST_RECALLED or context.budget.remaining < limit:
            return
        hypothesis = _hypothesis(context, recalled, applied, points)
        if hypothesis is None:
            continue
        key = hypothesis.document([])["id"]
        if key not in seen:
            seen.add(key)
            yield hypothesis


def _hypothesis(
    context: RunContext, recalled: Recalled, applied: Applied, points: Sequence[Sequence[Fraction]]
) -> Hypothesis | None:
    """Return the hypothesis, with open coefficients filled and missing variables completed, or None."""
    origin = f"{MEMORY}{recalled.record.id}"
    rationale = f"as in a similar pair ({recalled.record.kind}, similarity {recalled.similarity:.2f})"
    reference = context.reference
    expressions = dict(applied.fixed)
    if applied.open:
        zero = AffineExpression(Fraction(0))
        sketch = Sketch({**expressions, **dict.fromkeys(applied.open, zero)}, applied.open)
        filled = fill(
            sketch,
            reference,
            context.pair.candidate,
            points=context.samples(points),
            samples=0,
            seed=context.settings.seed,
            budget=context.budget.smaller(FILL_SHARE).ending(context.budget.remaining * SHARE_OF_TIME),
        )
        if filled.expressions is None:
            return None
        expressions = dict(filled.expressions)
    if len(expressions) < len(reference.variables):
        budget = context.budget.smaller(FILL_SHARE).ending(context.budget.remaining * SHARE_OF_TIME)
        return next(completed_hypotheses(context, expressions, origin, rationale, budget), None)
    linked = objective_linked(reference)
    completed = frozenset(name for name in applied.completed if reference.variable_index[name] not in linked)
    ordered = {name: expressions[name] for name in reference.variables}
    return Hypothesis(TotalMapping(ordered), origin, rationale, completed=completed)
