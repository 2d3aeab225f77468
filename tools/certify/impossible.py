"""Why no mapping can do, as a certificate states it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tools.certify.claims import Claims
from tools.certify.listing import bound_all
from tools.certify.space import Affine, Space
from tools.claims.explain import exact_entries
from tools.claims.invariants import Impossibility
from tools.claims.objective_mismatch import Mismatch
from tools.formulation.model import Formulation

LISTED = ("points", "optima")


def state_impossibility(found: Impossibility, spaces: dict[str, Space]) -> dict[str, Any] | None:
    """Return the entry for an impossibility, deriving in the spaces what bounds it needs; None where it has none."""
    by = found.shown.get("by")
    if by in LISTED:
        for space in spaces.values():
            bound_all(space)
    return {"scope": found.scope, **found.shown} if by else None


def state_mismatch(mismatch: Mismatch, claims: Claims, candidate: Formulation) -> dict[str, Any]:
    """Return the entry that no objective relation fits this mapping, which is one-to-one.

    Candidate variables that no monomial of the recovery reads off have one value each, which is proved.
    """
    space = claims.spaces["candidate"]
    space.settle_fixed_variables()
    read = {next(iter(claims.recovery[i].terms)) for i in claims.mapped if len(claims.recovery[i].terms) == 1}
    constant: dict[str, Any] = {}
    for j in range(len(candidate.variables)):
        if j not in read:
            value = mismatch.points[0][j]
            proofs = space.prove_between(Affine(-value, {j: Fraction(1)}), Fraction(0), Fraction(0))
            if proofs is not None:
                constant[str(j)] = [str(value), *proofs]
    points = [exact_entries(candidate, point) for point in mismatch.points]
    return {"scope": "this mapping", "by": "objective", "points": points, "constant": constant}
