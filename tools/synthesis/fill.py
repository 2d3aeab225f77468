"""Open coefficients of a sketch from exact points of the candidate that must land in the reference.

The program over the coefficients is linear: a reference row at the image of a given point is linear in them, and so is
"the objective carries over" with unknown scale and offset. It is stated once with parameters and solved again as
points arrive: those of the pool at which a solution fails, then those at which a solver separates its image.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import scipy.sparse as sp

from tools.exact.budget import Budget
from tools.exact.proofs import Proof, SolverProof
from tools.exact.prover import Proved, Prover
from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector, FloatArray
from tools.mapping.affine import AffineExpression
from tools.quiet_cvxpy import import_cvxpy
from tools.synthesis.checking import broken_by
from tools.synthesis.pairing import Paired
from tools.synthesis.points import Point, sample_points
from tools.synthesis.separation import separating_points
from tools.synthesis.sketch import Sketch

POINTS = 24
"""Points sampled for a fill."""

ROUNDS = 30
NEW_ROWS = 40
"""Conditions added in one round."""

NEW_POINTS = 6
LARGEST_FILL = 4000
"""Open coefficients of a sketch that are filled together."""

LARGEST_IDENTITY = 400
"""Candidates with more rows give no multipliers for their equalities."""

LARGEST_PARAMETER = 20_000
"""Entries of a matrix that is a parameter of the program."""

LARGEST_INTEGER_FILL = 300
"""Coefficients that are first sought among the integers."""

DENOMINATORS = (1, 12, 720, 10**4, 10**6)
"""Denominators tried in turn when the coefficients are made exact."""

_CONSTANT_COST = 0.02
"""A constant may be as large as the variables are, so a unit of it costs less than a unit of a coefficient."""

_TOLERANCE = 1e-6
_SECONDS = 5.0


@dataclass(frozen=True)
class Filled:
    """`expressions` for every target of the sketch, or None with the `reason`.

    `refuted`: no coefficients at all send the points used into the reference, shown by `certificate`, an exact proof of
    infeasibility of `conditions` (one variable per open coefficient).
    """

    expressions: Mapping[str, AffineExpression] | None
    reason: str
    refuted: bool = False
    certificate: Proof | None = None
    conditions: Formulation | None = field(default=None, repr=False)


@dataclass(frozen=True)
class _Condition:
    """low ≤ weights · w ≤ high, where w holds the open coefficients, then s, t, and multipliers of equalities."""

    weights: dict[int, Fraction]
    low: Fraction | None
    high: Fraction | None
    about_objective: bool = False


def fill(
    sketch: Sketch,
    reference: Formulation,
    candidate: Prover,
    *,
    points: Iterable[Point] = (),
    pairs: Iterable[Paired] = (),
    seed: int = 0,
    budget: Budget | None = None,
    samples: int = POINTS,
) -> Filled:
    """Return coefficients for the sketch that fit all points found, or the reason why there are none.

    `samples` points are sampled besides those given. `pairs` are candidate points with the values that the variables
    must have there; they are guesses, and nothing is refuted with them.

    Integer coefficients are preferred for integer variables, then a small sum of absolute values. The sketch is
    refuted only when the conditions of exact points alone, with unbounded coefficients and without the objective, are
    infeasible by an exact proof. A fit proves nothing: it held at random extreme points and where a solver looked.
    """
    unknowns = [(name, q) for name, parts in sketch.open.items() for q in range(len(parts))]
    if len(unknowns) > LARGEST_FILL:
        return Filled(None, f"the sketch leaves {len(unknowns)} coefficients open; at most {LARGEST_FILL} are filled")
    work = candidate.budget if budget is None else budget
    pool = sample_points(candidate, samples, seed, points)
    if not pool:
        return Filled(None, "no exact point of the candidate was found")
    given = list(pairs)
    problem = _FillProblem(sketch, unknowns, reference, candidate.model, given)
    for round_ in range(ROUNDS):
        if work.expired:
            return Filled(None, "the time limit was reached")
        solved = problem.fit(pool)
        if solved is None:
            return Filled(None, "no fit has the paired values") if given else _infeasible(problem, candidate)
        broken = broken_by(reference, candidate.model, solved, pool)
        if broken is not None:
            return Filled(None, f"no exact coefficients were found near the numeric ones: they break {broken}")
        fresh = separating_points(reference, candidate, solved, NEW_POINTS)
        if not round_:
            fresh += sample_points(candidate, samples // 2, seed + 1, pool)[len(pool) :]
        new = [point for point in fresh if point not in pool]
        if broken_by(reference, candidate.model, solved, new) is None and not (new and round_ == 0):
            return Filled(solved, f"fits {len(pool)} exact points")
        pool += new
    return Filled(None, f"no fit after {ROUNDS} rounds of new points")


def _infeasible(problem: _FillProblem, candidate: Prover) -> Filled:
    conditions = problem.necessary()
    answer = Prover(conditions, candidate.budget).empty()
    if isinstance(answer, Proved) and not isinstance(answer.proof, SolverProof):
        return Filled(None, "no coefficients send these points into the reference", True, answer.proof, conditions)
    return Filled(None, "no coefficients were found that carry rows and objective over")


class _FillProblem:
    """Conditions on the open coefficients w, those that were needed so far kept as active."""

    def __init__(
        self,
        sketch: Sketch,
        unknowns: Sequence[tuple[str, int]],
        reference: Formulation,
        candidate: Formulation,
        pairs: Sequence[Paired] = (),
    ) -> None:
        self.sketch = sketch
        self.reference = reference
        self.candidate = candidate
        self.unknowns = unknowns
        self.pairs = pairs
        self.place = {unknown: k for k, unknown in enumerate(unknowns)}
        self.active: list[_Condition] = []
        self.program: _Program | None = None
        integral = [k for k, (name, q) in enumerate(unknowns) if self._is_integral(name, q)]
        self.integral = integral if len(unknowns) <= LARGEST_INTEGER_FILL else []
        self._known: dict[tuple[Fraction, ...], list[_Condition]] = {}
        self.equalities = _equalities(candidate)
        self.width = len(unknowns) + 2 + len(self.equalities)
        self.identity = list(self._identity())
        # A small scale makes small coefficients; the objectives are in the same unit unless that cannot be.
        self.unit = [_Condition({len(unknowns): Fraction(1)}, Fraction(1), Fraction(1), True)]

    def fit(self, pool: Sequence[Point]) -> dict[str, AffineExpression] | None:
        """Return exact expressions that fit all points if such were found, else inexact ones, else None."""
        every = [condition for point in pool for condition in self._conditions(point)]
        if not self.active:
            self.active = [c for pair in self.pairs for c in self._paired(pair)]
            self.active += every[: NEW_ROWS // 2] + [c for c in every if c.about_objective]
        weights = np.zeros(self.width)
        for _ in range(ROUNDS):
            solved = self._solve()
            if solved is None:
                return None
            weights = solved
            missed = [c for c in every if _miss(c, weights) > _TOLERANCE and c not in self.active]
            if not missed:
                break
            missed.sort(key=lambda c: -_miss(c, weights))
            self.active += missed[:NEW_ROWS]
        rounded: dict[str, AffineExpression] | None = None
        for denominator in DENOMINATORS:
            exact = [Fraction(float(v)).limit_denominator(denominator) for v in weights[: len(self.unknowns)]]
            rounded = self.sketch.filled(dict(zip(self.unknowns, exact, strict=True)))
            if broken_by(self.reference, self.candidate, rounded, pool) is None and self._keeps_pairs(rounded):
                return rounded
        return rounded

    def _keeps_pairs(self, expressions: Mapping[str, AffineExpression]) -> bool:
        return all(
            expressions[name].evaluate(dict(zip(self.candidate.variables, pair.point, strict=True))) == value
            for pair in self.pairs
            for name, value in pair.values.items()
            if self.sketch.open.get(name)
        )

    def _paired(self, pair: Paired) -> Iterable[_Condition]:
        images = self._images(pair.point)
        index = self.reference.variable_index
        for name, value in pair.values.items():
            if name in self.sketch.fixed and images[index[name]][0]:
                weights, constant = images[index[name]]
                yield _Condition(weights, value - constant, value - constant)

    def necessary(self) -> Formulation:
        """Return the active conditions, without those on the objective, as a model in the open coefficients."""
        kept = [c for c in self.active if not c.about_objective]
        count = len(self.unknowns)
        infinite = float("inf")
        return Formulation.build(
            variables=[f"{name} {q}" for name, q in self.unknowns],
            lower=ExactVector(np.full(count, -np.inf)),
            upper=ExactVector(np.full(count, np.inf)),
            kinds=[0] * count,
            objective=ExactVector(np.zeros(count)),
            rows=[f"c{i}" for i in range(len(kept))],
            row_lower=ExactVector.of(-infinite if c.low is None else c.low for c in kept),
            row_upper=ExactVector.of(infinite if c.high is None else c.high for c in kept),
            indptr=np.concatenate(([0], np.cumsum([len(c.weights) for c in kept], dtype=np.int64))),
            columns=[k for c in kept for k in c.weights],
            coefficients=ExactVector.of(a for c in kept for a in c.weights.values()),
        )

    def _is_integral(self, name: str, q: int) -> bool:
        part = self.sketch.open[name][q]
        index = self.candidate.variable_index
        whole = all(self.candidate.integer[index[v]] and a.denominator == 1 for v, a in part.terms.items())
        return bool(self.reference.integer[self.reference.variable_index[name]]) and whole

    def _identity(self) -> Iterable[_Condition]:
        """Yield conditions for c_R∘f = s·c_C + t modulo the candidate's equalities, one for each candidate column."""
        costs = {self.reference.variables[j]: c for j, c in self.reference.cost_terms.items()}
        if not costs or not all(name in self.sketch.fixed for name in costs):
            return
        index = self.candidate.variable_index
        first = len(self.unknowns)
        weights: dict[int, dict[int, Fraction]] = {}
        known: dict[int, Fraction] = {}
        for name, c in costs.items():
            for v, a in self.sketch.fixed[name].terms.items():
                known[index[v]] = known.get(index[v], Fraction(0)) + c * a
            for q, part in enumerate(self.sketch.open.get(name, ())):
                for v, a in part.terms.items():
                    weights.setdefault(index[v], {})[self.place[name, q]] = c * a
        for k, c in self.candidate.cost_terms.items():
            weights.setdefault(k, {})[first] = -c
        for e, i in enumerate(self.equalities):
            for k, a in self.candidate.row_terms(i).items():
                weights.setdefault(k, {})[first + 2 + e] = a
        fixed = self.candidate.lower.floats == self.candidate.upper.floats
        for k in sorted(weights.keys() | known.keys()):
            if not fixed[k]:
                side = -known.get(k, Fraction(0))
                yield _Condition(weights.get(k, {}), side, side, True)

    def _solve(self) -> FloatArray | None:
        """Solve with whole coefficients where variables are whole, with s = 1 and with the identity; or without some.

        Later calls do not ask for what could not be had: conditions are only ever added.
        """
        while True:
            conditions = [*self.active, *self.identity, *self.unit]
            integral = self.integral
            if self.program is None or self.program.full(conditions) or self.program.integral != integral:
                cost = [1.0 if self.sketch.open[n][q].terms else _CONSTANT_COST for n, q in self.unknowns]
                cost += [0.0] * (self.width - len(cost))
                self.program = _Program(np.array(cost), len(self.unknowns), len(conditions), integral)
            weights = self.program.solve(conditions)
            if weights is not None:
                return weights
            if self.integral:
                self.integral = []
            elif self.unit:
                self.unit = []
            elif self.identity:
                self.identity = []
            else:
                return None

    def _conditions(self, point: Point) -> list[_Condition]:
        key = tuple(point)
        if key not in self._known:
            self._known[key] = list(self._conditions_at(point))
        return self._known[key]

    def _images(self, point: Point) -> dict[int, tuple[dict[int, Fraction], Fraction]]:
        """Return, for each variable of the sketch, the weights of its coefficients at the point, and the rest."""
        at = dict(zip(self.candidate.variables, point, strict=True))
        ours = self.reference.variable_index
        images: dict[int, tuple[dict[int, Fraction], Fraction]] = {}
        for name, expression in self.sketch.fixed.items():
            weights: dict[int, Fraction] = {}
            for q, part in enumerate(self.sketch.open.get(name, ())):
                value = part.evaluate(at)
                if value:
                    weights[self.place[name, q]] = value
            images[ours[name]] = weights, expression.evaluate(at)
        return images

    def _conditions_at(self, point: Point) -> Iterable[_Condition]:
        images = self._images(point)
        model = self.reference
        for j, (weights, constant) in images.items():
            yield _moved(weights, model.lower.finite(j), model.upper.finite(j), constant)
        for i in range(len(model.rows)):
            terms = model.row_terms(i)
            if all(j in images for j in terms):
                weights, constant = _combined(terms, images)
                yield _moved(weights, model.row_lower.finite(i), model.row_upper.finite(i), constant)
        costs = model.cost_terms
        if costs and all(j in images for j in costs):
            weights, constant = _combined(costs, images)
            # Σ c·y(x) = s·c_C(x) + t, constants of both objectives left to t.
            value = sum((c * point[k] for k, c in self.candidate.cost_terms.items()), Fraction(0))
            first = len(self.unknowns)
            yield _Condition({**weights, first: -value, first + 1: Fraction(-1)}, -constant, -constant, True)


