"""Another big M in rows that a binary variable switches off."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.transform.draft import Draft, Row
from tools.transform.transformation import Maps, Transformation


class BigM(Transformation):
    """r·x ≤ b + M·y becomes r·x ≤ b + M'·y, where max r·x over the bounds is at most b + M and b + M'.

    Assumes a binary y with a coefficient −M < 0 (or M > 0 in a row ≥) such that y = 1 makes the row void. M' is the
    least such number or up to twice as large. Recovery and lifting are the identity.
    """

    name: ClassVar[str] = "big-m"
    summary: ClassVar[str] = "another big M, tight or loose, in rows that a binary switches off"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "rows"
    needs: ClassVar[str] = "a one-sided row that a binary variable makes void"

    def places(self, model: Formulation) -> Sequence[str]:
        """One-sided rows with such a variable."""
        draft = Draft.of(model)
        return [row.name for row in draft.rows.values() if _switch(draft, row) is not None]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Change the coefficient of the switch in each chosen row."""
        for name in chosen:
            row = draft.rows[name]
            found = _switch(draft, row)
            assert found is not None
            switch, least = found
            larger = least * (1 + Fraction(rng.randint(0, 4), 4)) + rng.choice((0, 0, 1))
            value = -larger if row.upper is not None else larger
            terms = {v: a for v, a in {**row.terms, switch: value}.items() if a}
            draft.rows[name] = replace(row, terms=terms)
        return Maps()


def _switch(draft: Draft, row: Row) -> tuple[str, Fraction] | None:
    """Return the binary variable that makes the row void, and the least M."""
    if (row.lower is None) == (row.upper is None) or len(row.terms) < 2:
        return None
    below = row if row.upper is not None else row.scaled(Fraction(-1))
    assert below.upper is not None
    for name, a in below.terms.items():
        column = draft.columns[name]
        if not column.is_binary or a >= 0:
            continue
        _, most = draft.activity({v: b for v, b in below.terms.items() if v != name})
        if most is not None and below.upper < most <= below.upper - a:
            return name, most - below.upper
    return None
