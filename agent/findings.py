"""A full verification as a JSON document: what the state keeps and the report is made of."""

from __future__ import annotations

from typing import Any

from agent.context import RunContext
from agent.hypothesis import Hypothesis, HypothesisDocument
from agent.nodes.points import point_text
from tools.claims.contract import Judgement, relation_of
from tools.claims.explain import named_point
from tools.claims.outcome import Witness
from tools.claims.verify import Verification
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineMapping
from tools.mapping.printing import compact_rules
from tools.mapping.total import TotalMapping
from tools.report import ClaimName, CounterexampleSummary

WITNESS_ORDER: tuple[ClaimName, ...] = ("optima", "optimum", "sound", "complete", "status", "value")


def finding_of(
    context: RunContext, document: HypothesisDocument, verification: Verification, judgement: Judgement
) -> dict[str, Any]:
    """Return everything the report needs about one verified or refuted mapping."""
    reference, candidate = context.reference, context.candidate
    hypothesis = Hypothesis.from_document(document)
    lifting = verification.lifting
    relation = verification.relation
    witness = _leading_witness(verification, judgement)
    return {
        "id": document["id"],
        "origin": document["origin"],
        "scope": document["scope"],
        "outcome": judgement.outcome,
        "reason": judgement.reason,
        "relation": relation_of(verification),
        "claims": {
            name: {"result": claim.result, "strength": claim.strength, "detail": claim.detail}
            for name, claim in verification.claims.items()
        },
        "mapping": {
            "rules": document["rules"],
            **_recovery_documents(context, hypothesis),
            "lifting": None if lifting is None else lifting.to_json(),
            "objective": None if relation is None else {"scale": str(relation.scale), "offset": str(relation.offset)},
            "origin": document["origin"],
        },
        "counterexample": None if witness is None else vars(counterexample_of(reference, candidate, witness)),
        "candidate_points": [
            point_text(claim.witness.point)
            for claim in verification.claims.values()
            if claim.witness is not None and claim.witness.point_of == "candidate"
        ],
    }


def _recovery_documents(context: RunContext, hypothesis: Hypothesis) -> dict[str, Any]:
    """Return `recovery` (affine expressions), `completed`, and `completed_by` for what needs a function."""
    recovery = hypothesis.recovery
    outputs = set(recovery.extension.names)
    affine = {name: e for name, e in recovery.expressions.items() if outputs.isdisjoint(e.terms)}
    rest = {name: e for name, e in recovery.expressions.items() if name not in affine}
    completed_by = TotalMapping(rest, recovery.extension.needed_for({v for e in rest.values() for v in e.terms}))
    return {
        "recovery": AffineMapping(affine).to_json(),
        "completed": sorted(hypothesis.completed | context.completed),
        "completed_by": completed_by.to_json() if rest else None,
    }


def rules_of(context: RunContext, recovery: TotalMapping) -> list[str]:
    """Return what is affine in the mapping as compact rules, auxiliary variables left out."""
    outputs = set(recovery.extension.names)
    shown = {
        name: recovery.expressions[name]
        for name in context.reference.variables
        if name in recovery.expressions
        and name not in context.completed
        and outputs.isdisjoint(recovery.expressions[name].terms)
    }
    return compact_rules(AffineMapping(shown), list(shown), context.candidate.variables)


def _leading_witness(verification: Verification, judgement: Judgement) -> Witness | None:
    """Return the witness of the claim that decided, else of the most telling refuted claim."""
    if judgement.claim is None and judgement.outcome == "refuted":
        return None if verification.mismatch is None else verification.mismatch.witness
    order = WITNESS_ORDER if judgement.claim is None else (judgement.claim, *WITNESS_ORDER)
    for name in order:
        witness = verification.claims[name].witness
        if witness is not None:
            return witness
    return None


def counterexample_of(reference: Formulation, candidate: Formulation, witness: Witness) -> CounterexampleSummary:
    """Return the witness by names, zero entries left out."""
    of_candidate = witness.point_of == "candidate"
    owner, other = (candidate, reference) if of_candidate else (reference, candidate)
    return CounterexampleSummary(
        claim=witness.claim,
        point_of=witness.point_of,
        point=named_point(owner, witness.point),
        image=None if witness.image is None else named_point(other, witness.image),
        violates=witness.violates,
        explanation=witness.explanation,
    )
