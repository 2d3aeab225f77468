"""Which supply serves which demand when what came in first goes out first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.indexed_arguments import IndexedArguments
from tools.mapping.functions.protocol import Condition, GraphRow, Output

ZERO = Fraction(0)
ONE = Fraction(1)


@dataclass(frozen=True)
class FifoAllocation:
    """The amount w_tk ≥ 0 of supply t that serves demand k, first in, first out.

    `supply` is X_0 … X_{T−1} and `demand` D_0 … D_{K−1}, each in the order of time; supply t comes in time for the
    demands from `first[t]` on. The outputs come in the order of t, then of k = first[t] … K−1. With first[t] = t a
    period's supply serves this period and later ones.

    Lemma: let X ≥ 0 and D ≥ 0, and write A_t = Σ_{τ≤t} X_τ and B_k = Σ_{κ≤k} D_κ. Let A_{t−1} ≥ B_{first[t]−1} for all
    t ≥ 1 (earlier supplies cover the demands for which t is too late), D_k = 0 for k < first[0] (no supply comes in
    time), and A_{T−1} ≥ B_{K−1}. Lay the supplies and the demands end to end along a line, X_t on [A_{t−1}, A_t] and
    D_k on [B_{k−1}, B_k], and let w_tk be the length that both share: max(0, min(A_t, B_k) − max(A_{t−1}, B_{k−1})).
    For k < first[t] they share nothing, since A_{t−1} ≥ B_{first[t]−1} ≥ B_k. Hence Σ_t w_tk = D_k (supplies cover all
    of [0, B_{K−1}]) and Σ_k w_tk ≤ X_t, with equality if A_{T−1} = B_{K−1}. What supplies up to s give to demands from
    c = first[s+1] on is min(A_s, B_{K−1}) − B_{c−1}: at most the stock A_s − B_{c−1}, and equal to it if
    A_{T−1} = B_{K−1}.

    Conditions: those of the lemma; A_{T−1} = B_{K−1} unless `surplus`. With `setups` y_t (an expression, or nothing for
    a supply without one) further 0 ≤ y_t ≤ 1 whole, X_t ≤ M_t·y_t with the numbers `capacity` M_t ≥ 0, and
    D_k ≤ `largest_demand`_k; then w_tk ≤ largest_demand_k·y_t: if y_t = 0 then w_tk ≤ X_t ≤ 0, if y_t = 1 then
    w_tk ≤ D_k.

    Source: Wagner and Whitin (1958); Krarup and Bilde (1977) for the facility location form of lot sizing; without any
    order (first[t] = 0) the north-west corner rule of the transportation problem.
    """

    name: ClassVar[str] = "fifo_allocation"

    supply: tuple[AffineExpression, ...]
    demand: tuple[AffineExpression, ...]
    first: tuple[int, ...]
    names: tuple[str, ...]
    surplus: bool = False
    setups: tuple[tuple[int, AffineExpression], ...] = ()
    """The periods that have a setup, each with its expression."""
    capacity: tuple[Fraction, ...] = ()
    """M_t for the periods of `setups`, in their order."""
    largest_demand: tuple[Fraction, ...] = ()
    """An upper bound of each demand; needed where there are setups."""

    def __post_init__(self) -> None:
        supplies, demands = len(self.supply), len(self.demand)
        if not supplies or not demands or len(self.first) != supplies:
            raise MappingError(
                f"an allocation needs a supply, a demand and the first demand of each supply, found {supplies}, "
                f"{demands} and {len(self.first)}"
            )
        if list(self.first) != sorted(self.first) or self.first[0] < 0 or self.first[-1] >= demands:
            raise MappingError(
                f"the first demands {self.first} of supplies must not decrease, and lie in 0 … {demands - 1}"
            )
        if len(self.names) != len(self.pairs) or len(set(self.names)) != len(self.names):
            raise MappingError(f"this allocation needs {len(self.pairs)} different names, found {len(self.names)}")
        if len(dict(self.setups)) != len(self.setups) or any(not 0 <= t < supplies for t, _ in self.setups):
            raise MappingError(f"the setups of an allocation of {supplies} supplies name a wrong one or one twice")
        if len(self.capacity) != len(self.setups) or any(limit < 0 for limit in self.capacity):
            raise MappingError("an allocation needs a capacity of at least 0 for each setup")
        if len(self.largest_demand) != (demands if self.setups else len(self.largest_demand)):
            raise MappingError(
                f"an allocation with setups needs the largest amount of each of its {demands} demands, "
                f"found {len(self.largest_demand)}"
            )

    @classmethod
    def by_period(
        cls,
        supply: Sequence[AffineExpression],
        demand: Sequence[AffineExpression],
        prefix: str,
        *,
        surplus: bool = False,
    ) -> FifoAllocation:
        """Return the allocation in which supply t serves the demands from t on, with outputs `prefix[t,k]`."""
        names = tuple(f"{prefix}[{t},{k}]" for t in range(len(supply)) for k in range(t, len(supply)))
        return cls(tuple(supply), tuple(demand), tuple(range(len(supply))), names, surplus)

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """The (t, k) of the outputs, in their order."""
        return [(t, k) for t, first in enumerate(self.first) for k in range(first, len(self.demand))]

    def amount(self, t: int, k: int) -> AffineExpression:
        """Return w_tk, 0 for a demand before the first that t serves."""
        return AffineExpression(ZERO) if k < self.first[t] else AffineExpression.variable(self._name_of[t, k])

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """Supplies, demands and setups."""
        return [*self.supply, *self.demand, *(expression for _, expression in self.setups)]

    @property
    def outputs(self) -> Sequence[Output]:
        """One amount for each supply and each demand for which it comes in time."""
        return [Output(name, ZERO, None) for name in self.names]

    def conditions(self) -> Iterable[Condition]:
        """Supplies and demands are at least 0, and stock never runs below 0; setups allow their supplies.

        A demand that comes before every supply is 0.
        """
        for t, supplied in enumerate(self.supply):
            yield Condition(f"supply({t})", supplied, ZERO)
        for k, demanded in enumerate(self.demand):
            most = ZERO if k < self.first[0] else self.largest_demand[k] if self.setups else None
            yield Condition(f"demand({k})", demanded, ZERO, most)
        for s, stock in enumerate(self._stocks):
            yield Condition(f"stock({s})", stock, ZERO)
        final = _total(self.supply) - _total(self.demand)
        yield Condition("balance", final, ZERO, None if self.surplus else ZERO)
        for (t, setup), limit in zip(self.setups, self.capacity, strict=True):
            yield Condition(f"setup({t})", setup, ZERO, ONE, integral=True)
            yield Condition(f"capacity({t})", setup * limit - self.supply[t], ZERO)

    def graph(self) -> Iterable[GraphRow]:
        """Supplies are used, demands met, stocks as they are; setups limit what their supplies serve."""
        supplies, demands = range(len(self.supply)), range(len(self.demand))
        least = None if self.surplus else ZERO
        for t in supplies:
            given = _total(self.amount(t, k) for k in demands)
            yield GraphRow(f"supply({t})", given - self.supply[t], least, ZERO)
        for k in demands:
            got = _total(self.amount(t, k) for t in supplies)
            yield GraphRow(f"demand({k})", got - self.demand[k], ZERO, ZERO)
        for s, stock in enumerate(self._stocks):
            kept = _total(self.amount(t, k) for t in supplies[: s + 1] for k in demands[self.first[s + 1] :])
            yield GraphRow(f"stock({s})", kept - stock, least, ZERO)
        for t, setup in self.setups:
            for k in demands[self.first[t] :]:
                yield GraphRow(f"setup({t},{k})", self.amount(t, k) - setup * self.largest_demand[k], None, ZERO)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the lengths that the intervals of supplies and demands share."""
        supplied = _running(expression.evaluate(point) for expression in self.supply)
        demanded = _running(expression.evaluate(point) for expression in self.demand)
        values: dict[str, Fraction] = {}
        for (t, k), name in zip(self.pairs, self.names, strict=True):
            shared = min(supplied[t + 1], demanded[k + 1]) - max(supplied[t], demanded[k])
            values[name] = max(shared, ZERO)
        return values

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> FifoAllocation:
        """Return the allocation with variables replaced in supplies, demands and setups."""
        return replace(
            self,
            supply=tuple(expression.substitute(replacements) for expression in self.supply),
            demand=tuple(expression.substitute(replacements) for expression in self.demand),
            setups=tuple((t, expression.substitute(replacements)) for t, expression in self.setups),
        )

    def renamed(self, names: Mapping[str, str]) -> FifoAllocation:
        """Return the function with its outputs renamed."""
        return replace(self, names=tuple(names.get(name, name) for name in self.names))

    def arguments(self) -> dict[str, Any]:
        """Return `{"supply": […], "demand": […], "first": [0], "setups": {"0": {…}}, "outputs": […], …}`."""
        return {
            "supply": [expression.to_json() for expression in self.supply],
            "demand": [expression.to_json() for expression in self.demand],
            "first": list(self.first),
            "surplus": self.surplus,
            "setups": {str(t): expression.to_json() for t, expression in self.setups},
            "capacity": [str(limit) for limit in self.capacity],
            "largest_demand": [str(limit) for limit in self.largest_demand],
            "outputs": list(self.names),
        }

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> FifoAllocation:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        fields = {"supply", "demand", "first", "surplus", "setups", "capacity", "largest_demand", "outputs"}
        given = IndexedArguments(arguments, cls.name, owner, fields)
        return cls(
            given.expressions("supply"),
            given.expressions("demand"),
            given.wholes("first"),
            given.names("outputs"),
            given.flag("surplus"),
            tuple((index[0], expression) for index, expression in given.indexed("setups", 1).items()),
            given.numbers("capacity"),
            given.numbers("largest_demand"),
        )

    @cached_property
    def _name_of(self) -> dict[tuple[int, int], str]:
        return dict(zip(self.pairs, self.names, strict=True))

    @property
    def _stocks(self) -> list[AffineExpression]:
        """A_s − B_{first[s+1]−1} for each supply s but the last."""
        return [_total(self.supply[: s + 1]) - _total(self.demand[:first]) for s, first in enumerate(self.first[1:])]


def _running(values: Iterable[Fraction]) -> list[Fraction]:
    """Return 0 and the sums of the first, the first two, … values."""
    sums = [ZERO]
    for value in values:
        sums.append(sums[-1] + value)
    return sums


def _total(expressions: Iterable[AffineExpression]) -> AffineExpression:
    total = AffineExpression(ZERO)
    for expression in expressions:
        total = total + expression
    return total
