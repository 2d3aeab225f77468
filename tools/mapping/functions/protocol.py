"""What a total function of a mapping offers: its values, the conditions of its lemma, and what the lemma says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Protocol, Self

from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression


@dataclass(frozen=True, slots=True)
class Condition:
    """lower ≤ expression ≤ upper (None: no bound) must hold on the source; with `integral` its value is an integer."""

    label: str
    expression: AffineExpression
    lower: Fraction | None = None
    upper: Fraction | None = None
    integral: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """A value that a function defines: its name, bounds (None: no bound) and kind."""

    name: str
    lower: Fraction | None
    upper: Fraction | None
    kind: Kind = Kind.CONTINUOUS


@dataclass(frozen=True, slots=True)
class GraphRow:
    """lower ≤ expression ≤ upper, over sources and outputs, holds on the function's graph."""

    label: str
    expression: AffineExpression
    lower: Fraction | None
    upper: Fraction | None


class TotalFunction(Protocol):
    """A function of affine expressions in source variables with one or several named outputs.

    Its lemma: wherever every condition holds, `evaluate` returns values for all outputs that respect their bounds and
    kinds and satisfy every graph row. A verification proves the conditions on the source model and may then use the
    outputs as if they were variables of it. Instances are frozen; expressions may name source variables and outputs of
    functions applied earlier.
    """

    name: ClassVar[str]
    """The name in reports, as `digits`."""

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """The expressions whose values the function uses."""
        ...

    @property
    def outputs(self) -> Sequence[Output]:
        """The values it defines, with names that no variable of the source model has."""
        ...

    def conditions(self) -> Iterable[Condition]:
        """Return what the source model must satisfy for the lemma to apply; none if the lemma is unconditional."""
        ...

    def graph(self) -> Iterable[GraphRow]:
        """Return linear rows that hold on the graph, as strong as the lemma allows."""
        ...

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return {output name: value}; raises `MappingError` where a source has no value or the function is undefined.

        It must be defined wherever the conditions hold.
        """
        ...

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> Self:
        """Return the function of the expressions with the variables that `replacements` names replaced."""
        ...

    def renamed(self, names: Mapping[str, str]) -> Self:
        """Return the function with its outputs renamed as `names` says; the others keep their names."""
        ...

    def arguments(self) -> dict[str, Any]:
        """Return the arguments, output names included, as JSON, numbers as exact strings."""
        ...

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> Self:
        """Return the function with these JSON arguments; raises `MappingError` naming `owner` on malformed ones."""
        ...
