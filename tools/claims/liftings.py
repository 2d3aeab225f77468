"""Affine liftings g derived from a recovery f: for each candidate variable an expression in reference variables.

What f determines is solved for; other candidate variables come from their equality rows (slacks, definitions), from
being fixed or unused, from an inequality made tight (epigraph variables), or rest at a bound. Nothing here is trusted:
each g is verified afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping

ZERO = Fraction(0)
ONE = Fraction(1)

Expression = tuple[Fraction, dict[int, Fraction]]


def derive_liftings(reference: Formulation, candidate: Formulation, recovery: IndexMapping) -> Iterator[IndexMapping]:
    """Yield up to four liftings, the one that assumes least first."""
    seen: list[tuple[tuple[Fraction, ...], tuple[tuple[tuple[int, Fraction], ...], ...]]] = []
    for last_pivot, prefer_high in ((False, False), (True, False), (False, True), (True, True)):
        lifting = _Derivation(reference, candidate, recovery, last_pivot, prefer_high).run()
        key = (tuple(lifting.constants), tuple(tuple(sorted(terms.items())) for terms in lifting.terms))
        if key not in seen:
            seen.append(key)
            yield lifting


def is_determined(candidate: Formulation, recovery: IndexMapping) -> bool:
    """Say whether f(x) = y leaves at most one x: every candidate variable is read off by a monomial of f or fixed."""
    read_off = {next(iter(terms)) for terms in recovery.terms if len(terms) == 1}
    return all(k in read_off or _is_fixed(candidate, k) for k in range(len(candidate.variables)))


def _is_fixed(model: Formulation, k: int) -> bool:
    low = model.lower.finite(k)
    return low is not None and low == model.upper.finite(k)


class _Derivation:
    def __init__(
        self,
        reference: Formulation,
        candidate: Formulation,
        recovery: IndexMapping,
        last_pivot: bool,
        prefer_high: bool,
    ) -> None:
        self.reference, self.candidate, self.recovery = reference, candidate, recovery
        self.last_pivot, self.prefer_high = last_pivot, prefer_high
        self.known: dict[int, Expression] = {}

    def run(self) -> IndexMapping:
        n = len(self.candidate.variables)
        self._from_recovery()
        for k in range(n):
            if k not in self.known and _is_fixed(self.candidate, k):
                self.known[k] = (self.candidate.lower[k], {})
        self._from_recovery()
        self._from_rows(equalities_only=True)
        read = {k for terms in self.recovery.terms for k in terms}
        for k in range(n):
            if k in self.known or k in read:
                continue
            if not self.candidate.rows_of(k).size and not self.candidate.objective.floats[k]:
                self.known[k] = (self._rest(k), {})
        self._choose_pivots()
        self._from_rows(equalities_only=True)
        self._from_rows(equalities_only=False)
        for k in range(n):
            if k not in self.known:
                self.known[k] = (self._rest(k), {})
                self._from_rows(equalities_only=True)
        return IndexMapping([self.known[k][0] for k in range(n)], [self.known[k][1] for k in range(n)])

    def _rest(self, k: int) -> Fraction:
        """Return the value of a variable that nothing determines: zero, or the bound nearest to it."""
        low, high = self.candidate.lower.finite(k), self.candidate.upper.finite(k)
        if self.prefer_high and high is not None:
            return high
        if low is not None and low > 0:
            return low
        return high if high is not None and high < 0 else ZERO

    def _from_recovery(self) -> None:
        """Solve y_i = a·x_k + (known) for x_k wherever one unknown is left; repeat until nothing changes."""
        pending = list(range(len(self.recovery.terms)))
        while True:
            left = []
            for i in pending:
                unknown = [k for k in self.recovery.terms[i] if k not in self.known]
                if len(unknown) == 1:
                    self._solve_recovery(i, unknown[0])
                elif unknown:
                    left.append(i)
            if len(left) == len(pending) or not left:
                return
            pending = left

    def _solve_recovery(self, i: int, k: int) -> None:
        if len(self.recovery.terms[i]) == 1 and self.recovery.terms[i][k] == 1 and not self.recovery.constants[i]:
            self.known[k] = (ZERO, {i: ONE})
            return
        constant, terms = -self.recovery.constants[i], {i: ONE}
        for other, a in self.recovery.terms[i].items():
            if other != k:
                constant, terms = _add(constant, terms, self.known[other], -a)
        a = self.recovery.terms[i][k]
        self.known[k] = (constant / a, {j: value / a for j, value in terms.items() if value})

    def _choose_pivots(self) -> None:
        """In y_i = Σ a_k·x_k with several unknowns, let one carry y_i and the others rest; then solve on."""
        for i, terms in enumerate(self.recovery.terms):
            unknown = [k for k in terms if k not in self.known]
            if len(unknown) < 2:
                continue
            unknown.sort(key=lambda k: (abs(terms[k]) != 1, k))
            pivot = unknown[-1] if self.last_pivot else unknown[0]
            for k in unknown:
                if k != pivot:
                    self.known[k] = (self._rest(k), {})
            self._solve_recovery(i, pivot)
        self._from_recovery()

    def _from_rows(self, *, equalities_only: bool) -> None:
        """Solve rows with one unknown for it: equalities, or else inequalities made tight."""
        candidate = self.candidate
        queue = [k for k in range(len(candidate.variables)) if k not in self.known]
        progress = True
        while progress:
            progress = False
            for k in queue:
                if k in self.known:
                    continue
                for i in self._rows_for(k, equalities_only):
                    row = candidate.row_terms(i)
                    if any(other != k and other not in self.known for other in row):
                        continue
                    low, high = candidate.row_lower.finite(i), candidate.row_upper.finite(i)
                    side = low if low is not None and (row[k] > 0 or high is None) else high
                    if side is None:
                        continue
                    constant, terms = side, dict[int, Fraction]()
                    for other, a in row.items():
                        if other != k:
                            constant, terms = _add(constant, terms, self.known[other], -a)
                    self.known[k] = (constant / row[k], {j: v / row[k] for j, v in terms.items() if v})
                    progress = True
                    break

    def _rows_for(self, k: int, equalities_only: bool) -> list[int]:
        found = []
        for i in self.candidate.rows_of(k).tolist():
            low, high = self.candidate.row_lower.finite(i), self.candidate.row_upper.finite(i)
            if (low is not None and low == high) == equalities_only:
                found.append(i)
        return found


def _add(
    constant: Fraction, terms: Mapping[int, Fraction], expression: Expression, factor: Fraction
) -> tuple[Fraction, dict[int, Fraction]]:
    result = dict(terms)
    for j, value in expression[1].items():
        result[j] = result.get(j, ZERO) + factor * value
    return constant + factor * expression[0], result
