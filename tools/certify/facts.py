"""What is known of one model by itself, with proofs: FACTS of a certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tools.certify.evidence import NotCertifiedError
from tools.certify.space import Space, nodes_of
from tools.claims.explain import exact_entries
from tools.claims.facts import Facts, Status


@dataclass(frozen=True)
class CertifiedFacts:
    """The entry of a certificate, and what it shows: `solved` says that the optimal value is `cost`."""

    entry: dict[str, Any]
    status: Status
    point: Sequence[Fraction] | None = None
    cost: Fraction | None = None
    lower: Fraction | None = None

    @property
    def most(self) -> Fraction:
        """The cost of an exact point; there is an optimum."""
        assert self.cost is not None
        return self.cost

    @property
    def least(self) -> Fraction:
        """A proved bound below all costs; there is an optimum."""
        assert self.lower is not None
        return self.lower

    @property
    def solved(self) -> bool:
        """Whether the optimal value is known exactly."""
        return self.cost is not None and self.cost == self.lower


def certify_facts(space: Space, facts: Facts, which: str) -> CertifiedFacts:
    """Return the facts with their proofs; raises `NotCertifiedError` where not even the status has one."""
    model = space.original
    if facts.status == "infeasible":
        proof = facts.infeasible_proof
        nodes = (None if proof is None else nodes_of(proof)) or space.prove_empty()
        if nodes is None:
            raise NotCertifiedError(f"no exact proof was found that the {which} is infeasible")
        return CertifiedFacts({"status": "infeasible", "proof": nodes}, "infeasible")
    if facts.point is None:
        raise NotCertifiedError(f"the status of the {which} is not known exactly")
    point, cost = exact_entries(model, facts.point), model.cost_value(facts.point)
    if facts.status == "unbounded" and facts.ray is not None:
        ray = exact_entries(model, facts.ray)
        return CertifiedFacts({"status": "unbounded", "point": point, "ray": ray}, "unbounded")
    lower, nodes = facts.lower, None
    if lower is not None and facts.lower_proof is not None:
        nodes = nodes_of(facts.lower_proof)
    if nodes is None and lower is not None:
        nodes = space.prove(model.cost_terms, lower - model.cost_constant)
    if nodes is None:
        bound = space.prover.linear_lower_bound(model.cost_terms)
        if bound is None:
            raise NotCertifiedError(f"no exact bound was found for the optimal value of the {which}")
        lower, nodes = bound.bound + model.cost_constant, nodes_of(bound)
    entry: dict[str, Any] = {"status": "optimal", "point": point, "lower": str(lower), "proof": nodes}
    return CertifiedFacts(entry, "optimal", facts.point, cost, lower)
