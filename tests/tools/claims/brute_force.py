"""The six claims by their definitions, for tiny models, on rational numbers alone: no solver, no code of the engine.

A feasible set is split into slices, one for each assignment of the integer variables; a slice is a polytope in the
continuous ones, given by its vertices. Infinite bounds are cut off at `REACH` (continuous) and `INTEGER_REACH`
(integer) from zero, so for unbounded sets only what the cut-off part shows is reported, and the rest is None.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tools.formulation.model import Formulation

REACH = 10**13
INTEGER_REACH = 12

Point = tuple[Fraction, ...]
Linear = tuple[Mapping[int, Fraction], Fraction]
"""A linear form and a side: form·x ≤ side, or = side."""


@dataclass(frozen=True)
class Affine:
    """y_i = constants[i] + Σ terms[i][k]·x_k."""

    constants: Sequence[Fraction]
    terms: Sequence[Mapping[int, Fraction]]

    def __call__(self, x: Sequence[Fraction]) -> Point:
        return tuple(c + dot(terms, x) for c, terms in zip(self.constants, self.terms, strict=True))


@dataclass(frozen=True)
class Scaling:
    """σ(v) = scale·v + offset."""

    scale: Fraction
    offset: Fraction

    def __call__(self, value: Fraction) -> Fraction:
        return self.scale * value + self.offset


def dot(terms: Mapping[int, Fraction], x: Sequence[Fraction]) -> Fraction:
    return sum((a * x[k] for k, a in terms.items()), Fraction(0))


class Model:
    """The raw data of a formulation, as minimisation."""

    def __init__(self, formulation: Formulation) -> None:
        self.n = len(formulation.variables)
        self.integer = [bool(kind) for kind in formulation.kinds.tolist()]
        self.low = [formulation.lower.finite(j) for j in range(self.n)]
        self.high = [formulation.upper.finite(j) for j in range(self.n)]
        self.rows = [
            (formulation.row_terms(i), formulation.row_lower.finite(i), formulation.row_upper.finite(i))
            for i in range(len(formulation.rows))
        ]
        sign = 1 if formulation.sense == "minimize" else -1
        self.cost = {j: sign * formulation.objective[j] for j in range(self.n) if formulation.objective[j]}
        self.constant = sign * formulation.objective_constant

    @cached_property
    def is_cut_off(self) -> bool:
        return any(low is None or high is None for low, high in zip(self.low, self.high, strict=True))

    def value(self, x: Sequence[Fraction]) -> Fraction:
        return self.constant + dot(self.cost, x)

    def contains(self, x: Sequence[Fraction]) -> bool:
        for value, low, high, integer in zip(x, self.low, self.high, self.integer, strict=True):
            if (low is not None and value < low) or (high is not None and value > high):
                return False
            if integer and value.denominator != 1:
                return False
        for terms, low, high in self.rows:
            activity = dot(terms, x)
            if (low is not None and activity < low) or (high is not None and activity > high):
                return False
        return True

    def _ends(self, j: int) -> tuple[Fraction, Fraction]:
        reach = Fraction(INTEGER_REACH if self.integer[j] else REACH)
        low, high = self.low[j], self.high[j]
        if low is None:
            low = min(-reach, high - reach) if high is not None else -reach
        if high is None:
            high = max(reach, low + reach)
        return low, high

    def assignments(self) -> Iterator[dict[int, Fraction]]:
        """Yield every assignment of the integer variables within their (cut-off) bounds."""
        columns = [j for j in range(self.n) if self.integer[j]]
        ranges = []
        for j in columns:
            low, high = self._ends(j)
            ranges.append(range(math.ceil(low), math.floor(high) + 1))
        for values in itertools.product(*ranges):
            yield dict(zip(columns, map(Fraction, values), strict=True))

    def inequalities(self) -> list[Linear]:
        """Return rows and (cut-off) bounds as form·x ≤ side."""
        found: list[Linear] = []
        for j in range(self.n):
            low, high = self._ends(j)
            found += [({j: Fraction(-1)}, -low), ({j: Fraction(1)}, high)]
        for terms, row_low, row_high in self.rows:
            if row_low is not None:
                found.append(({j: -a for j, a in terms.items()}, -row_low))
            if row_high is not None:
                found.append((terms, row_high))
        return found

    @cached_property
    def slices(self) -> list[list[Point]]:
        """The nonempty slices, each as its vertices."""
        return list(self.cut_slices(()))

    def cut_slices(self, more: Sequence[Linear]) -> Iterator[list[Point]]:
        """Yield the nonempty slices of the set cut by more inequalities."""
        inequalities = [*self.inequalities(), *more]
        for fixed in self.assignments():
            found = vertices(self.n, fixed, inequalities)
            if found:
                yield found

    @cached_property
    def best(self) -> Fraction | None:
        """The optimal value of the (cut-off) model, None when it is empty."""
        return min((self.value(x) for piece in self.slices for x in piece), default=None)

    @cached_property
    def status(self) -> str:
        """ "optimal", "infeasible", "unbounded"; "?" where the cut-off leaves it open."""
        if self.best is None:
            return "?" if self.is_cut_off and any(self.integer) else "infeasible"
        if not self.is_cut_off:
            return "optimal"
        return "unbounded" if self._has_improving_direction() else "optimal"

    def _has_improving_direction(self) -> bool:
        inequalities: list[Linear] = []
        for j in range(self.n):
            inequalities.append(({j: Fraction(-1)}, Fraction(0 if self.low[j] is not None else 1)))
            inequalities.append(({j: Fraction(1)}, Fraction(0 if self.high[j] is not None else 1)))
        for terms, low, high in self.rows:
            if low is not None:
                inequalities.append(({j: -a for j, a in terms.items()}, Fraction(0)))
            if high is not None:
                inequalities.append((terms, Fraction(0)))
        return any(dot(self.cost, direction) < 0 for direction in vertices(self.n, {}, inequalities))


def vertices(n: int, fixed: Mapping[int, Fraction], inequalities: Sequence[Linear]) -> list[Point]:
    """Return the vertices of the bounded polytope {x: inequalities, x_j = fixed_j}, in all n coordinates."""
    free = [j for j in range(n) if j not in fixed]
    reduced: list[tuple[list[Fraction], Fraction]] = []
    for terms, limit in inequalities:
        rest = limit - sum((a * fixed[j] for j, a in terms.items() if j in fixed), Fraction(0))
        row = [terms.get(j, Fraction(0)) for j in free]
        if any(row):
            if (row, rest) not in reduced:
                reduced.append((row, rest))
        elif rest < 0:
            return []
    if not free:
        return [tuple(fixed[j] for j in range(n))]
    found: set[Point] = set()
    for chosen in itertools.combinations(reduced, len(free)):
        solution = solve([row for row, _ in chosen], [limit for _, limit in chosen])
        if solution is None:
            continue
        if all(sum((a * v for a, v in zip(row, solution, strict=True)), Fraction(0)) <= rest for row, rest in reduced):
            values = {**fixed, **dict(zip(free, solution, strict=True))}
            found.add(tuple(values[j] for j in range(n)))
    return sorted(found)


def solve(matrix: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction] | None:
    """Return the unique solution of a square system by Gauss-Jordan elimination, or None."""
    size = len(matrix)
    work = [[*row, side] for row, side in zip(matrix, right, strict=True)]
    for column in range(size):
        pivot = next((i for i in range(column, size) if work[i][column]), None)
        if pivot is None:
            return None
        work[column], work[pivot] = work[pivot], work[column]
        work[column] = [value / work[column][column] for value in work[column]]
        for i in range(size):
            if i != column and work[i][column]:
                factor = work[i][column]
                work[i] = [a - factor * b for a, b in zip(work[i], work[column], strict=True)]
    return [row[-1] for row in work]


def affine_hull(n: int, equalities: Sequence[Linear]) -> tuple[list[Fraction], list[list[Fraction]]] | None:
    """Return a point and a basis of the directions of {x: form·x = side for all}, or None when it is empty."""
    work = [[*(terms.get(j, Fraction(0)) for j in range(n)), limit] for terms, limit in equalities]
    pivots: list[int] = []
    for column in range(n):
        row = next((i for i in range(len(pivots), len(work)) if work[i][column]), None)
        if row is None:
            continue
        at = len(pivots)
        work[at], work[row] = work[row], work[at]
        work[at] = [value / work[at][column] for value in work[at]]
        for i in range(len(work)):
            if i != at and work[i][column]:
                factor = work[i][column]
                work[i] = [p - factor * q for p, q in zip(work[i], work[at], strict=True)]
        pivots.append(column)
    if any(row[-1] for row in work[len(pivots) :]):
        return None
    point = [Fraction(0)] * n
    for i, column in enumerate(pivots):
        point[column] = work[i][-1]
    directions = []
    for free in (j for j in range(n) if j not in pivots):
        direction = [Fraction(int(j == free)) for j in range(n)]
        for i, column in enumerate(pivots):
            direction[column] = -work[i][free]
        directions.append(direction)
    return point, directions


class Truth:
    """What the definitions say about one recovery between two tiny models; None where the cut-off leaves it open."""

    def __init__(self, reference: Formulation, candidate: Formulation, recovery: Affine) -> None:
        self.reference, self.candidate, self.recovery = Model(reference), Model(candidate), recovery
        self.sigma = self._read_sigma()

    def _read_sigma(self) -> Scaling | None:
        """Return σ with c_R∘f = σ(c_C) wherever the candidate's equalities hold; scale 1 if c_C is constant there."""
        candidate = self.candidate
        equalities = [(terms, low) for terms, low, high in candidate.rows if low is not None and low == high]
        for j, (low, high) in enumerate(zip(candidate.low, candidate.high, strict=True)):
            if low is not None and low == high:
                equalities.append(({j: Fraction(1)}, low))
        hull = affine_hull(candidate.n, equalities)
        if hull is None:
            return None
        base, directions = hull
        start, image = candidate.value(base), self.reference.value(self.recovery(base))
        slopes = []
        for direction in directions:
            moved = [p + d for p, d in zip(base, direction, strict=True)]
            slopes.append((candidate.value(moved) - start, self.reference.value(self.recovery(moved)) - image))
        scale = next((theirs / own for own, theirs in slopes if own), Fraction(1))
        if scale <= 0 or any(theirs != scale * own for own, theirs in slopes):
            return None
        return Scaling(scale, image - scale * start)

    def carried(self, piece: Sequence[Point]) -> bool:
        """Say whether the image of the convex hull of `piece` lies in the reference."""
        images = [self.recovery(x) for x in piece]
        constant = all(
            len({image[i] for image in images}) == 1 for i in range(self.reference.n) if self.reference.integer[i]
        )
        return constant and all(map(self.reference.contains, images))

    def status(self) -> bool | None:
        statuses = (self.reference.status, self.candidate.status)
        return None if "?" in statuses else statuses[0] == statuses[1]

    def value(self, sigma: Scaling) -> bool | None:
        statuses = (self.reference.status, self.candidate.status)
        if "?" in statuses:
            return None
        if statuses[0] != statuses[1]:
            return False
        if statuses[0] != "optimal":
            return True
        if self._value_is_cut_off():
            return None
        assert self.reference.best is not None
        assert self.candidate.best is not None
        return self.reference.best == sigma(self.candidate.best)

    def _value_is_cut_off(self) -> bool:
        return any(side.is_cut_off and any(side.integer) for side in (self.reference, self.candidate))

    def optima(self) -> bool | None:
        early = self._without_optimum()
        if early is not None or self._value_is_cut_off() or "?" in (self.reference.status, self.candidate.status):
            return early
        return all(
            self.carried(piece) and all(self.reference.value(self.recovery(x)) == self.reference.best for x in piece)
            for piece in self._optimal_pieces()
        )

    def _without_optimum(self) -> bool | None:
        if self.candidate.status in ("infeasible", "unbounded"):
            return True
        if self.candidate.status == "optimal" and self.reference.status in ("infeasible", "unbounded"):
            return False
        return None

    def _optimal_pieces(self) -> list[list[Point]]:
        best = self.candidate.best
        pieces = ([x for x in piece if self.candidate.value(x) == best] for piece in self.candidate.slices)
        return [piece for piece in pieces if piece]

    def optimum(self) -> bool | None:
        early = self._without_optimum()
        if early is not None or self._value_is_cut_off() or "?" in (self.reference.status, self.candidate.status):
            return early
        assert self.candidate.best is not None
        assert self.reference.best is not None
        base = [(self.candidate.cost, self.candidate.best - self.candidate.constant)]
        wanted = self._reference_inequalities()
        wanted.append((self.reference.cost, self.reference.best - self.reference.constant))
        pulled = [self._pulled(form, limit) for form, limit in wanted]
        for pattern in self.reference.assignments():
            pins = [pin for i, value in pattern.items() for pin in self._pin(i, value)]
            if any(True for _ in self.candidate.cut_slices([*base, *pulled, *pins])):
                return True
        return False

    def _reference_inequalities(self) -> list[Linear]:
        found: list[Linear] = []
        for j in range(self.reference.n):
            low, high = self.reference.low[j], self.reference.high[j]
            if low is not None:
                found.append(({j: Fraction(-1)}, -low))
            if high is not None:
                found.append(({j: Fraction(1)}, high))
        for terms, row_low, row_high in self.reference.rows:
            if row_low is not None:
                found.append(({j: -a for j, a in terms.items()}, -row_low))
            if row_high is not None:
                found.append((terms, row_high))
        return found

    def _pulled(self, form: Mapping[int, Fraction], limit: Fraction) -> Linear:
        pulled: dict[int, Fraction] = {}
        for i, a in form.items():
            limit -= a * self.recovery.constants[i]
            for k, b in self.recovery.terms[i].items():
                pulled[k] = pulled.get(k, Fraction(0)) + a * b
        return pulled, limit

    def _pin(self, i: int, value: Fraction) -> list[Linear]:
        terms, side = self.recovery.terms[i], value - self.recovery.constants[i]
        return [(terms, side), ({k: -a for k, a in terms.items()}, -side)]

    def sound(self, sigma: Scaling | None) -> bool | None:
        """Without σ only the images' feasibility is looked at (False or None)."""
        for piece in self.candidate.slices:
            if not self.carried(piece):
                return False
            if sigma is not None and any(
                self.reference.value(self.recovery(x)) > sigma(self.candidate.value(x)) for x in piece
            ):
                return False
        return None if self.candidate.is_cut_off or (sigma is None and self.candidate.slices) else True

    def reaches(self, y: Sequence[Fraction], sigma: Scaling | None) -> bool:
        """Say whether some (cut-off) candidate point maps to y and, with σ, is worth no more."""
        cuts = [pin for i, value in enumerate(y) for pin in self._pin(i, value)]
        if sigma is not None:
            limit = (self.reference.value(y) - sigma.offset) / sigma.scale - self.candidate.constant
            cuts.append((self.candidate.cost, limit))
        return any(True for _ in self.candidate.cut_slices(cuts))

    def complete(self, sigma: Scaling | None) -> bool | None:
        """Without σ only f(x) = y is looked at (False or None)."""
        open_ended = self.reference.is_cut_off
        for piece in self.reference.slices:
            for y in piece:
                if not self.reaches(y, sigma):
                    return None if self.candidate.is_cut_off and self._far(y) else False
            if len(piece) > 1 and any(self.candidate.integer):
                for weights in ((1, 1), (1, 2), (3, 1)):
                    for first, second in itertools.combinations(piece, 2):
                        total = sum(weights)
                        y = tuple((weights[0] * a + weights[1] * b) / total for a, b in zip(first, second, strict=True))
                        if not self.reaches(y, sigma):
                            return None if self.candidate.is_cut_off and self._far(y) else False
                open_ended = True
        return None if open_ended or (sigma is None and self.reference.slices) else True

    def _far(self, y: Sequence[Fraction]) -> bool:
        """Say whether the cut-off of the candidate may be what keeps y from being reached."""
        return any(self.candidate.integer) or any(abs(value) > REACH // 100 for value in y)
