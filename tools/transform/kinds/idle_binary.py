"""Binary variables that switch something on and cost nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.transform.draft import ONE, ZERO, Column, Draft
from tools.transform.transformation import Maps, Transformation


class IdleBinary(Transformation):
    """A binary y with x ≤ u·y is added, with no cost.

    Assumes 0 ≤ x ≤ u with u > 0. Recovery forgets y, lifting sets y = 1.
    """

    name: ClassVar[str] = "idle-binary"
    summary: ClassVar[str] = "binary variables that switch others on, without a cost, are added"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "a variable with a positive upper bound and a lower bound of at least 0"

    def places(self, model: Formulation) -> Sequence[str]:
        """Nonnegative variables with an upper bound."""
        found = []
        for j, name in enumerate(model.variables):
            lower, upper = model.lower.finite(j), model.upper.finite(j)
            if lower is not None and upper is not None and lower >= 0 and upper > 0:
                found.append(name)
        return found

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Add a switch for each chosen variable."""
        maps = Maps()
        for name in chosen:
            upper = draft.columns[name].upper
            assert upper is not None
            switch = draft.add_column(Column(f"{name}_on", Kind.BINARY, ZERO, ONE)).name
            draft.add_row(f"{name}_switch", {name: ONE, switch: -upper}, None, ZERO)
            maps.lifting[switch] = AffineExpression.number(1)
        return maps
