"""Equalities and ranged rows as two inequalities."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.transform.draft import Draft, Row
from tools.transform.transformation import Maps, Transformation


class SplitEquality(Transformation):
    """a·x = b becomes a·x ≤ b and a·x ≥ b.

    Assumes nothing; recovery and lifting are the identity.
    """

    name: ClassVar[str] = "split-equality"
    summary: ClassVar[str] = "equalities become two inequalities"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "rows"
    needs: ClassVar[str] = "an equality"
    most: ClassVar[int | None] = None

    def places(self, model: Formulation) -> Sequence[str]:
        """Rows of the kind."""
        return [row.name for row in Draft.of(model).rows.values() if self._fits(row)]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Take the upper sides away and add them as rows."""
        for name in chosen:
            row = draft.rows[name]
            draft.rows[name] = replace(row, upper=None)
            draft.add_row(f"{name}_upper", row.terms, None, row.upper)
        return Maps()

    def _fits(self, row: Row) -> bool:
        return row.is_equality
