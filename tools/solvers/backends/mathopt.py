"""Translates problems and answers between arrays and OR-tools MathOpt's protocol buffers, without per-term objects."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tools.formulation.numbers import FloatArray
from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import BasisStatus, SolveResult

LIBRARY = "ortools.math_opt.core.python.solver"
"""MathOpt's native core; the modelling layer above it adds 0.4 s of imports and an object for every term."""

SolverType = Literal["SOLVER_TYPE_GLOP", "SOLVER_TYPE_GSCIP"]


def ask_mathopt(problem: NumericProblem, limits: Limits, solver_type: SolverType) -> Any:
    """Return MathOpt's `SolveResultProto` for `problem`; raises its `StatusNotOk` where it refuses the model."""
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2
    from ortools.math_opt.core.python import solver

    return solver.solve(
        _model(problem),
        parameters_pb2.SolverTypeProto.Value(solver_type),
        parameters_pb2.SolverInitializerProto(),
        _parameters(problem, limits),
        model_parameters_pb2.ModelSolveParametersProto(),
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )


def is_undecided(answer: Any) -> bool:
    """Say whether the solver left open which of infeasible and unbounded it is."""
    return _reason(answer) == "INFEASIBLE_OR_UNBOUNDED"


def read_answer(problem: NumericProblem, answer: Any) -> SolveResult:
    """Return the decided `answer` as a result: point, duals, basis and rays where MathOpt sent them."""
    rows, columns = problem.shape
    reason = _reason(answer)
    detail = answer.termination.detail or reason.lower().replace("_", " ")
    point = row_duals = reduced_costs = column_basis = row_basis = ray = None
    feasible = 2  # SOLUTION_STATUS_FEASIBLE
    if answer.solutions:
        solution = answer.solutions[0]
        if solution.HasField("primal_solution") and solution.primal_solution.feasibility_status == feasible:
            point = _dense(solution.primal_solution.variable_values, columns)
        if problem.is_lp and reason == "OPTIMAL":
            if solution.HasField("dual_solution"):
                row_duals = _dense(solution.dual_solution.dual_values, rows)
                reduced_costs = _dense(solution.dual_solution.reduced_costs, columns)
            if solution.HasField("basis"):
                column_basis = _basis(solution.basis.variable_status, columns)
                row_basis = _basis(solution.basis.constraint_status, rows)
    if answer.primal_rays:
        ray = _dense(answer.primal_rays[0].variable_values, columns)
    dual_ray = _dense(answer.dual_rays[0].dual_values, rows) if answer.dual_rays and problem.is_lp else None
    claimed = float(answer.termination.objective_bounds.dual_bound)
    bound = claimed if np.isfinite(claimed) else None
    match reason:
        case "OPTIMAL":
            return SolveResult(
                "optimal", "", detail, point=point, bound=bound, row_duals=row_duals, reduced_costs=reduced_costs,
                column_basis=column_basis, row_basis=row_basis,
            )  # fmt: skip
        case "INFEASIBLE":
            return SolveResult("infeasible", "", detail, dual_ray=dual_ray)
        case "UNBOUNDED":
            return SolveResult("unbounded", "", detail, point=point, ray=ray)
        case "FEASIBLE" | "NO_SOLUTION_FOUND":
            return SolveResult("limit", "", detail, point=point, bound=bound)
        case _:  # imprecise, numerical error, other error, and reasons of later versions
            return SolveResult("failed", "", detail, point=point)


def _reason(answer: Any) -> str:
    from ortools.math_opt import result_pb2

    return str(result_pb2.TerminationReasonProto.Name(answer.termination.reason)).removeprefix("TERMINATION_REASON_")


def _model(problem: NumericProblem) -> Any:
    from ortools.math_opt import model_pb2

    rows, columns = problem.shape
    model = model_pb2.ModelProto()
    model.variables.ids.extend(range(columns))
    model.variables.lower_bounds.extend(problem.lower.tolist())
    model.variables.upper_bounds.extend(problem.upper.tolist())
    model.variables.integers.extend(problem.integer.tolist())
    costed = np.flatnonzero(problem.cost)
    model.objective.linear_coefficients.ids.extend(costed.tolist())
    model.objective.linear_coefficients.values.extend(problem.cost[costed].tolist())
    model.linear_constraints.ids.extend(range(rows))
    model.linear_constraints.lower_bounds.extend(problem.row_lower.tolist())
    model.linear_constraints.upper_bounds.extend(problem.row_upper.tolist())
    matrix = problem.matrix
    model.linear_constraint_matrix.row_ids.extend(np.repeat(np.arange(rows), np.diff(matrix.indptr)).tolist())
    model.linear_constraint_matrix.column_ids.extend(matrix.indices.tolist())
    model.linear_constraint_matrix.coefficients.extend(matrix.data.tolist())
    return model


def _parameters(problem: NumericProblem, limits: Limits) -> Any:
    from ortools.math_opt import parameters_pb2

    parameters = parameters_pb2.SolveParametersProto()
    parameters.time_limit.FromNanoseconds(int(limits.seconds * 1e9))
    parameters.random_seed = limits.seed
    if problem.is_lp:
        if limits.iterations is not None:
            parameters.iteration_limit = limits.iterations
        return parameters
    parameters.threads = 1
    parameters.absolute_gap_tolerance = limits.absolute_gap
    parameters.relative_gap_tolerance = limits.relative_gap
    if limits.nodes is not None:
        parameters.node_limit = limits.nodes
    return parameters


def _dense(vector: Any, length: int) -> FloatArray:
    values = np.zeros(length, dtype=np.float64)
    values[np.array(vector.ids, dtype=np.int64)] = vector.values
    return values


def _basis(vector: Any, length: int) -> NDArray[np.int8]:
    from ortools.math_opt import solution_pb2

    codes = {
        solution_pb2.BASIS_STATUS_FREE: BasisStatus.FREE,
        solution_pb2.BASIS_STATUS_AT_LOWER_BOUND: BasisStatus.AT_LOWER,
        solution_pb2.BASIS_STATUS_AT_UPPER_BOUND: BasisStatus.AT_UPPER,
        solution_pb2.BASIS_STATUS_FIXED_VALUE: BasisStatus.AT_LOWER,
        solution_pb2.BASIS_STATUS_BASIC: BasisStatus.BASIC,
    }
    basis = np.zeros(length, dtype=np.int8)
    basis[np.array(vector.ids, dtype=np.int64)] = [codes[status] for status in vector.values]
    return basis
