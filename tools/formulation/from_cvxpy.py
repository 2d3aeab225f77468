"""Turns a cvxpy problem into a formulation, through cvxpy's own reduction to linear or mixed-integer data.

Elements are named after their variable: `x` for a scalar, `x[0]`, `x[0,1]` otherwise; of a symmetric or otherwise
structured matrix only the free entries are variables. What the reduction adds (epigraphs of max, abs, …) is called
`_aux[0]`, `_aux[1]`, … and marked in `Formulation.auxiliary`. Rows are called `eq[k]` and `le[k]`, in cvxpy's order.
Coefficients are the doubles that cvxpy computed, each read as its shortest decimal.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import scipy.sparse as sp

from tools.errors import InputError, UnsupportedError
from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import INFINITY_THRESHOLD, ExactVector, FloatArray, decimal_value
from tools.quiet_cvxpy import import_cvxpy


def formulation_from_cvxpy(problem: Any, *, name: str = "") -> Formulation:
    """Return the formulation of the `cvxpy.Problem`, with its sense and objective constant.

    Raises `UnsupportedError` where it is not a linear or mixed-integer linear problem, naming the part at fault, and
    `InputError` where a parameter has no value.
    """
    cvxpy = import_cvxpy()

    if not problem.variables():
        raise InputError("the cvxpy problem has no variables")
    if not problem.is_dcp():
        raise UnsupportedError("not supported: the cvxpy problem is not convex (DCP); only linear problems are read")
    unset = sorted(str(parameter.name()) for parameter in problem.parameters() if parameter.value is None)
    if unset:
        raise InputError(f"the cvxpy parameter {unset[0]!r} has no value; set its .value first")
    try:
        # without a quadratic objective HIGHS takes linear data only, so that everything else is refused by cvxpy
        data, _, inverse = problem.get_problem_data(cvxpy.HIGHS, solver_opts={"use_quad_obj": False})
    except cvxpy.error.SolverError as error:
        raise UnsupportedError(f"not supported: {_nonlinear_part(problem)}") from error
    except (cvxpy.error.DCPError, cvxpy.error.ParameterError, ValueError) as error:
        raise InputError(f"cvxpy cannot reduce the problem: {_short(error)}") from error

    program = data["param_prob"]
    variables, auxiliary = _names(problem, program)
    count = len(variables)
    kinds = np.full(count, Kind.CONTINUOUS, dtype=np.uint8)
    kinds[np.asarray(data["int_vars_idx"], dtype=np.int64)] = Kind.INTEGER
    binary = np.asarray(data["bool_vars_idx"], dtype=np.int64)
    kinds[binary] = Kind.BINARY
    lower = _bounds(data.get("lower_bounds"), -math.inf, count)
    upper = _bounds(data.get("upper_bounds"), math.inf, count)
    lower[binary] = np.maximum(lower[binary], 0.0)
    upper[binary] = np.minimum(upper[binary], 1.0)
    kinds[binary[(lower[binary] > 1.0) | (upper[binary] < 0.0)]] = Kind.INTEGER

    maximize = isinstance(problem.objective, cvxpy.Maximize)
    sign = -1.0 if maximize else 1.0
    offset = float(np.asarray(inverse[-1]["offset"]).reshape(-1)[0])
    matrix = sp.csr_array(data["A"])
    matrix.sum_duplicates()
    equalities = int(data["dims"].zero)
    sides = np.asarray(data["b"], dtype=np.float64)
    row_lower = np.where(np.arange(len(sides)) < equalities, sides, -math.inf)
    return Formulation.build(
        name=name, sense="maximize" if maximize else "minimize", variables=variables, lower=ExactVector(lower),
        upper=ExactVector(upper), kinds=kinds,
        objective=ExactVector(sign * np.asarray(data["c"], dtype=np.float64)),
        objective_constant=decimal_value(sign * offset) if offset else Fraction(0),
        rows=[f"eq[{k}]" for k in range(equalities)] + [f"le[{k}]" for k in range(len(sides) - equalities)],
        row_lower=ExactVector(row_lower), row_upper=ExactVector(sides), indptr=matrix.indptr.astype(np.int64),
        columns=matrix.indices.astype(np.int64), coefficients=ExactVector(matrix.data), auxiliary=auxiliary,
    )  # fmt: skip


def _nonlinear_part(problem: Any) -> str:
    """Return what makes the problem more than linear, for a message."""
    advice = "only linear and mixed-integer problems are read"
    if not problem.objective.expr.is_pwl():
        return f"the cvxpy objective {_short(problem.objective.expr)} is not piecewise linear; {advice}"
    for position, constraint in enumerate(problem.constraints):
        kind = type(constraint).__name__
        if kind not in ("Inequality", "Equality", "Zero", "NonNeg", "NonPos"):
            return f"a {kind} constraint, constraint {position} ({_short(constraint)}); {advice}"
        if not all(part.is_pwl() for part in constraint.args):
            return f"constraint {position} ({_short(constraint)}) is not piecewise linear; {advice}"
    for variable in problem.variables():
        if any(variable.attributes[key] for key in ("PSD", "NSD")):
            return f"the semidefinite variable {_short(variable.name())}; {advice}"
    return f"cvxpy finds no linear data for the problem; {advice}"


def _names(problem: Any, program: Any) -> tuple[list[str], list[int]]:
    """Return the name of each column of the reduced problem, and which columns the reduction added."""
    own = {variable.id: variable for variable in problem.variables()}
    names: dict[int, str] = {}
    auxiliary: list[int] = []
    for reduced in sorted(program.variables, key=lambda variable: program.var_id_to_col[variable.id]):
        start = program.var_id_to_col[reduced.id]
        original = own.get(reduced.id)
        for k in range(reduced.size):
            if original is None:
                names[start + k] = f"_aux[{len(auxiliary)}]"
                auxiliary.append(start + k)
            else:
                names[start + k] = _element_name(original, reduced, k)
    return [names[column] for column in range(len(names))], auxiliary


def _element_name(original: Any, reduced: Any, k: int) -> str:
    name = str(original.name())
    if original.ndim == 0:
        return name
    if original.shape == reduced.shape and not original.attributes["sparsity"]:
        index = np.unravel_index(k, original.shape, order="F")
    else:
        from cvxpy.reductions.cvx_attr2constr import recover_value_for_variable

        # a structured matrix: the entry is called after the first place that its value fills
        unit = np.zeros(reduced.size)
        unit[k] = 1.0
        filled = recover_value_for_variable(original, unit.reshape(reduced.shape, order="F"), project=False)
        dense = sp.csr_array(filled).toarray()
        index = np.unravel_index(int(np.flatnonzero(dense)[0]), original.shape)
    return f"{name}[{','.join(str(int(i)) for i in index)}]"


def _bounds(values: Any, default: float, count: int) -> FloatArray:
    if values is None:
        return np.full(count, default)
    bounds = np.array(values, dtype=np.float64)
    bounds[np.abs(bounds) >= INFINITY_THRESHOLD] *= math.inf
    return bounds


def _short(item: Any) -> str:
    text = " ".join(str(item).split())
    return text if len(text) <= 60 else text[:59] + "…"
