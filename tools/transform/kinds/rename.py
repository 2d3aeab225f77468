"""New names for variables and rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.transform.draft import Draft
from tools.transform.transformation import WHOLE_MODEL, Maps, Transformation


class Rename(Transformation):
    """Variables are called v1, v2 … and rows row1, row2 … in an order that only the seed knows.

    Assumes nothing. Recovery and lifting rename.
    """

    name: ClassVar[str] = "rename"
    summary: ClassVar[str] = "new names for all variables and rows, which say nothing"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "the model"
    needs: ClassVar[str] = "one with variables"

    def places(self, model: Formulation) -> Sequence[str]:
        """Any model with a variable."""
        return [WHOLE_MODEL] if model.variables else []

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Rename in place."""
        numbers = rng.sample(range(1, len(draft.columns) + 1), len(draft.columns))
        called = {name: f"v{number}" for name, number in zip(draft.columns, numbers, strict=True)}
        draft.columns = {called[name]: replace(column, name=called[name]) for name, column in draft.columns.items()}
        numbers = rng.sample(range(1, len(draft.rows) + 1), len(draft.rows))
        draft.rows = {
            f"row{number}": replace(
                row, name=f"row{number}", terms={called[variable]: a for variable, a in row.terms.items()}
            )
            for number, row in zip(numbers, draft.rows.values(), strict=True)
        }
        return Maps(
            recovery={name: AffineExpression.variable(new) for name, new in called.items()},
            lifting={new: AffineExpression.variable(name) for name, new in called.items()},
        )
