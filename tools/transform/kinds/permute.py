"""A new order of variables and rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.transform.draft import Draft
from tools.transform.transformation import WHOLE_MODEL, Maps, Transformation


class Permute(Transformation):
    """Columns and rows stand in a new order. Assumes nothing; recovery and lifting are the identity."""

    name: ClassVar[str] = "permute"
    summary: ClassVar[str] = "a new order of variables and rows"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "the model"
    needs: ClassVar[str] = "one with variables"

    def places(self, model: Formulation) -> Sequence[str]:
        """Any model with a variable."""
        return [WHOLE_MODEL] if model.variables else []

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Shuffle columns and rows."""
        columns, rows = list(draft.columns), list(draft.rows)
        rng.shuffle(columns)
        rng.shuffle(rows)
        draft.columns = {name: draft.columns[name] for name in columns}
        draft.rows = {name: draft.rows[name] for name in rows}
        return Maps()
