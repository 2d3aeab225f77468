"""The claim sound: every x ∈ F(C) has f(x) ∈ F(R) and c_R(f(x)) ≤ σ(c_C(x))."""

from __future__ import annotations

from tools.claims.explain import breach_text
from tools.claims.inclusion import Inclusion, Pool, describe, include
from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.outcome import Claim, Witness, strength_of, unknown
from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping


def decide_sound(
    reference: Formulation,
    recovery: IndexMapping,
    prover: Prover,
    relation: ObjectiveRelation | None,
    pool: Pool = (),
) -> Claim:
    """Return the claim decided over `prover.model`, the candidate.

    Without an objective relation it can be refuted (by a point whose image is infeasible) but not proved.
    """
    found = include(reference, recovery, prover, relation, pool=pool)
    return sound_from(found, reference, recovery, relation)


def sound_from(
    found: Inclusion, reference: Formulation, recovery: IndexMapping, relation: ObjectiveRelation | None
) -> Claim:
    """Return the claim that an inclusion of F(C) in F(R) amounts to."""
    breach = found.breach
    if breach is not None:
        image = recovery.apply(breach.point)
        text = breach_text(reference, breach, image)
        witness = Witness(
            "sound",
            "candidate",
            breach.point,
            image,
            describe(breach.kind, breach.index, reference),
            breach.amount,
            f"this candidate solution is feasible, but its image is not a reference solution: {text}"
            if breach.kind != "objective"
            else f"this candidate solution is feasible, but its image is worth less than promised: {text}",
        )
        return Claim("sound", "refuted", "exact", text, found.obligations, witness)
    if found.open_reasons:
        return unknown("sound", found.open_reasons[0])
    if relation is None:
        return unknown("sound", "the image is feasible, but no objective relation could be read off the two models")
    strength = strength_of(found.obligations)
    count = len(found.obligations)
    detail = f"{count} statements about rows, bounds, integrality and objective hold on the whole candidate"
    return Claim("sound", "proved", strength, detail, found.obligations)
