"""All affine recoveries that are sound on the candidate's linear relaxation, as one linear program.

With reference rows a·y ≥ b and y = M x + m, "a·(M x + m) ≥ b for every x of the relaxation" holds exactly when some
multipliers of the candidate's rows and bounds show it (Farkas). Multipliers and (M, m) enter linearly, so the sound
maps form a polyhedron; the sparsest that carries the objective is proposed. This is sufficient, never necessary: what
does not exist here may exist over the integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import scipy.sparse as sp

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.solvers.gateway import solve
from tools.solvers.problem import NumericProblem
from tools.synthesis.sketch import Sketch

LARGEST_RELAXATION = 120_000
"""Product of reference row sides and candidate rows plus columns beyond which nothing is tried."""

DENOMINATORS = (1, 12, 720, 10**4)

_CONSTANT_COST = 0.5


def fill_on_relaxation(
    sketch: Sketch, reference: Formulation, candidate: Formulation, *, budget: Budget, integral: bool = True
) -> list[dict[str, AffineExpression]]:
    """Return fills of the sketch (none, or one per rounding) that are sound on the candidate's relaxation numerically.

    Rows of the reference with variables outside the sketch are left aside. `integral` asks for integer coefficients of
    integer variables in integer variables.
    """
    unknowns = [(name, q) for name, parts in sketch.open.items() for q in range(len(parts))]
    program = _Farkas(sketch, unknowns, reference, candidate)
    if program.size > LARGEST_RELAXATION:
        return []
    weights = program.solve(budget, integral)
    if weights is None:
        return []
    fills: list[dict[str, AffineExpression]] = []
    for denominator in DENOMINATORS:
        exact = [Fraction(float(v)).limit_denominator(denominator) for v in weights]
        filled = sketch.filled(dict(zip(unknowns, exact, strict=True)))
        if filled not in fills:
            fills.append(filled)
    return fills


class _Farkas:
    """Columns: w⁺, w⁻, objective scale and offset, then the multipliers of each requirement; built row by row."""

    def __init__(
        self, sketch: Sketch, unknowns: list[tuple[str, int]], reference: Formulation, candidate: Formulation
    ) -> None:
        self.sketch, self.reference, self.candidate, self.unknowns = sketch, reference, candidate, unknowns
        self.place = {unknown: k for k, unknown in enumerate(unknowns)}
        self.requirements = list(self._requirements())
        m, n = candidate.shape
        self.size = len(self.requirements) * (m + n)

    def _requirements(self) -> list[tuple[dict[str, Fraction], Fraction]]:
        """Return (terms, target) of every terms·y ≥ target among the sketch's variables."""
        model, fixed = self.reference, self.sketch.fixed
        found: list[tuple[dict[str, Fraction], Fraction]] = []
        sides = [
            ({model.variables[j]: a for j, a in model.row_terms(i).items()},
             model.row_lower.finite(i), model.row_upper.finite(i))
            for i in range(len(model.rows))
        ]  # fmt: skip
        sides += [
            ({name: Fraction(1)}, model.lower.finite(j), model.upper.finite(j))
            for j, name in enumerate(model.variables)
        ]
        for terms, low, high in sides:
            if terms and all(name in fixed for name in terms) and any(name in self.sketch.open for name in terms):
                if low is not None:
                    found.append((terms, low))
                if high is not None:
                    found.append(({name: -a for name, a in terms.items()}, -high))
        return found

    def solve(self, budget: Budget, integral: bool) -> list[float] | None:
        """Return the sparsest weights that carry the objective over in the same unit, or None."""
        count = len(self.unknowns)
        model = self.candidate
        n = len(model.variables)
        scale, offset, width = 2 * count, 2 * count + 1, 2 * count + 2
        lower, upper = [0.0] * width, [np.inf] * width
        lower[scale] = upper[scale] = 1.0
        lower[offset] = -np.inf
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        low: list[float] = []
        high: list[float] = []

        def add(entries: Mapping[int, float], least: float, most: float) -> None:
            rows.extend([len(low)] * len(entries))
            columns.extend(entries)
            values.extend(entries.values())
            low.append(least)
            high.append(most)

        matrix = model.matrix.tocsc()
        equal = np.flatnonzero(model.row_lower.floats == model.row_upper.floats)
        for terms, target in self.requirements:
            by_column, constant = self._image(terms)
            starts: dict[tuple[str, bool], int] = {}
            shown = dict(constant[0])
            for kind, lows, highs in (
                ("row", model.row_lower.floats, model.row_upper.floats),
                ("column", model.lower.floats, model.upper.floats),
            ):
                for above in (False, True):
                    side = highs if above else lows
                    starts[kind, above] = width
                    usable = np.isfinite(side)
                    lower += [0.0] * len(side)
                    upper += np.where(usable, np.inf, 0.0).tolist()
                    for k in np.flatnonzero(usable & (side != 0)).tolist():
                        shown[width + k] = float(-side[k] if above else side[k])
                    width += len(side)
            add(shown, float(target) - constant[1], np.inf)
            for k in range(n):
                entries, known = by_column.get(k, ({}, 0.0))
                balance = {c: -v for c, v in entries.items()}
                for position in range(matrix.indptr[k], matrix.indptr[k + 1]):
                    i, a = int(matrix.indices[position]), float(matrix.data[position])
                    balance[starts["row", False] + i] = a
                    balance[starts["row", True] + i] = -a
                balance[starts["column", False] + k] = 1.0
                balance[starts["column", True] + k] = -1.0
                add(balance, known, known)
        costs = {self.reference.variables[j]: c for j, c in self.reference.cost_terms.items()}
        if costs and all(name in self.sketch.fixed for name in costs):
            by_column, constant = self._image(costs)
            start = width
            lower += [-np.inf] * len(equal)
            upper += [np.inf] * len(equal)
            width += len(equal)
            place = {int(i): start + p for p, i in enumerate(equal)}
            for k in range(n):
                entries, known = by_column.get(k, ({}, 0.0))
                balance = {**entries, scale: -float(model.cost.floats[k])}
                for position in range(matrix.indptr[k], matrix.indptr[k + 1]):
                    i = int(matrix.indices[position])
                    if i in place:
                        balance[place[i]] = float(matrix.data[position])
                add(balance, -known, -known)
        cost = np.zeros(width)
        for k, (name, q) in enumerate(self.unknowns):
            weight = _CONSTANT_COST if not self.sketch.open[name][q].terms else 1.0
            cost[k] = cost[count + k] = weight
        integer = np.zeros(width, dtype=np.bool_)
        if integral:
            for k, (name, q) in enumerate(self.unknowns):
                integer[k] = integer[count + k] = self._is_integral(name, q)
        problem = NumericProblem(
            cost, np.array(lower), np.array(upper), integer,
            sp.csr_array((values, (rows, columns)), shape=(len(low), width)), np.array(low), np.array(high),
        )  # fmt: skip
        result = solve(problem, limits=budget.limits)
        if result.point is None or result.status not in ("optimal", "limit"):
            return None
        found: list[float] = (result.point[:count] - result.point[count : 2 * count]).tolist()
        return found

    def _is_integral(self, name: str, q: int) -> bool:
        index = self.candidate.variable_index
        whole = all(self.candidate.integer[index[v]] for v in self.sketch.open[name][q].terms)
        return bool(self.reference.integer[self.reference.variable_index[name]]) and whole

    def _image(
        self, terms: Mapping[str, Fraction]
    ) -> tuple[dict[int, tuple[dict[int, float], float]], tuple[dict[int, float], float]]:
        """Return terms∘f: per candidate column (entries over w, known part), and the same for the constant."""
        index, count = self.candidate.variable_index, len(self.unknowns)
        weights: dict[int, dict[int, float]] = {}
        known: dict[int, float] = {}
        constant_weights: dict[int, float] = {}
        constant = 0.0

        def add(into: dict[int, float], k: int, value: float) -> None:
            into[k] = into.get(k, 0.0) + value
            into[count + k] = into.get(count + k, 0.0) - value

        for name, a in terms.items():
            expression = self.sketch.fixed[name]
            constant += float(a * expression.constant)
            for v, c in expression.terms.items():
                known[index[v]] = known.get(index[v], 0.0) + float(a * c)
            for q, part in enumerate(self.sketch.open.get(name, ())):
                k = self.place[name, q]
                if part.constant:
                    add(constant_weights, k, float(a * part.constant))
                for v, c in part.terms.items():
                    add(weights.setdefault(index[v], {}), k, float(a * c))
        joined = {k: (weights.get(k, {}), known.get(k, 0.0)) for k in weights.keys() | known.keys()}
        return joined, (constant_weights, constant)
