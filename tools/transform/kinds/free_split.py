"""Variables of either sign as differences of nonnegative ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.extremum import Maximum, leads_of
from tools.transform.draft import ZERO, Column, Draft
from tools.transform.transformation import Maps, Transformation


class FreeSplit(Transformation):
    """x = p − n with 0 ≤ p (≤ u where x ≤ u) and 0 ≤ n (≤ −l where l ≤ x).

    Assumes that x may take both signs: no lower bound or a negative one, no upper bound or a positive one, whole ones
    where x is integer; then p and n are integer too. Recovery x = p − n; lifting p = max(x, 0), n = p − x.
    """

    name: ClassVar[str] = "free-split"
    summary: ClassVar[str] = "variables of either sign as differences of nonnegative ones"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "a variable that its bounds let take both signs"

    def places(self, model: Formulation) -> Sequence[str]:
        """Variables whose bounds are on both sides of 0."""
        found = []
        for j, name in enumerate(model.variables):
            lower, upper = model.lower.finite(j), model.upper.finite(j)
            whole = all(side is None or side.denominator == 1 for side in (lower, upper))
            if (lower is None or lower < 0) and (upper is None or upper > 0) and (whole or not model.integer[j]):
                found.append(name)
        return found

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Exchange each chosen variable for its two parts."""
        maps = Maps()
        for name in chosen:
            column = draft.columns[name]
            kind = Kind.INTEGER if column.integral else Kind.CONTINUOUS
            below = None if column.lower is None else -column.lower
            positive = draft.add_column(Column(f"{name}_positive", kind, ZERO, column.upper)).name
            negative = draft.add_column(Column(f"{name}_negative", kind, ZERO, below)).name
            value, part = AffineExpression.variable(name), AffineExpression.variable(positive)
            maps.recovery[name] = part - AffineExpression.variable(negative)
            maps.lifting.update({positive: part, negative: part - value})
            bounded = column.lower is not None or column.upper is not None
            signs = tuple(draft.fresh_variable(f"{name}_is_{sign}") for sign in ("plus", "minus")) if bounded else ()
            leads = leads_of([(column.lower, column.upper), (ZERO, ZERO)], sign=1) if bounded else ()
            maps.functions.append(Maximum((value, AffineExpression.number(0)), positive, signs, leads, column.integral))
        draft.substitute(maps.recovery)
        return maps
