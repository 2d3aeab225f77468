"""Systems of linear rows over the rationals: variables eliminated exactly, by substitution or Fourier and Motzkin."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Literal, NamedTuple


class Affine(NamedTuple):
    """Σ terms[name]·name + constant; no term is 0."""

    terms: Mapping[str, Fraction]
    constant: Fraction

    def at(self, values: Mapping[str, Fraction]) -> Affine:
        """Return the expression with these variables replaced by their values."""
        inside = [(k, a) for k, a in self.terms.items() if k in values]
        outside = {k: a for k, a in self.terms.items() if k not in values}
        return Affine(outside, sum((a * values[k] for k, a in inside), self.constant))


class Row(NamedTuple):
    """left ≤ 0, < 0 or = 0."""

    left: Affine
    relation: Literal["<=", "<", "="] = "<="

    @property
    def holds(self) -> bool | None:
        """Whether a row without variables is true; None where it has some."""
        if self.left.terms:
            return None
        value = self.left.constant
        return value == 0 if self.relation == "=" else value < 0 or (value == 0 and self.relation == "<=")

    @property
    def negations(self) -> list[Row]:
        """Rows of which one holds exactly where this one does not."""
        opposite = weighted((-1, self.left))
        if self.relation == "=":
            return [Row(self.left, "<"), Row(opposite, "<")]
        return [Row(opposite, "<" if self.relation == "<=" else "<=")]


def number(value: Fraction) -> Affine:
    """Return the expression without variables."""
    return Affine({}, value)


def weighted(*parts: tuple[Fraction | int, Affine]) -> Affine:
    """Return Σ weight·expression."""
    terms: dict[str, Fraction] = {}
    for weight, expression in parts:
        for name, a in expression.terms.items():
            terms[name] = terms.get(name, Fraction(0)) + weight * a
    return Affine({k: a for k, a in terms.items() if a}, sum((w * e.constant for w, e in parts), Fraction(0)))


def minus(first: Affine, second: Affine) -> Affine:
    """Return first − second."""
    return weighted((1, first), (-1, second))


def simplified(system: Iterable[Row]) -> list[Row] | None:
    """Return the rows that say something, the tightest of each direction; None where one is false."""
    tightest: dict[tuple[tuple[tuple[str, Fraction], ...], bool], Row] = {}
    for row in system:
        if row.holds is False:
            return None
        if row.holds:
            continue
        first = min(row.left.terms)
        scaled = Row(weighted((1 / abs(row.left.terms[first]), row.left)), row.relation)
        key = tuple(sorted(scaled.left.terms.items())), row.relation == "="
        other = tightest.setdefault(key, scaled)
        if row.relation == "=" and other != scaled:
            return None
        if (scaled.left.constant, scaled.relation == "<") > (other.left.constant, other.relation == "<"):
            tightest[key] = scaled
    return list(tightest.values())


def eliminated(system: Iterable[Row], names: Iterable[str]) -> list[Row] | None:
    """Return what the system says about the other variables alone; None where it has no solution for any of them."""
    rows, left = simplified(system), set(names)
    while rows is not None:
        left &= {name for row in rows for name in row.left.terms}
        if not left:
            break
        equation = next((row for row in rows if row.relation == "=" and left & row.left.terms.keys()), None)
        if equation is None:
            rows = _projected(rows, min(sorted(left), key=partial(_growth, rows)))
        else:
            name = min(left & equation.left.terms.keys())
            solved = [(row, -row.left.terms.get(name, Fraction(0)) / equation.left.terms[name]) for row in rows]
            rows = simplified(
                Row(weighted((1, row.left), (a, equation.left)), row.relation)
                for row, a in solved
                if row is not equation
            )
    return rows


def _projected(rows: Sequence[Row], name: str) -> list[Row] | None:
    above, below = _bounds(rows, name)
    rest = [row for row in rows if name not in row.left.terms]
    for high, low in itertools.product(above, below):
        left = weighted((-low.left.terms[name], high.left), (high.left.terms[name], low.left))
        rest.append(Row(left, "<" if "<" in (high.relation, low.relation) else "<="))
    return simplified(rest)


def _growth(rows: Sequence[Row], name: str) -> int:
    above, below = _bounds(rows, name)
    return len(above) * len(below)


def _bounds(rows: Sequence[Row], name: str) -> tuple[list[Row], list[Row]]:
    """Return the rows that bound `name` from above, and from below."""
    using = [row for row in rows if name in row.left.terms]
    return [row for row in using if row.left.terms[name] > 0], [row for row in using if row.left.terms[name] < 0]


def feasible(system: Sequence[Row]) -> bool:
    """Say whether some point satisfies all rows."""
    return eliminated(system, {name for row in system for name in row.left.terms}) is not None


def covered(system: Sequence[Row], parts: Iterable[Sequence[Row]]) -> bool:
    """Say whether every point of the system lies in one of the parts."""
    if not feasible(system):
        return True
    meeting = sorted((part for part in parts if feasible([*system, *part])), key=len)
    if not meeting:
        return False
    first, *rest = meeting
    return all(covered([*system, outside], rest) for row in first for outside in row.negations)
