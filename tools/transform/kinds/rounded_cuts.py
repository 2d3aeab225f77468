"""Chvátal–Gomory cuts of single rows."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar, Literal

from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.transform.draft import Draft, Row
from tools.transform.kinds.valid_inequalities import at_most
from tools.transform.transformation import Maps, Transformation


class RoundedCuts(Transformation):
    """For a·x ≤ b on integer x ≥ l, with y = x − l and λ > 0: Σ ⌊λ·a_j⌋·y_j ≤ ⌊λ·(b − a·l)⌋ is added.

    Assumes that all variables of the row are integer with lower bounds: then Σ ⌊λ·a_j⌋·y_j ≤ λ·a·y, and its left side
    is whole. Recovery and lifting are the identity. Source: Chvátal (1973), Gomory (1958).
    """

    name: ClassVar[str] = "rounded-cuts"
    summary: ClassVar[str] = "Chvátal–Gomory cuts of single rows are added"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "rows"
    needs: ClassVar[str] = "a row on integer variables with lower bounds only"

    def places(self, model: Formulation) -> Sequence[str]:
        """Rows on integer variables that are bounded below."""
        draft = Draft.of(model)
        return [row.name for row in draft.rows.values() if _fits(draft, row)]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Append a cut for each chosen row."""
        added = False
        for name in chosen:
            form, limit = at_most(draft.rows[name])
            factor = 1 / Fraction(rng.choice([abs(a) for a in form.terms.values()]))
            if rng.random() < 0.3:
                factor /= 2
            lower = {variable: draft.columns[variable].lower or Fraction(0) for variable in form.terms}
            shifted = limit - sum((a * lower[variable] for variable, a in form.terms.items()), Fraction(0))
            terms = {variable: Fraction(math.floor(factor * a)) for variable, a in form.terms.items()}
            side = math.floor(factor * shifted) + sum((a * lower[v] for v, a in terms.items()), Fraction(0))
            if any(terms.values()):
                draft.add_row(f"{name}_rounded", terms, None, side)
                added = True
        if not added:
            raise InputError(f"{self.name} does not apply: rounding leaves nothing of row {chosen[0]!r}")
        return Maps()


def _fits(draft: Draft, row: Row) -> bool:
    columns = [draft.columns[name] for name in row.terms]
    sided = row.lower is not None or row.upper is not None
    return sided and bool(columns) and all(c.integral and c.lower is not None for c in columns)
