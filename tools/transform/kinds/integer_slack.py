"""Inequalities between whole numbers as equalities with a whole slack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from tools.formulation.model import Formulation, Kind
from tools.transform.draft import Draft
from tools.transform.kinds.slack import Slack


class IntegerSlack(Slack):
    """As `slack`, with s a whole number.

    Assumes besides that coefficients and sides are whole and all variables of the row integer, so that every feasible
    slack is whole. Recovery forgets s, lifting sets s = u − a·x (or a·x − l).
    """

    name: ClassVar[str] = "integer-slack"
    summary: ClassVar[str] = "inequalities between whole numbers become equalities with a whole slack"
    needs: ClassVar[str] = "an inequality with whole coefficients and sides on integer variables only"
    kind: ClassVar[Kind] = Kind.INTEGER

    def places(self, model: Formulation) -> Sequence[str]:
        """Inequalities in which everything is whole."""
        draft = Draft.of(model)
        return [
            row.name
            for row in draft.rows.values()
            if self._fits(row)
            and all(draft.columns[name].integral and a.denominator == 1 for name, a in row.terms.items())
            and all(side is None or side.denominator == 1 for side in (row.lower, row.upper))
        ]
