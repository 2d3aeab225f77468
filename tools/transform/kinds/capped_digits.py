"""Integer variables written with digits, the leading one no larger than it has to be."""

from __future__ import annotations

from typing import ClassVar

from tools.transform.kinds.digits import Digits


class CappedDigits(Digits):
    """As `digits`, with d_{n−1} ≤ ⌊(u − l)/base^{n−1}⌋ for the leading digit.

    Assumes the same. Recovery x = l + Σ base^k·d_k; lifting: the digits of x − l.
    """

    name: ClassVar[str] = "capped-digits"
    summary: ClassVar[str] = "as digits, the leading digit bounded by what the variable's range needs"
    capped: ClassVar[bool] = True
