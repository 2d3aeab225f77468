"""First in, first out: shares w_tk as differences of M(t, k) = min(A_t, B_k), what supplies to t give demands to k."""

from __future__ import annotations

from tools.certify.cases import Branch, ByCase
from tools.certify.definitions.realised import Realised, number, variable
from tools.certify.space import Affine, Space
from tools.mapping.functions.fifo_allocation import FifoAllocation


def realise_fifo_allocation(space: Space, function: FifoAllocation) -> Realised:
    """Return w_tk = M(t, k) − M(t−1, k) − M(t, k−1) + M(t−1, k−1)."""
    shares = _Shares(space, function)
    shares.define_shares()
    shares.hint()
    return shares.made


class _Shares:
    def __init__(self, space: Space, function: FifoAllocation) -> None:
        self.made = made = Realised(space, function)
        self.function = function
        self.supply = [made.value(value) for value in function.supply]
        self.demand = [made.value(value) for value in function.demand]
        self.setups = {t: made.value(value) for t, value in function.setups}
        self.base = list(made.pool)
        self.supplied = self._running(self.supply)
        self.demanded = self._running(self.demand)
        self.definition: dict[tuple[int, int], int] = {}
        self._minima: dict[tuple[int, int], int] = {}
        self._rows: dict[tuple[str, int, int], list[int]] = {}

    def _running(self, values: list[Affine]) -> list[Affine]:
        """Return the sums of the values up to each, as variables that never fall, and 0 for the place −1 at the end."""
        sums: list[Affine] = []
        for value in values:
            j = self.made.define(None, sums[-1].plus(value) if sums else value)
            rows = [self.made.pool[-1]]
            self.base.append(rows[0])
            if sums:
                rows.append(self.made.lemma(variable(j).plus(sums[-1], -1), (), rows))
                self.base.append(rows[1])
            self.made.bound(j, "lower", 0, (), rows)
            sums.append(variable(j))
        return [*sums, number(0)]

    def least(self, t: int, k: int) -> Affine:
        """Return M(t, k), 0 for t or k = −1."""
        if t < 0 or k < 0:
            return number(0)
        if (t, k) not in self._minima:
            a, b = self.supplied[t], self.demanded[k]
            self._minima[t, k] = self.made.choose(None, a.plus(b, -1), 0, a, b)
        return variable(self._minima[t, k])

    def case(self, t: int, k: int) -> list[ByCase]:
        """Return the case by which M(t, k) is one of the two."""
        self.least(t, k)
        return [ByCase(self._minima[t, k])] if min(t, k) >= 0 else []

    def _once(
        self, kind: str, t: int, k: int, values: list[Affine], splits: list[ByCase], rows: list[int]
    ) -> list[int]:
        if (kind, t, k) not in self._rows:
            values = [value for value in values if value.terms]
            self._rows[kind, t, k] = [self.made.lemma(value, splits, rows) for value in values]
        return self._rows[kind, t, k]

    def under(self, t: int, k: int) -> list[int]:
        """Return the rows M(t, k) ≤ A_t and M(t, k) ≤ B_k."""
        least = self.least(t, k)
        values = [self.supplied[t].plus(least, -1), self.demanded[k].plus(least, -1)] if least.terms else []
        return self._once("under", t, k, values, self.case(t, k), [])

    def rising(self, t: int, k: int) -> list[int]:
        """Return the rows A_{t−1} ≤ A_t and B_{k−1} ≤ B_k, as far as there are such."""
        steps = [(self.supplied, t), (self.demanded, k)]
        values = [sums[i].plus(sums[i - 1], -1) for sums, i in steps if i > 0]
        return self._once("rising", t, k, values, [], self.base)

    def grows(self, t: int, k: int) -> list[int]:
        """Return the rows M(t−1, k) ≤ M(t, k) and M(t, k−1) ≤ M(t, k)."""
        least = self.least(t, k)
        rows = [*self.under(t - 1, k), *self.under(t, k - 1), *self.rising(t, k)]
        values = [least.plus(self.least(t - 1, k), -1), least.plus(self.least(t, k - 1), -1)]
        return self._once("grows", t, k, values, self.case(t, k), rows)

    def met(self, t: int, k: int) -> list[int]:
        """Return the rows M(t, k) = B_k, where supplies up to t cover the demands up to k."""
        if k < 0 or t < 0:
            return []
        return [*self.under(t, k), *self._once("met", t, k, [self.least(t, k).plus(self.demanded[k], -1)],
                self.case(t, k), self.base)]  # fmt: skip

    def used(self, t: int) -> list[int]:
        """Return the rows M(t, K−1) = A_t, where nothing is left over."""
        k = len(self.demand) - 1
        if t < 0:
            return []
        return [*self.under(t, k), *self._once("used", t, k, [self.least(t, k).plus(self.supplied[t], -1)],
                self.case(t, k), self.base)]  # fmt: skip

    def define_shares(self) -> None:
        """Define the shares, at least 0."""
        made = self.made
        for (t, k), name in zip(self.function.pairs, self.function.names):
            value = self.least(t, k).plus(self.least(t - 1, k), -1).plus(self.least(t, k - 1), -1)
            j = made.define(name, value.plus(self.least(t - 1, k - 1)))
            self.definition[t, k] = made.pool[-1]
            splits = [*self.case(t, k), *self.case(t - 1, k - 1)]
            below = [*self.under(t - 1, k), *self.under(t, k - 1), *self.rising(t, k)]
            made.bound(j, "lower", 0, splits, [self.definition[t, k], *below])

    def hint(self) -> None:
        """Say for each graph row which rows and cases show it."""
        function, hints = self.function, self.made.hints
        last, end = len(self.supply) - 1, len(self.demand) - 1
        for t, first in enumerate(function.first):
            own = [self.definition[t, k] for k in range(first, end + 1)]
            rows = [*own, *self.met(t, first - 1), *self.met(t - 1, first - 1)]
            rows += [*self.under(t, end), *self.under(t - 1, end)]
            rows += [] if function.surplus else [*self.used(t), *self.used(t - 1)]
            hints[f"supply({t})"] = (self.case(t - 1, end), [*rows, *self.rising(t, 0), *self.base])
        for k in range(end + 1):
            given = [t for t, first in enumerate(function.first) if first <= k]
            own = [self.definition[t, k] for t in given]
            until = given[-1] if given else -1
            hints[f"demand({k})"] = ((), [*own, *self.met(until, k), *self.met(until, k - 1), *self.base])
        for s in range(last):
            first = function.first[s + 1]
            own = [self.definition[t, k] for t in range(s + 1) for k in range(first, end + 1)]
            used = self.under(s, end) if function.surplus else self.used(s)
            hints[f"stock({s})"] = ((), [*own, *used, *self.met(s, first - 1), *self.base])
        for t, setup in self.setups.items():
            for k in range(function.first[t], end + 1):
                hints[f"setup({t},{k})"] = ([Branch(j) for j in setup.terms], [*self.limits(t, k), *self.base])

    def limits(self, t: int, k: int) -> list[int]:
        """Return the rows w_tk ≤ X_t and w_tk ≤ D_k."""
        share = self.made.affine(self.function.amount(t, k))
        rows = [self.definition[t, k], *self.under(t, k), *self.rising(t, k), *self.base]
        above = self._once("supply", t, k, [self.supply[t].plus(share, -1)], self.case(t - 1, k),
                           [*rows, *self.grows(t, k - 1)] if k else rows)  # fmt: skip
        return above + self._once("demand", t, k, [self.demand[k].plus(share, -1)], self.case(t, k - 1),
                                  [*rows, *self.grows(t - 1, k)] if t else rows)  # fmt: skip
