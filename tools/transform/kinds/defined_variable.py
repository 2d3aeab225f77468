"""A part of a row as a variable of its own."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.transform.draft import ONE, ZERO, Column, Draft
from tools.transform.transformation import Maps, Transformation


class DefinedVariable(Transformation):
    """a·x + b·x stands as z + b·x in the row, with the new row z − a·x = 0 and z free.

    Assumes a row of two or more terms. Recovery forgets z, lifting sets z = a·x.
    """

    name: ClassVar[str] = "defined-variable"
    summary: ClassVar[str] = "a part of a row becomes a variable that an equality defines"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "rows"
    needs: ClassVar[str] = "a row of two or more terms"
    most: ClassVar[int | None] = 2

    def places(self, model: Formulation) -> Sequence[str]:
        """Rows of two or more terms."""
        lengths = (model.indptr[1:] - model.indptr[:-1]).tolist()
        return [name for name, length in zip(model.rows, lengths, strict=True) if length >= 2]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Replace two or more terms of each chosen row."""
        lifting: dict[str, AffineExpression] = {}
        for name in chosen:
            row = draft.rows[name]
            part = set(rng.sample(list(row.terms), rng.randint(2, len(row.terms))))
            terms = {variable: a for variable, a in row.terms.items() if variable in part}
            rest = {variable: a for variable, a in row.terms.items() if variable not in part}
            total = draft.add_column(Column(f"part_{name}", Kind.CONTINUOUS, None, None))
            lifting[total.name] = AffineExpression(ZERO, terms)
            draft.rows[name] = replace(row, terms={**rest, total.name: ONE})
            draft.require(f"{name}_part", AffineExpression.variable(total.name) - lifting[total.name], ZERO, ZERO)
        return Maps(lifting=lifting)
