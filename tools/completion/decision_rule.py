"""Affine decision rules: open variables as H·x + h such that every row holds, by LPs over a growing set of points.

The rule that has the least sum of |H| over the points so far is tried on all rows; a point where a row fails is added,
and the LP solved again. An LP without solution shows that no affine rule of the variables allowed satisfies the rows.
Coefficients of pairs that look alike are tied first: the LP is then small however large the models are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from tools.completion.pair_classes import PairClasses
from tools.completion.rows import OBJECTIVE, OpenRow
from tools.completion.sparse_fill import SparseFill
from tools.completion.state import Proposal, State
from tools.exact.prover import Prover, Refuted
from tools.formulation.model import Formulation
from tools.formulation.numbers import FloatArray, IntArray
from tools.mapping.affine import AffineExpression
from tools.mapping.extension import Extension

LARGEST_FILL = 1500
"""LPs with more coefficients than this are not tried."""

LARGEST_INTEGER_FILL = 300
"""Whole coefficients are asked of the solver only where there are at most this many."""

LARGEST_RULE = 40_000
"""Rules with more pairs of variables than this, tied or not, are not looked for."""

ROUNDS = 40
"""How often the LP is solved again for one choice of variables."""

CUTS_A_ROUND = 60
"""Rows at points that may be added in one round, the most broken first."""

TOLERANCE = 1e-6
"""A row is broken at a point when it is missed by more than this, relative to its size there."""

DENOMINATORS = (1, 12, 720, 10**5)
"""Denominators tried, in order, when coefficients become exact."""

CONSTANT_WEIGHT = 1e-3
"""A constant weighs little: it is not a dependence."""

NEIGHBOUR_ROW = 4
"""Source rows of at most this many variables make these neighbours of each other."""

Supports = Mapping[str, frozenset[str]]
"""For each open variable the names on which its rule may depend."""


class TiedRules:
    """Proposes affine rules for all variables in focus at once, with one coefficient for all pairs that look alike."""

    name: ClassVar[str] = "tied affine rules"

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield one rule for each of ever larger choices of names to depend on."""
        return _rules(state, tied=True)


class FreeRules:
    """Proposes affine rules for all variables in focus at once where the LP stays small."""

    name: ClassVar[str] = "affine rules"

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield one rule for each of ever larger choices of names to depend on."""
        return _rules(state, tied=False)


def _rules(state: State, *, tied: bool) -> Iterator[Proposal]:
    open_rows = state.rows_with(state.focus)
    rows = [row for row in open_rows if row.label != OBJECTIVE or set(row.terms) <= set(state.focus)]
    extended = Extension(state.functions).extend(state.task.source)
    if len(state.focus) * len(extended.variables) > LARGEST_RULE:
        state.task.notes.append(f"an affine rule for {_shown(state)} has too many coefficients to look for")
        return
    classes = PairClasses(state, extended, rows) if tied else None
    tried: list[Supports] = []
    for supports in _choices(state, extended, rows):
        if supports in tried:
            continue
        tried.append(supports)
        rule = _Rule(state, extended, rows, supports, classes)
        if len(rule.weights) > LARGEST_FILL:
            state.task.notes.append(f"an affine rule for {_shown(state)} has too many coefficients to look for")
            continue
        found = rule.find()
        if found is not None:
            yield Proposal(found)


def _shown(state: State) -> str:
    more = len(state.focus) - 2
    return ", ".join(map(repr, state.focus[:2])) + (f" and {more} more" if more > 0 else "")


def _choices(state: State, extended: Formulation, rows: Sequence[OpenRow]) -> Iterator[Supports]:
    """Yield ever larger choices of names for the rules to depend on.

    First what stands in a variable's own rows, then what shares a short row of the source with that, then everything.
    """
    direct = {name: _named_in(row for row in rows if name in row.terms) for name in state.focus}
    yield direct
    yield {name: _with_neighbours(extended, names) for name, names in direct.items()}
    yield dict.fromkeys(state.focus, frozenset(extended.variables))


def _named_in(rows: Iterator[OpenRow]) -> frozenset[str]:
    """Return the names in the sides of rows, the objective's apart: that may name everything."""
    sides = (side for row in rows if row.label != OBJECTIVE for side in (row.lower, row.upper))
    return frozenset(name for side in sides if side is not None for name in side.terms)


