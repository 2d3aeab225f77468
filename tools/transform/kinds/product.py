"""Products of binary variables as variables of their own."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar, Literal

from tools.errors import InputError
from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.product import Product as ProductFunction
from tools.transform.draft import ONE, ZERO, Column, Draft
from tools.transform.transformation import Maps, Transformation


class Product(Transformation):
    """w with w ≤ x, w ≤ y, w ≥ x + y − 1, w ≥ 0 is added for binaries x, y: w = x·y.

    Assumes two binary variables. Recovery forgets w, lifting sets w = x·y, a total function. Source: McCormick (1976).
    """

    name: ClassVar[str] = "product"
    summary: ClassVar[str] = "the linearised product of two binaries is added"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "a binary variable beside another"

    def places(self, model: Formulation) -> Sequence[str]:
        """Binary variables, if there are two."""
        found = [
            name
            for j, name in enumerate(model.variables)
            if model.integer[j] and model.lower.finite(j) == 0 and model.upper.finite(j) == 1
        ]
        return found if len(found) > 1 else []

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Add a product for each two neighbours among the chosen variables."""
        maps = Maps()
        factors = list(chosen)
        if len(factors) == 1:
            others = [c.name for c in draft.columns.values() if c.is_binary and c.name != factors[0]]
            if not others:
                raise InputError(f"{self.name} does not apply: {factors[0]!r} is the only binary variable")
            factors.append(rng.choice(others))
        for first, second in pairwise(factors):
            product = draft.add_column(Column(f"{first}_and_{second}", Kind.CONTINUOUS, ZERO, ONE)).name
            for factor in (first, second):
                draft.add_row(f"{product}_most", {product: ONE, factor: -ONE}, None, ZERO)
            draft.add_row(f"{product}_least", {product: ONE, first: -ONE, second: -ONE}, -ONE, None)
            maps.lifting[product] = AffineExpression.variable(product)
            terms = tuple(AffineExpression.variable(factor) for factor in (first, second))
            maps.functions.append(ProductFunction(terms, product))
        return maps
