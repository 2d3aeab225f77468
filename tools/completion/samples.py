"""Exact points of a source model on which proposed values are tried before anything is proved."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from tools.exact.prover import Prover, dense
from tools.formulation.derive import boxed, with_row
from tools.formulation.numbers import FloatArray
from tools.solvers.gateway import solve

DIRECTIONS = 20
"""Random directions in which extreme points of the linear relaxation are looked for; integral ones are points."""

ENOUGH = 8
"""Mixed-integer problems are solved in up to this many directions until there are as many integer patterns."""

FIRST_NODES = 1
"""Nodes of such a solve: any feasible point will do."""

FEW, MANY_VARIABLES = 3, 300
"""So many are enough, and looked at in between, for models of more variables than this."""

BETWEEN = 5
"""Variables of which a value between the extremes is looked for."""

LARGEST_SUPPORT = 12
"""Random directions of this many variables at most come beside those over all variables."""

NEAR = 1e-6
"""How far from a whole number a solver's value may be to count as whole; points are made exact afterwards."""

BOX = 100
"""Infinite bounds are replaced by this much around zero, so that every direction has an extreme point."""


class Samples:
    """Points of F(S) by variable name, first extreme ones in seeded directions, then whatever refuted a proposal."""

    def __init__(self, source: Prover) -> None:
        self.source = source
        self.points: list[dict[str, Fraction]] = []
        self._seen: set[tuple[Fraction, ...]] = set()
        self._collect()

    def add(self, point: Sequence[Fraction]) -> bool:
        """Add an exact point of F(S), by index; False where it is known already."""
        key = tuple(point)
        if key in self._seen:
            return False
        self._seen.add(key)
        self.points.append(dict(zip(self.source.model.variables, key, strict=True)))
        return True

    def _collect(self) -> None:
        model, budget = self.source.model, self.source.budget
        inside = Prover(boxed(model, BOX), budget)
        first = Prover(inside.model, replace(budget, solve_nodes=FIRST_NODES))
        generator = random.Random(budget.seed)
        directions = [_direction(generator, len(model.variables), k % 2 == 0) for k in range(DIRECTIONS)]
        patterns: set[tuple[int, ...]] = set()
        integer = np.flatnonzero(model.integer)

        def take(values: FloatArray) -> bool:
            """Add exact points near `values`: as they are, and with other continuous values beside the integers."""
            other = _direction(generator, len(model.variables), True)
            found = [self.source.exact_point(values), *([self.source.exact_point(values, other)] if full else [])]
            for point in found:
                if point is not None:
                    self.add(point)
            if found[0] is not None:
                patterns.add(tuple(int(found[0][j]) for j in integer))
            return found[0] is not None

        full = len(integer) < len(model.variables)
        relaxed = inside.numeric.relaxed()
        for direction in [dict(model.cost_terms), *directions]:
            if budget.expired:
                return
            values = solve(relaxed.with_cost(dense(direction, len(model.variables))), limits=budget.limits).point
            if values is not None and np.abs(values[integer] - np.round(values[integer])).max(initial=0.0) < NEAR:
                take(values)
        if not integer.size:
            self._between(generator)
            return
        enough = ENOUGH if len(model.variables) <= MANY_VARIABLES else FEW
        for direction in [dict(model.cost_terms), {}, *directions][:enough]:
            if len(patterns) >= enough:
                break
            for prover in (first, self.source):
                if budget.expired:
                    return
                if prover is self.source and self.points:
                    break  # without any point no proposal can be judged; one more point is not worth a long search
                values = prover.minimise(direction).point
                if values is not None and take(values):
                    break
        self._between(generator)

    def _between(self, generator: random.Random) -> None:
        """Add points where some variable lies between the values that it has had: not all of them extreme."""
        model, budget = self.source.model, self.source.budget
        ends = [
            (min(p[v] for p in self.points), max(p[v] for p in self.points)) for v in model.variables if self.points
        ]
        wide = [j for j, (low, high) in enumerate(ends) if high - low >= (2 if model.integer[j] else Fraction(1, 1000))]
        count = BETWEEN if len(model.variables) <= MANY_VARIABLES else FEW
        for j in generator.sample(wide, min(count, len(wide))):
            if budget.expired:
                return
            low, high = ends[j]
            middle = Fraction(math.ceil((low + high) / 2)) if model.integer[j] else (low + high) / 2
            form = {j: Fraction(1)}
            prover = Prover(with_row(model, form, lower=middle), replace(budget, solve_nodes=FIRST_NODES))
            values = prover.minimise(form).point
            point = None if values is None else prover.exact_point(values, form)
            if point is not None:
                self.add(point)


def _direction(generator: random.Random, n: int, all_variables: bool) -> dict[int, Fraction]:
    size = n if all_variables else min(n, generator.randint(1, LARGEST_SUPPORT))
    return {j: Fraction(generator.choice((-5, -3, -2, -1, 1, 2, 3, 7))) for j in generator.sample(range(n), size)}
