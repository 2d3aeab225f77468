"""Whether a partial recovery holds at exact points, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.synthesis.points import Point


def broken_by(
    reference: Formulation,
    candidate: Formulation,
    expressions: Mapping[str, AffineExpression],
    points: Iterable[Point],
) -> str | None:
    """Return what the expressions break at some point, or None.

    Checked are the bounds and integrality of mapped variables, rows whose variables are all mapped, and, when all
    objective variables are mapped, that the objective is one increasing affine function of the candidate's.
    """
    mapped = [j for j, name in enumerate(reference.variables) if name in expressions]
    index = {
        j: {candidate.variable_index[v]: a for v, a in expressions[reference.variables[j]].terms.items()}
        for j in mapped
    }
    constants = {j: expressions[reference.variables[j]].constant for j in mapped}
    rows = [
        i for i in range(len(reference.rows))
        if all(j in constants for j in reference.columns[reference.indptr[i] : reference.indptr[i + 1]].tolist())
    ]  # fmt: skip
    costs = reference.cost_terms
    values: list[tuple[Fraction, Fraction]] = []
    for point in points:
        image = {j: sum((a * point[k] for k, a in index[j].items() if point[k]), constants[j]) for j in mapped}
        for j, value in image.items():
            low, high = reference.lower.finite(j), reference.upper.finite(j)
            if (low is not None and value < low) or (high is not None and value > high):
                return f"the bounds of {reference.variables[j]!r}"
            if reference.integer[j] and value.denominator != 1:
                return f"the integrality of {reference.variables[j]!r}"
        for i in rows:
            activity = sum((a * image[j] for j, a in reference.row_terms(i).items()), Fraction(0))
            low, high = reference.row_lower.finite(i), reference.row_upper.finite(i)
            if (low is not None and activity < low) or (high is not None and activity > high):
                return f"row {reference.rows[i]!r}"
        if costs and all(j in image for j in costs):
            value = sum((c * image[j] for j, c in costs.items()), Fraction(0))
            values.append((candidate.cost_value(point), value))
    return _unlike(values)


def _unlike(values: list[tuple[Fraction, Fraction]]) -> str | None:
    """Return a message unless every (x, y) lies on one line of positive slope (any constant y when x is constant)."""
    if not values:
        return None
    x0, y0 = min(values)
    x1, y1 = max(values)
    if x0 == x1:
        return None if all(y == y0 for _, y in values) else "the objective"
    slope = (y1 - y0) / (x1 - x0)
    carried = slope > 0 and all(y == y0 + slope * (x - x0) for x, y in values)
    return None if carried else "the objective"
