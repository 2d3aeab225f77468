"""Whether a recovery that misses reference solutions misses none that matters.

A chosen map proves nothing by itself when it misses reference solutions: it may send one optimum to another and no
more. Given that it is sound and that optima carry over, either of two statements shows that it is no such accident.

- *Onto a face*: at the image some bounds and inequalities of the reference always hold with equality, they are few,
  and every y ∈ F(R) at which they do is reached at no greater cost. Then the map is a reformulation of the reference
  with these sides tight (a closing stock of 0, a median that belongs to itself), and that is a narrowing by identity.
- *Every decision*: let y_I be the integer variables. Every y ∈ F(R) has an x ∈ F(C) with f_I(x) = y_I and
  σ(c_C(x)) ≤ c_R(y): then f(x) makes the same decisions and costs no more. It is shown pattern by pattern: an LP bound
  of the reference, with an exact proof, against the cost of an exact candidate point.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tools.claims.carrier import Carrier
from tools.claims.completeness import CompletenessCheck
from tools.claims.objective_relation import ObjectiveRelation
from tools.exact.proofs import Form, SolverProof
from tools.exact.prover import Answer, Proved, Prover
from tools.formulation.derive import Row, with_rows
from tools.formulation.model import Formulation

FEWEST = 4
"""Fewer feasible patterns are too few to tell a map from an accident."""

PATTERNS = 8
"""One part in this many of the points that may be listed is the number of patterns that are looked at."""


FACE_SHARE = 4
"""At most one side for so many reference variables may be tight: an edge of a polygon looks like many models."""


@dataclass(frozen=True)
class Dominance:
    """What was shown, in words."""

    detail: str


def dominated(carrier: Carrier, reference: Prover, relation: ObjectiveRelation) -> Dominance | None:
    """Return the evidence that what a sound recovery misses does not matter, or None where it is not shown."""
    if not carrier.is_plain or not reference.model.cost_terms:
        return None
    return _onto_face(carrier, reference, relation) or _every_decision(carrier, reference, relation)


def _onto_face(carrier: Carrier, reference: Prover, relation: ObjectiveRelation) -> Dominance | None:
    """Show that the recovery is complete onto the reference with those sides tight that are tight at every image."""
    model, mapping = reference.model, carrier.mapping
    found = carrier.candidate.minimise(carrier.candidate.model.cost_terms).point
    sample = None if found is None else carrier.candidate.exact_point(found)
    if sample is None:
        return None
    at = mapping.apply(sample)
    tight: list[Row] = []
    allowed = len(model.variables) // FACE_SHARE
    if not allowed:
        return None
    for name, terms, side in _open_sides(model):
        if sum((a * at[j] for j, a in terms.items()), Fraction(0)) != side:
            continue
        form, constant = mapping.pull_back(terms)
        if not _is_constant(carrier.candidate, form, side - constant) or _is_constant(reference, terms, side):
            continue
        tight.append((name, terms, side, side))
        if len(tight) > allowed or reference.budget.expired:
            return None
    held = {next(iter(terms)) for _, terms, _, _ in tight if len(terms) == 1}
    if not tight or not any(mapping.terms[j] and j not in held for j in model.cost_terms):
        return None
    face = with_rows(model, tight)
    narrowed = Carrier.plain(face, carrier.candidate, mapping)
    complete = CompletenessCheck(Prover(face, reference.budget), narrowed, relation).decide()
    if complete.claim.result != "proved":
        return None
    shown = ", ".join(name for name, *_ in tight[:3]) + (" …" if len(tight) > 3 else "")
    return Dominance(
        f"every reference solution at which {shown} hold{'s' * (len(tight) == 1)} with equality is reached"
    )


def _open_sides(model: Formulation) -> Iterator[tuple[str, dict[int, Fraction], Fraction]]:
    """Yield the finite sides of variables and rows that are not fixed, each with a name for people."""
    for j, name in enumerate(model.variables):
        low, high = model.lower.finite(j), model.upper.finite(j)
        if low is None or low != high:
            for sign, side in (("≥", low), ("≤", high)):
                if side is not None:
                    yield f"{name} {sign} {side}", {j: Fraction(1)}, side
    for i, name in enumerate(model.rows):
        low, high = model.row_lower.finite(i), model.row_upper.finite(i)
        if low is None or low != high:
            for side in (low, high):
                if side is not None:
                    yield f"row {name}", dict(model.row_terms(i)), side


def _is_constant(prover: Prover, form: Form, value: Fraction) -> bool:
    return _is_exact(prover.at_least(form, value)) and _is_exact(
        prover.at_least({k: -a for k, a in form.items()}, -value)
    )


def _every_decision(carrier: Carrier, reference: Prover, relation: ObjectiveRelation) -> Dominance | None:
    """Show that every integer pattern of the reference is matched at no greater cost."""
    model = reference.model
    whole = np.flatnonzero(model.integer).tolist()
    if not whole:
        return None
    spans = []
    for j in whole:
        low, high = model.lower.finite(j), model.upper.finite(j)
        if low is None or high is None:
            return None
        spans.append(range(math.ceil(low), math.floor(high) + 1))
    if math.prod(map(len, spans)) > max(FEWEST, reference.budget.enumeration // PATTERNS):
        return None
    feasible = 0
    for pattern in itertools.product(*spans):
        if reference.budget.expired:
            return None
        matched = _matched(carrier, reference, relation, whole, pattern)
        if matched is None:
            return None
        feasible += matched
    if feasible < FEWEST:
        return None
    return Dominance(f"each of the reference's {feasible} integer patterns is matched by a solution that costs no more")


def _matched(
    carrier: Carrier, reference: Prover, relation: ObjectiveRelation, whole: Sequence[int], pattern: Sequence[int]
) -> bool | None:
    """Say whether the pattern is feasible and matched at no greater cost; None where that is not shown."""
    model, candidate = reference.model, carrier.candidate
    fixed: list[Row] = [
        (f"fix {j}", {j: Fraction(1)}, Fraction(v), Fraction(v)) for j, v in zip(whole, pattern, strict=True)
    ]
    slice_ = Prover(with_rows(model, fixed), reference.budget)
    pinned: list[Row] = []
    for j, value in zip(whole, pattern, strict=True):
        side = value - carrier.mapping.constants[j]
        if carrier.mapping.terms[j]:
            pinned.append((f"f {j}", carrier.mapping.terms[j], side, side))
        elif side:
            return False if _is_empty(slice_) else None
    there = Prover(with_rows(candidate.model, pinned), candidate.budget)
    result = there.minimise(candidate.model.cost_terms)
    point = None if result.point is None else there.exact_point(result.point, candidate.model.cost_terms)
    if point is None:
        return False if _is_empty(slice_) else None
    worth = relation(candidate.model.cost_value(point)) - model.cost_constant
    if _is_empty(slice_):
        return False
    return True if _is_exact(slice_.at_least(model.cost_terms, worth)) else None


def _is_empty(prover: Prover) -> bool:
    return _is_exact(prover.empty())


def _is_exact(answer: Answer) -> bool:
    return isinstance(answer, Proved) and not isinstance(answer.proof, SolverProof)
