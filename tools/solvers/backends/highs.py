"""HiGHS through highspy: default for linear programs, because it yields basis, duals, Farkas ray and primal ray."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.formulation.numbers import FloatArray
from tools.solvers.backends.backend import Backend, refuse_nothing
from tools.solvers.backends.undecided import settle_undecided
from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import BasisStatus, SolveResult

_SMALLEST_KEPT_COEFFICIENT = 1e-12
"""HiGHS drops smaller coefficients; its default of 1e-9 drops data that a model may mean."""


def solve_with_highs(problem: NumericProblem, limits: Limits) -> SolveResult:
    """Return what HiGHS says about `problem`; one thread, zero gaps, no output."""
    import highspy

    started = time.monotonic()
    model = _solver(problem, limits)
    if model.run() == highspy.HighsStatus.kError:
        return SolveResult("failed", "", f"HiGHS stopped with an error ({_status_text(model)})")
    status = model.getModelStatus()
    states = highspy.HighsModelStatus
    text = _status_text(model)
    information = model.getInfo()
    point = _point(model, information)
    if status == states.kOptimal:
        bound = float(information.objective_function_value if problem.is_lp else information.mip_dual_bound)
        if not problem.is_lp:
            return SolveResult("optimal", "", text, point=point, bound=bound)
        solution = model.getSolution()
        column_basis, row_basis = _basis(model)
        return SolveResult(
            "optimal", "", text, point=point, bound=bound,
            row_duals=np.array(solution.row_dual, dtype=np.float64),
            reduced_costs=np.array(solution.col_dual, dtype=np.float64),
            column_basis=column_basis, row_basis=row_basis,
        )  # fmt: skip
    if status == states.kInfeasible:
        dual_ray = _ray(model.getDualRay()) if problem.is_lp else None
        return SolveResult("infeasible", "", text, dual_ray=dual_ray)
    if status == states.kUnbounded:
        ray = _ray(model.getPrimalRay()) if problem.is_lp else None
        return SolveResult("unbounded", "", text, point=point, ray=ray)
    if status == states.kUnboundedOrInfeasible:
        return settle_undecided(problem, limits, started, solve_with_highs)
    if status in {
        states.kTimeLimit, states.kIterationLimit, states.kSolutionLimit, states.kInterrupt, states.kObjectiveBound,
        states.kObjectiveTarget,
    }:  # fmt: skip
        bound = float("-inf") if problem.is_lp else float(information.mip_dual_bound)
        return SolveResult("limit", "", text, point=point, bound=bound if np.isfinite(bound) else None)
    return SolveResult("failed", "", text, point=point)


def _solver(problem: NumericProblem, limits: Limits) -> Any:
    import highspy

    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = problem.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = problem.cost, problem.lower, problem.upper
    lp.row_lower_, lp.row_upper_ = problem.row_lower, problem.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_row_, lp.a_matrix_.num_col_ = problem.shape
    lp.a_matrix_.start_ = problem.matrix.indptr
    lp.a_matrix_.index_ = problem.matrix.indices
    lp.a_matrix_.value_ = problem.matrix.data
    if not problem.is_lp:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[integer] for integer in problem.integer.tolist()]
    model = highspy.Highs()
    options: dict[str, object] = {
        "output_flag": False, "threads": 1, "random_seed": limits.seed, "time_limit": limits.seconds,
        "mip_rel_gap": limits.relative_gap, "mip_abs_gap": limits.absolute_gap,
    }  # fmt: skip
    if limits.nodes is not None:
        options["mip_max_nodes"] = limits.nodes
    if limits.iterations is not None:
        options["simplex_iteration_limit"] = limits.iterations
    for name, value in options.items():
        model.setOptionValue(name, value)
    # The same option decides which coefficients are dropped and when a Farkas proof counts: with the small value in
    # the solve itself, HiGHS ends many infeasible models as "Unknown".
    _, default = model.getOptionValue("small_matrix_value")
    model.setOptionValue("small_matrix_value", _SMALLEST_KEPT_COEFFICIENT)
    accepted = model.passModel(lp) != highspy.HighsStatus.kError
    model.setOptionValue("small_matrix_value", default)
    if not accepted:
        raise ValueError("HiGHS refused the model (a coefficient, cost or bound is too large for it)")
    return model


def _status_text(model: Any) -> str:
    return str(model.modelStatusToString(model.getModelStatus()))


def _point(model: Any, information: Any) -> FloatArray | None:
    import highspy

    if information.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
        return None
    return np.array(model.getSolution().col_value, dtype=np.float64)


def _ray(answer: tuple[Any, bool, FloatArray]) -> FloatArray | None:
    _, exists, values = answer
    return np.array(values, dtype=np.float64) if exists else None


def _basis(model: Any) -> tuple[NDArray[np.int8], NDArray[np.int8]] | tuple[None, None]:
    import highspy

    basis = model.getBasis()
    if not basis.valid:
        return None, None
    states = highspy.HighsBasisStatus
    codes = {
        states.kLower: BasisStatus.AT_LOWER, states.kBasic: BasisStatus.BASIC, states.kUpper: BasisStatus.AT_UPPER,
        states.kZero: BasisStatus.FREE, states.kNonbasic: BasisStatus.AT_LOWER,
    }  # fmt: skip
    return (
        np.array([codes[status] for status in basis.col_status], dtype=np.int8),
        np.array([codes[status] for status in basis.row_status], dtype=np.int8),
    )


HIGHS = Backend(
    name="highs", family="HiGHS", library="highspy", scope="milp", refusal=refuse_nothing, solve=solve_with_highs,
    gives_basis=True, gives_rays=True,
)  # fmt: skip
