"""Log-scale factors of rows and columns that do not depend on how the model happened to be scaled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import LinearOperator, cg

from tools.formulation.numbers import BoolArray, FloatArray, IntArray

_TOLERANCE = 1e-13
_ITERATIONS = 3000


@dataclass(frozen=True, eq=False)
class Logarithms:
    """Logarithms of all magnitudes of a model: entries (row, column, value), then numbers tied to one row or column.

    Scaling row i by e^r adds r to its entries and to its `row_values`; scaling column j (its unit, not its value) by
    e^s adds s to its entries and takes s from its `column_values`.
    """

    shape: tuple[int, int]
    entry_rows: IntArray
    entry_columns: IntArray
    entry_values: FloatArray
    row_ids: IntArray
    row_values: FloatArray
    column_ids: IntArray
    column_values: FloatArray


def row_factors(logs: Logarithms) -> FloatArray:
    """Return r (rows,) such that the logarithms of each row's entries have mean zero after adding it."""
    m = logs.shape[0]
    counts = np.bincount(logs.entry_rows, minlength=m)
    return -np.bincount(logs.entry_rows, logs.entry_values, minlength=m) / np.maximum(counts, 1)


def curtis_reid(logs: Logarithms, rigid: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return r (rows,) and s (columns,), zero where `rigid`, that minimise the sum of squares of all scaled logarithms.

    Those are `value + r_i + s_j` of entries, `value + r_i` of row values and `value - s_j` of column values. Their
    minimal values (not r and s) are unique and the same for every row and column scaling of the model (Curtis and
    Reid, 1972). Solved by conjugate gradients on the columns, the rows eliminated.
    """
    m, n = logs.shape
    ones = np.ones(len(logs.entry_rows))
    pattern = sp.csr_array((ones, (logs.entry_rows, logs.entry_columns)), shape=(m, n))
    row_weight = np.maximum(
        np.bincount(logs.entry_rows, minlength=m) + np.bincount(logs.row_ids, minlength=m), 1
    ).astype(np.float64)
    column_weight = (np.bincount(logs.entry_columns, minlength=n) + np.bincount(logs.column_ids, minlength=n)).astype(
        np.float64
    )
    row_sum = np.bincount(logs.entry_rows, logs.entry_values, minlength=m)
    row_sum += np.bincount(logs.row_ids, logs.row_values, minlength=m)
    column_sum = np.bincount(logs.entry_columns, logs.entry_values, minlength=n)
    column_sum -= np.bincount(logs.column_ids, logs.column_values, minlength=n)
    s = np.zeros(n)
    loose = np.flatnonzero(~rigid)
    if loose.size:
        part = pattern[:, loose].tocsr()
        transposed = part.T.tocsr()
        weight = column_weight[loose]

        def normal(x: FloatArray) -> FloatArray:
            product: FloatArray = weight * x - transposed @ ((part @ x) / row_weight)
            return product

        target = transposed @ (row_sum / row_weight) - column_sum[loose]
        operator = LinearOperator((len(loose), len(loose)), matvec=normal, dtype=np.float64)
        preconditioner = sp.diags_array(1.0 / weight)
        solution, _ = cg(operator, target, rtol=_TOLERANCE, atol=1e-13, maxiter=_ITERATIONS, M=preconditioner)
        s[loose] = solution
    r = -(row_sum + pattern @ s) / row_weight
    return r, s
