"""Integer variables as a choice of one value."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import ClassVar, Literal

from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.one_hot import OneHot as OneHotFunction
from tools.transform.draft import ONE, ZERO, Column, Draft
from tools.transform.kinds.digits import whole_ranges
from tools.transform.kinds.unary import LARGEST_RANGE
from tools.transform.transformation import Maps, Transformation


class OneHot(Transformation):
    """x = Σ v·w_v over its values v = l … u, with binaries w_v and Σ w_v = 1.

    Assumes an integer x with whole bounds, 2 to 40 apart. Recovery x = Σ v·w_v; lifting w_v = [x = v], a
    total function.
    """

    name: ClassVar[str] = "one-hot"
    summary: ClassVar[str] = "integer variables as a choice of one value"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = f"an integer variable with whole bounds, 2 to {LARGEST_RANGE} apart"
    most: ClassVar[int | None] = 2

    def places(self, model: Formulation) -> Sequence[str]:
        """Integer variables in a short range."""
        return list(whole_ranges(Draft.of(model), LARGEST_RANGE, declared=True)) if model.integer.any() else []

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Exchange each chosen variable for one binary a value."""
        maps = Maps()
        ranges = whole_ranges(draft, LARGEST_RANGE, declared=True)
        for name in chosen:
            lower, upper = ranges[name]
            codes = {
                draft.add_column(Column(f"{name}_is{value}", Kind.BINARY, ZERO, ONE)).name: value
                for value in range(int(lower), int(upper) + 1)
            }
            draft.add_row(f"{name}_choice", dict.fromkeys(codes, ONE), ONE, ONE)
            maps.recovery[name] = AffineExpression(ZERO, {code: ONE * value for code, value in codes.items()})
            maps.lifting.update({code: AffineExpression.variable(code) for code in codes})
            maps.functions.append(OneHotFunction(AffineExpression.variable(name), int(lower), tuple(codes)))
        draft.substitute(maps.recovery)
        return maps
