"""One expression per reference variable, so that rows and objective carry over at exact points of the candidate.

The choice is a mixed-integer program over one binary per expression: necessary linear conditions only, at a few active
points, to which those are added where a solution fails. Variables without expressions take any value at each point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
import scipy.sparse as sp

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.formulation.numbers import FloatArray
from tools.solvers.gateway import solve
from tools.solvers.problem import NumericProblem
from tools.synthesis.expressions import Choice

COMFORTABLE = 60_000
"""Nonzeros up to which points are active at once; the others become active where a solution fails at them."""

POINTS_A_ROUND = 4
ROUNDS = 25

REUSE_PENALTY = 2.0
"""What it costs to use one form for two variables: a reformulation seldom does."""

LARGEST_PROGRAM = 400_000
"""Nonzeros beyond which the program is not solved."""

LONGEST_SOLVE = 5.0
"""Seconds for one program; the best selection found by then is taken."""

GAP = 0.1
"""Penalties are rough, so selections this near to the cheapest are as good."""

MISS = 1e-5
"""How far a row may be missed, relatively to its largest coefficient, in doubles."""


@dataclass(eq=False)
class Selection:
    """Finds choices one after the other; `points` has a row for each candidate point and may grow in between.

    `choices[j]` lists the expressions of variable j; variables without are left open. `scaled`: the objective may carry
    over with any factor s > 0 rather than with s = 1.
    """

    reference: Formulation
    choices: Mapping[int, Sequence[Choice]]
    costs: FloatArray
    scaled: bool
    budget: Budget
    refused: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.columns = [(j, choice) for j, options in self.choices.items() for choice in options]
        self.open = [j for j in range(len(self.reference.variables)) if not self.choices.get(j)]
        self.rows = self._useful_rows()
        share = sum(len(self.choices.get(j, (None,))) for terms, _, _ in self.rows for j in terms)
        self.active = list(range(min(max(POINTS_A_ROUND, COMFORTABLE // (1 + share)), len(self.costs))))

    def refuse(self, expressions: Mapping[int, tuple[Fraction, Mapping[int, Fraction]]]) -> None:
        """Rule out the selection that gives each of these variables this constant and these terms."""
        part = [
            c for c, (j, choice) in enumerate(self.columns)
            if j in expressions and (choice.constant, dict(choice.terms)) == expressions[j]
        ]  # fmt: skip
        if len(part) == len(expressions):
            self.refused.append(part)

    def solutions(self, limit: int) -> Iterator[dict[int, Choice]]:
        """Yield at most `limit` selections, cheapest first, each of which fits all points."""
        for _ in range(limit):
            chosen = self._next()
            if chosen is None:
                return
            self.refused.append(chosen)
            yield {self.columns[c][0]: self.columns[c][1] for c in chosen}

    def _next(self) -> list[int] | None:
        for _ in range(ROUNDS):
            if self.budget.expired:
                return None
            chosen = self._solve()
            if chosen is None:
                return None
            bad = self._failing(chosen)
            if not bad:
                return chosen
            new = [p for p in bad if p not in self.active][:POINTS_A_ROUND]
            if not new:
                return None
            self.active += new
        return None

    def _useful_rows(self) -> list[tuple[dict[int, float], float, float]]:
        """Return rows (and only those) in which some variable has choices, scaled to largest coefficient 1."""
        rows = []
        fixed = set(self.open)
        for i in range(len(self.reference.rows)):
            terms = {j: float(a) for j, a in self.reference.row_terms(i).items()}
            if terms and not fixed.issuperset(terms):
                size = max(map(abs, terms.values()))
                low, high = self.reference.row_lower.floats[i], self.reference.row_upper.floats[i]
                rows.append(({j: a / size for j, a in terms.items()}, float(low) / size, float(high) / size))
        return rows

    def _solve(self) -> list[int] | None:
        count = len(self.columns)
        if not count:
            return None
        active = self.active
        place = {j: count + k * len(active) for k, j in enumerate(self.open)}
        width = count + len(place) * len(active)
        scale_column, shift_column, first_reuse = width, width + 1, width + 2
        by_variable: dict[int, list[int]] = {}
        by_form: dict[int, list[int]] = {}
        for c, (j, choice) in enumerate(self.columns):
            by_variable.setdefault(j, []).append(c)
            if choice.terms:
                by_form.setdefault(choice.form, []).append(c)
        shared = [users for users in by_form.values() if len({self.columns[c][0] for c in users}) > 1]
        width = first_reuse + len(shared)

        program = _Program()
        for users in by_variable.values():
            program.row(dict.fromkeys(users, 1.0), 1.0, 1.0)
        for k, users in enumerate(shared):
            program.row({**dict.fromkeys(users, 1.0), first_reuse + k: -1.0}, -np.inf, 1.0)
        for chosen in self.refused:
            program.row(dict.fromkeys(chosen, 1.0), -np.inf, len(chosen) - 1.0)
        at = np.array([choice.values for _, choice in self.columns]).reshape(count, -1)[:, active]
        for terms, low, high in self.rows:
            for p in range(len(active)):
                entries: dict[int, float] = {}
                for j, a in terms.items():
                    if j in place:
                        entries[place[j] + p] = a
                    else:
                        entries.update({c: a * at[c, p] for c in by_variable[j] if at[c, p]})
                program.row(entries, low, high)
            if program.size > LARGEST_PROGRAM:
                return None
        costs = {j: float(c) for j, c in self.reference.cost_terms.items()}
        size = max(map(abs, costs.values()), default=1.0)
        for p in range(len(active)) if costs else ():
            entries = {scale_column: -self.costs[active[p]] / size, shift_column: -1.0}
            for j, cost in costs.items():
                if j in place:
                    entries[place[j] + p] = cost / size
                else:
                    entries.update({c: cost / size * at[c, p] for c in by_variable[j] if at[c, p]})
            program.row(entries, 0.0, 0.0)

        lower, upper = np.zeros(width), np.ones(width)
        for j, start in place.items():
            lower[start : start + len(active)] = self.reference.lower.floats[j]
            upper[start : start + len(active)] = self.reference.upper.floats[j]
        lower[scale_column], upper[scale_column] = (1e-4, 1e4) if self.scaled else (1.0, 1.0)
        lower[shift_column], upper[shift_column] = -np.inf, np.inf
        upper[first_reuse:] = np.inf
        penalties = np.zeros(width)
        penalties[:count] = [choice.penalty for _, choice in self.columns]
        penalties[first_reuse:] = REUSE_PENALTY
        integer = np.zeros(width, dtype=np.bool_)
        integer[:count] = True
        problem = NumericProblem(
            penalties, lower, upper, integer, program.matrix(width),
            np.array(program.low), np.array(program.high),
        )  # fmt: skip
        limits = self.budget.limits
        limits = replace(limits, seconds=min(limits.seconds, LONGEST_SOLVE), relative_gap=GAP)
        result = solve(problem, backend="highs", limits=limits)
        if result.point is None or result.status not in ("optimal", "limit"):
            return None
        return [c for c in range(count) if result.point[c] > 0.5]

    def _failing(self, chosen: Sequence[int]) -> list[int]:
        """Return the points at which a row without open variables is missed, worst first."""
        images = {self.columns[c][0]: self.columns[c][1].values for c in chosen}
        worst = np.zeros(len(self.costs))
        for terms, low, high in self.rows:
            if all(j in images for j in terms):
                activity = sum((a * images[j] for j, a in terms.items()), np.zeros(len(self.costs)))
                size = 1.0 + max((abs(v) for v in (low, high) if np.isfinite(v)), default=0.0)
                worst = np.maximum(worst, np.maximum(low - activity, activity - high) / size)
        costs = self.reference.cost_terms
        if costs and all(j in images for j in costs):
            value = sum((float(c) * images[j] for j, c in costs.items()), np.zeros(len(self.costs)))
            size = 1.0 + np.abs(value).max(initial=0.0)
            if not self.scaled:
                gap = value - self.costs
                worst = np.maximum(worst, np.abs(gap - gap[0]) / size)
        order = np.argsort(-worst, kind="stable")
        return [int(p) for p in order if worst[p] > MISS]


class _Program:
    """Rows of a sparse program, as they are added."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._values: list[float] = []

    @property
    def size(self) -> int:
        return len(self._values)

    def row(self, entries: Mapping[int, float], low: float, high: float) -> None:
        largest = max(map(abs, entries.values()), default=1.0)
        size = largest if largest > 1.0 else 1.0
        self._rows += [len(self.low)] * len(entries)
        self._columns += list(entries)
        self._values += [value / size for value in entries.values()]
        self.low.append(low / size)
        self.high.append(high / size)

    def matrix(self, width: int) -> sp.csr_array:
        shape = (len(self.low), width)
        return sp.csr_array((self._values, (self._rows, self._columns)), shape=shape)
