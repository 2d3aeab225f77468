"""The one-hot code of a value: one binary for each whole part it may have."""

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
class OneHot:
    """The binaries w_k = [⌊e⌋ = L + k], k = 0 … n − 1, for e = `of` from L to U = L + n − 1.

    Lemma: Σ w_k = 1, and with s = Σ (L + k)·w_k = ⌊e⌋: s = e where `integral`, else s ≤ e ≤ s + 1. These rows are the
    convex hull. Proof: ⌊e⌋ is one of the n values. A value that is not whole may reach U + 1 itself: the strict side
    is relaxed and the last binary takes that value too.
    """

    name: ClassVar[str] = "one_hot"

    of: AffineExpression
    lower: int
    names: tuple[str, ...]
    integral: bool = True

    def __post_init__(self) -> None:
        if not self.names:
            raise MappingError("a one-hot code needs at least one output")

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """The value."""
        return (self.of,)

    @property
    def outputs(self) -> Sequence[Output]:
        """One binary a whole part, from the least."""
        return [Output(name, ZERO, ONE, Kind.BINARY) for name in self.names]

    def conditions(self) -> Iterable[Condition]:
        """The value is whole and from L to U, or any from L to U + 1."""
        upper = self.lower + len(self.names) - self.integral
        yield Condition("one_hot", self.of, Fraction(self.lower), Fraction(upper), integral=self.integral)

    def graph(self) -> Iterable[GraphRow]:
        """Exactly one binary is 1, and the one that is tells the whole part."""
        yield GraphRow("one_hot", AffineExpression(ZERO, dict.fromkeys(self.names, ONE)), ONE, ONE)
        whole = AffineExpression(ZERO, {name: Fraction(self.lower + k) for k, name in enumerate(self.names)})
        yield GraphRow("one_hot value", self.of - whole, ZERO, ZERO if self.integral else ONE)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return 1 for the value's whole part, the nearest where it has no binary, and 0 for the others."""
        place = min(max(self.of.evaluate(point) // 1 - self.lower, 0), len(self.names) - 1)
        return {name: ONE if k == place else ZERO for k, name in enumerate(self.names)}

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> OneHot:
        """Return the code of the expression with variables replaced."""
        return replace(self, of=self.of.substitute(replacements))

    def renamed(self, names: Mapping[str, str]) -> OneHot:
        """Return the function with its outputs renamed."""
        return replace(self, names=tuple(names.get(name, name) for name in self.names))

    def arguments(self) -> dict[str, Any]:
        """Return `{"of": {…}, "lower": 0, "outputs": ["w0", "w1"], "integral": true}`."""
        return {
            "of": self.of.to_json(), "lower": self.lower, "outputs": list(self.names), "integral": self.integral,
        }  # fmt: skip

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> OneHot:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        given = Arguments(arguments, cls.name, owner, {"of", "lower", "outputs", "integral"})
        return cls(given.expression("of"), given.integer("lower"), given.names("outputs"), given.flag("integral"))
