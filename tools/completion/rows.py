"""Rows of a target model, in which what is already known moves to the sides as expressions in source variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tools.mapping.affine import AffineExpression

OBJECTIVE = "objective"
"""The label of the row that keeps the target's cost at or below what the source allows."""


@dataclass(frozen=True, slots=True)
class OpenRow:
    """lower ≤ Σ terms[w]·w ≤ upper over target variables w without a value yet; sides in what is known, None: no bound.

    An equality has one object as both sides.
    """

    label: str
    terms: Mapping[str, Fraction]
    lower: AffineExpression | None
    upper: AffineExpression | None

    @property
    def is_equality(self) -> bool:
        """Whether both sides are the same expression."""
        return self.lower is not None and self.lower is self.upper

    def without(self, equality: OpenRow) -> OpenRow:
        """Return the row less a multiple of an equality row where that removes all variables of the latter."""
        name, its = next(iter(equality.terms.items()))
        factor = self.terms.get(name, Fraction(0)) / its
        if not factor or any(self.terms.get(v) != factor * a for v, a in equality.terms.items()):
            return self
        left = {v: a for v, a in self.terms.items() if v not in equality.terms}
        moved = (equality.lower or AffineExpression.number(0)) * factor
        lower = None if self.lower is None else self.lower - moved
        upper = lower if self.is_equality else None if self.upper is None else self.upper - moved
        return OpenRow(self.label, left, lower, upper)

    def given(self, known: Mapping[str, AffineExpression]) -> OpenRow:
        """Return the row with the variables that `known` names moved to the sides."""
        moved: AffineExpression | None = None
        left: dict[str, Fraction] = {}
        for name, coefficient in self.terms.items():
            expression = known.get(name)
            if expression is None:
                left[name] = coefficient
            else:
                share = expression * coefficient
                moved = share if moved is None else moved + share
        if moved is None:
            return self
        lower = None if self.lower is None else self.lower - moved
        upper = lower if self.is_equality else None if self.upper is None else self.upper - moved
        return OpenRow(self.label, left, lower, upper)
