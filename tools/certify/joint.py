"""The set of pairs of an optimal candidate solution and an optimal reference solution that it is carried to."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tools.certify.facts import CertifiedFacts
from tools.certify.space import Space, Variable
from tools.exact.proofs import bounds_of
from tools.formulation.derive import Row

if TYPE_CHECKING:
    from tools.certify.claims import Claims


def joint_set(claims: Claims, ours: CertifiedFacts, theirs: CertifiedFacts) -> Space:
    """Return the set in the checker's order: candidate variables, then reference variables; rows of both, the links,
    then the bounds on both costs."""
    reference, candidate = claims.reference, claims.candidate
    base = claims.spaces["candidate"]
    n = len(base.names)
    images: list[Variable] = [
        (f"\0image {j}", *bounds_of(reference, j), bool(reference.integer[j])) for j in range(len(reference.variables))
    ]
    rows: list[Row] = [
        (
            f"row {i}",
            {n + j: a for j, a in reference.row_terms(i).items()},
            reference.row_lower.finite(i),
            reference.row_upper.finite(i),
        )
        for i in range(len(reference.rows))
    ]
    for i in claims.mapped:
        value = claims.recovery[i]
        rows.append((f"link {i}", {**(-value).terms, n + i: Fraction(1)}, value.constant, value.constant))
    rows.append(("optimal", candidate.cost_terms, None, theirs.most - candidate.cost_constant))
    cost = {n + j: a for j, a in reference.cost_terms.items()}
    rows.append(("image optimal", cost, None, ours.most - reference.cost_constant))
    return base.sliced(rows, images)
