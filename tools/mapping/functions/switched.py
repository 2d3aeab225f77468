"""A bounded value that a binary expression switches on and off."""

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

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Switched:
    """The product w = b · v of the binary expression b = `switch` and the expression v = `of` in [`lower`, `upper`].

    Lemma: where b is 0 or 1 and l ≤ v ≤ u: l·b ≤ w ≤ u·b and l·(1 − b) ≤ v − w ≤ u·(1 − b). Proof: for b = 1 they say
    w = v, for b = 0 w = 0. For b and v independent these rows are the convex hull (McCormick). With `integral` v is
    whole, and so is w.
    """

    name: ClassVar[str] = "switched"

    switch: AffineExpression
    of: AffineExpression
    lower: Fraction
    upper: Fraction
    output: str
    integral: bool = False

    def __post_init__(self) -> None:
        if self.lower > self.upper:
            raise MappingError(f"the switched value {self.output!r} has the empty range {self.lower} … {self.upper}")

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """The switch and the value."""
        return (self.switch, self.of)

    @property
    def outputs(self) -> Sequence[Output]:
        """The value where the switch is 1, else 0."""
        kind = Kind.INTEGER if self.integral else Kind.CONTINUOUS
        return [Output(self.output, min(self.lower, ZERO), max(self.upper, ZERO), kind)]

    def conditions(self) -> Iterable[Condition]:
        """The switch is 0 or 1 and the value within its range, and whole if the function says so."""
        yield Condition("switch", self.switch, ZERO, ONE, integral=True)
        yield Condition("switched", self.of, self.lower, self.upper, integral=self.integral)

    def graph(self) -> Iterable[GraphRow]:
        """The value lies in its range times b, and what is switched off in its range times 1 − b."""
        on = AffineExpression.variable(self.output)
        off = self.of - on
        switched_off = AffineExpression(ONE) - self.switch
        for part, share in ((on, self.switch), (off, switched_off)):
            yield GraphRow("switched", part - share * self.lower, ZERO, None)
            yield GraphRow("switched", share * self.upper - part, ZERO, None)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the product of the two values."""
        return {self.output: self.switch.evaluate(point) * self.of.evaluate(point)}

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> Switched:
        """Return the function of the expressions with variables replaced."""
        return replace(self, switch=self.switch.substitute(replacements), of=self.of.substitute(replacements))

    def renamed(self, names: Mapping[str, str]) -> Switched:
        """Return the function with its output renamed."""
        return replace(self, output=names.get(self.output, self.output))

    def arguments(self) -> dict[str, Any]:
        """Return `{"switch": {…}, "of": {…}, "lower": "0", "upper": "9", "output": "w", "integral": false}`."""
        return {
            "switch": self.switch.to_json(), "of": self.of.to_json(), "lower": str(self.lower),
            "upper": str(self.upper), "output": self.output, "integral": self.integral,
        }  # fmt: skip

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> Switched:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        given = Arguments(arguments, cls.name, owner, {"switch", "of", "lower", "upper", "output", "integral"})
        return cls(
            given.expression("switch"), given.expression("of"), given.number("lower"), given.number("upper"),
            given.output("output"), given.flag("integral"),
        )  # fmt: skip
