"""Variables exchanged one by one for an affine function of themselves: what scaling, shift and complement share."""

from __future__ import annotations

import random
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar, Literal

from tools.transform.draft import Column, Draft, expression
from tools.transform.transformation import Maps, Transformation


class AffineChange(Transformation):
    """x = k + s·x' with s ≠ 0, variable by variable: the rule that scaling, shift, complement and negation share.

    Recovery is x = k + s·x', lifting x' = (x − k)/s.
    """

    suffix: ClassVar[str]
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    most: ClassVar[int | None] = None

    @abstractmethod
    def change(self, column: Column, rng: random.Random) -> tuple[Fraction, Fraction]:
        """Return k and s for one variable."""

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Exchange the chosen variables."""
        maps = Maps()
        exchanged = {}
        for name in chosen:
            column = draft.columns[name]
            constant, scale = self.change(column, rng)
            low, high = (None if side is None else (side - constant) / scale for side in (column.lower, column.upper))
            if scale < 0:
                low, high = high, low
            new = draft.fresh_variable(f"{name}_{self.suffix}")
            maps.recovery[name] = expression({new: scale}, constant)
            maps.lifting[new] = expression({name: 1 / scale}, -constant / scale)
            exchanged[name] = (replace(column, name=new, lower=low, upper=high), maps.recovery[name])
        draft.substitute_each(exchanged)
        return maps
