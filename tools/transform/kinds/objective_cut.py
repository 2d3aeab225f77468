"""Only solutions that are as good as a known one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.report import Contract
from tools.transform.draft import Draft
from tools.transform.known_optimum import known_optimum
from tools.transform.transformation import WHOLE_MODEL, Maps, Transformation


class ObjectiveCut(Transformation):
    """c(x) ≤ z is added (≥ for max), with z the value of a known optimal solution.

    Assumes that one was found and proved. Worse solutions are lost and all optimal ones stay: contract quasi-karp.
    Recovery is the identity; there is no lifting.
    """

    name: ClassVar[str] = "objective-cut"
    summary: ClassVar[str] = "solutions worse than the optimum are cut off"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "the model"
    needs: ClassVar[str] = "one with an objective"
    contract: ClassVar[Contract] = "quasi-karp"

    def places(self, model: Formulation) -> Sequence[str]:
        """Any model with an objective."""
        return [WHOLE_MODEL] if model.cost_terms else []

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Add the row."""
        value = draft.objective.evaluate(known_optimum(draft.formulation(""), self.name))
        minimise = draft.sense == "minimize"
        draft.require("objective_cut", draft.objective, None if minimise else value, value if minimise else None)
        return Maps()
