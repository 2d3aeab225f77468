"""Partial recoveries found without names, best first: given sketches, shared cores, chosen expressions, Farkas maps.

Each idea is tried on exact points of the candidate before it is yielded, and on the points that a solver finds where
its image would leave the reference. What is yielded is a hypothesis; the claims decide.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice

import numpy as np

from tools.claims.completable import objective_linked
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.formulation.simplified import simplified
from tools.mapping.affine import AffineExpression
from tools.synthesis.checking import broken_by
from tools.synthesis.core import core_matches
from tools.synthesis.determined import determined, residuals
from tools.synthesis.expressions import Choice, Pool
from tools.synthesis.fill import fill
from tools.synthesis.pairing import Paired, Pairing, pair_optima
from tools.synthesis.points import Point, sample_points
from tools.synthesis.ranges import tightened
from tools.synthesis.relaxation import fill_on_relaxation
from tools.synthesis.select import Selection
from tools.synthesis.separation import separating_points
from tools.synthesis.sketch import Sketch, support_sketch
from tools.synthesis.sketched import Origin, Sketched

POINTS = 24
"""Points of the candidate sampled at the start."""

MOST_CORES = 4
"""Matches of cores that are looked at."""

MOST_SELECTIONS = 3
"""Selections yielded for one choice of what is left out."""

FEW, MANY = 36, 60
"""Expressions considered for one reference variable: at first, and where these do not do."""

OBVIOUS = 0.45
"""At first, a variable with a counterpart without any penalty is given no expression with more than this."""

DIRECTIONS = 60
"""Directions in which optima of both models are compared."""

DEMAND = 1e-6
"""How far a value in doubles may be from a demanded one, relatively; what passes is checked exactly afterwards."""

REPAIRS = 6
"""Rounds of separating points before a selection is yielded as it is or given up."""

LARGEST_SUPPORT = 1500
"""Open coefficients of what is filled without a sketch."""

Expressions = Mapping[str, AffineExpression]


def synthesise(
    reference: Formulation | Prover,
    candidate: Prover,
    *,
    sketches: Iterable[Sketch] = (),
    points: Iterable[Point] = (),
    seed: int = 0,
    budget: Budget | None = None,
) -> Generator[Sketched, Iterable[Point] | None, None]:
    """Yield partial recoveries, each computed when it is asked for and none twice.

    `points` are exact candidate points to be respected besides the sampled ones; `send` witnesses of a hypothesis that
    failed, and what follows respects them too. Every yielded map covers all reference variables with a cost.
    """
    target = reference.model if isinstance(reference, Prover) else reference
    simple = simplified(candidate.model)
    # Rows as they were written show more than rows without their fixed columns; bounds show more when tightened.
    work = candidate.budget if budget is None else budget
    tight = replace(candidate.model, lower=simple.lower, upper=simple.upper)
    source = Prover(tight, work)
    run = _Run(simplified(target), source, seed, sample_points(source, POINTS, seed, points))
    if not run.points:
        return
    stages: tuple[Callable[[], Iterator[Sketched]], ...] = (
        lambda: run.from_sketches(sketches),
        run.from_names,
        lambda: run.from_cores(closest=False),
        lambda: run.from_selections(FEW, scaled=False),
        lambda: run.from_selections(FEW, scaled=False, constants=True),
        lambda: run.from_cores(closest=True),
        lambda: run.from_selections(MANY, scaled=False),
        lambda: run.from_selections(MANY, scaled=False, constants=True),
        run.from_relaxation,
        lambda: run.from_selections(FEW, scaled=True),
    )
    for stage in stages:
        for found in stage():
            witnesses = yield found
            if witnesses:
                run.learn(witnesses)


@dataclass(eq=False)
class _Run:
    reference: Formulation
    candidate: Prover
    seed: int
    points: list[Point]
    yielded: list[Expressions] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.linked = objective_linked(self.reference)
        self.costly = {self.reference.variables[j] for j in self.reference.cost_terms}
        self._pool: Pool | None = None
        self._pairings: dict[frozenset[tuple[str, AffineExpression]], Pairing] = {}

    @property
    def pool(self) -> Pool:
        """The forms of the candidate at the present points; computed when expressions are first chosen."""
        if self._pool is None:
            self._pool = Pool(self.candidate.model, self.points, self.tight)
        return self._pool

    @cached_property
    def tight(self) -> Formulation:
        """The candidate with the bounds that it implies."""
        return tightened(self.candidate)

    @cached_property
    def ranged(self) -> Formulation:
        """The reference with the bounds that it implies; computed when expressions are first chosen."""
        return tightened(Prover(self.reference, self.candidate.budget))

    def constants(self) -> dict[str, AffineExpression]:
        """Return the variables that every reference solution gives one value, as far as a solver says so."""
        ranged = self.ranged
        fixed = np.flatnonzero(ranged.lower.floats == ranged.upper.floats).tolist()
        return {ranged.variables[j]: AffineExpression(ranged.lower[j]) for j in fixed}

    def learn(self, witnesses: Iterable[Point]) -> bool:
        """Add points; say whether some were new."""
        new = [tuple(w) for w in witnesses]
        new = [w for w in new if w not in set(map(tuple, self.points)) and self.candidate.model.is_feasible(w)]
        if new:
            self.points += new
            self._pool = None
        return bool(new)

    def pairing(self, known: Expressions) -> Pairing:
        """Return what optima of both models say about a partial recovery; the points that they give join the others."""
        if len(known) == len(self.reference.variables):
            return Pairing((), ())
        key = frozenset(known.items())
        if key not in self._pairings:
            target = Prover(self.reference, self.candidate.budget)
            rank = int(np.linalg.matrix_rank(np.array([[1.0, *map(float, point)] for point in self.points])))
            self._pairings[key] = found = pair_optima(
                target, self.candidate, known, count=DIRECTIONS, seed=self.seed, enough=rank
            )
            self.learn([*(pair.point for pair in found.pairs), *found.broken])
        return self._pairings[key]

    def demanded(self) -> dict[int, list[tuple[int, float]]]:
        """Return the values that variables must have at the ends of the objective, as (number of the point, value)."""
        pairs = self.pairing({}).pairs
        wanted = {pair.point for pair in pairs}
        place = {point: p for p, point in enumerate(map(tuple, self.points)) if point in wanted}
        found: dict[int, list[tuple[int, float]]] = {}
        for pair in pairs:
            for name, value in pair.values.items():
                found.setdefault(self.reference.variable_index[name], []).append((place[pair.point], float(value)))
        return found

    def broken(self, expressions: Expressions) -> str | None:
        return broken_by(self.reference, self.candidate.model, expressions, self.points)

    def accepted(self, expressions: Expressions, origin: Origin, rationale: str) -> Iterator[Sketched]:
        """Yield the map unless it misses an objective variable, fails at a point, or was yielded before."""
        if not self.costly.issubset(expressions) or not any(e.terms for e in expressions.values()):
            return
        known = {name: expressions[name] for name in self.reference.variables if name in expressions}
        if known in self.yielded or self.broken(known) is not None:
            return
        self.yielded.append(known)
        left_out = tuple(name for name in self.reference.variables if name not in known)
        yield Sketched(known, left_out, origin, rationale)

    def from_sketches(self, sketches: Iterable[Sketch]) -> Iterator[Sketched]:
        for sketch in sketches:
            filled = fill(sketch, self.reference, self.candidate, points=self.points, seed=self.seed)
            if filled.expressions is not None:
                yield from self.extensions(filled.expressions, "sketch", f"a filled sketch, {filled.reason}")

    def from_names(self) -> Iterator[Sketched]:
        """Yield what extends the identity on names that both models use."""
        known = self.candidate.model.variable_index
        shared = {n: AffineExpression.variable(n) for n in self.reference.variables if n in known}
        if shared and len(shared) < len(self.reference.variables) and self.broken(shared) is None:
            yield from self.extensions(shared, "names", "variables of the same name")

    def from_cores(self, *, closest: bool) -> Iterator[Sketched]:
        matches = core_matches(self.reference, self.candidate.model, closest=closest, seed=self.seed)
        for match in islice(matches, MOST_CORES):
            if self.candidate.budget.expired:
                return
            if self.broken(match.expressions) is None and self.costly & match.expressions.keys():
                yield from self.extensions(match.expressions, "core", match.note)

    def extensions(self, given: Expressions, origin: Origin, note: str) -> Iterator[Sketched]:
        """Yield `given` with as many further variables as fit, then with what rows determine only.

        Where all that is left is away from the objective, `given` itself comes first: it can be completed.
        """
        plain = determined(self.reference, given)
        if self.completable(plain):
            yield from self.accepted(plain, origin, note)
        guessed = self.by_rows(given)
        if guessed is None:
            return
        if len(guessed) < len(self.reference.variables):
            guessed = self.by_rows({**self.constants(), **guessed}) or guessed
        # What rows suggest may be wrong; then the choice starts again without it.
        for start in (guessed, plain) if len(plain) < len(guessed) else (guessed,):
            selected = self.extended(start)
            if selected is not None:
                yield from self.accepted(selected, origin, f"{note}; the rest chosen to fit rows at exact points")
                break
        yield from self.accepted(guessed, origin, note)

    def extended(self, start: Expressions) -> Expressions | None:
        """Return `start` with expressions chosen for as many further variables as fit, or None."""
        missing = [j for j, name in enumerate(self.reference.variables) if name not in start]
        for left_out in self.levels(missing):
            kept = [j for j in missing if j not in left_out]
            if not kept and self.costly.issubset(start):
                return None
            selected = next(self.selected(start, kept, FEW, scaled=False, limit=1), None)
            if selected is not None:
                return selected
        return None

    def completable(self, expressions: Expressions) -> bool:
        """Say whether the variables left out are some, integer or away from the objective, and cost nothing."""
        left = [j for j, name in enumerate(self.reference.variables) if name not in expressions]
        costs = self.reference.cost_terms
        return bool(left) and all(j not in costs and (j not in self.linked or self.reference.integer[j]) for j in left)

    def levels(self, variables: Sequence[int]) -> list[frozenset[int]]:
        """Return what may be left open, in turn.

        Nothing; continuous variables with (without) a cost that equalities define by the others; what the objective
        does not lean on; then integers without a cost as well; everything without a cost; all continuous variables.
        """
        cost = self.reference.cost_terms
        defined = [
            self.defined([j for j in variables if not self.reference.integer[j] and (j in cost) is costly])
            for costly in (True, False)
        ]
        apart = frozenset(j for j in variables if j not in self.linked)
        integers = frozenset(j for j in variables if self.reference.integer[j] and j not in cost)
        rest = frozenset(j for j in variables if j not in cost)
        continuous = frozenset(j for j in variables if not self.reference.integer[j])
        if continuous and all(j in continuous for j in variables):
            continuous = frozenset()
        return list(dict.fromkeys((frozenset[int](), *defined, apart, apart | integers, rest, continuous)))

    def defined(self, variables: Sequence[int]) -> frozenset[int]:
        """Return the variables when equalities determine them all, one after the other, from the rest; else none."""
        names = self.reference.variables
        dummy = AffineExpression(Fraction(0))
        known = determined(self.reference, {n: dummy for j, n in enumerate(names) if j not in set(variables)})
        return frozenset(variables) if len(known) == len(names) else frozenset()

    def from_selections(self, choices: int, *, scaled: bool, constants: bool = False) -> Iterator[Sketched]:
        """Yield maps of chosen expressions; with `constants`, implied constants are settled beforehand.

        A variable may be constant by accident of the data, and its counterpart a combination that is constant too:
        then the objective carries over only without that constant.
        """
        start = self.by_rows(self.constants() if constants else {})
        if start is None or (constants and all(name in determined(self.reference, {}) for name in self.constants())):
            return
        everything = [j for j, name in enumerate(self.reference.variables) if name not in start]
        for left_out in self.levels(everything):
            kept = [j for j in everything if j not in left_out]
            decided = not any(self.reference.variables[j] in self.costly for j in left_out)
            limit = MOST_SELECTIONS if decided else 1
            for selected in self.selected(start, kept, choices, scaled=scaled, limit=limit):
                yield from self.accepted(selected, "selection", "expressions chosen to fit rows at exact points")
            if self.candidate.budget.expired:
                return

    def selected(
        self, given: Expressions, kept: Sequence[int], choices: int, *, scaled: bool, limit: int
    ) -> Iterator[Expressions]:
        """Yield maps that extend `given` to variables `kept` where the pool has expressions for them."""
        refused: list[dict[int, tuple[Fraction, Mapping[int, Fraction]]]] = []
        for _ in range(limit):
            for _ in range(REPAIRS):
                chosen = self._one_selection(given, kept, choices, scaled, refused)
                if chosen is None:
                    return
                named = {self.reference.variables[j]: c.named(self.candidate.model) for j, c in chosen.items()}
                refused.append({j: (c.constant, dict(c.terms)) for j, c in chosen.items()})
                base = {**given, **named}
                plain = determined(self.reference, base)
                if self.completable(plain):
                    yield plain
                if self.pairing(plain).broken:
                    continue
                full = self.settled(base)
                if full is not None:
                    yield from self.supported(base, full)
                    break
            else:
                return

    def settled(self, base: Expressions) -> Expressions | None:
        """Return `base` with what rows say, after new points where a solver separates its image; None where it fails.

        What rows suggest is only a guess: where that fails at a new point, other guesses are made.
        """
        for _ in range(REPAIRS):
            full = self.by_rows(base)
            if full is None or not self.learn(separating_points(self.reference, self.candidate, full, 4)):
                return full
        return None

    def _one_selection(
        self,
        given: Expressions,
        kept: Sequence[int],
        keep: int,
        scaled: bool,
        refused: Sequence[Mapping[int, tuple[Fraction, Mapping[int, Fraction]]]],
    ) -> dict[int, Choice] | None:
        demanded = self.demanded()
        points = self.pool.points
        columns = self.candidate.model.variable_index
        choices: dict[int, Sequence[Choice]] = {}
        for name, expression in given.items():
            j = self.reference.variable_index[name]
            terms = {columns[v]: a for v, a in expression.terms.items()}
            values = np.full(len(points), float(expression.constant))
            for k, a in terms.items():
                values = values + float(a) * points[:, k]
            choices[j] = [Choice(expression.constant, terms, -1 - j, "given", 0.0, values)]
        used = {k for name in given for k in [self.pool.column_of(given[name])] if k is not None}
        for j in kept:
            if j not in choices:
                found = self.pool.choices(self.ranged, j, keep)
                found = [c for c in found if c.form not in used] or found
                if found and keep == FEW and found[0].penalty == 0:
                    found = [c for c in found if c.penalty < OBVIOUS]
                found = [c for c in found if _has(c, demanded.get(j, ()))]
                if found:
                    choices[j] = found
        if len(choices) == len(given) and not self.costly.issubset(given):
            return None
        costs = np.array([float(self.candidate.model.cost_value(point)) for point in self.points])
        selection = Selection(self.reference, choices, costs, scaled, self.candidate.budget)
        for earlier in refused:
            selection.refuse(earlier)
        return next(selection.solutions(1), None)

    def by_rows(self, given: Expressions) -> dict[str, AffineExpression] | None:
        """Return `given` with what equalities determine and rows alike suggest, or None where it fails at a point."""
        known = determined(self.reference, given)
        if self.broken(known) is not None:
            return None
        while True:
            options = residuals(self.reference, self.candidate.model, known)
            trials = (determined(self.reference, {**known, n: e}) for n, found in options.items() for e in found)
            fitting = next((trial for trial in trials if self.broken(trial) is None), None)
            if fitting is None:
                return known
            known = fitting

    def supported(self, base: Expressions, full: Expressions) -> Iterator[Expressions]:
        """Yield `full` or `base` with costly and linked continuous variables that are left filled freely.

        `full` is `base` with guesses from rows. Where nothing can be filled, `full` is yielded as it is.
        """
        index, sources = self.reference.variable_index, self.sources()

        def missing_of(given: Expressions) -> list[str]:
            return [
                name for name in self.reference.variables
                if name not in given
                and (name in self.costly or (index[name] in self.linked and not self.reference.integer[index[name]]))
            ]  # fmt: skip

        if not missing_of(full):
            yield full
        plain = determined(self.reference, base)
        missing = missing_of(plain)
        if not missing or len(missing) * (1 + len(sources)) > LARGEST_SUPPORT:
            if missing_of(full):
                yield full
            return
        found = self.pairing(plain).pairs
        attempts: list[tuple[Expressions, Sequence[Paired]]] = [(plain, found)] if found else []
        if missing_of(full):
            attempts += [(full, []), (plain, [])]
        for given, pairs in attempts:
            sketch = support_sketch(missing_of(given), sources, given)
            filled = fill(sketch, self.reference, self.candidate, points=self.points, pairs=pairs, seed=self.seed)
            if filled.expressions is not None:
                yield filled.expressions
                return
        if missing_of(full):
            yield full

    def from_relaxation(self) -> Iterator[Sketched]:
        """Yield maps of the objective-linked (then all) variables that are sound on the candidate's relaxation."""
        names, sources = self.reference.variables, self.sources()
        everything = frozenset(range(len(names)))
        for members in dict.fromkeys((everything, self.linked)):
            targets = [names[j] for j in sorted(members)]
            if len(targets) * (1 + len(sources)) > LARGEST_SUPPORT:
                continue
            sketch = support_sketch(targets, sources)
            for integral in (True, False) if self.reference.integer.any() else (False,):
                for expressions in fill_on_relaxation(
                    sketch, self.reference, self.candidate.model, budget=self.candidate.budget, integral=integral
                ):
                    yield from self.accepted(expressions, "relaxation", "sparsest map that Farkas multipliers show")

    def sources(self) -> list[str]:
        """Return the candidate variables that vary over the points."""
        values = self.pool.points
        return [name for k, name in enumerate(self.candidate.model.variables) if np.ptp(values[:, k]) > 0]


def _has(choice: Choice, wanted: Iterable[tuple[int, float]]) -> bool:
    return all(abs(choice.values[p] - value) <= DEMAND * (1 + abs(value)) for p, value in wanted)
