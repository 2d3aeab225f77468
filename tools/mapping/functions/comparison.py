"""Whether one value is less than another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

from tools.errors import MappingError
from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.arguments import Arguments, written
from tools.mapping.functions.protocol import Condition, GraphRow, Output

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Comparison:
    """The binary o = [left < right], or [left ≤ right] where not `strict`.

    With d = right − left in [l, u] and, where `step` = g is given, d a multiple of g:

    Lemma: o = 1 implies d ≥ 0 and o = 0 implies d ≤ 0, so d ≥ l + (a − l)·o and d ≤ −b + (u + b)·o for a = b = 0. With
    g, the strict one of the two sides has a distance: a = g where `strict`, else b = g. Proof: put o = 0 and o = 1; a
    positive multiple of g is at least g. A bound that is None costs its row.
    """

    name: ClassVar[str] = "comparison"

    left: AffineExpression
    right: AffineExpression
    strict: bool
    lower: Fraction | None
    upper: Fraction | None
    output: str
    step: Fraction | None = None

    def __post_init__(self) -> None:
        if self.step is not None and self.step <= 0:
            raise MappingError(f"the comparison {self.output!r} needs a positive step, found {self.step}")

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """Both values."""
        return (self.left, self.right)

    @property
    def outputs(self) -> Sequence[Output]:
        """1 where the comparison holds."""
        return [Output(self.output, ZERO, ONE, Kind.BINARY)]

    def conditions(self) -> Iterable[Condition]:
        """The difference lies within its bounds, and is a multiple of the step where one is given."""
        difference = self.right - self.left
        if self.lower is not None or self.upper is not None:
            yield Condition("comparison", difference, self.lower, self.upper)
        if self.step is not None:
            yield Condition("comparison step", difference * (1 / self.step), integral=True)

    def graph(self) -> Iterable[GraphRow]:
        """d ≥ l + (a − l)·o and d ≤ −b + (u + b)·o."""
        difference = self.right - self.left
        holds = AffineExpression.variable(self.output)
        gap = ZERO if self.step is None else self.step
        above, below = (gap, ZERO) if self.strict else (ZERO, gap)
        if self.lower is not None:
            yield GraphRow("comparison", difference - holds * (above - self.lower), self.lower, None)
        if self.upper is not None:
            yield GraphRow("comparison", difference - holds * (self.upper + below), None, -below)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return 1 where the comparison holds, else 0."""
        left, right = self.left.evaluate(point), self.right.evaluate(point)
        return {self.output: ONE if left < right or (left == right and not self.strict) else ZERO}

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> Comparison:
        """Return the comparison of the expressions with variables replaced."""
        return replace(self, left=self.left.substitute(replacements), right=self.right.substitute(replacements))

    def renamed(self, names: Mapping[str, str]) -> Comparison:
        """Return the function with its output renamed."""
        return replace(self, output=names.get(self.output, self.output))

    def arguments(self) -> dict[str, Any]:
        """Return `{"left": {…}, "right": {…}, "strict": true, "lower": "-9", "upper": null, "output": "o", …}`."""
        lower, upper, step = written((self.lower, self.upper, self.step))
        return {
            "left": self.left.to_json(), "right": self.right.to_json(), "strict": self.strict, "lower": lower,
            "upper": upper, "output": self.output, "step": step,
        }  # fmt: skip

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> Comparison:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        fields = {"left", "right", "strict", "lower", "upper", "output", "step"}
        given = Arguments(arguments, cls.name, owner, fields)
        return cls(
            given.expression("left"), given.expression("right"), given.flag("strict"), given.limit("lower"),
            given.limit("upper"), given.output("output"), given.limit("step"),
        )  # fmt: skip
