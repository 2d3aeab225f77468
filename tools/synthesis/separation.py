"""Points of the candidate at which a proposed recovery leaves the reference, sought row by row with a solver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.synthesis.points import Point

MOST_ROWS = 120
"""Row sides that one call asks a solver about."""

CLEAR = 1e-6
"""A solver must see a row missed by this much, relatively, before a point is made exact."""


def separating_points(
    reference: Formulation, candidate: Prover, expressions: Mapping[str, AffineExpression], enough: int
) -> list[Point]:
    """Return up to `enough` exact candidate points whose images break some reference row or bound of mapped variables.

    An empty list proves nothing: at most `MOST_ROWS` sides are tried, and solvers may stop early.
    """
    found: list[Point] = []
    asked = 0
    for form, target in _requirements(reference, candidate.model, expressions):
        if len(found) >= enough or asked >= MOST_ROWS or candidate.budget.expired:
            break
        if candidate.quickly_at_least(form, target) is not None:
            continue
        if any(_value(form, point) < target for point in found):
            continue
        asked += 1
        result = candidate.minimise(form)
        if result.point is None or result.objective is None:
            continue
        if result.objective >= float(target) - CLEAR * (1 + abs(float(target))):
            continue
        point = candidate.exact_point(result.point, form)
        if point is not None and _value(form, point) < target:
            found.append(point)
    return found


def _requirements(
    reference: Formulation, candidate: Formulation, expressions: Mapping[str, AffineExpression]
) -> Iterator[tuple[dict[int, Fraction], Fraction]]:
    """Yield (form, target) with form ≥ target for each side of a row, then of a bound, that is fully mapped."""
    index = candidate.variable_index
    for i in range(len(reference.rows)):
        entries = reference.row_terms(i)
        if all(reference.variables[j] in expressions for j in entries):
            sides = reference.row_lower.finite(i), reference.row_upper.finite(i)
            yield from _sides({reference.variables[j]: a for j, a in entries.items()}, sides, expressions, index)
    for j, name in enumerate(reference.variables):
        if name in expressions:
            sides = reference.lower.finite(j), reference.upper.finite(j)
            yield from _sides({name: Fraction(1)}, sides, expressions, index)


def _sides(
    entries: Mapping[str, Fraction],
    sides: tuple[Fraction | None, Fraction | None],
    expressions: Mapping[str, AffineExpression],
    index: Mapping[str, int],
) -> Iterator[tuple[dict[int, Fraction], Fraction]]:
    image = AffineExpression(Fraction(0), entries).substitute(expressions)
    form = {index[v]: a for v, a in image.terms.items()}
    low, high = sides
    if low is not None:
        yield form, low - image.constant
    if high is not None:
        yield {k: -a for k, a in form.items()}, image.constant - high


def _value(form: Mapping[int, Fraction], point: Point) -> Fraction:
    return sum((a * point[k] for k, a in form.items() if point[k]), Fraction(0))
