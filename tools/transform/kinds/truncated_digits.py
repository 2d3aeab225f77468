"""Integer variables written with only as many digits as an optimal solution has."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import ClassVar

from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.report import Contract
from tools.transform.draft import Draft
from tools.transform.kinds.digits import Digits, places_of
from tools.transform.known_optimum import known_optimum
from tools.transform.transformation import Maps


class TruncatedDigits(Digits):
    """x = l + Σ base^k·d_k with no more places than x − l has in one known optimal solution.

    Assumes an integer x with a lower bound l whose range, if it has one, needs more places. Solutions with larger x are
    lost and optimal ones stay: contract quasi-karp. Recovery x = l + Σ base^k·d_k; there is no lifting.
    """

    name: ClassVar[str] = "truncated-digits"
    summary: ClassVar[str] = "as digits, with only as many places as an optimal solution needs"
    needs: ClassVar[str] = "an integer variable with a whole lower bound and no upper bound below 2 more"
    contract: ClassVar[Contract] = "quasi-karp"
    most: ClassVar[int | None] = 2

    def places(self, model: Formulation) -> Sequence[str]:
        """Integer variables of two or more steps, bounded above or not."""
        found = []
        for j, name in enumerate(model.variables):
            lower, upper = model.lower.finite(j), model.upper.finite(j)
            if not model.integer[j] or lower is None or lower.denominator > 1:
                continue
            if upper is None or upper - lower >= 2:
                found.append(name)
        return found

    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Exchange those chosen variables whose digits are cut short by it."""
        optimum = known_optimum(draft.formulation(""), self.name)
        maps = Maps()
        for name in chosen:
            column = draft.columns[name]
            assert column.lower is not None
            places = places_of(int(optimum[name] - column.lower), parameter)
            if column.upper is not None and column.upper - column.lower < parameter**places:
                continue
            _, total = self.add_digits(draft, name, column.lower, parameter, places, parameter**places - 1)
            maps.recovery[name] = total
        if not maps.recovery:
            raise InputError(
                f"{self.name} does not apply: in an optimal solution {chosen[0]!r} has as many digits as its range"
            )
        draft.substitute(maps.recovery)
        return maps
