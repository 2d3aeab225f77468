"""The whole part of a number."""

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
class Floor:
    """The greatest whole number q = ⌊e⌋ at most e = `of`; with `parts` = m, e is a multiple of 1/m.

    Lemma: q is whole and q ≤ e ≤ q + 1; where m·e is whole, even e ≤ q + 1 − 1/m. Proof: q ≤ e < q + 1, and
    m·(q + 1) − m·e is then a positive whole number. Without m the strict side is relaxed. The least whole number at
    least e is −⌊−e⌋.
    """

    name: ClassVar[str] = "floor"

    of: AffineExpression
    output: str
    parts: int | None = None

    def __post_init__(self) -> None:
        if self.parts is not None and self.parts < 1:
            raise MappingError(f"the floor {self.output!r} needs a positive number of parts, found {self.parts}")

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """The number itself."""
        return (self.of,)

    @property
    def outputs(self) -> Sequence[Output]:
        """The whole part, without bounds of its own: the rows give it those of the number."""
        return [Output(self.output, None, None, Kind.INTEGER)]

    def conditions(self) -> Iterable[Condition]:
        """m·e is whole; none where m is not given."""
        if self.parts is not None:
            yield Condition("floor", self.of * self.parts, integral=True)

    def graph(self) -> Iterable[GraphRow]:
        """0 ≤ e − q ≤ 1, or 1 − 1/m."""
        most = ONE if self.parts is None else ONE - Fraction(1, self.parts)
        yield GraphRow("floor", self.of - AffineExpression.variable(self.output), ZERO, most)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the greatest whole number at most the value."""
        return {self.output: Fraction(self.of.evaluate(point) // 1)}

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> Floor:
        """Return the whole part of the expression with variables replaced."""
        return replace(self, of=self.of.substitute(replacements))

    def renamed(self, names: Mapping[str, str]) -> Floor:
        """Return the function with its output renamed."""
        return replace(self, output=names.get(self.output, self.output))

    def arguments(self) -> dict[str, Any]:
        """Return `{"of": {…}, "output": "q", "parts": null}`."""
        return {"of": self.of.to_json(), "output": self.output, "parts": self.parts}

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> Floor:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        given = Arguments(arguments, cls.name, owner, {"of", "output", "parts"})
        return cls(given.expression("of"), given.output("output"), given.optional_whole("parts", least=1))
