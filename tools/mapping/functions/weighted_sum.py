"""Bounded parts whose weighted sum is a given value: digits of mixed bases, splits within bounds, free splits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar

from tools.errors import MappingError
from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.arguments import Arguments, written
from tools.mapping.functions.protocol import Condition, GraphRow, Output
from tools.mapping.functions.representation import Representation, Targets, Term, represent

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Part:
    """The output `name` with its weight in the sum, its bounds (None: no bound), and whether it is whole."""

    name: str
    weight: Fraction
    lower: Fraction | None
    upper: Fraction | None
    integer: bool


@dataclass(frozen=True)
class WeightedSum:
    """The parts w_k in their bounds, whole where they must be, with Σ weight_k · w_k = e for e = `of`.

    Lemma: where `lower` ≤ e ≤ `upper` and, with `step`, e is a multiple of it, there are such parts, and `evaluate`
    returns some. Proof: on construction a rule is found that writes every such value (`represent`: by climbing from an
    extreme sum, largest weights first, or from a table of all sums); where none is found, construction is refused.
    """

    name: ClassVar[str] = "weighted_sum"

    of: AffineExpression
    parts: tuple[Part, ...]
    lower: Fraction | None
    upper: Fraction | None
    step: Fraction | None = None

    def __post_init__(self) -> None:
        if not self.parts:
            raise MappingError("a weighted sum needs at least one part")
        if self.step is not None and self.step <= 0:
            raise MappingError(f"a weighted sum with the part {self.parts[0].name!r} has the step {self.step}, not > 0")
        self.representation()

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """The value itself."""
        return (self.of,)

    @property
    def outputs(self) -> Sequence[Output]:
        """The parts, in order."""
        kinds = {True: Kind.INTEGER, False: Kind.CONTINUOUS}
        return [Output(part.name, part.lower, part.upper, kinds[part.integer]) for part in self.parts]

    def conditions(self) -> Iterable[Condition]:
        """The value lies in its range, and is a multiple of the step where one is given."""
        if self.step is None:
            yield Condition("weighted_sum", self.of, self.lower, self.upper)
            return
        ends = [None if end is None else end / self.step for end in (self.lower, self.upper)]
        yield Condition("weighted_sum", self.of * (1 / self.step), ends[0], ends[1], integral=True)

    def graph(self) -> Iterable[GraphRow]:
        """Σ weight_k · w_k = e."""
        total = AffineExpression(ZERO, {part.name: part.weight for part in self.parts})
        yield GraphRow("weighted_sum", total - self.of, ZERO, ZERO)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return parts of the value; raises `MappingError` for a value outside the range or off the step."""
        value = self.of.evaluate(point)
        if value not in self._targets():
            step = "" if self.step is None else f", a multiple of {self.step}"
            raise MappingError(
                f"the sum with the part {self.parts[0].name!r} is for values from {self.lower} to {self.upper}{step}, "
                f"found {value}"
            )
        return {part.name: number for part, number in zip(self.parts, self.representation().split(value))}

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> WeightedSum:
        """Return the parts of the expression with variables replaced."""
        return replace(self, of=self.of.substitute(replacements))

    def renamed(self, names: Mapping[str, str]) -> WeightedSum:
        """Return the function with its outputs renamed."""
        return replace(self, parts=tuple(replace(part, name=names.get(part.name, part.name)) for part in self.parts))

    def arguments(self) -> dict[str, Any]:
        """Return `{"of": {…}, "outputs": ["p", "n"], "weights": ["1", "-1"], "lowers": […], "uppers": […], …}`."""
        lower, upper, step = written((self.lower, self.upper, self.step))
        return {
            "of": self.of.to_json(), "outputs": [part.name for part in self.parts],
            "weights": [str(part.weight) for part in self.parts],
            "lowers": written(part.lower for part in self.parts), "uppers": written(part.upper for part in self.parts),
            "integer": [part.integer for part in self.parts], "lower": lower, "upper": upper, "step": step,
        }  # fmt: skip

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> WeightedSum:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        fields = {"of", "outputs", "weights", "lowers", "uppers", "integer", "lower", "upper", "step"}
        given = Arguments(arguments, cls.name, owner, fields)
        names, weights = given.names("outputs"), given.numbers("weights")
        lowers, uppers, integer = given.limits("lowers"), given.limits("uppers"), given.flags("integer")
        if len({len(entries) for entries in (names, weights, lowers, uppers, integer)}) != 1:
            raise MappingError(f"a weighted sum for {owner[:60]!r} needs as many weights, bounds and kinds as outputs")
        parts = tuple(map(Part, names, weights, lowers, uppers, integer))
        return cls(given.expression("of"), parts, given.limit("lower"), given.limit("upper"), given.limit("step"))

    def _targets(self) -> Targets:
        lower, upper, step = self.lower, self.upper, self.step
        if step is not None:
            lower = None if lower is None else math.ceil(lower / step) * step
            upper = None if upper is None else math.floor(upper / step) * step
        elif lower is not None and lower == upper:
            step = abs(lower) or ONE
        return Targets(lower, upper, step)

    def representation(self) -> Representation:
        """Return the rule that writes every value of the range as a sum of the parts; raises `MappingError`."""
        terms: list[Term] = []
        for part in self.parts:
            lower, upper = part.lower, part.upper
            if part.integer:
                lower = None if lower is None else Fraction(math.ceil(lower))
                upper = None if upper is None else Fraction(math.floor(upper))
            if lower is not None and upper is not None and lower > upper:
                raise MappingError(f"the part {part.name!r} of a weighted sum has no value within its bounds")
            terms.append(Term(part.weight, lower, upper, part.integer))
        found = represent(tuple(terms), self._targets())
        if found is None:
            step = "value" if self.step is None else f"multiple of {self.step}"
            raise MappingError(
                f"not every {step} from {self.lower} to {self.upper} was found to be a sum of the parts "
                f"{', '.join(part.name for part in self.parts)[:80]!r}; widen their bounds, or give the range of values"
            )
        return found


def mixed_base(of: AffineExpression, bases: Sequence[int], names: Sequence[str]) -> WeightedSum:
    """Return the digits of a whole number from 0 to Π bases − 1, lowest first, digit k from 0 to bases[k] − 1."""
    parts: list[Part] = []
    weight = ONE
    for name, base in zip(names, bases, strict=True):
        parts.append(Part(name, weight, ZERO, Fraction(base - 1), integer=True))
        weight *= base
    return WeightedSum(of, tuple(parts), ZERO, weight - 1, ONE)


def free_split(of: AffineExpression, plus: str, minus: str, *, integer: bool = False) -> WeightedSum:
    """Return the parts p, n ≥ 0 of any number with p − n = of: max(of, 0) and max(−of, 0), whole where `of` is."""
    parts = (Part(plus, ONE, ZERO, None, integer), Part(minus, -ONE, ZERO, None, integer))
    return WeightedSum(of, parts, None, None, ONE if integer else None)
