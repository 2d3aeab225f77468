"""Exact points of a feasible set, spread by random directions: what a mapping is tried on before anything is proved."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from tools.exact.prover import Prover
from tools.formulation.derive import boxed
from tools.formulation.model import Formulation

Point = Sequence[Fraction]
"""One exact value for each variable, in the model's order."""

BOX = 1000
"""Infinite bounds are replaced by this distance while points are sampled, so that every direction has an end."""

LONGEST_SOLVE = 1.0
"""Seconds for one point; a point that takes longer is not worth having."""


def sample_points(prover: Prover, count: int, seed: int, known: Iterable[Point] = ()) -> list[Point]:
    """Return at most `count` exact points of the prover's set, after the `known` ones, without repetitions.

    Points are extreme in the direction of the objective, its opposite, and random sparse and dense directions.
    """
    generator = random.Random(seed)
    points: dict[tuple[Fraction, ...], None] = {tuple(point): None for point in known}
    wanted = len(points) + count
    budget = prover.budget.smaller(1)
    budget = replace(budget, solve_seconds=min(budget.solve_seconds, LONGEST_SOLVE))
    provers = [Prover(boxed(prover.model, BOX), budget), Prover(prover.model, budget)]
    for direction in _directions(prover.model, count + count // 2, generator):
        if len(points) >= wanted or budget.expired:
            break
        for sampler in provers:
            values = sampler.minimise(direction).point
            point = None if values is None else sampler.exact_point(values, direction)
            if point is not None and prover.model.is_feasible(point):
                points[tuple(point)] = None
                break
    return list(points)


def _directions(model: Formulation, count: int, generator: random.Random) -> Iterable[dict[int, Fraction]]:
    yield dict(model.cost_terms)
    yield {j: -c for j, c in model.cost_terms.items()}
    n = len(model.variables)
    constrained = np.diff(model.matrix_by_column.indptr)
    useful = np.flatnonzero((constrained > 0) | (model.cost.floats != 0)).tolist() or list(range(n))
    for k in range(count):
        size = len(useful) if k % 3 == 0 else min(len(useful), generator.randint(1, 8))
        support = generator.sample(useful, size)
        yield {j: Fraction(generator.choice((-3, -2, -1, 1, 2, 5))) for j in support}
