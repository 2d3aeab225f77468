"""A candidate solution for every point of a small finite reference, in the checker's order."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from tools.certify.space import Space, nodes_of
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
        for side, sign, known in zip(("lower", "upper"), (1, -1), space.bounds(j), strict=True):
            if known is None:
                proof = space.prover.linear_lower_bound({j: Fraction(sign)})
                nodes = None if proof is None else nodes_of(proof)
                if proof is None or nodes is None:
                    return False
                space.tighten(j, side, sign * proof.bound, nodes)
    return True
