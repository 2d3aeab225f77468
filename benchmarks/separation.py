"""Whether two models over the same variables differ, and by what point: found with SCIP, checked in rationals.

Only requirements that the two models do not share are looked at; each is asked for a point of the one model that breaks
it in the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Literal

from benchmarks.plain_model import Side
from benchmarks.scip import FeasibleSet, exact_point, worst_violation
from tools.formulation.model import Formulation

Where = Literal["original only", "mutant only", "objective"]
Evidence = Literal["exact", "tolerance"]

CLEAR = 1e-4
"""A relative violation or deviation at least this large is no rounding."""

NEGLIGIBLE = 1e-6
"""A relative violation below this is what a floating-point solver allows itself."""


@dataclass(frozen=True)
class Difference:
    """`what` separates the models; the evidence is an exact point or one that is clearly beyond tolerance."""

    what: str
    where: Where
    evidence: Evidence


def find_difference(original: Formulation, mutant: Formulation, seconds: float) -> Difference | None:
    """Return why the identity is no reformulation between the two, or None where nothing was found.

    Both must have the same variables in the same order. `seconds` bounds each solve.
    """
    if original.variables != mutant.variables:
        raise ValueError("the two models must have the same variables in the same order")
    sides: tuple[tuple[Where, Formulation, Formulation], ...] = (
        ("mutant only", mutant, original),
        ("original only", original, mutant),
    )
    for where, inside, outside in sides:
        points = FeasibleSet(inside, seconds)
        for requirement in _missing(inside, outside):
            evidence = _escapes(points, outside, requirement)
            if evidence is not None:
                return Difference(requirement.what, where, evidence)
    if original.cost_terms != mutant.cost_terms:
        return _objectives_differ(original, mutant, seconds)
    return None


@dataclass(frozen=True)
class _Requirement:
    """form ≤ limit, or, where `limit` is None, form is an integer."""

    what: str
    form: Mapping[int, Fraction]
    limit: Fraction | None


def _missing(inside: Formulation, outside: Formulation) -> Iterator[_Requirement]:
    """Yield what `outside` requires and `inside` does not state in the same words."""
    for i, name in enumerate(outside.rows):
        k = inside.row_index.get(name)
        terms = outside.row_terms(i)
        same = k is not None and inside.row_terms(k) == terms
        mine = (inside.row_lower.finite(k), inside.row_upper.finite(k)) if same and k is not None else (None, None)
        sides = outside.row_lower.finite(i), outside.row_upper.finite(i)
        yield from _sides(f"row {name}", terms, sides, mine)
    for j, name in enumerate(outside.variables):
        mine = inside.lower.finite(j), inside.upper.finite(j)
        theirs = outside.lower.finite(j), outside.upper.finite(j)
        yield from _sides(f"bound of {name}", {j: Fraction(1)}, theirs, mine)
        if outside.integer[j] and not inside.integer[j]:
            yield _Requirement(f"integrality of {name}", {j: Fraction(1)}, None)


def _sides(
    what: str, terms: Mapping[int, Fraction], theirs: tuple[Side, Side], mine: tuple[Side, Side]
) -> Iterator[_Requirement]:
    low, high = theirs
    if low is not None and (mine[0] is None or mine[0] < low):
        yield _Requirement(what, {j: -a for j, a in terms.items()}, -low)
    if high is not None and (mine[1] is None or mine[1] > high):
        yield _Requirement(what, terms, high)


def _escapes(points: FeasibleSet, outside: Formulation, requirement: _Requirement) -> Evidence | None:
    """Say how surely some point of the set breaks the requirement."""
    limit = requirement.limit
    if limit is None:
        found = [points.fractional(requirement.form, Fraction(0), margin) for margin in (0.25, 0.01)]
    else:
        found = [points.beyond(requirement.form, float(limit))]
    for extreme in found:
        if extreme.point is None:
            continue
        exact = exact_point(points.model, extreme.point)
        if exact is not None and not outside.is_feasible(exact):
            return "exact"
        near = [Fraction(extreme.point[j]) for j in range(len(outside.variables))]
        if worst_violation(points.model, near) <= NEGLIGIBLE and worst_violation(outside, near) >= CLEAR:
            return "tolerance"
    return None


def _objectives_differ(original: Formulation, mutant: Formulation, seconds: float) -> Difference | None:
    """Look for feasible points at which no s > 0 and t give c_original = s·c_mutant + t."""
    points = FeasibleSet(original, seconds)
    changed = {j for j in {*original.cost_terms, *mutant.cost_terms}
               if original.cost_terms.get(j) != mutant.cost_terms.get(j)}  # fmt: skip
    forms = [dict(original.cost_terms), dict(mutant.cost_terms), *({j: Fraction(1)} for j in sorted(changed))]
    pairs: list[tuple[Fraction, Fraction]] = []
    all_exact = True
    for form in forms:
        for sign in (1, -1):
            point = _some_extreme(points, {j: sign * a for j, a in form.items()})
            if point is None:
                continue
            exact = exact_point(original, point)
            all_exact &= exact is not None
            values = exact or [Fraction(point[j]) for j in range(len(original.variables))]
            pairs.append((mutant.cost_value(values), original.cost_value(values)))
    if no_relation(pairs, 0.0 if all_exact else CLEAR):
        names = ", ".join(original.variables[j] for j in sorted(changed)[:3])
        return Difference(f"objective of {names}", "objective", "exact" if all_exact else "tolerance")
    return None


def _some_extreme(points: FeasibleSet, form: Mapping[int, Fraction]) -> dict[int, float] | None:
    for cap, floor in ((None, None), (1e3, -1e3), (1e6, -1e6)):
        extreme = points.largest(form, cap, floor)
        if extreme.answer in ("optimal", "limit") and extreme.point is not None:
            return extreme.point
    return None


def no_relation(pairs: list[tuple[Fraction, Fraction]], tolerance: float) -> bool:
    """Say whether no s > 0 and t give second = s·first + t for all pairs, beyond a relative `tolerance`."""
    if len(pairs) < 2:
        return False
    (p, q), (u, v) = max(combinations(pairs, 2), key=lambda two: abs(two[0][0] - two[1][0]))
    spread = max(abs(b - d) for (_, b), (_, d) in combinations(pairs, 2))
    scale = max(1.0, *(abs(float(value)) for pair in pairs for value in pair))
    if abs(float(p - u)) <= tolerance * scale or p == u:
        return float(spread) > 10 * tolerance * scale
    slope = (q - v) / (p - u)
    if slope <= 0:
        return abs(float(spread)) > tolerance * scale or spread == 0
    return any(abs(float(b - (slope * (a - p) + q))) > tolerance * scale for a, b in pairs)
