"""The claim sound: every x ∈ F(C) has f(x) ∈ F(R) and c_R(f(x)) ≤ σ(c_C(x))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tools.claims.carrier import Carrier
from tools.claims.explain import breach_text
from tools.claims.inclusion import Inclusion, Pool, describe, include
from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.outcome import Claim, Obligation, Witness, strength_of, unknown


def decide_sound(
    carrier: Carrier, relation: ObjectiveRelation | None, pool: Pool = (), conditions: Sequence[Obligation] = ()
) -> Claim:
    """Return the claim decided over the candidate; `conditions` are the proofs that the functions' lemmas apply.

    Without an objective relation it can be refuted (by a point whose image is infeasible) but not proved.
    """
    reference, recovery = carrier.reference, carrier.mapping
    found = include(reference, recovery, carrier.extended, relation, pool=carrier.lifted_pool(pool))
    if found.breach is not None:
        breach = carrier.confirm(found.breach, relation)
        if isinstance(breach, str):
            return unknown("sound", breach)
        found = replace(found, breach=breach)
    found = replace(found, obligations=(*conditions, *found.obligations))
    return sound_from(found, carrier, relation)


def sound_from(found: Inclusion, carrier: Carrier, relation: ObjectiveRelation | None) -> Claim:
    """Return the claim that an inclusion of F(C) in F(R) amounts to."""
    reference, recovery = carrier.reference, carrier.mapping
    breach = found.breach
    if breach is not None:
        image = recovery.apply(breach.point)
        text = breach_text(reference, breach, image)
        witness = Witness(
            "sound",
            "candidate",
            carrier.shown(breach.point),
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
