"""One of several identical variables instead of all."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import ClassVar, Literal

from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.report import Contract
from tools.transform.draft import Draft
from tools.transform.transformation import Maps, Transformation


class MergeColumns(Transformation):
    """Of variables x, x' of the same kind, cost and coefficients, without upper bounds, x' is fixed at its lower one.

    Assumes a lower bound for x', a whole one where it is integer: x takes over what x' had. Solutions with larger x'
    are lost, optimal ones stay: contract quasi-karp. Recovery x' = l; there is no lifting.
    """

    name: ClassVar[str] = "merge-columns"
    summary: ClassVar[str] = "of several identical variables without upper bounds one is kept"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "a variable without an upper bound that has an identical one before it"
    contract: ClassVar[Contract] = "quasi-karp"

    def places(self, model: Formulation) -> Sequence[str]:
        """Variables that an earlier, identical one can replace."""
        draft = Draft.of(model)
        first: dict[object, str] = {}
        entries: dict[str, list[tuple[str, object]]] = {name: [] for name in draft.columns}
        for row in draft.rows.values():
            for name, a in row.terms.items():
                entries[name].append((row.name, a))
        found = []
        for name, column in draft.columns.items():
            lower = column.lower
            if column.upper is not None or lower is None or (column.integral and lower.denominator > 1):
                continue
            key = (column.integral, column.cost, tuple(entries[name]))
            if first.setdefault(key, name) != name:
                found.append(name)
        return found

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Take the chosen variables out."""
        maps = Maps()
        for name in chosen:
            lower = draft.columns[name].lower
            assert lower is not None
            maps.recovery[name] = AffineExpression.number(lower)
        draft.substitute(maps.recovery)
        return maps