def _combined(
    terms: Mapping[int, Fraction], images: Mapping[int, tuple[dict[int, Fraction], Fraction]]
) -> tuple[dict[int, Fraction], Fraction]:
    total: dict[int, Fraction] = {}
    constant = Fraction(0)
    for j, a in terms.items():
        weights, own = images[j]
        constant += a * own
        for k, value in weights.items():
            total[k] = total.get(k, Fraction(0)) + a * value
    return {k: value for k, value in total.items() if value}, constant


def _moved(weights: dict[int, Fraction], low: Fraction | None, high: Fraction | None, constant: Fraction) -> _Condition:
    return _Condition(weights, None if low is None else low - constant, None if high is None else high - constant)


def _miss(condition: _Condition, weights: FloatArray) -> float:
    """Return by how much `weights` miss the condition, relatively."""
    value = sum(float(a) * weights[k] for k, a in condition.weights.items())
    low = -np.inf if condition.low is None else float(condition.low)
    high = np.inf if condition.high is None else float(condition.high)
    size = 1.0 + max((abs(v) for v in (low, high) if np.isfinite(v)), default=0.0)
    return float(max(low - value, value - high, 0.0)) / size


def _equalities(model: Formulation) -> list[int]:
    if len(model.rows) > LARGEST_IDENTITY:
        return []
    rows = np.flatnonzero(model.row_lower.floats == model.row_upper.floats).tolist()
    return [i for i in rows if model.row_lower[i] == model.row_upper[i]]


