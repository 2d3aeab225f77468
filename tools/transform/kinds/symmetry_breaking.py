"""An order among interchangeable variables."""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Literal

from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.report import Contract
from tools.transform.draft import ONE, ZERO, Draft
from tools.transform.transformation import Maps, Transformation

MOST_PAIRS = 2000


class SymmetryBreaking(Transformation):
    """x_1 ≥ x_2 ≥ … ≥ x_k is added for variables any two of which can be exchanged without changing the model.

    Assumes that exchanging two of them maps bounds, kinds, costs and the set of rows onto themselves: then a solution
    can be sorted at no cost. Other solutions are lost, some optimal one stays: contract quasi-karp. Recovery is the
    identity; there is no lifting.
    """

    name: ClassVar[str] = "symmetry-breaking"
    summary: ClassVar[str] = "interchangeable variables are put in order"
    acts_on: ClassVar[Literal["variables", "rows", "the model"]] = "variables"
    needs: ClassVar[str] = "a variable that can be exchanged with another"
    contract: ClassVar[Contract] = "quasi-karp"
    most: ClassVar[int | None] = None

    def places(self, model: Formulation) -> Sequence[str]:
        """Variables with a twin."""
        return [name for orbit in orbits(Draft.of(model)) for name in orbit]

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Add the order in each class of chosen variables."""
        added = False
        for orbit in orbits(draft):
            for first, second in pairwise([name for name in orbit if name in chosen]):
                draft.add_row(f"{first}_first", {first: ONE, second: -ONE}, ZERO, None)
                added = True
        if not added:
            raise InputError(
                f"{self.name} does not apply: {chosen[0]!r} is not joined by a variable it is exchangeable with"
            )
        return Maps()


def orbits(draft: Draft) -> list[list[str]]:
    """Return classes of two or more variables any two of which can be exchanged; looks at a bounded number of pairs."""
    groups: dict[Hashable, list[str]] = {}
    entries: dict[str, list[Fraction]] = {name: [] for name in draft.columns}
    for row in draft.rows.values():
        for name, a in row.terms.items():
            entries[name].append(a)
    for name, column in draft.columns.items():
        key = (column.kind, column.lower, column.upper, column.cost, tuple(sorted(entries[name])))
        groups.setdefault(key, []).append(name)
    rows = {_key(row.terms.items(), row.lower, row.upper) for row in draft.rows.values()}
    found: list[list[str]] = []
    tried = 0
    for names in groups.values():
        classes: list[list[str]] = []
        for name in names:
            for members in classes:
                tried += 1
                if tried > MOST_PAIRS:
                    break
                if _exchangeable(draft, rows, members[0], name):
                    members.append(name)
                    break
            else:
                classes.append([name])
        found.extend(members for members in classes if len(members) > 1)
    return found


def _key(terms: Iterable[tuple[str, Fraction]], lower: Hashable, upper: Hashable) -> Hashable:
    return frozenset(terms), lower, upper


def _exchangeable(draft: Draft, rows: set[Hashable], one: str, other: str) -> bool:
    """Say whether the set of rows stays the same when the two variables change places."""
    exchanged: Mapping[str, str] = {one: other, other: one}
    for row in draft.rows.values():
        if (one in row.terms) or (other in row.terms):
            terms = ((exchanged.get(name, name), a) for name, a in row.terms.items())
            if _key(terms, row.lower, row.upper) not in rows:
                return False
    return True
