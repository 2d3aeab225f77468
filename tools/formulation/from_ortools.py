"""Turns OR-Tools models (MathOpt, ModelBuilder) into formulations, entry by entry.

Names are the model's; where it gives none, variables are called `x0`, `x1`, … and rows `c0`, `c1`, … by position. An
integer variable with bounds 0 and 1 is binary. Numbers are the model's doubles, each read as its shortest decimal, and
bounds from 1e20 on are infinite.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tools.errors import InputError, UnsupportedError
from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import INFINITY_THRESHOLD, ExactVector, FloatArray, IntArray, decimal_value
from tools.formulation.triplets import dense_vector, sparse_rows


def formulation_from_mathopt(model: Any, *, name: str = "") -> Formulation:
    """Return the formulation of the `ortools.math_opt.python.mathopt.Model`. Raises `UnsupportedError` if nonlinear."""
    proto = model.export_model()
    if proto.objective.quadratic_coefficients.row_ids:
        _refuse("a quadratic objective")
    for field, what in (
        ("auxiliary_objectives", "several objectives"), ("quadratic_constraints", "a quadratic row"),
        ("second_order_cone_constraints", "a second-order cone"), ("sos1_constraints", "a special ordered set (SOS)"),
        ("sos2_constraints", "a special ordered set (SOS)"), ("indicator_constraints", "an indicator constraint"),
    ):  # fmt: skip
        entries = getattr(proto, field)
        if entries:
            _refuse(what, next((str(entries[key].name) for key in sorted(entries)), ""))
    variable_ids = np.array(proto.variables.ids, dtype=np.int64)
    row_ids = np.array(proto.linear_constraints.ids, dtype=np.int64)
    matrix = proto.linear_constraint_matrix
    costs = proto.objective.linear_coefficients
    return _build(
        name=name or proto.name, maximize=proto.objective.maximize, offset=proto.objective.offset,
        variables=_names(proto.variables.names, len(variable_ids), "x"), integer=list(proto.variables.integers),
        lower=proto.variables.lower_bounds, upper=proto.variables.upper_bounds,
        cost_columns=np.searchsorted(variable_ids, np.array(costs.ids, dtype=np.int64)), costs=costs.values,
        rows=_names(proto.linear_constraints.names, len(row_ids), "c"),
        row_lower=proto.linear_constraints.lower_bounds, row_upper=proto.linear_constraints.upper_bounds,
        row_of=np.searchsorted(row_ids, np.array(matrix.row_ids, dtype=np.int64)),
        column_of=np.searchsorted(variable_ids, np.array(matrix.column_ids, dtype=np.int64)),
        coefficients=matrix.coefficients,
    )  # fmt: skip


def formulation_from_model_builder(model: Any, *, name: str = "") -> Formulation:
    """Return the formulation of the `ortools.linear_solver.python.model_builder.Model`; refuses indicators and more."""
    proto = model.export_to_proto()
    for entry in proto.general_constraint:
        _refuse(f"a general constraint ({entry.WhichOneof('general_constraint')})", entry.name)
    if proto.HasField("quadratic_objective") and len(proto.quadratic_objective.coefficient):
        _refuse("a quadratic objective")
    variables, rows = proto.variable, proto.constraint
    costs = [float(variable.objective_coefficient) for variable in variables]
    row_of = [i for i, row in enumerate(rows) for _ in row.var_index]
    return _build(
        name=name or proto.name, maximize=proto.maximize, offset=proto.objective_offset,
        variables=_names([variable.name for variable in variables], len(variables), "x"),
        integer=[variable.is_integer for variable in variables],
        lower=[variable.lower_bound for variable in variables], upper=[variable.upper_bound for variable in variables],
        cost_columns=np.arange(len(costs), dtype=np.int64), costs=costs,
        rows=_names([row.name for row in rows], len(rows), "c"),
        row_lower=[row.lower_bound for row in rows], row_upper=[row.upper_bound for row in rows],
        row_of=np.array(row_of, dtype=np.int64),
        column_of=np.array([j for row in rows for j in row.var_index], dtype=np.int64),
        coefficients=[a for row in rows for a in row.coefficient],
    )  # fmt: skip


def _build(
    *,
    name: str,
    maximize: bool,
    offset: float,
    variables: list[str],
    integer: list[bool],
    lower: Sequence[float],
    upper: Sequence[float],
    cost_columns: IntArray,
    costs: Sequence[float],
    rows: list[str],
    row_lower: Sequence[float],
    row_upper: Sequence[float],
    row_of: IntArray,
    column_of: IntArray,
    coefficients: Sequence[float],
) -> Formulation:
    if not all(math.isfinite(value) for value in (*costs, *coefficients, offset)):
        raise InputError("the OR-Tools model has a coefficient that is not a finite number")
    low, high = _limits(lower), _limits(upper)
    kinds = np.where(np.array(integer, dtype=np.bool_), np.uint8(Kind.INTEGER), np.uint8(Kind.CONTINUOUS))
    kinds[(kinds == Kind.INTEGER) & (low == 0) & (high == 1)] = Kind.BINARY
    starts, columns, values = sparse_rows(
        row_of, column_of, ExactVector(np.array(coefficients, dtype=np.float64)), len(rows)
    )
    return Formulation.build(
        name=name, sense="maximize" if maximize else "minimize", variables=variables, lower=ExactVector(low),
        upper=ExactVector(high), kinds=kinds,
        objective=dense_vector(cost_columns, ExactVector(np.array(costs, dtype=np.float64)), len(variables)),
        objective_constant=decimal_value(offset), rows=rows, row_lower=ExactVector(_limits(row_lower)),
        row_upper=ExactVector(_limits(row_upper)), indptr=starts, columns=columns, coefficients=values,
    )  # fmt: skip


def _limits(values: Sequence[float]) -> FloatArray:
    limits = np.array(values, dtype=np.float64)
    limits[np.abs(limits) >= INFINITY_THRESHOLD] *= math.inf
    return limits


def _names(given: Sequence[str], count: int, letter: str) -> list[str]:
    names = [str(name) for name in given] or [""] * count
    taken = set(names)
    for position, name in enumerate(names):
        if not name:
            name = f"{letter}{position}"
            while name in taken:
                name += "_"
            taken.add(name)
            names[position] = name
    return names


def _refuse(what: str, name: str = "") -> None:
    place = f", {name!r}" if name else ""
    raise UnsupportedError(
        f"not supported: {what}{place} in the OR-Tools model; only linear and mixed-integer models are read"
    )
