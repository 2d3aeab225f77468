"""Mappings by total functions, looked at point by point: a wrong one is refuted exactly, a right one never fails.

What a function computes is taken from `TotalMapping.apply`, the way a user executes a mapping; everything about the
images is checked here in plain fractions.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from benchmarks.scip import FeasibleSet, exact_point
from tools.errors import MappingError
from tools.formulation.model import Formulation
from tools.mapping.total import TotalMapping

Point = list[Fraction]

RANDOM_DIRECTIONS = 20
UNIT_DIRECTIONS = 20
"""Variables that are made as large and as small as they go; of more, a seeded sample."""

FARTHEST = 1e4
"""How far a form may go in a direction in which the set is not bounded."""


@dataclass(frozen=True)
class Relation:
    """σ(v) = scale·v + offset between the minimisation objectives."""

    scale: Fraction
    offset: Fraction


def sample(points: FeasibleSet, model: Formulation, seed: int = 0) -> Iterator[Point]:
    """Yield different exactly feasible points: the ends of several directions, and points between them.

    The directions are the objective's, units and random ones. Ends alone would be vertices, where much that is wrong
    elsewhere happens to be right.
    """
    draw = random.Random(seed)
    size = len(model.variables)
    chosen = list(range(size)) if size <= UNIT_DIRECTIONS else draw.sample(range(size), UNIT_DIRECTIONS)
    directions: list[Mapping[int, Fraction]] = [model.cost_terms, *({k: Fraction(1)} for k in chosen)]
    directions += [{k: Fraction(draw.randint(-9, 9)) for k in range(size)} for _ in range(RANDOM_DIRECTIONS)]
    seen: set[tuple[Fraction, ...]] = set()
    for direction in directions:
        form = {k: a for k, a in direction.items() if a}
        ends = []
        for sign in (1, -1):
            extreme = points.largest({k: sign * a for k, a in form.items()}, cap=FARTHEST)
            ends += [] if extreme.value is None else [sign * extreme.value]
            yield from _new(extreme.point, model, seen)
        if len(ends) == 2 and ends[0] - ends[1] > 1:
            between = math.floor(ends[1] + draw.random() * (ends[0] - ends[1]))
            yield from _new(points.largest(form, cap=float(between)).point, model, seen)


def _new(found: Mapping[int, float] | None, model: Formulation, seen: set[tuple[Fraction, ...]]) -> Iterator[Point]:
    point = None if found is None else exact_point(model, found)
    if point is not None and tuple(point) not in seen:
        seen.add(tuple(point))
        yield point


def wrong_recovery(
    point: Point, recovery: TotalMapping, reference: Formulation, candidate: Formulation, relation: Relation | None
) -> str | None:
    """Return what is wrong with the image of a candidate's point, or None; costs are compared by `relation` only."""
    image = _image(recovery, point, candidate, reference)
    if isinstance(image, str):
        return f"recovery: {image}"
    limit = None if relation is None else relation.scale * _cost(candidate, point) + relation.offset
    return _outside(image, reference, limit, "recovered")


def wrong_lifting(
    point: Point,
    lifting: TotalMapping,
    recovery: TotalMapping,
    reference: Formulation,
    candidate: Formulation,
    relation: Relation,
    completed: Collection[str],
) -> str | None:
    """Return what is wrong with the lifting of a reference point, or None."""
    image = _image(lifting, point, reference, candidate)
    if isinstance(image, str):
        return f"lifting: {image}"
    wrong = _outside(image, candidate, (_cost(reference, point) - relation.offset) / relation.scale, "lifted")
    if wrong is not None:
        return wrong
    back = _image(recovery, image, candidate, reference)
    if isinstance(back, str):
        return f"recovery after lifting: {back}"
    for name, value, again in zip(reference.variables, point, back, strict=True):
        if name not in completed and value != again:
            return f"recovery after lifting: {name!r} is {value} and comes back as {again}"
    return None


def _image(mapping: TotalMapping, point: Sequence[Fraction], source: Formulation, target: Formulation) -> Point | str:
    try:
        found = mapping.apply(dict(zip(source.variables, point, strict=True)))
    except MappingError as error:
        return str(error)
    missing = [name for name in target.variables if name not in found]
    if missing:
        return f"no expression for {missing[:3]}"
    return [found[name] for name in target.variables]


def _outside(image: Point, model: Formulation, limit: Fraction | None, what: str) -> str | None:
    for violation in model.violations(image):
        names = model.rows if violation.element == "row" else model.variables
        return f"a {what} point breaks the {violation.element} {names[violation.index]!r} by {violation.amount}"
    if limit is not None and _cost(model, image) > limit:
        return f"a {what} point costs {_cost(model, image)}, more than {limit}"
    return None


def _cost(model: Formulation, point: Sequence[Fraction]) -> Fraction:
    return model.cost_constant + sum((a * point[k] for k, a in model.cost_terms.items()), Fraction(0))
