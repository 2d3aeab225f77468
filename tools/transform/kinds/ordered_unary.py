"""Integer variables as sums of binaries in order."""

from __future__ import annotations

from typing import ClassVar

from tools.transform.kinds.unary import Unary


class OrderedUnary(Unary):
    """x = l + Σ z_k with binaries z_1 ≥ z_2 ≥ … ≥ z_{u−l}, so that z_k says whether x ≥ l + k.

    Assumes an integer x with whole bounds, 2 to 40 apart. Recovery x = l + Σ z_k; lifting z_k = [x ≥ l + k].
    """

    name: ClassVar[str] = "ordered-unary"
    summary: ClassVar[str] = "integer variables as sums of binaries in decreasing order"
    ordered: ClassVar[bool] = True
