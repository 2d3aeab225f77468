"""A formulation as lists of columns and rows with exact entries, to be edited and turned back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from tools.formulation.model import Formulation, Kind, Sense
from tools.formulation.numbers import ExactVector

INFINITE = float("inf")
Side = Fraction | None
"""A bound or a row's side; None is no bound."""


@dataclass(frozen=True)
class Column:
    """One variable."""

    name: str
    kind: Kind
    lower: Side
    upper: Side
    cost: Fraction


@dataclass(frozen=True)
class Row:
    """One row, lower ≤ Σ terms[j]·x_j ≤ upper, with j a position among the columns."""

    name: str
    terms: dict[int, Fraction]
    lower: Side
    upper: Side


@dataclass
class PlainModel:
    """A model that can be edited: replace, append or reorder `columns` and `rows` (whose terms name positions)."""

    sense: Sense = "minimize"
    constant: Fraction = Fraction(0)
    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @classmethod
    def of(cls, model: Formulation) -> PlainModel:
        """Return `model` taken apart."""
        columns = [
            Column(name, Kind(int(model.kinds[j])), model.lower.finite(j), model.upper.finite(j), model.objective[j])
            for j, name in enumerate(model.variables)
        ]
        rows = [
            Row(name, model.row_terms(i), model.row_lower.finite(i), model.row_upper.finite(i))
            for i, name in enumerate(model.rows)
        ]
        return cls(model.sense, model.objective_constant, columns, rows)

    def formulation(self, name: str = "") -> Formulation:
        """Return the validated formulation; raises `InputError` as `Formulation.build` does."""
        indptr = [0]
        for row in self.rows:
            indptr.append(indptr[-1] + len(row.terms))
        return Formulation.build(
            name=name,
            sense=self.sense,
            variables=[column.name for column in self.columns],
            lower=_sides((column.lower for column in self.columns), -INFINITE),
            upper=_sides((column.upper for column in self.columns), INFINITE),
            kinds=[int(column.kind) for column in self.columns],
            objective=ExactVector.of(column.cost for column in self.columns),
            objective_constant=self.constant,
            rows=[row.name for row in self.rows],
            row_lower=_sides((row.lower for row in self.rows), -INFINITE),
            row_upper=_sides((row.upper for row in self.rows), INFINITE),
            indptr=indptr,
            columns=[j for row in self.rows for j in row.terms],
            coefficients=ExactVector.of(value for row in self.rows for value in row.terms.values()),
        )


def scaled_sides(lower: Side, upper: Side, factor: Fraction) -> tuple[Side, Side]:
    """Return the sides of a row or column multiplied by `factor`; a negative one swaps them."""
    low, high = (None if side is None else side * factor for side in (lower, upper))
    return (low, high) if factor > 0 else (high, low)


def _sides(sides: Iterable[Side], missing: float) -> ExactVector:
    return ExactVector.of(missing if side is None else side for side in sides)
