"""The product of binary expressions: whether all of them are 1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod
from typing import Any, ClassVar

from tools.errors import MappingError
from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.arguments import Arguments
from tools.mapping.functions.protocol import Condition, GraphRow, Output

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Product:
    """The product w = Π x_k of n binary expressions x_k.

    Lemma: where every x_k is 0 or 1, w is 0 or 1, w ≤ x_k and w ≥ Σ x_k − (n − 1). Proof: w = 1 means that all x_k
    are 1; where one is 0, Σ x_k ≤ n − 1. A factor that comes twice counts once. For independent x_k these rows are the
    convex hull (McCormick).
    """

    name: ClassVar[str] = "product"

    factors: tuple[AffineExpression, ...]
    output: str

    def __post_init__(self) -> None:
        if not self.factors:
            raise MappingError(f"the product {self.output!r} has no factor; give it at least one")

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """The factors."""
        return self.factors

    @property
    def outputs(self) -> Sequence[Output]:
        """The product."""
        return [Output(self.output, ZERO, ONE, Kind.BINARY)]

    def conditions(self) -> Iterable[Condition]:
        """Every factor is 0 or 1."""
        for factor in self.factors:
            yield Condition("product", factor, ZERO, ONE, integral=True)

    def graph(self) -> Iterable[GraphRow]:
        """The product is at most each factor, and 1 where all of them are."""
        product = AffineExpression.variable(self.output)
        different = list(dict.fromkeys(self.factors))
        for factor in different:
            yield GraphRow("product", factor - product, ZERO, None)
        total = sum(different, AffineExpression(Fraction(1 - len(different))))
        yield GraphRow("product", product - total, ZERO, None)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the product of the values."""
        return {self.output: prod((factor.evaluate(point) for factor in self.factors), start=ONE)}

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> Product:
        """Return the product of the expressions with variables replaced."""
        return replace(self, factors=tuple(factor.substitute(replacements) for factor in self.factors))

    def renamed(self, names: Mapping[str, str]) -> Product:
        """Return the function with its output renamed."""
        return replace(self, output=names.get(self.output, self.output))

    def arguments(self) -> dict[str, Any]:
        """Return `{"factors": [{…}, {…}], "output": "w"}`."""
        return {"factors": [factor.to_json() for factor in self.factors], "output": self.output}

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> Product:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        given = Arguments(arguments, cls.name, owner, {"factors", "output"})
        return cls(given.expressions("factors"), given.output("output"))