class _Program:
    """min Σ cost·|w| subject to linear conditions; w[scale] is at least a small positive number.

    Small programs take the conditions as parameters and are stated once; cvxpy compiles large parameters slowly, so
    large programs are stated again each time.
    """

    def __init__(self, cost: FloatArray, scale: int, needed: int, integral: list[int]) -> None:
        cp = import_cvxpy()

        self.cost, self.scale, self.integral = cost, scale, integral
        self.capacity = max(64, 2 * needed)
        chosen = [(k,) for k in integral]
        self.weights = cp.Variable(len(cost), integer=list(zip(*chosen, strict=True)) if chosen else False)
        self.stated: tuple[Any, list[Any]] | None = None
        if self.capacity * len(cost) <= LARGEST_PARAMETER:
            shape = (self.capacity, len(cost))
            parts = [cp.Parameter(shape), cp.Parameter(self.capacity), cp.Parameter(shape), cp.Parameter(self.capacity)]
            self.stated = self._problem(parts), parts

    def _problem(self, parts: Sequence[Any]) -> Any:
        cp = import_cvxpy()
        above, limit, even, side = parts
        constraints = [above @ self.weights <= limit, even @ self.weights == side, self.weights[self.scale] >= 1e-3]
        return cp.Problem(cp.Minimize(self.cost @ cp.abs(self.weights)), constraints)

    def full(self, active: Sequence[_Condition]) -> bool:
        """Say whether the conditions need more room."""
        return self.stated is not None and 2 * len(active) > self.capacity

    def solve(self, active: Sequence[_Condition]) -> FloatArray | None:
        """Return an optimal w, or None where the solver finds none."""
        cp = import_cvxpy()
        above, equal = _Rows(len(self.cost), 1.0), _Rows(len(self.cost), 0.0)
        for condition in active:
            if condition.low is not None and condition.low == condition.high:
                equal.add(condition, 1, condition.low)
                continue
            if condition.high is not None:
                above.add(condition, 1, condition.high)
            if condition.low is not None:
                above.add(condition, -1, -condition.low)
        if self.stated is None:
            problem = self._problem([above.matrix(), above.sides(), equal.matrix(), equal.sides()])
        else:
            problem, parts = self.stated
            for k, rows in enumerate((above, equal)):
                parts[2 * k].value = rows.matrix(self.capacity).toarray()
                parts[2 * k + 1].value = rows.sides(self.capacity)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                problem.solve(solver=cp.HIGHS, time_limit=_SECONDS)
        except cp.error.SolverError:
            return None
        if problem.status not in ("optimal", "optimal_inaccurate") or self.weights.value is None:
            return None
        return np.asarray(self.weights.value, dtype=np.float64)


class _Rows:
    """Rows of unit size at most, as they are added; the rest up to a height is idle: 0 on the one side."""

    def __init__(self, width: int, idle: float) -> None:
        self.width, self.idle = width, idle
        self._sides: list[float] = []
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._values: list[float] = []

    def add(self, condition: _Condition, sign: int, side: Fraction) -> None:
        size = max(1.0, *(abs(float(a)) for a in condition.weights.values())) if condition.weights else 1.0
        self._rows += [len(self._sides)] * len(condition.weights)
        self._columns += list(condition.weights)
        self._values += [sign * float(a) / size for a in condition.weights.values()]
        self._sides.append(float(side) / size)

    def matrix(self, height: int | None = None) -> sp.csr_array:
        """Return the rows, with idle ones up to `height` (at least one)."""
        shape = (max(1, len(self._sides)) if height is None else height, self.width)
        return sp.csr_array((self._values, (self._rows, self._columns)), shape=shape)

    def sides(self, height: int | None = None) -> FloatArray:
        """Return the sides, idle ones up to `height` (at least one)."""
        total = max(1, len(self._sides)) if height is None else height
        return np.array([*self._sides, *[self.idle] * (total - len(self._sides))])
