"""The digits of a whole number in any base."""

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
class Digits:
    """The digits of the whole number `of` ≥ 0 in base `base`, lowest place first: of = Σ base^k · digit_k.

    Lemma: a whole number v with 0 ≤ v < base^n has exactly one such sum with 0 ≤ digit_k ≤ base − 1, namely
    digit_k = ⌊v / base^k⌋ mod base.
    """

    name: ClassVar[str] = "digits"

    of: AffineExpression
    base: int
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.base < 2 or not self.names:
            raise MappingError(f"digits need a base of at least 2 and a place, found base {self.base}")

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """The number itself."""
        return (self.of,)

    @property
    def outputs(self) -> Sequence[Output]:
        """One digit a place, lowest first."""
        return [Output(name, ZERO, Fraction(self.base - 1), Kind.INTEGER) for name in self.names]

    def conditions(self) -> Iterable[Condition]:
        """The number is whole, at least 0, and has no more places than there are digits."""
        yield Condition("digits", self.of, ZERO, Fraction(self.base ** len(self.names) - 1), integral=True)

    def graph(self) -> Iterable[GraphRow]:
        """of = Σ base^k · digit_k."""
        total = AffineExpression(ZERO, {name: Fraction(self.base**k) for k, name in enumerate(self.names)})
        yield GraphRow("digits", total - self.of, ZERO, ZERO)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the digits of the number's whole part; the highest place takes what is left over."""
        rest = self.of.evaluate(point) // 1
        values: dict[str, Fraction] = {}
        for name in self.names[:-1]:
            rest, digit = divmod(rest, self.base)
            values[name] = Fraction(digit)
        values[self.names[-1]] = Fraction(rest)
        return values

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> Digits:
        """Return the digits of the expression with variables replaced."""
        return replace(self, of=self.of.substitute(replacements))

    def renamed(self, names: Mapping[str, str]) -> Digits:
        """Return the function with its outputs renamed."""
        return replace(self, names=tuple(names.get(name, name) for name in self.names))

    def arguments(self) -> dict[str, Any]:
        """Return `{"of": {…}, "base": 10, "outputs": ["d0", "d1"]}`."""
        return {"of": self.of.to_json(), "base": self.base, "outputs": list(self.names)}

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> Digits:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        given = Arguments(arguments, cls.name, owner, {"of", "base", "outputs"})
        return cls(given.expression("of"), given.whole("base", least=2), given.names("outputs"))
