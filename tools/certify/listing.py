"""A candidate solution for every point of a small finite reference, in the checker's order."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from tools.certify.space import Space
from tools.claims.completeness import CompletenessCheck
from tools.claims.enumeration import enumerate_points, finite_bounds
from tools.claims.verify import Verification
from tools.exact.prover import Prover


def preimages(verification: Verification, space: Space, candidate: Prover) -> list[Sequence[Fraction]] | None:
    """Return the candidate points, or None where the reference cannot be listed or some point is not reached.

    Bounds that the reference's variables lack are derived in `space`.
    """
    carrier = verification.carrier.within(candidate)
    if not np.all(space.original.integer) or not bound_all(space):
        return None
    points = enumerate_points(space.prover, space.budget.enumeration)
    if points is None:
        return None
    reference = Prover(space.original, space.budget)
    check = CompletenessCheck(reference, carrier, verification.relation)
    liftings = list(check.derived())
    found: list[Sequence[Fraction]] = []
    for y in sorted(points):
        pin = check.pin(y, liftings)
        if pin.outcome != "reached" or pin.point is None:
            return None
        found.append(pin.point[: len(candidate.model.variables)])
    return found


def bound_all(space: Space) -> bool:
    """Derive a bound for each variable that lacks one, and say whether all could be."""
    if finite_bounds(space.prover) is None:
        return False
    for j in range(len(space.original.variables)):
        for side, sign in (("lower", 1), ("upper", -1)):
            vector = space.model.lower if side == "lower" else space.model.upper
            if vector.finite(j) is None:
                form = {j: Fraction(sign)}
                proof = space.prover.linear_lower_bound(form)
                if proof is None:
                    return False
                nodes = [["linear", [[i, str(factor)] for i, factor in proof.multipliers.items() if factor]]]
                space.tighten(j, side, sign * proof.bound, nodes)
    return True
