"""Affine isomorphisms: changes of all variables at once, y = T·x + t, that carry rows and bounds onto rows and bounds.

Equalities are solved first, so that both models are seen on their affine hulls, in their free variables; slacks and
defined variables are then gone. Bounds count as rows, and parallel rows are one. Let A (m × n, of rank n) hold the rows
of one model and its costs, and let B hold those of another in some order Π and with some signs S: A·T = S·Π·B. Then
both have the same column space up to Π and S, so the projections onto it, P = A·(AᵀA)⁻¹·Aᵀ and Q = B·(BᵀB)⁻¹·Bᵀ,
satisfy P = S·Π·Q·Πᵀ·S, whatever T is. So the rows are matched by their entries in P and Q (colour refinement, with
individualisation), and T and t follow by linear algebra.

Rows must not be scaled, but they are tried a second time with whole coefficients without a common factor, which
unimodular changes of variables keep. Integrality and all else are left to whoever verifies the map.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from tools.exact.linear_algebra import solve_any, to_fmpq, to_fraction
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression

LARGEST = 90
"""Rows and bounds, on the hull, of models that are compared."""

LARGEST_MODEL = 400
"""Variables and rows of models whose equalities are solved."""

MOST_VISITS = 400
"""Individualised rows before the search ends."""

MOST_SIGNS = 16
"""Ways to choose the signs of parts that nothing else decides."""

Expressions = dict[str, AffineExpression]
Side = Fraction | None


@dataclass(frozen=True)
class AffineIsomorphism:
    """y = T·x + t by names, and its inverse."""

    across: Expressions
    back: Expressions


@dataclass(frozen=True, eq=False)
class _Hull:
    """The solutions of a model's equalities: x = origin + basis·(free variables), the free variables by index."""

    origin: list[Fraction]
    basis: list[dict[int, Fraction]]
    free: list[int]

    @classmethod
    def of(cls, model: Formulation) -> _Hull | None:
        n = len(model.variables)
        system: list[tuple[dict[int, Fraction], Fraction]] = []
        for j in range(n):
            low = model.lower.finite(j)
            if low is not None and low == model.upper.finite(j):
                system.append(({j: Fraction(1)}, low))
        for i in range(len(model.rows)):
            low = model.row_lower.finite(i)
            if low is not None and low == model.row_upper.finite(i):
                system.append((dict(model.row_terms(i)), low))
        # Continuous variables first: they are the ones to be expressed by others, and integer ones stay free.
        order = sorted(range(n), key=lambda j: bool(model.integer[j]))
        place = {j: k for k, j in enumerate(order)}
        matrix = flint.fmpq_mat(len(system), n + 1)
        for i, (terms, side) in enumerate(system):
            for j, a in terms.items():
                matrix[i, place[j]] = to_fmpq(a)
            matrix[i, n] = to_fmpq(side)
        reduced, rank = matrix.rref()
        origin = [Fraction(0)] * n
        basis: list[dict[int, Fraction]] = [{j: Fraction(1)} for j in range(n)]
        bound: set[int] = set()
        for i in range(rank):
            pivot = next(k for k in range(n + 1) if reduced[i, k])
            if pivot == n:
                return None
            j = order[pivot]
            bound.add(j)
            origin[j] = to_fraction(reduced[i, n])
            basis[j] = {order[k]: -to_fraction(reduced[i, k]) for k in range(pivot + 1, n) if reduced[i, k]}
        return cls(origin, basis, [j for j in range(n) if j not in bound])

    def restrict(self, terms: Mapping[int, Fraction]) -> tuple[dict[int, Fraction], Fraction]:
        """Return Σ terms on the hull, as a form in the free variables and a constant."""
        form: dict[int, Fraction] = {}
        constant = Fraction(0)
        for j, a in terms.items():
            constant += a * self.origin[j]
            for k, b in self.basis[j].items():
                form[k] = form.get(k, Fraction(0)) + a * b
        return {k: b for k, b in form.items() if b}, constant


