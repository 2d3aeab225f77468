"""Whether a recovery that misses reference solutions misses none that matters.

A chosen map proves nothing by itself when it misses reference solutions: it may send one optimum to another and no
more. Given that it is sound and that optima carry over, three statements together show that it is no such accident.

1. *The costs move.* Every variable with a cost takes more than one value at the images, unless the reference gives it
   only one, or it is held at a bound (see 2); and so does the objective. Two exact candidate points show it.
2. *Onto a face.* At every image some bounds and inequalities of the reference hold with equality, they are few, and
   every y ∈ F(R) at which they do is reached at no greater cost. Then the map is a reformulation of the reference with
   these sides tight. What may be held so: a variable whose column, cost and kind another variable shares (of identical
   columns one may be idle); a row without costly variables; and, with 3, a continuous variable (a closing stock of 0).
3. *Every decision.* Let y_I be the integer variables, of which there are some. Every y ∈ F(R) has an x ∈ F(C) with
   f_I(x) = y_I and σ(c_C(x)) ≤ c_R(y): then f(x) makes the same decisions and costs no more. It is shown pattern by
   pattern: an LP bound of the reference, with an exact proof, against the cost of an exact candidate point. Where the
   decisions lead to several costs this does without 2.
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
from tools.exact.prover import Answer, Proved, Prover, evaluate
from tools.formulation.derive import Row, boxed, with_rows
from tools.formulation.model import Formulation

FEWEST = 4
"""Fewer different costs of patterns are too few to tell a map from an accident, unless it is onto a face as well."""

MOST_PATTERNS = 300
"""Integer patterns that are looked at."""

BOX = 1000
"""Infinite bounds are replaced by this distance where a second point is looked for."""

FACE_SHARE = 4
"""At most one side for so many reference variables may be tight: an edge of a polygon looks like many models."""


@dataclass(frozen=True)
class Dominance:
    """What was shown, in words."""

    detail: str


@dataclass(frozen=True)
class _Side:
    """A side of the reference that is tight at every image: of a variable (`variable` ≥ 0) or of a row."""

    name: str
    terms: dict[int, Fraction]
    value: Fraction
    variable: int = -1

    @property
    def row(self) -> Row:
        return self.name, self.terms, self.value, self.value


def dominated(carrier: Carrier, reference: Prover, relation: ObjectiveRelation) -> Dominance | None:
    """Return the evidence that what a sound recovery misses does not matter, or None where it is not shown."""
    model = reference.model
    if not carrier.is_plain or not model.cost_terms:
        return None
    tight = _tight_sides(carrier, reference)
    held = {side.variable for side in tight or () if side.variable >= 0}
    if not _costs_move(carrier, reference, held):
        return None
    idle = {side.variable for side in tight or () if _has_twin(model, side.variable)}
    onto_face = bool(tight) and _is_onto(carrier, reference, relation, tight or ())
    if any(side.variable < 0 and not model.cost_terms.keys().isdisjoint(side.terms) for side in tight or ()):
        return None
    free_of_cost = held <= idle
    shown = ", ".join(side.name for side in (tight or ())[:3]) + (" …" if len(tight or ()) > 3 else "")
    if onto_face and free_of_cost:
        return Dominance(f"every reference solution with equality in {shown} is reached")
    if any(model.integer[j] for j in held - idle):
        return None
    costs = _matched_patterns(carrier, reference, relation)
    if not costs or not (onto_face or len(set(costs)) >= FEWEST):
        return None
    text = f"each of the reference's {len(costs)} integer patterns is matched by a solution that costs no more"
    return Dominance(f"{text}, and every solution with equality in {shown} is reached" if onto_face else text)


def _costs_move(carrier: Carrier, reference: Prover, held: set[int]) -> bool:
    """Say whether the objective and every costly variable that is not held move at the images, as far as they can."""
    model, mapping = reference.model, carrier.mapping
    objective, _ = mapping.pull_back(model.cost_terms)
    if not _varies(carrier.candidate, objective):
        return False
    return all(
        _varies(carrier.candidate, mapping.terms[j]) or _has_one_value(reference, j)
        for j in model.cost_terms
        if j not in held
    )


def _varies(prover: Prover, form: Form) -> bool:
    """Say whether two exact points of the set are found that give the form different values."""
    inside = Prover(boxed(prover.model, BOX), prover.budget)
    values = set()
    for sign in (1, -1):
        turned = {j: sign * a for j, a in form.items()}
        found = inside.minimise(turned).point
        point = None if found is None else inside.exact_point(found, turned)
        if point is not None:
            values.add(evaluate(form, point))
    return len(values) == 2


def _has_one_value(prover: Prover, j: int) -> bool:
    """Say whether it is proved that a variable has the same value at every point of the set."""
    form = {j: Fraction(1)}
    found = prover.minimise(form).point
    point = None if found is None else prover.exact_point(found, form)
    return point is not None and _is_constant(prover, form, point[j])


def _tight_sides(carrier: Carrier, reference: Prover) -> list[_Side] | None:
    """Return the sides that are tight at every image and not everywhere, None where they are too many."""
    model, mapping = reference.model, carrier.mapping
    found = carrier.candidate.minimise(carrier.candidate.model.cost_terms).point
    sample = None if found is None else carrier.candidate.exact_point(found)
    if sample is None:
        return None
    at = mapping.apply(sample)
    tight: list[_Side] = []
    for side in _open_sides(model):
        if sum((a * at[j] for j, a in side.terms.items()), Fraction(0)) != side.value:
            continue
        form, constant = mapping.pull_back(side.terms)
        if _is_constant(carrier.candidate, form, side.value - constant) and not _is_constant(
            reference, side.terms, side.value
        ):
            tight.append(side)
        if len(tight) > len(model.variables) // FACE_SHARE or reference.budget.expired:
            return None
    return tight


def _open_sides(model: Formulation) -> Iterator[_Side]:
    """Yield the finite sides of variables and rows that are not fixed."""
    for j, name in enumerate(model.variables):
        low, high = model.lower.finite(j), model.upper.finite(j)
        if low is None or low != high:
            for sign, value in (("≥", low), ("≤", high)):
                if value is not None:
                    yield _Side(f"{name} {sign} {value}", {j: Fraction(1)}, value, j)
    for i, name in enumerate(model.rows):
        low, high = model.row_lower.finite(i), model.row_upper.finite(i)
        if low is None or low != high:
            for value in (low, high):
                if value is not None:
                    yield _Side(f"row {name}", dict(model.row_terms(i)), value)


def _is_onto(carrier: Carrier, reference: Prover, relation: ObjectiveRelation, tight: Sequence[_Side]) -> bool:
    """Say whether the recovery is shown to be complete onto the reference with these sides tight."""
    face = with_rows(reference.model, [side.row for side in tight])
    narrowed = Carrier.plain(face, carrier.candidate, carrier.mapping)
    return CompletenessCheck(Prover(face, reference.budget), narrowed, relation).decide().claim.result == "proved"


def _has_twin(model: Formulation, j: int) -> bool:
    """Say whether another variable has the same column, cost and kind."""
    if j < 0:
        return False
    rows = model.rows_of(j).tolist()
    own = {i: model.row_terms(i)[j] for i in rows}
    near = set(model.row_terms(rows[0])) if rows else set()
    return any(
        k != j
        and model.integer[k] == model.integer[j]
        and model.cost_terms.get(k) == model.cost_terms.get(j)
        and {i: model.row_terms(i)[k] for i in model.rows_of(k).tolist()} == own
        for k in near
    )


def _matched_patterns(carrier: Carrier, reference: Prover, relation: ObjectiveRelation) -> list[Fraction] | None:
    """Return a cost for each feasible integer pattern if each is matched at no greater cost, else None."""
    model = reference.model
    whole = np.flatnonzero(model.integer).tolist()
    spans = []
    for j in whole:
        low, high = model.lower.finite(j), model.upper.finite(j)
        if low is None or high is None:
            return None
        spans.append(range(math.ceil(low), math.floor(high) + 1))
    if not whole or math.prod(map(len, spans)) > MOST_PATTERNS:
        return None
    costs: list[Fraction] = []
    for pattern in itertools.product(*spans):
        if reference.budget.expired:
            return None
        fixed: list[Row] = [
            (f"fix {j}", {j: Fraction(1)}, Fraction(v), Fraction(v)) for j, v in zip(whole, pattern, strict=True)
        ]
        slice_ = Prover(with_rows(model, fixed), reference.budget)
        if _is_empty(slice_):
            continue
        worth = _best_image(carrier, relation, whole, pattern)
        if worth is None or not _is_exact(slice_.at_least(model.cost_terms, worth - model.cost_constant)):
            return None
        costs.append(worth)
    return costs


def _best_image(
    carrier: Carrier, relation: ObjectiveRelation, whole: Sequence[int], pattern: Sequence[int]
) -> Fraction | None:
    """Return σ of the cost of a candidate point that maps to the pattern, the least that a solver finds."""
    pinned: list[Row] = []
    for j, value in zip(whole, pattern, strict=True):
        side = value - carrier.mapping.constants[j]
        if carrier.mapping.terms[j]:
            pinned.append((f"f {j}", carrier.mapping.terms[j], side, side))
        elif side:
            return None
    model = carrier.candidate.model
    there = Prover(with_rows(model, pinned), carrier.candidate.budget)
    result = there.minimise(model.cost_terms)
    point = None if result.point is None else there.exact_point(result.point, model.cost_terms)
    return None if point is None else relation(model.cost_value(point))


def _is_constant(prover: Prover, form: Form, value: Fraction) -> bool:
    return _is_exact(prover.at_least(form, value)) and _is_exact(
        prover.at_least({k: -a for k, a in form.items()}, -value)
    )


def _is_empty(prover: Prover) -> bool:
    return _is_exact(prover.empty())


def _is_exact(answer: Answer) -> bool:
    return isinstance(answer, Proved) and not isinstance(answer.proof, SolverProof)
