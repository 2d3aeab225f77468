"""The numeric form of a model: arrays of doubles, the only thing a solver backend ever sees."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from tools.errors import SolverError
from tools.formulation.model import Formulation
from tools.formulation.numbers import BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class NumericProblem:
    """min cost·x subject to row_lower ≤ matrix x ≤ row_upper, lower ≤ x ≤ upper, x_j integer where integer[j].

    With n variables and m rows, `matrix` is a CSR array (m, n); infinite bounds are ±inf. The doubles are the nearest
    ones to the exact data of a formulation: answers about this problem are hints about the formulation, never proofs.
    Entries of one row and column that appear several times are summed.

    Build one with `of` or `build`; raises `SolverError` when arrays do not fit together or hold NaN.
    """

    cost: FloatArray
    lower: FloatArray
    upper: FloatArray
    integer: BoolArray
    matrix: sp.csr_array
    row_lower: FloatArray
    row_upper: FloatArray

    def __post_init__(self) -> None:
        n, m = len(self.cost), len(self.row_lower)
        if not self.matrix.has_canonical_format:
            canonical = self.matrix.copy()
            canonical.sum_duplicates()
            object.__setattr__(self, "matrix", canonical)
        for label, array, length in (
            ("lower", self.lower, n), ("upper", self.upper, n), ("integer", self.integer, n),
            ("row_upper", self.row_upper, m),
        ):  # fmt: skip
            if len(array) != length:
                raise SolverError(f"numeric problem: {label!r} has {len(array)} entries, expected {length}")
        if self.matrix.shape != (m, n):
            raise SolverError(f"numeric problem: the matrix has shape {self.matrix.shape}, expected {(m, n)}")
        if not (np.isfinite(self.cost).all() and np.isfinite(self.matrix.data).all()):
            raise SolverError("numeric problem: costs and coefficients must be finite; found NaN or infinity")
        for label, array in (
            ("lower", self.lower), ("upper", self.upper), ("row_lower", self.row_lower), ("row_upper", self.row_upper),
        ):  # fmt: skip
            if np.isnan(array).any():
                raise SolverError(f"numeric problem: {label!r} holds NaN; an absent bound is ±inf")

    @classmethod
    def of(cls, formulation: Formulation) -> NumericProblem:
        """Return the minimisation form of `formulation` in doubles; the objective constant is left out."""
        return cls(
            cost=formulation.cost.floats,
            lower=formulation.lower.floats,
            upper=formulation.upper.floats,
            integer=formulation.integer,
            matrix=formulation.matrix,
            row_lower=formulation.row_lower.floats,
            row_upper=formulation.row_upper.floats,
        )

    @classmethod
    def build(
        cls,
        *,
        cost: ArrayLike,
        lower: ArrayLike,
        upper: ArrayLike,
        integer: ArrayLike | None = None,
        matrix: ArrayLike | sp.sparray | None = None,
        row_lower: ArrayLike = (),
        row_upper: ArrayLike = (),
    ) -> NumericProblem:
        """Return the problem of these lists or arrays; no `matrix` means no rows, no `integer` means an LP."""
        costs = np.asarray(cost, dtype=np.float64)
        n = len(costs)
        rows = _as_csr(np.zeros((0, n)) if matrix is None else matrix, n)
        return cls(
            cost=costs,
            lower=np.asarray(lower, dtype=np.float64),
            upper=np.asarray(upper, dtype=np.float64),
            integer=np.zeros(n, dtype=np.bool_) if integer is None else np.asarray(integer, dtype=np.bool_),
            matrix=rows,
            row_lower=np.asarray(row_lower, dtype=np.float64),
            row_upper=np.asarray(row_upper, dtype=np.float64),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, variables)."""
        return len(self.row_lower), len(self.cost)

    @cached_property
    def is_lp(self) -> bool:
        """Whether no variable is integer."""
        return not bool(self.integer.any())

    def relaxed(self) -> NumericProblem:
        """Return the same problem with integrality dropped."""
        return dataclasses.replace(self, integer=np.zeros(len(self.cost), dtype=np.bool_))

    def with_cost(self, cost: ArrayLike) -> NumericProblem:
        """Return the same feasible set with another cost to minimise."""
        return dataclasses.replace(self, cost=np.asarray(cost, dtype=np.float64))

    def with_rows(self, matrix: ArrayLike | sp.sparray, row_lower: ArrayLike, row_upper: ArrayLike) -> NumericProblem:
        """Return the problem with these rows appended after its own."""
        extra = _as_csr(matrix, len(self.cost))
        return dataclasses.replace(
            self,
            matrix=sp.csr_array(sp.vstack([self.matrix, extra], format="csr")),
            row_lower=np.concatenate((self.row_lower, np.atleast_1d(np.asarray(row_lower, dtype=np.float64)))),
            row_upper=np.concatenate((self.row_upper, np.atleast_1d(np.asarray(row_upper, dtype=np.float64)))),
        )

    def with_bounds(self, lower: ArrayLike, upper: ArrayLike) -> NumericProblem:
        """Return the same problem with other variable bounds."""
        return dataclasses.replace(
            self, lower=np.asarray(lower, dtype=np.float64), upper=np.asarray(upper, dtype=np.float64)
        )

    def objective_at(self, point: FloatArray) -> float:
        """Return cost · point."""
        return float(self.cost @ point)


def _as_csr(matrix: ArrayLike | sp.sparray, columns: int) -> sp.csr_array:
    if sp.issparse(matrix):
        return sp.csr_array(matrix, dtype=np.float64)
    dense = np.asarray(matrix, dtype=np.float64)
    return sp.csr_array(dense.reshape(1, -1) if dense.ndim == 1 and columns else dense)
