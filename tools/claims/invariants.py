"""Invariants that no mapping, or no affine mapping, between two models can change: refutations without a mapping.

If some f is sound and complete for some σ, then f maps F(C) onto F(R) and every reference solution is matched at equal
objective value. Hence: equal statuses; no more points in F(R) than in F(C), countably many if these are, nor more
optimal ones; no more objective values attained in F(R) than in F(C). If f is affine, F(R) is an affine image of F(C):
bounded if F(C) is, and of no higher dimension.

A recovery may complete some variables; then all this holds of F(R) projected onto the others, so only variables that
can never be completed are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import flint
import numpy as np

from tools.claims.completable import completable
from tools.claims.enumeration import enumerate_points, finite_bounds
from tools.claims.explain import exact_entries
from tools.claims.facts import Facts, recession
from tools.claims.optimality import WORDS
from tools.claims.rounding import has_rounded_data
from tools.exact.linear_algebra import to_fmpq
from tools.exact.prover import Prover
from tools.formulation.derive import with_rows
from tools.formulation.model import Formulation
from tools.report import Strength

LARGEST_DIMENSION_CHECK = 60
"""The dimension argument is tried on models of at most this many variables."""


@dataclass(frozen=True)
class Impossibility:
    """No mapping of the stated scope can be sound and complete (or, for a status, fulfil any contract).

    `shown` is the argument as a certificate states it: its name under "by", and the points it rests on by names.
    """

    scope: Literal["any mapping", "every affine mapping"]
    reason: str
    strength: Strength
    about: Literal["status", "reformulation"] = "reformulation"
    shown: Mapping[str, Any] = field(default_factory=dict)


def status_differs(reference: Facts | None, candidate: Facts | None) -> Impossibility | None:
    """Refute every mapping when one model has an optimum, is infeasible or unbounded and the other is not alike."""
    if reference is None or candidate is None or "unknown" in (reference.status, candidate.status):
        return None
    if reference.status == candidate.status:
        return None
    strength: Strength = "exact" if reference.strength == candidate.strength == "exact" else "solver"
    reason = f"the reference {WORDS[reference.status]}, the candidate {WORDS[candidate.status]}"
    return Impossibility("any mapping", reason, strength, "status", {"by": "status"})


def reformulation_impossible(reference: Prover, candidate: Prover) -> Impossibility | None:
    """Refute that any (or any affine) mapping is sound and complete, by counting, finiteness, bounds or dimension.

    Nothing is refuted where data look rounded: a last digit decides whether an integer point counts.
    """
    if has_rounded_data(reference.model) or has_rounded_data(candidate.model):
        return None
    if len(candidate.model.variables) + len(reference.model.variables) > 4 * LARGEST_DIMENSION_CHECK:
        return None
    free = completable(reference.model)
    mapped = [j for j in range(len(reference.model.variables)) if j not in free]
    by_count = _by_count(reference, candidate, mapped)
    if by_count is not None:
        return by_count
    return (
        _by_optima(reference, candidate, mapped)
        or _by_recession(reference, candidate, mapped)
        or _by_dimension(reference, candidate, mapped)
    )


def _by_optima(reference: Prover, candidate: Prover, mapped: Sequence[int]) -> Impossibility | None:
    """Count optimal solutions, by listing: an optimal y is f(x) with σ(c_C(x)) ≤ z_R = σ(z_C), so x is optimal."""
    theirs = _optimal_points(candidate)
    if not theirs:
        return None
    ours = _optimal_points(reference)
    different = len({tuple(point[j] for j in mapped) for point in ours or ()})
    if different <= len(theirs):
        return None
    reason = f"{_counted(different, len(ours or ()), 'optimal solutions')}, the candidate has only {len(theirs)}"
    levels = {
        side: str(min(map(prover.model.cost_value, points or ())))
        for side, prover, points in (("reference", reference, ours), ("candidate", candidate, theirs))
    }
    return Impossibility("any mapping", reason, "exact", shown={"by": "optima", **levels})


def _counted(different: int, every: int, what: str) -> str:
    if different == every:
        return f"the reference has {different} {what}"
    return f"{different} of the reference's {every} {what} differ in variables that must be mapped"


def _optimal_points(prover: Prover) -> list[list[Fraction]] | None:
    """Return all optimal points of a small finite set, or None; a listing of all good points shows what is optimal."""
    model = prover.model
    if not model.cost_terms or not model.integer.all():
        return None
    result = prover.minimise(model.cost_terms)
    good = None if result.point is None else prover.exact_point(result.point, model.cost_terms)
    if good is None:
        return None
    level = model.cost_value(good) - model.cost_constant
    near = Prover(with_rows(model, [("level", model.cost_terms, None, level)]), prover.budget)
    points = enumerate_points(near, prover.budget.enumeration)
    if points is None:
        return None
    best = min(map(model.cost_value, points))
    return [point for point in points if model.cost_value(point) == best]


def _by_count(reference: Prover, candidate: Prover, mapped: Sequence[int]) -> Impossibility | None:
    if candidate.model.integer.all() and not reference.model.integer.all():
        shown = _infinity(reference, mapped)
        if shown is not None:
            reason = "all candidate variables are integer, and the reference's solutions hold a whole segment"
            return Impossibility("any mapping", reason, "exact", shown={"by": "countable", **shown})
    theirs = enumerate_points(candidate, candidate.budget.enumeration)
    if theirs is None:
        if reference.model.integer.all() and finite_bounds(candidate) is not None:
            shown = _infinity(reference, mapped)
            if shown is not None:
                reason = "the candidate has finitely many solutions, the reference infinitely many"
                return Impossibility("any mapping", reason, "exact", shown=_finite(shown))
        return None
    ours = enumerate_points(reference, reference.budget.enumeration)
    if ours is None:
        shown = _infinity(reference, mapped)
        if shown is not None:
            reason = f"the candidate has only {len(theirs)} solutions, the reference infinitely many"
            return Impossibility("any mapping", reason, "exact", shown=_finite(shown))
        return None
    different = len({tuple(point[j] for j in mapped) for point in ours})
    if different > len(theirs):
        reason = f"{_counted(different, len(ours), 'solutions')}, the candidate has only {len(theirs)}"
        return Impossibility("any mapping", reason, "exact", shown={"by": "points"})
    our_values = {reference.model.cost_value(point) for point in ours}
    their_values = {candidate.model.cost_value(point) for point in theirs}
    if len(our_values) > len(their_values):
        reason = (
            f"reference solutions attain {len(our_values)} objective values, candidate solutions only "
            f"{len(their_values)}, and equal values are needed at matched solutions"
        )
        return Impossibility("any mapping", reason, "exact")
    return None


def _infinity(prover: Prover, mapped: Sequence[int]) -> dict[str, Any] | None:
    """Return two exact points of the set, or a point and a ray, by which mapped variables take infinitely many values.

    The points differ in mapped variables and in continuous ones only: their segment is in the set.
    """
    model = prover.model
    if model.integer.all():
        return _ray(prover, mapped)
    base = _any_point(prover)
    if base is None:
        return None
    fixed = _fix_integers(model, base)
    inner = Prover(fixed, prover.budget)
    for j in [j for j in mapped if not model.integer[j]][:10]:
        ends = []
        for sign in (1, -1):
            result = inner.minimise({j: Fraction(sign)})
            if result.status == "unbounded":
                direction = _recession_direction(inner, mapped)
                if direction is None:
                    return None
                further = [value + move for value, move in zip(base, direction, strict=True)]
                return {"points": [exact_entries(model, base), exact_entries(model, further)]}
            point = None if result.point is None else inner.exact_point(result.point, {j: Fraction(sign)})
            ends.append(point)
        if ends[0] is not None and ends[1] is not None and ends[0][j] < ends[1][j]:
            return {"points": [exact_entries(model, ends[0]), exact_entries(model, ends[1])]}
    return None


def _finite(shown: dict[str, Any]) -> dict[str, Any]:
    """Return the argument against a finite candidate; a certificate has none where a ray is needed for it."""
    return {"by": "finite", **shown} if "points" in shown else {}


def _point_and_ray(model: Formulation, point: Sequence[Fraction], ray: Sequence[Fraction]) -> dict[str, Any]:
    return {"point": exact_entries(model, point), "ray": exact_entries(model, ray)}


def _any_point(prover: Prover) -> list[Fraction] | None:
    result = prover.minimise({})
    return None if result.point is None else prover.exact_point(result.point)


def _fix_integers(model: Formulation, point: list[Fraction]) -> Formulation:
    return with_rows(
        model,
        [(f"fix {j}", {j: Fraction(1)}, point[j], point[j]) for j in np.flatnonzero(model.integer).tolist()],
    )


def _ray(prover: Prover, mapped: Sequence[int]) -> dict[str, Any] | None:
    """Return an exact point of the set and a rational ray of its relaxation that moves a mapped variable."""
    point = _any_point(prover)
    direction = None if point is None else _recession_direction(prover, mapped)
    return None if point is None or direction is None else _point_and_ray(prover.model, point, direction)


def _recession_direction(prover: Prover, mapped: Sequence[int]) -> list[Fraction] | None:
    cone = Prover(recession(prover.model), prover.budget)
    for j in mapped:
        for sign in (1, -1):
            result = cone.minimise({j: Fraction(sign)})
            if result.point is None or result.objective is None or result.objective > -1e-6:
                continue
            direction = cone.exact_point(result.point, {j: Fraction(sign)})
            if direction is not None and direction[j]:
                return direction
    return None


def _by_recession(reference: Prover, candidate: Prover, mapped: Sequence[int]) -> Impossibility | None:
    """F(R) unbounded and F(C) bounded: no affine f maps one onto the other."""
    model = candidate.model
    bounded = all(
        model.lower.finite(j) is not None and model.upper.finite(j) is not None for j in range(len(model.variables))
    )
    shown = _ray(reference, mapped) if bounded else None
    if shown is not None:
        reason = "the reference's feasible set is unbounded, the candidate's is bounded"
        return Impossibility("every affine mapping", reason, "exact", shown={"by": "bounded", **shown})
    return None


def _by_dimension(reference: Prover, candidate: Prover, mapped: Sequence[int]) -> Impossibility | None:
    """dim F(R) > dim F(C): affinely independent points of F(R) against the rank of the candidate's equalities."""
    if len(reference.model.variables) > LARGEST_DIMENSION_CHECK:
        return None
    limit = _dimension_at_most(candidate.model)
    if limit >= len(mapped):
        return None
    points: list[list[Fraction]] = []
    for j in mapped:
        for sign in (1, -1):
            if reference.budget.expired:
                return None
            result = reference.minimise({j: Fraction(sign)})
            point = None if result.point is None else reference.exact_point(result.point)
            if point is not None and point not in points:
                points.append(point)
    if len(points) < 2:
        return None
    differences = [[point[j] - points[0][j] for j in mapped] for point in points[1:]]
    dimension = _rank(differences)
    if dimension > limit:
        reason = f"the reference's feasible set has dimension at least {dimension}, the candidate's at most {limit}"
        return Impossibility("every affine mapping", reason, "exact")
    return None


def _dimension_at_most(model: Formulation) -> int:
    n = len(model.variables)
    rows: list[list[Fraction]] = []
    for i in range(len(model.rows)):
        low = model.row_lower.finite(i)
        if low is not None and low == model.row_upper.finite(i):
            terms = model.row_terms(i)
            rows.append([terms.get(j, Fraction(0)) for j in range(n)])
    for j in range(n):
        low = model.lower.finite(j)
        if low is not None and low == model.upper.finite(j):
            rows.append([Fraction(int(j == k)) for k in range(n)])
    return n - _rank(rows)


def _rank(rows: list[list[Fraction]]) -> int:
    if not rows or not rows[0]:
        return 0
    matrix = flint.fmpq_mat(len(rows), len(rows[0]), [to_fmpq(value) for row in rows for value in row])
    return int(matrix.rref()[1])
