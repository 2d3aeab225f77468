"""Candidate points at which a partial recovery fails or must have certain values, from optima of both models.

Let f be sound with σ(v) = s·v + t, and let a direction d = α·c_R + Σ β_k·y_k involve only the objective and variables
y_k for which f_k is known. Then d∘f = α·σ(c_C) + Σ β_k·f_k on the candidate. Where the minimum of d over the reference
equals that of d∘f over the candidate, f carries the minimal candidate points into the minimal reference points; so a
variable y_j with one value over all of the latter has that value at every such candidate point: f_j(x) = y_j is a
linear condition on f_j. (Where f is also complete the minima agree for every direction.)
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from tools.exact.proofs import Form
from tools.exact.prover import Prover, evaluate
from tools.formulation.derive import Row, with_row, with_rows
from tools.mapping.affine import AffineExpression

LONGEST_SOLVE = 1.0
"""Seconds for one solve; a direction that takes longer gives no pair."""

LARGEST_ASKED = 1500
"""Models with more variables are not asked."""

ENOUGH_BROKEN = 4
"""Points at which a partial recovery fails that end the search."""

SLICES, VERTICES = 10, 12
"""Integer patterns for which slices are compared, and random directions in which vertices are looked for."""

ROUNDS = 6
"""How often variables are asked about again to see whether they have one value over a face."""

CLEAR = Fraction(1, 10**7)
"""Minima that differ by less than this, relatively, say nothing."""

MOST_KNOWN = 6
"""Known variables in one random direction, unless it takes all of them."""

Point = Sequence[Fraction]


@dataclass(frozen=True)
class Paired:
    """A candidate point and the values that some reference variables must have at its image."""

    point: tuple[Fraction, ...]
    values: Mapping[str, Fraction] = field(hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))


@dataclass(frozen=True)
class Pairing:
    """What both models' optima in several directions say about a partial recovery.

    `pairs` hold values that further variables must have; at the points `broken` it cannot be extended.
    """

    pairs: tuple[Paired, ...]
    broken: tuple[tuple[Fraction, ...], ...]


def pair_optima(
    reference: Prover,
    candidate: Prover,
    known: Mapping[str, AffineExpression],
    *,
    count: int,
    seed: int = 0,
    enough: int | None = None,
) -> Pairing:
    """Return what at most `count` directions show, with s = 1 and t the difference of the optimal values.

    With `enough`, the search ends when the points paired with values of all variables have this affine rank.
    Optima are found by solvers and made exact, and uniqueness is tried in a random direction and its opposite: good
    guesses that prove nothing.
    """
    if max(len(reference.model.variables), len(candidate.model.variables)) > LARGEST_ASKED:
        return Pairing((), ())
    search = _Search(_quick(reference), _quick(candidate), known, random.Random(seed))
    for alpha, weights in search.directions(count):
        if candidate.budget.expired or len(search.broken) >= ENOUGH_BROKEN:
            break
        search.look(alpha, weights)
        if search.spans(enough):
            break
    else:
        if not search.broken:
            search.pair_slices()
    return Pairing(tuple(search.found), tuple(search.broken))


def _quick(prover: Prover) -> Prover:
    budget = prover.budget
    return prover.within(replace(budget, solve_seconds=min(budget.solve_seconds, LONGEST_SOLVE)))


class _Search:
    def __init__(
        self,
        reference: Prover,
        candidate: Prover,
        known: Mapping[str, AffineExpression],
        generator: random.Random,
    ) -> None:
        self.reference, self.candidate, self.known, self.generator = reference, candidate, known, generator
        self.names = [name for name in reference.model.variables if name in known and known[name].terms]
        self.offset: Fraction | None = None
        self.found: list[Paired] = []
        self.broken: list[tuple[Fraction, ...]] = []
        self.patterns: dict[tuple[Fraction, ...], None] = {}
        self.whole = [j for j, whole in enumerate(reference.model.integer.tolist()) if whole]

    def directions(self, count: int) -> Iterator[tuple[int, dict[str, Fraction]]]:
        """Yield (α, β): both ends of the objective, then random ones."""
        costs = self.reference.model.cost_terms
        if costs:
            yield 1, {}
            yield -1, {}
        size = max((abs(c) for c in costs.values()), default=Fraction(1))
        for k in range(count - 2 if self.names else 0):
            many = len(self.names) if k % 2 else min(len(self.names), self.generator.randint(1, MOST_KNOWN))
            chosen = self.generator.sample(self.names, many)
            alpha = self.generator.choice((-1, 1, 1, 0)) if costs else 0
            factor = size * self.generator.choice((Fraction(1, 3), Fraction(1), Fraction(20)))
            yield alpha, {name: factor * self.generator.choice((-3, -2, -1, 1, 2, 3)) for name in chosen}

    def look(self, alpha: int, weights: Mapping[str, Fraction]) -> None:
        """Add what one direction shows: nothing where a minimum is not found."""
        ours, theirs = self.reference.model, self.candidate.model
        here: dict[int, Fraction] = {ours.variable_index[name]: w for name, w in weights.items()}
        there: dict[int, Fraction] = {}
        constant = Fraction(0)
        for name, w in weights.items():
            constant += w * self.known[name].constant
            for v, a in self.known[name].terms.items():
                k = theirs.variable_index[v]
                there[k] = there.get(k, Fraction(0)) + w * a
        if alpha:
            for j, c in ours.cost_terms.items():
                here[j] = here.get(j, Fraction(0)) + alpha * c
            for k, c in theirs.cost_terms.items():
                there[k] = there.get(k, Fraction(0)) + alpha * c
        there = {k: a for k, a in there.items() if a}
        y, x = self._lowest(self.reference, here), self._lowest(self.candidate, there)
        if x is None or y is None:
            return
        self.patterns[tuple(y[j] for j in self.whole)] = None
        difference = evaluate(here, y) - evaluate(there, x) - constant
        if alpha and self.offset is None:
            # Constants of both objectives are left to the offset, which the first direction finds.
            self.offset = difference
        difference -= alpha * (self.offset or Fraction(0))
        if not difference:
            values = self._unique(here, y)
            self.found += [Paired(tuple(point), values) for point in self._face(there, x)] if values else []
        elif difference > CLEAR * (1 + abs(evaluate(here, y))) and (weights or alpha > 0):
            self.broken.append(tuple(x))

    def pair_slices(self) -> None:
        """Add pairs of vertices of slices in which all integer reference variables are fixed."""
        ours, theirs = self.reference.model, self.candidate.model
        names = [ours.variables[j] for j in self.whole]
        if not names or self.offset is None or not all(name in self.known for name in names):
            return
        for pattern in list(self.patterns)[:SLICES]:
            fixed: list[Row] = []
            pinned: list[Row] = []
            for name, j, value in zip(names, self.whole, pattern, strict=True):
                fixed.append((f"fix {j}", {j: Fraction(1)}, value, value))
                side = value - self.known[name].constant
                terms = {theirs.variable_index[v]: a for v, a in self.known[name].terms.items()}
                if terms:
                    pinned.append((f"pin {j}", terms, side, side))
            here = self._vertices(Prover(with_rows(ours, fixed), self.reference.budget), self.offset)
            there = self._vertices(Prover(with_rows(theirs, pinned), self.candidate.budget), Fraction(0))
            for cost, vertices in here.items():
                images = there.get(cost, [])
                if len(vertices) == len(images) == 1:
                    values = dict(zip(ours.variables, vertices[0], strict=True))
                    self.found.append(Paired(tuple(images[0]), values))

    def _vertices(self, prover: Prover, offset: Fraction) -> dict[Fraction, list[Point]]:
        """Return points extreme in random directions, by their cost less the offset."""
        found: dict[Fraction, list[Point]] = {}
        seen: set[tuple[Fraction, ...]] = set()
        for _ in range(VERTICES):
            if prover.budget.expired:
                break
            form = {j: Fraction(self.generator.randint(-97, 97)) for j in range(len(prover.model.variables))}
            form = {j: a for j, a in form.items() if a}
            point = self._lowest(prover, form)
            if point is not None and tuple(point) not in seen and prover.model.is_feasible(point):
                seen.add(tuple(point))
                cost = evaluate(prover.model.cost_terms, point) - offset
                found.setdefault(cost, []).append(point)
        return found

    def spans(self, rank: int | None) -> bool:
        """Say whether the points at which every variable has a value have affine rank `rank`."""
        if rank is None or not self.found:
            return False
        points = [p.point for p in self.found if len(p.values) == len(self.reference.model.variables)]
        if len(points) < rank:
            return False
        return int(np.linalg.matrix_rank(np.array([[1.0, *map(float, point)] for point in points]))) >= rank

    def _lowest(self, prover: Prover, form: Form) -> list[Fraction] | None:
        result = prover.minimise(form)
        return None if result.status != "optimal" or result.point is None else prover.exact_point(result.point, form)

    def _unique(self, form: Form, lowest: Point) -> dict[str, Fraction]:
        """Return the variables whose value is the same over all minimal reference points.

        A random combination of the variables that have not moved yet is minimised and maximised until none moves.
        """
        model = self.reference.model
        kept = list(range(len(model.variables)))
        for _ in range(ROUNDS):
            ends = self._ends(self.reference, form, lowest, kept)
            if len(ends) < 2:
                return {}
            still = [j for j in kept if all(end[j] == lowest[j] for end in ends)]
            if len(still) == len(kept):
                return {model.variables[j]: lowest[j] for j in kept}
            kept = still
        return {}

    def _face(self, form: Form, lowest: Point) -> list[Point]:
        found = [lowest]
        every = range(len(self.candidate.model.variables))
        found += [end for end in self._ends(self.candidate, form, lowest, every) if end not in found]
        return found

    def _ends(self, prover: Prover, form: Form, lowest: Point, variables: Iterable[int]) -> list[Point]:
        """Return minimal points, extreme in a random direction of these variables and its opposite."""
        level = evaluate(form, lowest)
        face = Prover(with_row(prover.model, form, upper=level), prover.budget) if form else prover
        direction = {j: Fraction(self.generator.randint(1, 97)) for j in variables}
        direction = {j: a if self.generator.random() < 0.5 else -a for j, a in direction.items()}
        ends: list[Point] = []
        for sign in (1, -1):
            turned = {j: sign * a for j, a in direction.items()}
            values = face.minimise(turned).point
            point = None if values is None else face.exact_point(values, turned)
            if point is not None and prover.model.is_feasible(point):
                ends.append(point)
        return ends
