"""Integrality that an equality implies, declared or taken back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.transform.draft import Draft, Row
from tools.transform.transformation import Maps, Transformation


class ImpliedIntegrality(Transformation):
    """In ±x + a·y = b with whole a and b and integer y, x is whole: a continuous x becomes integer, an integer one not.

    Assumes such a row. One variable a row is changed, and none on which another's integrality rests. Recovery and
    lifting are the identity.
    """

    name: ClassVar[str] = "implied-integrality"
    summary: ClassVar[str] = "variables that an equality makes whole are declared integer, or no longer so"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "a variable that an equality of whole numbers makes whole"
    most: ClassVar[int | None] = None

    def places(self, model: Formulation) -> Sequence[str]:
        """Variables that some equality makes whole."""
        draft = Draft.of(model)
        found = {name for row in draft.rows.values() for name in row.terms if _makes_whole(draft, row, name)}
        return [name for name in model.variables if name in found]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Change the kind of the chosen variables, in turn, as long as each is still implied."""
        needed: set[str] = set()
        for name in chosen:
            row = next((row for row in draft.rows.values() if _makes_whole(draft, row, name)), None)
            if row is None or name in needed:
                continue
            needed.update(row.terms)
            column = draft.columns[name]
            kind = Kind.CONTINUOUS if column.integral else Kind.INTEGER
            draft.columns[name] = replace(column, kind=kind)
        return Maps()


def _makes_whole(draft: Draft, row: Row, name: str) -> bool:
    if not row.is_equality or abs(row.terms.get(name, 0)) != 1 or row.lower is None or row.lower.denominator > 1:
        return False
    return all(a.denominator == 1 and (v == name or draft.columns[v].integral) for v, a in row.terms.items())
