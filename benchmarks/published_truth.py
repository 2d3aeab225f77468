"""Whether a map carries every optimum of a candidate to an optimum of its reference, by SCIP and plain fractions alone.

Shares no code with what decides claims. Every requirement of the reference is maximised, written in candidate
variables, over the candidate's points of optimal cost; SCIP keeps that cost at a tolerance, and so does this.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from benchmarks.plain_model import PlainModel, Row
from benchmarks.scip import FeasibleSet
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression, AffineMapping

COST_SLACK = 1e-7
"""How much worse than optimal, relatively, a point may be that still counts as optimal."""

ACCEPTED = 1e-5
"""A relative excess up to this is none …"""

CLEAR = 1e-3
"""… and from this on it shows that an optimum is lost; between the two nothing is said."""

_Form = dict[int, Fraction]


@dataclass(frozen=True)
class Truth:
    """Whether optima are "carried" over or one is "lost", and why."""

    result: Literal["carried", "lost", "unsure"]
    reason: str


def optima_carry_over(reference: Formulation, candidate: Formulation, mapping: AffineMapping, seconds: float) -> Truth:
    """Return whether statuses agree and the image of every optimum of `candidate` is an optimum of `reference`."""
    deadline = time.monotonic() + seconds
    least = [FeasibleSet(m, seconds).largest({j: -c for j, c in m.cost_terms.items()}) for m in (reference, candidate)]
    answers = [found.answer for found in least]
    if "limit" in answers:
        return Truth("unsure", "SCIP ran out of time on an optimum")
    if answers[0] != answers[1]:
        return Truth("lost", f"SCIP calls the reference {answers[0]} and the candidate {answers[1]}")
    if answers[0] == "infeasible":
        return Truth("carried", "neither model has a solution")
    if least[0].value is None or least[1].value is None:
        return Truth("unsure", f"SCIP calls both models {answers[0]}")
    missing = [name for name in reference.variables if name not in mapping.expressions]
    if missing:
        return Truth("lost", f"{missing[0]!r} is not mapped")
    optimal = _set_of_optima(candidate, -least[1].value, seconds)
    doubt = ""
    for what, form, limit in _requirements(reference, candidate, mapping, -least[0].value):
        if time.monotonic() > deadline:
            return Truth("unsure", "out of time")
        if not form:
            excess = -float(limit)
        else:
            found = optimal.beyond(form, float(limit))
            if found.answer == "infeasible" or found.bound <= float(limit) + ACCEPTED * _size(limit):
                continue
            reached = (
                [float(a) * found.point[k] for k, a in form.items()] if found.point is not None else [float(limit)]
            )
            excess = sum(reached) - float(limit)
        if excess >= CLEAR * _size(limit):
            return Truth("lost", f"{what} fails by {excess:g} at an optimum")
        if excess > ACCEPTED * _size(limit) or form:
            doubt = f"SCIP does not settle {what}"
    for i, name in enumerate(reference.variables):
        if not reference.integer[i]:
            continue
        form, constant = _pulled({i: Fraction(1)}, reference, candidate, mapping)
        if constant.denominator == 1 and all(candidate.integer[k] and a.denominator == 1 for k, a in form.items()):
            continue
        found = optimal.fractional(form, constant, CLEAR)
        if found.point is not None:
            return Truth("lost", f"{name!r} is no integer at an optimum")
        if found.answer != "infeasible":
            doubt = f"SCIP does not settle whether {name!r} is an integer"
    return Truth("unsure", doubt) if doubt else Truth("carried", "no requirement fails at any optimum")


def _set_of_optima(model: Formulation, value: float, seconds: float) -> FeasibleSet:
    plain = PlainModel.of(model)
    name = "cost cut"
    while name in model.row_index:
        name += "'"
    limit = Fraction(value + COST_SLACK * max(1.0, abs(value)))
    plain.rows.append(Row(name, dict(model.cost_terms), None, limit))
    return FeasibleSet(plain.formulation(), seconds)


def _requirements(
    reference: Formulation, candidate: Formulation, mapping: AffineMapping, value: float
) -> Iterator[tuple[str, _Form, Fraction]]:
    """Yield what must not exceed a limit at an optimum: its cost in the reference, the rows, the bounds."""
    forms: list[tuple[str, Mapping[int, Fraction], Fraction | None, Fraction | None]] = [
        ("the objective", reference.cost_terms, None, Fraction(value))
    ]
    for i, row in enumerate(reference.rows):
        forms.append(
            (f"row {row!r}", reference.row_terms(i), reference.row_lower.finite(i), reference.row_upper.finite(i))
        )
    for j, name in enumerate(reference.variables):
        forms.append((f"the bound of {name!r}", {j: Fraction(1)}, reference.lower.finite(j), reference.upper.finite(j)))
    for what, terms, low, high in forms:
        form, constant = _pulled(terms, reference, candidate, mapping)
        if high is not None:
            yield what, form, high - constant
        if low is not None:
            yield what, {k: -a for k, a in form.items()}, constant - low


def _pulled(
    terms: Mapping[int, Fraction], reference: Formulation, candidate: Formulation, mapping: AffineMapping
) -> tuple[_Form, Fraction]:
    """Return a linear form of the reference in candidate variables, and its constant."""
    total = AffineExpression(Fraction(0))
    for j, weight in terms.items():
        total += mapping.expressions[reference.variables[j]] * weight
    return {candidate.variable_index[name]: a for name, a in total.terms.items()}, total.constant


def _size(limit: Fraction) -> float:
    return max(1.0, abs(float(limit)))
