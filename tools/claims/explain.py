"""Plain sentences about a broken requirement, with the numbers of the model that was broken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from tools.claims.inclusion import Breach, describe
from tools.claims.outcome import ObligationKind
from tools.formulation.model import Formulation, Violation

SHOWN_TERMS = 8
_LONGEST_BITS = 10_000
_LARGEST_EXPONENT = 1_000
"""Numbers beyond are shown by their order of magnitude."""


def number(value: Fraction) -> str:
    """Return a short readable text: exact when short, else a decimal marked with ≈."""
    bits = value.numerator.bit_length() - value.denominator.bit_length()
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > _LONGEST_BITS or bits > _LARGEST_EXPONENT:
        return f"≈{'-' if value < 0 else ''}10^{round(bits * math.log10(2))}"
    text = str(value)
    return text if len(text) <= 12 else f"≈{float(value):.9g}"


def exact_entries(model: Formulation, point: Sequence[Fraction]) -> dict[str, str]:
    """Return {variable: exact value} of the nonzero entries: all of the point."""
    return {name: str(value) for name, value in zip(model.variables, point, strict=True) if value}


def named_point(model: Formulation, point: Sequence[Fraction]) -> dict[str, str]:
    """Return the nonzero entries without variables that a modelling layer added."""
    added = {model.variables[j] for j in model.auxiliary}
    return {name: value for name, value in exact_entries(model, point).items() if name not in added}


def row_with_values(model: Formulation, row: int, point: Sequence[Fraction]) -> str:
    """Return the row with numbers substituted, such as "3·2 + 2·4 = 14"."""
    terms = [(a, point[j]) for j, a in model.row_terms(row).items() if point[j]]
    activity = sum((a * value for a, value in terms), Fraction(0))
    shown = " + ".join(f"{number(a)}·{number(value)}" for a, value in terms[:SHOWN_TERMS]) or "0"
    if len(terms) > SHOWN_TERMS:
        shown += f" + … ({len(terms) - SHOWN_TERMS} more)"
    return f"{shown} = {number(activity)}"


def violation_text(model: Formulation, violation: Violation, point: Sequence[Fraction]) -> str:
    """Return what `violation`, found at `point`, breaks in `model`, written out."""
    return breach_text(model, breach_of(violation, point), point)


def breach_of(violation: Violation, point: Sequence[Fraction]) -> Breach:
    """Return the violation as a breach: which side of which row or bound, or which integrality."""
    kind: ObligationKind
    if violation.element == "row":
        below = violation.limit is not None and violation.activity < violation.limit
        kind = "row lower" if below else "row upper"
    else:
        kind = violation.element
    return Breach(kind, violation.index, point, violation.amount)


def breach_text(model: Formulation, breach: Breach, image: Sequence[Fraction]) -> str:
    """Return what the image breaks in `model`, written out."""
    subject = describe(breach.kind, breach.index, model)
    if breach.kind in ("row lower", "row upper"):
        side = model.row_lower[breach.index] if breach.kind == "row lower" else model.row_upper[breach.index]
        relation = "below the lower" if breach.kind == "row lower" else "above the upper"
        return f"{subject}: {row_with_values(model, breach.index, image)}, {relation} limit {number(side)}"
    if breach.kind in ("lower bound", "upper bound"):
        return f"{subject}: the value is {number(image[breach.index])}"
    if breach.kind == "integrality":
        return f"{subject}: the value is {number(image[breach.index])}"
    return f"objective: worse than the objective relation allows by {number(breach.amount)}"