@dataclass(eq=False)
class _Rows:
    """The rows of a model on its hull as a matrix, their sides, and the projection onto its column space."""

    model: Formulation
    hull: _Hull
    entries: list[dict[int, Fraction]]
    sides: list[tuple[Side, Side]]
    projection: flint.fmpq_mat

    @classmethod
    def of(cls, model: Formulation, primitive: bool) -> _Rows | None:
        if len(model.variables) + len(model.rows) > LARGEST_MODEL:
            return None
        hull = _Hull.of(model)
        if hull is None:
            return None
        place = {j: k for k, j in enumerate(hull.free)}
        found: dict[tuple[tuple[int, Fraction], ...], tuple[Fraction, Side, Side]] = {}

        def add(terms: Mapping[int, Fraction], low: Side, high: Side) -> None:
            form, constant = hull.restrict(terms)
            if not form or (low is None and high is None) or (low is not None and low == high):
                return
            scale = form[min(form)]
            ends = [None if side is None else (side - constant) / scale for side in (low, high)]
            low, high = ends if scale > 0 else ends[::-1]
            key = tuple((place[k], form[k] / scale) for k in sorted(form))
            size, least, most = found.get(key, (scale, None, None))
            low = least if low is None else low if least is None else max(low, least)
            high = most if high is None else high if most is None else min(high, most)
            found[key] = size, low, high

        for j in range(len(model.variables)):
            add({j: Fraction(1)}, model.lower.finite(j), model.upper.finite(j))
        for i in range(len(model.rows)):
            add(model.row_terms(i), model.row_lower.finite(i), model.row_upper.finite(i))
        cost, _ = hull.restrict(model.cost_terms)
        size = _primitive(cost.values()) if primitive else Fraction(1)
        entries = [{place[k]: a * size for k, a in cost.items()}]
        sides: list[tuple[Side, Side]] = [(None, None)]
        for key, (first, low, high) in found.items():
            scale = _primitive(a for _, a in key) if primitive else first
            entries.append({k: a * scale for k, a in key})
            ends = [None if side is None else side * scale for side in (low, high)]
            sides.append((ends[0], ends[1]) if scale > 0 else (ends[1], ends[0]))
        n = len(hull.free)
        if not n or not n <= len(entries) <= LARGEST:
            return None
        matrix = _matrix(entries, n)
        gram = matrix.transpose() * matrix
        if gram.rank() < n:
            return None
        return cls(model, hull, entries, sides, matrix * gram.inv() * matrix.transpose())

    def name(self, k: int) -> str:
        """Return the name of free variable number k."""
        return self.model.variables[self.hull.free[k]]

    def expressions(self, values: Sequence[AffineExpression]) -> Expressions:
        """Return expressions for all variables from those for the free ones."""
        known = dict(zip(self.hull.free, values, strict=True))
        result: Expressions = {}
        for j, name in enumerate(self.model.variables):
            total = AffineExpression(self.hull.origin[j])
            for k, a in self.hull.basis[j].items():
                total = total + known[k] * a
            result[name] = total
        return result

    def label(self, i: int) -> Hashable:
        """Return what a row keeps under a change of variables and sign: whether it is the cost, and its width."""
        low, high = self.sides[i]
        width = None if low is None or high is None else high - low
        return (i == 0, low is None, high is None) if i == 0 else (False, (low is None) + (high is None), width)


def affine_isomorphisms(reference: Formulation, candidate: Formulation, limit: int) -> Iterator[AffineIsomorphism]:
    """Yield at most `limit` affine isomorphisms from the candidate to the reference, bounds and rows onto such."""
    count = 0
    for primitive in (False, True):
        ours = _Rows.of(reference, primitive)
        theirs = None if ours is None else _Rows.of(candidate, primitive)
        if ours is None or theirs is None or len(ours.entries) != len(theirs.entries):
            return
        if len(ours.hull.free) != len(theirs.hull.free):
            return
        for found in _between(ours, theirs):
            yield found
            count += 1
            if count >= limit:
                return
        if count:
            return


def _between(ours: _Rows, theirs: _Rows) -> Iterator[AffineIsomorphism]:
    for image in _Search(ours, theirs).matchings():
        for signs in _signs(ours, theirs, image):
            found = _solved(ours, theirs, image, signs)
            if found is not None:
                yield found


class _Search:
    def __init__(self, ours: _Rows, theirs: _Rows) -> None:
        self.size = len(ours.entries)
        self.weights = [_magnitudes(rows.projection) for rows in (ours, theirs)]
        labels = [[rows.label(i) for i in range(self.size)] for rows in (ours, theirs)]
        number = {label: k for k, label in enumerate(sorted({*labels[0], *labels[1]}, key=repr))}
        self.start = [[number[label] for label in side] for side in labels]
        self.visits = MOST_VISITS

    def matchings(self) -> Iterator[list[int]]:
        """Yield for each row of ours the row of theirs, as far as colours tell."""
        yield from self._refined(self.start)

    def _refined(self, colours: Sequence[Sequence[int]]) -> Iterator[list[int]]:
        stable = self._refine(colours)
        if stable is None:
            return
        ours, theirs = stable
        cells = Counter(ours)
        if len(cells) == self.size:
            place = {colour: k for k, colour in enumerate(theirs)}
            yield [place[colour] for colour in ours]
            return
        _, _, first = min((size, colour, ours.index(colour)) for colour, size in cells.items() if size > 1)
        for k in (k for k, colour in enumerate(theirs) if colour == ours[first]):
            if self.visits <= 0:
                return
            self.visits -= 1
            one, two = list(ours), list(theirs)
            one[first] = two[k] = -1
            yield from self._refined([one, two])

    def _refine(self, colours: Sequence[Sequence[int]]) -> tuple[list[int], list[int]] | None:
        """Return the stable colours of both models as numbers, None where they do not agree."""
        current = [list(side) for side in colours]
        classes = 0
        while True:
            signatures = [
                [
                    (side[i], weights[i][i], tuple(sorted(Counter(zip(weights[i], side, strict=True)).items())))
                    for i in range(self.size)
                ]
                for side, weights in zip(current, self.weights, strict=True)
            ]
            number = {signature: k for k, signature in enumerate(sorted({*signatures[0], *signatures[1]}))}
            current = [[number[signature] for signature in side] for side in signatures]
            if Counter(current[0]) != Counter(current[1]):
                return None
            if len(number) == classes:
                return current[0], current[1]
            classes = len(number)


