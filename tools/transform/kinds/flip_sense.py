"""Maximise instead of minimise."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.transform.draft import Draft
from tools.transform.transformation import WHOLE_MODEL, Maps, Transformation


class FlipSense(Transformation):
    """min c·x + k becomes max −c·x − k and the other way round.

    Assumes nothing; recovery and lifting are the identity, and values as minimisation stay the same.
    """

    name: ClassVar[str] = "flip-sense"
    summary: ClassVar[str] = "min becomes max of the negative, and max min"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "the model"
    needs: ClassVar[str] = "one with variables"

    def places(self, model: Formulation) -> Sequence[str]:
        """Any model with a variable."""
        return [WHOLE_MODEL] if model.variables else []

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Negate the objective and change the sense."""
        draft.sense = "maximize" if draft.sense == "minimize" else "minimize"
        draft.constant = -draft.constant
        draft.columns = {name: replace(column, cost=-column.cost) for name, column in draft.columns.items()}
        return Maps()
