"""A total that fills capacities one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

from tools.errors import MappingError
from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.arguments import Arguments
from tools.mapping.functions.protocol import Condition, GraphRow, Output

ZERO = Fraction(0)


@dataclass(frozen=True)
class GreedyFill:
    """The fillings v_k = min(u_k, e − Σ_{j<k} v_j) of capacities u_1, u_2, … from the total e.

    Lemma: where u_k ≥ 0 and 0 ≤ e ≤ Σ u_k, Σ v_k = e and 0 ≤ v_k ≤ u_k. Proof: what is left never falls below 0, and
    if it is not 0 after the last, every v_k = u_k, so it is e − Σ u_k ≤ 0. With `integral` e and all u_k are whole,
    and so are the v_k, being made of them by differences and minima. The rows describe every filling, not the order.
    """

    name: ClassVar[str] = "greedy_fill"

    total: AffineExpression
    capacities: tuple[AffineExpression, ...]
    names: tuple[str, ...]
    integral: bool = False

    def __post_init__(self) -> None:
        if not self.names or len(self.names) != len(self.capacities):
            raise MappingError(
                f"a greedy filling has {len(self.capacities)} capacities and {len(self.names)} outputs; "
                "give one or more, and one output for each"
            )

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """The total and the capacities."""
        return (self.total, *self.capacities)

    @property
    def outputs(self) -> Sequence[Output]:
        """One filling a capacity, in order."""
        kind = Kind.INTEGER if self.integral else Kind.CONTINUOUS
        return [Output(name, ZERO, None, kind) for name in self.names]

    def conditions(self) -> Iterable[Condition]:
        """The capacities are nonnegative, the total is and fits, and all are whole if the function says so."""
        yield Condition("greedy_fill total", self.total, ZERO, integral=self.integral)
        for capacity in self.capacities:
            yield Condition("greedy_fill capacity", capacity, ZERO, integral=self.integral)
        room = {name: -value for name, value in self.total.terms.items()}
        for capacity in self.capacities:
            for name, value in capacity.terms.items():
                room[name] = room.get(name, ZERO) + value
        constant = sum((capacity.constant for capacity in self.capacities), -self.total.constant)
        yield Condition("greedy_fill fits", AffineExpression(constant, room), ZERO)

    def graph(self) -> Iterable[GraphRow]:
        """The fillings sum to the total, each within its capacity."""
        filled = AffineExpression(ZERO, dict.fromkeys(self.names, Fraction(1)))
        yield GraphRow("greedy_fill total", filled - self.total, ZERO, ZERO)
        for name, capacity in zip(self.names, self.capacities):
            yield GraphRow("greedy_fill capacity", capacity - AffineExpression.variable(name), ZERO, None)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the fillings."""
        left = self.total.evaluate(point)
        values: dict[str, Fraction] = {}
        for name, capacity in zip(self.names, self.capacities):
            values[name] = min(capacity.evaluate(point), left)
            left -= values[name]
        return values

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> GreedyFill:
        """Return the function of the expressions with variables replaced."""
        return replace(
            self,
            total=self.total.substitute(replacements),
            capacities=tuple(capacity.substitute(replacements) for capacity in self.capacities),
        )

    def renamed(self, names: Mapping[str, str]) -> GreedyFill:
        """Return the function with its outputs renamed."""
        return replace(self, names=tuple(names.get(name, name) for name in self.names))

    def arguments(self) -> dict[str, Any]:
        """Return `{"total": {…}, "capacities": [{…}], "outputs": ["v0"], "integral": false}`."""
        return {
            "total": self.total.to_json(), "capacities": [capacity.to_json() for capacity in self.capacities],
            "outputs": list(self.names), "integral": self.integral,
        }  # fmt: skip

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> GreedyFill:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        given = Arguments(arguments, cls.name, owner, {"total", "capacities", "outputs", "integral"})
        return cls(
            given.expression("total"), given.expressions("capacities"), given.names("outputs"), given.flag("integral")
        )


def select(wanted: AffineExpression, offers: Sequence[AffineExpression], names: Sequence[str]) -> GreedyFill:
    """Return the binaries w_k with Σ w_k = wanted and w_k ≤ offers_k: the first offer that stands, if one is wanted.

    `wanted` and the offers are 0 or 1, and wanted ≤ Σ offers.
    """
    return GreedyFill(wanted, tuple(offers), tuple(names), integral=True)
