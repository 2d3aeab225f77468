"""What a solve returns: a normalised status, what the solver says, and what was recomputed from its point."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tools.formulation.numbers import FloatArray

SolveStatus = Literal["optimal", "infeasible", "unbounded", "limit", "failed"]
"""`optimal`, `infeasible`, `unbounded`: the backend's claim, not contradicted by what it returned. `limit`: time, node
or iteration limit, also of a worker that had to be killed for it. `failed`: crash, out of memory, refused, numerical
trouble, or contradicted by residuals."""


class BasisStatus(IntEnum):
    """Where a variable or a row activity stands in a simplex basis; FREE is nonbasic at no bound (at zero)."""

    AT_LOWER = 0
    BASIC = 1
    AT_UPPER = 2
    FREE = 3


@dataclass(frozen=True, eq=False)
class SolveResult:
    """The outcome of one solve of a problem with n variables and m rows.

    `point` (n,) is the best feasible point known, also with status `limit`. `objective` = cost · point and `residual`,
    its largest absolute violation of rows, bounds and integrality, are recomputed from it. `bound` is the solver's own
    lower bound on the optimal value.

    For an LP: `row_duals` (m,) and `reduced_costs` (n,) satisfy cost = Aᵀ row_duals + reduced_costs, with a dual > 0
    where the lower side binds; `column_basis` (n,) and `row_basis` (m,) hold `BasisStatus` codes.

    `ray` (n,): status `unbounded`, a recession direction with cost · ray < 0, if the backend gives one.
    `dual_ray` (m,): an infeasible LP, row multipliers y with  Σ_{y>0} y·row_lower + Σ_{y<0} y·row_upper  >
    max of (Aᵀy)·x over the variable bounds, if the backend gives one. All are floats: hints for an exact proof.

    A status `unbounded` of a problem with integer variables is a claim to be proved: solvers have called
    `max x, 1 ≤ 3x − 3y ≤ 2` over the integers unbounded, and it is infeasible.
    """

    status: SolveStatus
    backend: str
    message: str = ""
    point: FloatArray | None = None
    objective: float | None = None
    bound: float | None = None
    residual: float | None = None
    row_duals: FloatArray | None = None
    reduced_costs: FloatArray | None = None
    column_basis: NDArray[np.int8] | None = None
    row_basis: NDArray[np.int8] | None = None
    ray: FloatArray | None = None
    dual_ray: FloatArray | None = None
    seconds: float = 0.0