def _with_neighbours(source: Formulation, names: frozenset[str]) -> frozenset[str]:
    found = set(names)
    for name in names:
        for i in source.rows_of(source.variable_index[name]).tolist():
            if source.indptr[i + 1] - source.indptr[i] <= NEIGHBOUR_ROW:
                found.update(source.variables[k] for k in source.row_terms(i))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A side of a row that the rule must keep at one point."""

    row: int
    point: int
    upper: bool


class _Rule:
    """One choice of names to depend on, and the rows and points added for it so far.

    Coefficient number `columns[name][k]` belongs to the pair of the open variable `name` and `supports[name][k]`,
    `constants[name]` is the number of its constant; tied pairs have one number.
    """

    def __init__(
        self,
        state: State,
        extended: Formulation,
        rows: Sequence[OpenRow],
        supports: Supports,
        classes: PairClasses | None,
    ) -> None:
        self.state, self.extended = state, extended
        self.rows = [*rows, *_bound_rows(state)]
        colours = None if classes is None else [*classes.rows, *(classes.own(name) for name in state.focus)]
        self.row_classes = colours if colours is not None and len(colours) == len(self.rows) else None
        self.names: dict[str, list[int]] = {}
        self.columns: dict[str, IntArray] = {}
        self.constants: dict[str, int] = {}
        numbers: dict[object, int] = {}
        weights: list[float] = []

        def number(key: object, weight: float) -> int:
            if numbers.setdefault(key, len(numbers)) == len(weights):
                weights.append(0.0)
            weights[numbers[key]] += weight
            return numbers[key]

        for name in state.focus:
            kept = self._allowed(name, supports[name])
            seen = None if classes is None else classes.seen_from(name)
            own = (name, None) if classes is None else (classes.own(name), None)
            self.constants[name] = number(own, CONSTANT_WEIGHT)
            self.names[name] = kept
            keys = [(name, j) if seen is None else seen[extended.variables[j]] for j in kept]
            self.columns[name] = np.array([number(key, 1.0) for key in keys], dtype=np.int64)
        self.weights = np.array(weights)
        self.points: FloatArray = np.zeros((0, len(extended.variables)))
        self.limits: list[tuple[list[float], list[float]]] = [([], []) for _ in self.rows]
        self.cuts: set[_Cut] = set()
        self._refresh()

    def _allowed(self, name: str, names: frozenset[str]) -> list[int]:
        """Return the indices of the names; for a whole-numbered variable not of those that take fractions."""
        points = self.state.points()
        whole = self.state.is_integer(name)
        return [
            j
            for j, v in enumerate(self.extended.variables)
            if v in names and not (whole and any(point[v].denominator != 1 for point in points))
        ]

    def _refresh(self) -> None:
        """Take in sample points that came since."""
        fresh = self.state.points()[len(self.points) :]
        if not fresh:
            return
        values = [[float(point[v]) for v in self.extended.variables] for point in fresh]
        self.points = np.vstack([self.points, np.array(values)])
        for row, (lows, highs) in zip(self.rows, self.limits, strict=True):
            for point in fresh:
                lows.append(-np.inf if row.lower is None else float(row.lower.evaluate(point)))
                highs.append(np.inf if row.upper is None else float(row.upper.evaluate(point)))

    def find(self) -> dict[str, AffineExpression] | None:
        """Return a rule that holds at all points and that no attempt at a proof refuted, or None."""
        found, possible = self._fill(integer=False)
        whole = any(self.state.is_integer(name) for name in self.state.focus)
        if found is None and possible and whole and len(self.weights) <= LARGEST_INTEGER_FILL:
            found, _ = self._fill(integer=True)
        return found

    def _fill(self, integer: bool) -> tuple[dict[str, AffineExpression] | None, bool]:
        """Return a rule or None, and whether the LP had a solution to the end."""
        state, budget = self.state, self.state.task.samples.source.budget
        self.cuts.clear()
        fill = SparseFill(self.weights, integer)
        for _ in range(ROUNDS):
            if budget.expired:
                return None, False
            values = fill.solve(budget)
            if values is None:
                state.task.notes.append(f"no affine rule of the kind looked for gives {_shown(state)}")
                return None, False
            broken = self._broken(values)
            if broken:
                if not self._require(fill, broken):
                    return None, True
                continue
            exact = self._exact(values)
            if exact is None:
                return None, True
            if not self._refuted(exact):
                return exact, True
            self._refresh()
        return None, True

    def _require(self, fill: SparseFill, cuts: Sequence[_Cut]) -> bool:
        """Require rows at points; False where nothing is new."""
        fresh = [cut for cut in cuts if cut not in self.cuts]
        for cut in fresh:
            self.cuts.add(cut)
            row = self.rows[cut.row]
            coefficients = np.zeros(len(self.weights))
            for name, a in row.terms.items():
                coefficients[self.constants[name]] += float(a)
                np.add.at(coefficients, self.columns[name], float(a) * self.points[cut.point, self.names[name]])
            sign = -1.0 if cut.upper else 1.0
            fill.require(sign * coefficients, sign * self.limits[cut.row][cut.upper][cut.point])
        return bool(fresh)

    def _broken(self, values: FloatArray) -> list[_Cut]:
        """Return the sides of rows that points break, the most broken first."""
        images = {
            name: values[self.constants[name]] + self.points[:, self.names[name]] @ values[self.columns[name]]
            for name in self.state.focus
        }
        cuts: list[tuple[float, _Cut]] = []
        for i, row in enumerate(self.rows):
            activity = np.zeros(len(self.points))
            for name, a in row.terms.items():
                activity += float(a) * images[name]
            for upper in (False, True):
                limit = np.array(self.limits[i][upper])
                size = np.maximum(1.0, np.where(np.isfinite(limit), np.abs(limit), 1.0))
                miss = (activity - limit if upper else limit - activity) / size
                cuts += [(float(miss[k]), _Cut(i, k, upper)) for k in np.flatnonzero(miss > TOLERANCE).tolist()]
        cuts.sort(key=lambda entry: -entry[0])
        return [cut for _, cut in cuts[:CUTS_A_ROUND]]

    def _exact(self, values: FloatArray) -> dict[str, AffineExpression] | None:
        """Return the rule in simple fractions that holds exactly at all points, or None."""
        for denominator in DENOMINATORS:
            rule: dict[str, AffineExpression] = {}
            for name in self.state.focus:
                limit = 1 if self.state.is_integer(name) else denominator
                numbers = values[self.columns[name]].tolist()
                terms = {
                    self.extended.variables[j]: Fraction(value).limit_denominator(limit)
                    for j, value in zip(self.names[name], numbers, strict=True)
                    if abs(value) > TOLERANCE
                }
                constant = Fraction(float(values[self.constants[name]])).limit_denominator(limit)
                rule[name] = AffineExpression(constant, terms)
            if self._holds(rule):
                return rule
        return None

    def _holds(self, rule: Mapping[str, AffineExpression]) -> bool:
        for row in self.rows:
            given = row.given(rule)
            for point in self.state.points():
                if given.lower is not None and given.lower.evaluate(point) > 0:
                    return False
                if given.upper is not None and given.upper.evaluate(point) < 0:
                    return False
        return True

    def _refuted(self, rule: Mapping[str, AffineExpression]) -> bool:
        """Try to prove rows with the rule put in, one of each class; True where a new point speaks against it."""
        samples = self.state.task.samples
        prover = Prover(self.extended, samples.source.budget.smaller(10))
        width = len(samples.source.model.variables)
        proved: set[int] = set()
        for i, row in enumerate(self.rows):
            if self.row_classes is not None:
                if self.row_classes[i] in proved:
                    continue
                proved.add(self.row_classes[i])
            given = row.given(rule)
            for side, sign in ((given.lower, -1), (given.upper, 1)):
                if side is None or prover.budget.expired:
                    continue
                form = {self.extended.variable_index[v]: sign * a for v, a in side.terms.items()}
                answer = prover.at_least(form, -sign * side.constant)
                if isinstance(answer, Refuted) and samples.add(answer.point[:width]):
                    return True
        return False


def _bound_rows(state: State) -> list[OpenRow]:
    rows: list[OpenRow] = []
    for name in state.focus:
        sides = [None if bound is None else AffineExpression.number(bound) for bound in state.bounds(name)]
        rows.append(OpenRow(f"bounds of {name}", {name: Fraction(1)}, sides[0], sides[1]))
    return rows
