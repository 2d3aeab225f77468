"""The total function `affine`: a constant plus a weighted sum of variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from tools.mapping.affine import AffineExpression


@dataclass(frozen=True, slots=True)
class AffineFunction:
    """`constant + Σ terms[v]·v`; total everywhere."""

    name: ClassVar[str] = "affine"

    expression: AffineExpression

    @property
    def sources(self) -> frozenset[str]:
        """The variables with a coefficient."""
        return frozenset(self.expression.terms)

    def evaluate(self, point: Mapping[str, Fraction]) -> Fraction:
        """Return the exact value at `point`; raises `MappingError` when a variable has no value."""
        return self.expression.evaluate(point)

    def arguments(self) -> dict[str, Any]:
        """Return `{"constant": "0", "terms": {"x": "1"}}`."""
        return self.expression.to_json()

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> AffineFunction:
        """Return the function that `arguments` describes; raises `MappingError` naming `owner` on any other shape."""
        return cls(AffineExpression.from_json(arguments, owner=owner))