def _magnitudes(projection: flint.fmpq_mat) -> list[list[int]]:
    """Return a number for the size of each entry: equal numbers for equal sizes, in both models."""
    size = projection.nrows()
    return [[hash((abs(int(projection[i, k].p)), int(projection[i, k].q))) for k in range(size)] for i in range(size)]


def _signs(ours: _Rows, theirs: _Rows, image: Sequence[int]) -> Iterator[list[int]]:
    """Yield signs with P_ik = s_i·s_k·Q_image(i),image(k); each connected part may be turned as its sides allow."""
    size = len(image)
    signs = [0] * size
    parts: list[list[int]] = []
    for start in range(size):
        if signs[start]:
            continue
        signs[start] = 1
        part = [start]
        for i in part:
            for k in range(size):
                p, q = ours.projection[i, k], theirs.projection[image[i], image[k]]
                if not p or signs[k]:
                    continue
                signs[k] = signs[i] if p == q else -signs[i]
                part.append(k)
        parts.append(part)
    choices: list[list[list[int]]] = [[]]
    for part in parts:
        allowed = [turn for turn in (1, -1) if all(_faces(ours, theirs, i, image[i], turn * signs[i]) for i in part)]
        choices = [[*chosen, [turn]] for chosen in choices for turn in allowed][:MOST_SIGNS]
    for chosen in choices:
        result = [0] * size
        for part, turns in zip(parts, chosen, strict=True):
            for i in part:
                result[i] = turns[0] * signs[i]
        yield result


def _faces(ours: _Rows, theirs: _Rows, i: int, k: int, sign: int) -> bool:
    """Say whether row i may be the other model's row k with this sign: the cost keeps it, finite sides correspond."""
    if i == 0:
        return sign > 0
    low, high = theirs.sides[k] if sign > 0 else theirs.sides[k][::-1]
    return [side is None for side in ours.sides[i]] == [low is None, high is None]


def _solved(ours: _Rows, theirs: _Rows, image: Sequence[int], signs: Sequence[int]) -> AffineIsomorphism | None:
    """Return T and t with A·T = S·Π·B and sides onto sides, or None where there are none."""
    n = len(ours.hull.free)
    turned = [{j: sign * a for j, a in theirs.entries[k].items()} for k, sign in zip(image, signs, strict=True)]
    first, second = _matrix(ours.entries, n), _matrix(turned, n)
    gram = first.transpose() * first
    change = gram.inv() * first.transpose() * second
    if first * change != second or change.rank() < n:
        return None
    wanted: dict[int, Fraction] = {}
    rows: list[int] = []
    for i, (k, sign) in enumerate(zip(image, signs, strict=True)):
        sides = theirs.sides[k] if sign > 0 else theirs.sides[k][::-1]
        for mine, other in zip(ours.sides[i], sides, strict=True):
            if mine is not None and other is not None:
                shift = mine - sign * other
                if wanted.setdefault(i, shift) != shift:
                    return None
                rows.append(i)
    kept = dict.fromkeys(rows)
    columns = [{i: ours.entries[i][j] for i in kept if j in ours.entries[i]} for j in range(n)]
    shifts = solve_any(columns, {i: value for i, value in wanted.items() if value})
    if shifts is None:
        return None
    inverse = change.inv()
    moved = [sum((to_fraction(inverse[k, j]) * shifts[j] for j in range(n)), Fraction(0)) for k in range(n)]
    ours_by = [
        AffineExpression(shifts[j], {theirs.name(k): to_fraction(change[j, k]) for k in range(n)}) for j in range(n)
    ]
    theirs_by = [
        AffineExpression(-moved[k], {ours.name(j): to_fraction(inverse[k, j]) for j in range(n)}) for k in range(n)
    ]
    return AffineIsomorphism(ours.expressions(ours_by), theirs.expressions(theirs_by))


def _primitive(values: Iterable[Fraction]) -> Fraction:
    """Return the positive factor that makes these numbers whole and without a common factor."""
    numbers = list(values)
    if not numbers:
        return Fraction(1)
    bottom = math.lcm(*(a.denominator for a in numbers))
    return Fraction(bottom, math.gcd(*(int(a * bottom) for a in numbers)))


def _matrix(entries: Sequence[dict[int, Fraction]], n: int) -> flint.fmpq_mat:
    matrix = flint.fmpq_mat(len(entries), n)
    for i, terms in enumerate(entries):
        for j, a in terms.items():
            matrix[i, j] = to_fmpq(a)
    return matrix
