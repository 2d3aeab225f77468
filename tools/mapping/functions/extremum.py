"""The greatest and the least of several values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Self

from tools.errors import MappingError
from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.arguments import Arguments, written
from tools.mapping.functions.protocol import Condition, GraphRow, Output

ZERO, ONE = Fraction(0), Fraction(1)

Leads = tuple[tuple[Fraction | None, ...], ...]
"""For terms e_i: entry [i][j] is a proved bound on how far e_j leads e_i, None if there is none; [i][i] is not used."""


@dataclass(frozen=True)
class _Extremum:
    """The best of the n expressions e_i, and with `names` the binaries s_i = [e_i is the first that attains it].

    Written for the maximum w; the minimum is −max(−e_i). Lemma: w ≥ e_i. With bounds D_ij ≥ e_j − e_i (`leads`):
    Σ s_i = 1 and w ≤ e_i + Σ_{j≠i} D_ij·s_j for every i whose bounds are all finite. Proof: exactly one s_j is 1, for
    it w = e_j, and e_j = e_i + (e_j − e_i). For two expressions these rows are the convex hull over a box of their
    difference. With `integral` every e_i is whole, and so is w.
    """

    name: ClassVar[str]
    sign: ClassVar[int]

    terms: tuple[AffineExpression, ...]
    output: str
    names: tuple[str, ...] = ()
    leads: Leads = ()
    integral: bool = False

    def __post_init__(self) -> None:
        n = len(self.terms)
        if not n:
            raise MappingError(f"the {self.name} {self.output!r} has no term; give it at least one")
        if self.names and len(self.names) != n:
            raise MappingError(f"the {self.name} {self.output!r} of {n} terms has {len(self.names)} binaries; give {n}")
        if self.leads and not self.names:
            raise MappingError(f"the {self.name} {self.output!r} has bounds on differences but no binaries; name them")
        if self.leads and [len(row) for row in self.leads] != [n] * n:
            raise MappingError(f"the {self.name} {self.output!r} needs {n} × {n} bounds on differences, or none")
        if self.output in self.names:
            raise MappingError(f"the {self.name} {self.output!r} names an output twice")

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """The expressions."""
        return self.terms

    @property
    def outputs(self) -> Sequence[Output]:
        """The best value, and the binaries that tell whose it is."""
        kind = Kind.INTEGER if self.integral else Kind.CONTINUOUS
        return [Output(self.output, None, None, kind), *(Output(name, ZERO, ONE, Kind.BINARY) for name in self.names)]

    def conditions(self) -> Iterable[Condition]:
        """No expression leads another by more than its bound, and all are whole if the function says so."""
        if self.integral:
            for term in self.terms:
                yield Condition(self.name, term, integral=True)
        for i, bounds in enumerate(self.leads):
            if self._bounded(i):
                for j, bound in enumerate(bounds):
                    if j != i:
                        lead = (self.terms[j] - self.terms[i]) * self.sign
                        yield Condition(f"{self.name} lead", lead, None, bound)

    def graph(self) -> Iterable[GraphRow]:
        """The best value is at least as good as each, and no better than the one that the binaries name."""
        best = AffineExpression.variable(self.output)
        ahead = [(best - term) * self.sign for term in self.terms]
        for distance in ahead:
            yield GraphRow(self.name, distance, ZERO, None)
        if self.names:
            yield GraphRow(f"{self.name} choice", AffineExpression(ZERO, dict.fromkeys(self.names, ONE)), ONE, ONE)
        for i, bounds in enumerate(self.leads):
            if self._bounded(i):
                shares = {name: bound or ZERO for j, (name, bound) in enumerate(zip(self.names, bounds)) if j != i}
                yield GraphRow(f"{self.name} attained", AffineExpression(ZERO, shares) - ahead[i], ZERO, None)

    def _bounded(self, i: int) -> bool:
        return all(bound is not None for j, bound in enumerate(self.leads[i]) if j != i)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the best value, and 1 for the first expression that attains it."""
        values = [term.evaluate(point) for term in self.terms]
        best = max(values) if self.sign > 0 else min(values)
        first = values.index(best)
        return {self.output: best, **{name: ONE if k == first else ZERO for k, name in enumerate(self.names)}}

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> Self:
        """Return the function of the expressions with variables replaced."""
        return replace(self, terms=tuple(term.substitute(replacements) for term in self.terms))

    def renamed(self, names: Mapping[str, str]) -> Self:
        """Return the function with its outputs renamed."""
        binaries = tuple(names.get(name, name) for name in self.names)
        return replace(self, output=names.get(self.output, self.output), names=binaries)

    def arguments(self) -> dict[str, Any]:
        """Return `{"terms": [{…}], "output": "w", "binaries": ["s0"], "leads": [[null]], "integral": false}`."""
        return {
            "terms": [term.to_json() for term in self.terms], "output": self.output, "binaries": list(self.names),
            "leads": [written(row) for row in self.leads], "integral": self.integral,
        }  # fmt: skip

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> Self:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        given = Arguments(arguments, cls.name, owner, {"terms", "output", "binaries", "leads", "integral"})
        return cls(
            given.expressions("terms"), given.output("output"), given.names("binaries"), given.table("leads"),
            given.flag("integral"),
        )  # fmt: skip


@dataclass(frozen=True)
class Maximum(_Extremum):
    """The greatest of several expressions."""

    name: ClassVar[str] = "maximum"
    sign: ClassVar[int] = 1


@dataclass(frozen=True)
class Minimum(_Extremum):
    """The least of several expressions; entry [i][j] of `leads` bounds e_i − e_j."""

    name: ClassVar[str] = "minimum"
    sign: ClassVar[int] = -1


Range = tuple[Fraction | None, Fraction | None]
"""Lower and upper bound of an expression, None where there is none."""


def leads_of(ranges: Sequence[Range], sign: int) -> Leads:
    """Return the bounds on leads that follow from a range of each expression, for `sign` 1 a maximum, −1 a minimum."""
    if sign < 0:
        ranges = [(None if high is None else -high, None if low is None else -low) for low, high in ranges]
    return tuple(
        tuple(None if i == j or high is None or low is None else high - low for j, (_, high) in enumerate(ranges))
        for i, (low, _) in enumerate(ranges)
    )


def positive_part(
    of: AffineExpression, output: str, names: Sequence[str] = (), bounds: Range = (None, None)
) -> Maximum:
    """Return max(of, 0) with, for two `names`, the binaries that say which; `bounds` are those of `of`."""
    leads = leads_of([bounds, (ZERO, ZERO)], sign=1) if names else ()
    return Maximum((of, AffineExpression(ZERO)), output, tuple(names), leads)
