"""Check the proofs that claims carry, with every statement set up anew from the two models, the mapping and σ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.outcome import Claim, Obligation
from tools.claims.verify import Verification
from tools.exact.proofs import Proof, SolverProof, holds
from tools.formulation.derive import with_row
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineMapping
from tools.mapping.forms import IndexMapping

Statement = tuple[dict[int, Fraction], Fraction]
"""form·x ≥ target."""

IDENTITY = ObjectiveRelation(Fraction(1), Fraction(0))


def image(form: Mapping[int, Fraction], mapping: IndexMapping) -> Statement:
    """Return form∘mapping as (linear part, constant)."""
    linear: dict[int, Fraction] = {}
    constant = Fraction(0)
    for i, a in form.items():
        constant += a * mapping.constants[i]
        for k, b in mapping.terms[i].items():
            linear[k] = linear.get(k, Fraction(0)) + a * b
    return {k: a for k, a in linear.items() if a}, constant


def negated(form: Mapping[int, Fraction]) -> dict[int, Fraction]:
    return {k: -a for k, a in form.items()}


def statement(
    obligation: Obligation,
    target: Formulation,
    source: Formulation,
    mapping: IndexMapping,
    relation: ObjectiveRelation | None,
    ceiling: Fraction | None,
) -> list[Statement]:
    """Return what the obligation says about the source; an identity is one of two statements.

    `ceiling` is the value that the target's objective must not exceed, where no σ is meant.
    """
    kind, i = obligation.kind, obligation.index
    unit = {i: Fraction(1)}
    if kind in ("row lower", "row upper"):
        form, constant = image(target.row_terms(i), mapping)
        if kind == "row lower":
            return [(form, target.row_lower[i] - constant)]
        return [(negated(form), constant - target.row_upper[i])]
    if kind in ("lower bound", "upper bound"):
        form, constant = image(unit, mapping)
        if kind == "lower bound":
            return [(form, target.lower[i] - constant)]
        return [(negated(form), constant - target.upper[i])]
    assert kind == "objective"
    form, constant = image(target.cost_terms, mapping)
    constant += target.cost_constant
    if ceiling is not None:
        return [(negated(form), constant - ceiling)]
    assert relation is not None
    total = negated(form)
    for k, a in source.cost_terms.items():
        total[k] = total.get(k, Fraction(0)) + relation.scale * a
    return [({k: a for k, a in total.items() if a}, constant - relation(source.cost_constant))]


def unsupported(
    claim: Claim,
    target: Formulation,
    source: Formulation,
    mapping: IndexMapping,
    relation: ObjectiveRelation | None,
    ceiling: Fraction | None = None,
    inner: IndexMapping | None = None,
) -> list[str]:
    """Return the obligations of the claim whose exact proof does not hold.

    For an identity f_i(g(y)) = y_i, `mapping` is g and `inner` is f.
    """
    wrong = []
    for obligation in claim.obligations:
        if obligation.proof is None or isinstance(obligation.proof, SolverProof):
            continue
        if obligation.kind in ("integrality", "condition"):
            continue
        if obligation.kind == "identity":
            assert inner is not None
            i = obligation.index
            form, constant = image(inner.terms[i], mapping)
            form[i] = form.get(i, Fraction(0)) - 1
            form = {k: a for k, a in form.items() if a}
            constant += inner.constants[i]
            statements = [(form, -constant), (negated(form), constant)]
        else:
            statements = statement(obligation, target, source, mapping, relation, ceiling)
        if not any(holds(source, form, bound, obligation.proof) for form, bound in statements):
            wrong.append(f"{claim.name}: {obligation}")
    return wrong


def exact_proofs(found: Verification) -> Iterator[Proof]:
    """Yield every exact proof that the claims carry."""
    for claim in found.claims.values():
        for obligation in claim.obligations:
            if obligation.proof is not None and not isinstance(obligation.proof, SolverProof):
                yield obligation.proof


def unsupported_claims(reference: Formulation, candidate: Formulation, found: Verification) -> list[str]:
    """Return every obligation of the verification whose exact proof does not hold, and strengths that overstate."""
    wrong: list[str] = []
    extended = found.carrier.extended.model
    sound, complete, optima = found.claims["sound"], found.claims["complete"], found.claims["optima"]
    wrong += unsupported(sound, reference, extended, found.recovery, found.relation)
    if complete.result == "proved" and found.lifting is not None and found.relation is not None:
        inverse = found.relation.inverse()
        source = found.lifting.extension.extend(reference)
        lifting = IndexMapping.of(AffineMapping(found.lifting.expressions), candidate, source)
        wrong += unsupported(complete, candidate, source, lifting, inverse, inner=found.recovery)
    facts = found.candidate_facts
    if optima.obligations and facts is not None and facts.upper is not None and found.reference_facts is not None:
        sliced = with_row(extended, candidate.cost_terms, upper=facts.upper - candidate.cost_constant)
        ceiling = found.reference_facts.lower
        wrong += unsupported(optima, reference, sliced, found.recovery, None, ceiling)
    for model, side in ((reference, found.reference_facts), (candidate, found.candidate_facts)):
        if side is None:
            continue
        if side.lower is not None and side.lower_exact:
            assert side.lower_proof is not None
            assert not isinstance(side.lower_proof, SolverProof)
            if not holds(model, model.cost_terms, side.lower - model.cost_constant, side.lower_proof):
                wrong.append(f"facts: the bound {side.lower}")
        if side.point is not None and not model.is_feasible(side.point):
            wrong.append("facts: the point")
        if side.point is not None and side.upper is not None and model.cost_value(side.point) != side.upper:
            wrong.append("facts: the value of the point")
        if side.status == "infeasible" and side.strength == "exact":
            proof = side.infeasible_proof
            assert proof is not None
            assert not isinstance(proof, SolverProof)
            if not holds(model, {}, Fraction(1), proof):
                wrong.append("facts: infeasible")
    for claim in found.claims.values():
        if claim.strength == "exact" and any(isinstance(o.proof, SolverProof) for o in claim.obligations):
            wrong.append(f"{claim.name}: called exact on a solver's word")
    return wrong
