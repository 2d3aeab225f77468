"""CP-SAT: exact integer arithmetic for bounded integer problems whose data scale exactly to small integers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from tools.errors import InputError
from tools.formulation.numbers import FloatArray, IntArray, decimal_value
from tools.solvers.backends.backend import Backend
from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult

LIBRARY = "ortools.sat.python.cp_model_helper"

_LARGEST_BOUND = 1e9
"""Larger variable bounds make CP-SAT slow long before they overflow."""

_LARGEST_ACTIVITY = 2**60
"""Every partial sum of a row or of the objective must fit 64-bit arithmetic with room to spare."""

_NO_LIMIT = 2**62


@dataclass(frozen=True)
class IntegerForm:
    """The problem in integers: rows and cost multiplied by positive `scale`s so that all coefficients are integer.

    `cost_scale` · (cost · x) is the integer objective. Row and variable bounds are rounded inwards, which loses no
    integer point.
    """

    cost: IntArray
    cost_scale: Fraction
    lower: IntArray
    upper: IntArray
    coefficients: IntArray
    row_lower: list[int]
    row_upper: list[int]


def refuse_inexact(problem: NumericProblem) -> str | None:
    """Return why `problem` has no exact form in small integers, or None."""
    if not problem.integer.all():
        return "it has continuous variables, and this backend solves pure integer problems only"
    if not (np.isfinite(problem.lower).all() and np.isfinite(problem.upper).all()):
        return "it has unbounded variables, and this backend needs finite bounds"
    if max(np.abs(problem.lower).max(initial=0.0), np.abs(problem.upper).max(initial=0.0)) > _LARGEST_BOUND:
        return f"it has variable bounds beyond {_LARGEST_BOUND:g}"
    try:
        integer_form(problem)
    except InputError as error:
        return str(error)
    return None


def integer_form(problem: NumericProblem) -> IntegerForm:
    """Return `problem` in integers, each double read as its shortest decimal; raises `InputError` when too large."""
    lower, upper = np.ceil(problem.lower).astype(np.int64), np.floor(problem.upper).astype(np.int64)
    reach = np.maximum(1.0, np.maximum(np.abs(problem.lower), np.abs(problem.upper)))
    cost_scale, cost = _scaled_to_integers(problem.cost, "the objective")
    _require_small(float(cost_scale) * float(np.abs(problem.cost) @ reach), "the objective")
    matrix = problem.matrix
    activity: FloatArray = np.asarray(abs(matrix) @ reach)
    scales = [Fraction(1)] * len(activity)
    coefficients = np.floor(matrix.data)
    fractional_entries = np.flatnonzero(matrix.data != coefficients)
    fractional_rows = np.unique(np.searchsorted(matrix.indptr, fractional_entries, side="right") - 1).tolist()
    exact: dict[int, IntArray] = {}
    for row in fractional_rows:
        entries = slice(int(matrix.indptr[row]), int(matrix.indptr[row + 1]))
        scales[row], exact[row] = _scaled_to_integers(matrix.data[entries], f"row {row}")
    for row, size in enumerate(activity.tolist()):
        _require_small(float(scales[row]) * size, f"row {row}")
    integers = coefficients.astype(np.int64)
    for row, values in exact.items():
        integers[matrix.indptr[row] : matrix.indptr[row + 1]] = values
    row_lower = [_scaled_side(side, scale, math.ceil) for side, scale in zip(problem.row_lower.tolist(), scales)]
    row_upper = [_scaled_side(side, scale, math.floor) for side, scale in zip(problem.row_upper.tolist(), scales)]
    return IntegerForm(cost, cost_scale, lower, upper, integers, row_lower, row_upper)


def solve_with_cp_sat(problem: NumericProblem, limits: Limits) -> SolveResult:
    """Return what CP-SAT says about the integer form of `problem`; one worker, so the same seed repeats the run.

    The node limit bounds conflicts, its nearest deterministic measure of work.
    """
    from ortools.sat.python import cp_model_helper

    form = integer_form(problem)
    if any(low > high for low, high in zip(form.row_lower, form.row_upper)):
        return SolveResult("infeasible", "", "a row admits no integer activity")
    model = _model(problem, form)
    parameters = cp_model_helper.SatParameters()
    parameters.num_workers = 1
    parameters.random_seed = limits.seed
    parameters.max_time_in_seconds = limits.seconds
    parameters.absolute_gap_limit = limits.absolute_gap * float(form.cost_scale)
    parameters.relative_gap_limit = limits.relative_gap
    if limits.nodes is not None:
        parameters.max_number_of_conflicts = limits.nodes
    wrapper: Any = cp_model_helper.SolveWrapper()
    wrapper.set_parameters(parameters)
    response = wrapper.solve(model)
    states = cp_model_helper.CpSolverStatus
    if response.status == states.INFEASIBLE:
        return SolveResult("infeasible", "", "infeasible")
    if response.status == states.MODEL_INVALID:
        return SolveResult(
            "failed", "", f"CP-SAT refused the model: {cp_model_helper.CpSatHelper.validate_model(model)}"
        )
    point = np.array(response.solution, dtype=np.float64) if len(response.solution) else None
    bound = float(Fraction(int(response.inner_objective_lower_bound)) / form.cost_scale) if form.cost.any() else 0.0
    if response.status == states.OPTIMAL:
        return SolveResult("optimal", "", "optimal", point=point, bound=bound)
    return SolveResult("limit", "", "time or conflict limit", point=point, bound=bound if point is not None else None)


def _model(problem: NumericProblem, form: IntegerForm) -> Any:
    from ortools.sat.python import cp_model_helper

    model = cp_model_helper.CpModelProto()
    for low, high in zip(form.lower.tolist(), form.upper.tolist()):
        model.variables.add().domain.extend([low, high])
    starts, columns, coefficients = problem.matrix.indptr.tolist(), problem.matrix.indices.tolist(), form.coefficients
    for row, (low, high) in enumerate(zip(form.row_lower, form.row_upper)):
        start, stop = starts[row], starts[row + 1]
        linear = model.constraints.add().linear
        linear.vars.extend(columns[start:stop])
        linear.coeffs.extend(coefficients[start:stop].tolist())
        linear.domain.extend([low, high])
    costed = np.flatnonzero(form.cost)
    if costed.size:
        model.objective.vars.extend(costed.tolist())
        model.objective.coeffs.extend(form.cost[costed].tolist())
    return model


def _scaled_to_integers(values: FloatArray, label: str) -> tuple[Fraction, IntArray]:
    exact = [decimal_value(value) for value in values.tolist()]
    scale = Fraction(math.lcm(*(value.denominator for value in exact)))
    scaled = [int(value * scale) for value in exact]
    _require_small(max(map(abs, scaled), default=0), label)
    return scale, np.array(scaled, dtype=np.int64)


def _require_small(activity: float | int, label: str) -> None:
    if not activity <= _LARGEST_ACTIVITY:
        raise InputError(f"{label} does not scale exactly to integers small enough for 64-bit arithmetic")


def _scaled_side(side: float, scale: Fraction, rounded: Callable[[Fraction], int]) -> int:
    if math.isinf(side):
        return _NO_LIMIT if side > 0 else -_NO_LIMIT
    return max(-_NO_LIMIT, min(_NO_LIMIT, rounded(decimal_value(side) * scale)))


CP_SAT = Backend(
    name="cp_sat", family="CP-SAT", library=LIBRARY, scope="pure-integer", refusal=refuse_inexact,
    solve=solve_with_cp_sat,
)  # fmt: skip
