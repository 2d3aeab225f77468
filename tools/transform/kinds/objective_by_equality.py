"""An objective that differs by a multiple of an equality."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.transform.draft import Draft
from tools.transform.kinds.add_equality import WEIGHTS
from tools.transform.transformation import Maps, Transformation


class ObjectiveByEquality(Transformation):
    """c·x becomes c·x + k·(e·x − b), where e·x = b is a row.

    Assumes that there is an equality, which stays; recovery and lifting are the identity, values stay the same.
    """

    name: ClassVar[str] = "objective-by-equality"
    summary: ClassVar[str] = "multiples of equalities are added to the objective"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "rows"
    needs: ClassVar[str] = "an equality"
    most: ClassVar[int | None] = 2

    def places(self, model: Formulation) -> Sequence[str]:
        """Equalities."""
        return [row.name for row in Draft.of(model).rows.values() if row.is_equality and row.terms]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Add a multiple of each chosen equality."""
        for name in chosen:
            row = draft.rows[name]
            weight = Fraction(rng.choice(WEIGHTS))
            assert row.lower is not None
            draft.constant -= weight * row.lower
            for variable, a in row.terms.items():
                column = draft.columns[variable]
                draft.columns[variable] = replace(column, cost=column.cost + weight * a)
        return Maps()
