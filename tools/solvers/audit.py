"""Recomputes what a solver says about its own answer, and takes away the claims that do not hold."""

from __future__ import annotations

import dataclasses

import numpy as np

from tools.formulation.numbers import FloatArray
from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult
from tools.solvers.tolerances import DEFAULT_TOLERANCES, Tolerances


def audited(
    problem: NumericProblem, result: SolveResult, limits: Limits, tolerances: Tolerances = DEFAULT_TOLERANCES
) -> SolveResult:
    """Return `result` with objective and residual recomputed, and nothing in it that its own numbers contradict.

    "optimal" without a point, with a point beyond tolerance, or with a bound away from the objective by more than the
    gaps allow becomes `failed`; an infeasible point of any other status is dropped, as is a ray that is none. Reduced
    costs are recomputed as cost − Aᵀ row_duals.
    """
    result = _with_certificates(problem, result, tolerances)
    point = result.point
    if point is None or len(point) != len(problem.cost) or not np.isfinite(point).all():
        without = dataclasses.replace(result, point=None)
        return _failed(without, "says optimal and returns no finite point") if result.status == "optimal" else without
    absolute, relative = violation(problem, point)
    fraction = _distance_to_integers(problem, point)
    objective = problem.objective_at(point)
    residual = max(absolute, fraction)
    if relative > tolerances.feasibility or fraction > tolerances.integrality:
        if result.status != "optimal":
            return dataclasses.replace(result, point=None)
        measured = dataclasses.replace(result, point=None, residual=residual)
        return _failed(measured, f"says optimal and its point violates the model by {residual:.3g}")
    measured = dataclasses.replace(result, objective=objective, residual=residual)
    if result.status != "optimal" or result.bound is None:
        return measured
    allowed = limits.absolute_gap + limits.relative_gap * abs(objective)
    # The objective may lie below the bound as well: both directions are a contradiction.
    if abs(objective - result.bound) > allowed and not _agree(problem, objective, result.bound, point, tolerances):
        return _failed(measured, f"says optimal with bound {result.bound!r}, and its point has objective {objective!r}")
    return measured


def violation(problem: NumericProblem, point: FloatArray) -> tuple[float, float]:
    """Return the largest violation of a row or variable bound: absolute, and relative to max(1, terms, bound)."""
    matrix = problem.matrix
    activity = matrix @ point
    size = np.abs(matrix.data * point[matrix.indices])
    terms = np.ones(len(activity))
    np.maximum.at(terms, np.repeat(np.arange(len(activity)), np.diff(matrix.indptr)), size)
    row_absolute, row_relative = _beyond(activity, problem.row_lower, problem.row_upper, terms)
    absolute, relative = _beyond(point, problem.lower, problem.upper, np.ones(len(point)))
    return max(row_absolute, absolute), max(row_relative, relative)


def _beyond(values: FloatArray, low: FloatArray, high: FloatArray, scale: FloatArray) -> tuple[float, float]:
    excess = np.maximum(np.maximum(low - values, values - high), 0.0)
    bound = np.where(values < low, low, high)
    scale = np.maximum(scale, np.where(np.isfinite(bound), np.abs(bound), 0.0))
    return float(excess.max(initial=0.0)), float((excess / scale).max(initial=0.0))


def _distance_to_integers(problem: NumericProblem, point: FloatArray) -> float:
    values = point[problem.integer]
    return float(np.abs(values - np.rint(values)).max(initial=0.0))


def _agree(problem: NumericProblem, objective: float, bound: float, point: FloatArray, tolerances: Tolerances) -> bool:
    largest_term = float(np.abs(problem.cost * point).max(initial=0.0))
    return abs(objective - bound) <= tolerances.objective * max(1.0, abs(objective), abs(bound), largest_term)


def _with_certificates(problem: NumericProblem, result: SolveResult, tolerances: Tolerances) -> SolveResult:
    if result.row_duals is not None:
        result = dataclasses.replace(result, reduced_costs=problem.cost - problem.matrix.T @ result.row_duals)
    if result.ray is not None:
        result = dataclasses.replace(result, ray=_checked_ray(problem, result.ray, tolerances))
    if result.dual_ray is not None:
        result = dataclasses.replace(result, dual_ray=_checked_dual_ray(problem, result.dual_ray, tolerances))
    return result


def _checked_ray(problem: NumericProblem, ray: FloatArray, tolerances: Tolerances) -> FloatArray | None:
    size = float(np.abs(ray).max(initial=0.0))
    if len(ray) != len(problem.cost) or not np.isfinite(size) or size == 0.0:
        return None
    direction = ray / size
    cone = NumericProblem(
        cost=problem.cost,
        lower=np.where(np.isfinite(problem.lower), 0.0, -np.inf),
        upper=np.where(np.isfinite(problem.upper), 0.0, np.inf),
        integer=problem.integer,
        matrix=problem.matrix,
        row_lower=np.where(np.isfinite(problem.row_lower), 0.0, -np.inf),
        row_upper=np.where(np.isfinite(problem.row_upper), 0.0, np.inf),
    )
    improves = problem.objective_at(direction) < 0
    return direction if improves and violation(cone, direction)[1] <= tolerances.feasibility else None


def _checked_dual_ray(problem: NumericProblem, dual_ray: FloatArray, tolerances: Tolerances) -> FloatArray | None:
    size = float(np.abs(dual_ray).max(initial=0.0))
    if len(dual_ray) != len(problem.row_lower) or not np.isfinite(size) or size == 0.0:
        return None
    multipliers = dual_ray / size
    feasibility = problem.with_cost(np.zeros(len(problem.cost)))
    return multipliers if dual_bound(feasibility, multipliers, tolerances) > 0 else None


def dual_bound(problem: NumericProblem, row_duals: FloatArray, tolerances: Tolerances = DEFAULT_TOLERANCES) -> float:
    """Return the lower bound on the relaxation's optimum that `row_duals` y give: Σ y·(row side) + min (cost − Aᵀy)·x.

    The minimum is over the variable bounds. With zero cost a bound above zero is a Farkas proof of infeasibility.
    Multipliers and reduced costs within the feasibility tolerance of zero do not count against an infinite bound.
    """
    reduced_costs = problem.cost - problem.matrix.T @ row_duals
    rows = _least(row_duals, problem.row_lower, problem.row_upper, tolerances)
    return rows + _least(reduced_costs, problem.lower, problem.upper, tolerances)


def _least(weights: FloatArray, low: FloatArray, high: FloatArray, tolerances: Tolerances) -> float:
    side = np.where(weights > 0, low, high)
    counts = (weights != 0) & (np.isfinite(side) | (np.abs(weights) > tolerances.feasibility))
    return float((weights[counts] * side[counts]).sum())


def _failed(result: SolveResult, reason: str) -> SolveResult:
    return dataclasses.replace(result, status="failed", message=f"{result.backend} {reason} ({result.message})")
