"""Rows with two sides as two rows."""

from __future__ import annotations

from typing import ClassVar

from tools.transform.draft import Row
from tools.transform.kinds.split_equality import SplitEquality


class SplitRange(SplitEquality):
    """l ≤ a·x ≤ u with l < u becomes a·x ≥ l and a·x ≤ u.

    Assumes nothing; recovery and lifting are the identity.
    """

    name: ClassVar[str] = "split-range"
    summary: ClassVar[str] = "rows with a lower and an upper side become two rows"
    needs: ClassVar[str] = "a row with two different sides"

    def _fits(self, row: Row) -> bool:
        return row.lower is not None and row.upper is not None and row.lower != row.upper
