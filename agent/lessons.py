"""What a failed hypothesis teaches, as one short sentence with exact numbers, for whoever plans next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from agent.context import RunContext
from tools.claims.carrier import Carrier
from tools.claims.explain import number
from tools.formulation.model import Formulation
from tools.formulation.numbers import parse_rational

ENTRIES_SHOWN = 8
"""Values of a point, and of its image, that a lesson names."""

LONGEST_NAME = 80
LONGEST_LESSON = 700


def lesson_at(carrier: Carrier, point: Sequence[Fraction], reason: str) -> str:
    """Return what became of the candidate point `point` under the mapping, and why that fails.

    Named are the reference variables that the broken row or bound is about, and the candidate variables they come from.
    """
    lifted = carrier.lifted(point)
    if lifted is None:
        return reason
    reference, candidate = carrier.reference, carrier.candidate.model
    image = carrier.mapping.apply(lifted)
    broken = reference.violations(image, limit=1)
    about = list(range(len(reference.variables)))
    if broken and broken[0].element == "row":
        about = list(reference.row_terms(broken[0].index))
    elif broken:
        about = [broken[0].index]
    used = {k for j in about for k in carrier.mapping.terms[j] if k < len(candidate.variables)}
    sources = [k for k in sorted(used) if point[k]] or [k for k, value in enumerate(point) if value]
    given = _values(candidate, sources, point)
    gives = _values(reference, sorted(about, key=lambda j: not image[j]), image)
    return f"with this mapping the candidate solution with {given} gives {gives}: {reason}"[:LONGEST_LESSON]


def lesson_of_finding(context: RunContext, finding: Mapping[str, Any]) -> str:
    """Return what a verification found, with the point of its counterexample where it has one."""
    witness = finding["counterexample"]
    reason = str(finding["reason"])
    if witness is None:
        return reason[:LONGEST_LESSON]
    of_candidate = witness["point_of"] == "candidate"
    owner, other = (context.candidate, context.reference) if of_candidate else (context.reference, context.candidate)
    text = f"claim {witness['claim']} fails: {witness['explanation']}; the {witness['point_of']} solution has "
    text += _named(witness["point"], owner, "")
    if witness["image"] is not None:
        text += f", its image {_named(witness['image'], other, witness['violates'] or '')}"
    return text[:LONGEST_LESSON]


def _named(point: Mapping[str, str], model: Formulation, violates: str) -> str:
    """Return the values of a point, those in the row that it breaks first."""
    row = violates.removeprefix("row ")
    inside: frozenset[str] = frozenset()
    if row != violates and row in model.row_index:
        inside = frozenset(model.variables[j] for j in model.row_terms(model.row_index[row]))
    names = sorted(point, key=lambda name: name not in inside)
    return _shown([(name, parse_rational(point[name])) for name in names], len(point))


def _values(model: Formulation, indices: Iterable[int], point: Sequence[Fraction]) -> str:
    chosen = list(indices)
    return _shown([(model.variables[j], point[j]) for j in chosen], len(chosen))


def _shown(values: Sequence[tuple[str, Fraction]], total: int) -> str:
    shown = ", ".join(f"{name[:LONGEST_NAME]} = {number(value)}" for name, value in values[:ENTRIES_SHOWN])
    more = f", … ({total - ENTRIES_SHOWN} more)" if total > ENTRIES_SHOWN else ""
    return (shown or "every variable 0") + more
