"""The ordered unary code of a value: which of several thresholds it reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar

from tools.errors import MappingError
from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.arguments import Arguments
from tools.mapping.functions.protocol import Condition, GraphRow, Output

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Threshold:
    """The binaries z_k = [e ≥ t_k] for e = `of` in [L, U] and thresholds L < t_1 < … < t_n ≤ U, whole with `integral`.

    Lemma, with g = 1 where `integral`, else 0 (the strict side is relaxed), t_0 = L and t_{n+1} = U + g:
    z_k ≥ z_{k+1} and L + Σ (t_k − t_{k−1})·z_k ≤ e ≤ t_1 − g + Σ (t_{k+1} − t_k)·z_k.
    Proof: if e reaches exactly t_1 … t_k, the sums are t_k (or L) and t_{k+1} − g. These rows are the convex hull, and
    for all thresholds L + 1 … U of a whole e they say e = L + Σ z_k.
    """

    name: ClassVar[str] = "threshold"

    of: AffineExpression
    lower: Fraction
    upper: Fraction
    thresholds: tuple[Fraction, ...]
    names: tuple[str, ...]
    integral: bool = True

    def __post_init__(self) -> None:
        places = (self.lower, *self.thresholds)
        what = f"the thresholds of {', '.join(self.names)[:60]!r}"
        if not self.thresholds or len(self.thresholds) != len(self.names):
            raise MappingError(f"{what} are {len(self.thresholds)}; give one or more, and one output for each")
        if any(below >= above for below, above in pairwise(places)) or places[-1] > self.upper:
            raise MappingError(f"{what} must increase from above the lower bound {self.lower} to at most {self.upper}")
        if self.integral and any(place.denominator != 1 for place in (*places, self.upper)):
            raise MappingError(f"{what} and its bounds must be whole for a value that is")

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """The value."""
        return (self.of,)

    @property
    def outputs(self) -> Sequence[Output]:
        """One binary a threshold, in order."""
        return [Output(name, ZERO, ONE, Kind.BINARY) for name in self.names]

    def conditions(self) -> Iterable[Condition]:
        """The value lies in its range, and is whole if the function says so."""
        yield Condition("threshold", self.of, self.lower, self.upper, integral=self.integral)

    def graph(self) -> Iterable[GraphRow]:
        """The order of the binaries and what they say about the value from below and above."""
        codes = [AffineExpression.variable(name) for name in self.names]
        for reached, further in pairwise(codes):
            yield GraphRow("threshold order", reached - further, ZERO, None)
        gap = ONE if self.integral else ZERO
        places = (self.lower, *self.thresholds, self.upper + gap)
        steps = [above - below for below, above in pairwise(places)]
        least = AffineExpression(self.lower, dict(zip(self.names, steps)))
        most = AffineExpression(self.thresholds[0] - gap, dict(zip(self.names, steps[1:])))
        if least == most:
            yield GraphRow("threshold", self.of - least, ZERO, ZERO)
            return
        yield GraphRow("threshold lower", self.of - least, ZERO, None)
        yield GraphRow("threshold upper", most - self.of, ZERO, None)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return 1 for each threshold that the value reaches, else 0."""
        value = self.of.evaluate(point)
        return {name: ONE if value >= place else ZERO for name, place in zip(self.names, self.thresholds)}

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> Threshold:
        """Return the code of the expression with variables replaced."""
        return replace(self, of=self.of.substitute(replacements))

    def renamed(self, names: Mapping[str, str]) -> Threshold:
        """Return the function with its outputs renamed."""
        return replace(self, names=tuple(names.get(name, name) for name in self.names))

    def arguments(self) -> dict[str, Any]:
        """Return `{"of": {…}, "lower": "0", "upper": "2", "thresholds": ["1", "2"], "outputs": […], "integral": …}`."""
        return {
            "of": self.of.to_json(), "lower": str(self.lower), "upper": str(self.upper),
            "thresholds": [str(place) for place in self.thresholds], "outputs": list(self.names),
            "integral": self.integral,
        }  # fmt: skip

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> Threshold:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        fields = {"of", "lower", "upper", "thresholds", "outputs", "integral"}
        given = Arguments(arguments, cls.name, owner, fields)
        return cls(
            given.expression("of"), given.number("lower"), given.number("upper"), given.numbers("thresholds"),
            given.names("outputs"), given.flag("integral"),
        )  # fmt: skip


def unary(of: AffineExpression, lower: int, names: Sequence[str]) -> Threshold:
    """Return the ordered unary code of a whole number in lower … lower + n: of = lower + Σ z_k, z_1 ≥ z_2 ≥ …."""
    places = tuple(Fraction(lower + k) for k in range(1, len(names) + 1))
    return Threshold(of, Fraction(lower), Fraction(lower + len(names)), places, tuple(names))
