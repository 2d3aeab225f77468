"""Inequalities as equalities with a slack or surplus variable."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.transform.draft import ONE, ZERO, Column, Draft, Row
from tools.transform.transformation import Maps, Transformation


class Slack(Transformation):
    """a·x ≤ u becomes a·x + s = u with s ≥ 0; a·x ≥ l becomes a·x − s = l; l ≤ a·x ≤ u also gets s ≤ u − l.

    Assumes that the row has two different sides. Recovery forgets s, lifting sets s = u − a·x (or a·x − l).
    """

    name: ClassVar[str] = "slack"
    summary: ClassVar[str] = "inequalities become equalities with a slack or surplus variable"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "rows"
    needs: ClassVar[str] = "an inequality"
    kind: ClassVar[Kind] = Kind.CONTINUOUS

    def places(self, model: Formulation) -> Sequence[str]:
        """Rows with a side that are no equalities."""
        return [row.name for row in Draft.of(model).rows.values() if self._fits(row)]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Add a variable to each chosen row."""
        lifting: dict[str, AffineExpression] = {}
        for name in chosen:
            row = draft.rows[name]
            width = None if row.lower is None or row.upper is None else row.upper - row.lower
            slack = draft.add_column(Column(f"slack_{name}", self.kind, ZERO, width))
            activity = AffineExpression(ZERO, row.terms)
            if row.upper is not None:
                side, sign = row.upper, ONE
                lifting[slack.name] = AffineExpression.number(side) - activity
            else:
                assert row.lower is not None
                side, sign = row.lower, -ONE
                lifting[slack.name] = activity - AffineExpression.number(side)
            draft.rows[name] = replace(row, terms={**row.terms, slack.name: sign}, lower=side, upper=side)
        return Maps(lifting=lifting)

    def _fits(self, row: Row) -> bool:
        return not row.is_equality and (row.lower is not None or row.upper is not None)
