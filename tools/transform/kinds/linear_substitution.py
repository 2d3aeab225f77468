"""Variables measured from another variable."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar, Literal

from tools.errors import InputError
from tools.formulation.model import Formulation, Kind
from tools.mapping.affine import AffineExpression
from tools.transform.draft import Column, Draft, expression
from tools.transform.transformation import Maps, Transformation


class LinearSubstitution(Transformation):
    """x = x' + k·v with k = ±1 or ±2 and another variable v; the bounds of x become a row.

    The change of variables is triangular with ones on the diagonal, so integer points go to integer points. Assumes
    that v is integer where x is. Recovery x = x' + k·v, lifting x' = x − k·v.
    """

    name: ClassVar[str] = "linear-substitution"
    summary: ClassVar[str] = "variables replaced by themselves plus a multiple of another variable"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "a variable beside another of its kind"

    def places(self, model: Formulation) -> Sequence[str]:
        """Variables for which there is a partner."""
        integers = int(model.integer.sum())
        return [
            name
            for j, name in enumerate(model.variables)
            if (integers >= 2 if model.integer[j] else len(model.variables) >= 2)
        ]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Exchange the chosen variables; partners are variables that stay."""
        maps = Maps()
        exchanged: dict[str, tuple[Column, AffineExpression]] = {}
        partners_used: set[str] = set()
        for name in chosen:
            column = draft.columns[name]
            near = [v for row in draft.rows.values() if name in row.terms for v in row.terms]
            partners = [
                v
                for v in dict.fromkeys([*near, *draft.columns])
                if v != name and v not in exchanged and (draft.columns[v].integral or not column.integral)
            ]
            if not partners or name in partners_used:
                continue
            partner = rng.choice(partners[: max(1, len(set(near) - {name}))])
            partners_used.add(partner)
            weight = Fraction(rng.choice((-2, -1, 1, 2)))
            new = draft.fresh_variable(f"{name}_less_{partner}")
            kind = Kind.INTEGER if column.integral else Kind.CONTINUOUS
            maps.recovery[name] = expression({new: 1, partner: weight})
            maps.lifting[new] = expression({name: 1, partner: -weight})
            exchanged[name] = (replace(column, name=new, kind=kind, lower=None, upper=None), maps.recovery[name])
        if not exchanged:
            raise InputError(f"{self.name} does not apply: {chosen[0]!r} has no partner")
        limits = [(name, draft.columns[name].lower, draft.columns[name].upper) for name in exchanged]
        draft.substitute_each(exchanged)
        for name, lower, upper in limits:
            draft.require(f"{name}_bounds", maps.recovery[name], lower, upper)
        return maps
