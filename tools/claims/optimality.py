"""The claims about statuses, optimal values and optimal solutions: status, value, optimum, optima."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from tools.claims.carrier import Carrier
from tools.claims.explain import breach_text, number
from tools.claims.facts import Facts
from tools.claims.inclusion import Requirement, describe, include
from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.outcome import Claim, Obligation, Witness, strength_of, unknown
from tools.claims.rounding import Source, has_rounded_data, loosened
from tools.exact.prover import Proved, Prover
from tools.formulation.derive import Row, with_row, with_rows, with_variables
from tools.formulation.model import Formulation, Kind
from tools.mapping.forms import IndexMapping
from tools.report import ClaimName, Strength

NOTICEABLE = Fraction(1, 10**6)
"""Optimal values that differ by a smaller share than this are taken for equal when their data look rounded."""

WORDS = {"optimal": "has an optimum", "infeasible": "is infeasible", "unbounded": "is unbounded"}


def weaker(*strengths: Strength) -> Strength:
    """Return "solver" if any of the strengths is."""
    return "solver" if "solver" in strengths else "exact"


def decide_status(reference: Facts, candidate: Facts) -> Claim:
    """Both have an optimum, or both are infeasible, or both unbounded."""
    if "unknown" in (reference.status, candidate.status):
        which, facts = ("reference", reference) if reference.status == "unknown" else ("candidate", candidate)
        return unknown("status", f"the status of the {which} is not known: {facts.detail}")
    strength = weaker(reference.strength, candidate.strength)
    if reference.status == candidate.status:
        return Claim("status", "proved", strength, f"each {WORDS[reference.status]}")
    detail = f"the reference {WORDS[reference.status]}, the candidate {WORDS[candidate.status]}"
    owner, facts = ("reference", reference) if candidate.status == "infeasible" else ("candidate", candidate)
    witness = None
    if facts.point is not None:
        witness = Witness(
            "status",
            "reference" if owner == "reference" else "candidate",
            facts.point,
            None,
            None,
            Fraction(0),
            f"{detail}; this point is feasible in the {owner}",
            reference.infeasible_proof or candidate.infeasible_proof,
        )
    return Claim("status", "refuted", strength, detail, (), witness)


def decide_value(
    reference: Facts, candidate: Facts, relation: ObjectiveRelation | None, provers: tuple[Prover, Prover]
) -> Claim:
    """z_R = σ(z_C), by exact bounds where there are some; `provers` are over the reference and the candidate."""
    if "unknown" in (reference.status, candidate.status):
        return unknown("value", "an optimal value is not known")
    if reference.status != candidate.status:
        strength = weaker(reference.strength, candidate.strength)
        detail = f"the reference {WORDS[reference.status]}, the candidate {WORDS[candidate.status]}"
        return Claim("value", "refuted", strength, detail)
    if reference.status != "optimal":
        strength = weaker(reference.strength, candidate.strength)
        return Claim("value", "proved", strength, f"each {WORDS[reference.status]}, which every σ keeps")
    if relation is None:
        return unknown("value", "no objective relation could be read off the two models")
    if reference.upper is None or candidate.upper is None:
        return unknown("value", "an optimal value is not known exactly")
    ours, image = reference.upper, relation(candidate.upper)
    for low, gap, high, low_exact, bounded, back in (
        (
            reference.lower,
            reference.gap,
            image,
            reference.lower_exact,
            provers[0],
            ObjectiveRelation(Fraction(1), Fraction(0)),
        ),
        (
            None if candidate.lower is None else relation(candidate.lower),
            relation.scale * candidate.gap,
            ours,
            candidate.lower_exact,
            provers[1],
            relation.inverse(),
        ),
    ):
        if low is not None and low > high:
            if low - gap <= high:
                return unknown("value", f"the values differ by {float(low - high):.1e}, too little for solvers to tell")
            if not _bound_survives_rounding(
                bounded, back((low + high) / 2), relation, *(each.model for each in provers)
            ):
                return unknown(
                    "value", f"rounding: the values differ by {float(low - high):.1e}, and data look rounded"
                )
            detail = f"optimal values differ: reference {number(ours)}, candidate after σ {number(image)}"
            return Claim("value", "refuted", "exact" if low_exact else "solver", detail)
    if reference.lower is None or candidate.lower is None:
        return unknown("value", "an optimal value is not settled")
    if ours != image:
        return unknown("value", "the bounds on the optimal values do not meet")
    strength = "exact" if reference.lower_exact and candidate.lower_exact else "solver"
    return Claim("value", "proved", strength, f"both optimal values are {number(ours)} (as reference minimisation)")


def _bound_survives_rounding(prover: Prover, bound: Fraction, *sources: Source) -> bool:
    """Say whether the cost stays at least `bound` when data move a little, where numbers of the sources look rounded.

    The last digit of a coefficient can decide whether an integer point is feasible, and so move an optimum far.
    """
    if not any(map(has_rounded_data, sources)):
        return True
    freed = Prover(loosened(prover.model), prover.budget)
    return isinstance(freed.at_least(freed.model.cost_terms, bound - freed.model.cost_constant), Proved)


def _emptiness_survives_rounding(prover: Prover, *sources: Source) -> bool:
    if not any(map(has_rounded_data, sources)):
        return True
    return isinstance(Prover(loosened(prover.model), prover.budget).empty(), Proved)


def _slightly_below(value: Fraction) -> Fraction:
    """Return a bound that a rounded last digit does not reach, and another optimal solution does."""
    return value - NOTICEABLE * max(Fraction(1), abs(value))


def decide_optima(
    carrier: Carrier, reference_facts: Facts, candidate_facts: Facts, conditions: Sequence[Obligation] = ()
) -> Claim:
    """Every optimum x of C: f(x) is an optimum of R, over F(C) ∩ {c_C ≤ U} with U the cost of an exact point.

    `conditions` are the proofs that the lemmas of the carrier's functions apply.
    """
    reference, recovery, candidate = carrier.reference, carrier.mapping, carrier.candidate
    early = _without_optimum("optima", reference_facts, candidate_facts)
    if early is not None:
        return early
    point, upper = candidate_facts.point, candidate_facts.upper
    if point is None or upper is None:
        return unknown("optima", "no exact optimum of the candidate was found")
    model = candidate.model
    extended = carrier.extended.model
    sliced = Prover(with_row(extended, model.cost_terms, upper=upper - model.cost_constant), candidate.budget)
    extra = []
    if reference_facts.lower is not None:
        image, constant = recovery.pull_back(reference.cost_terms)
        best = reference_facts.lower - reference.cost_constant - constant
        extra.append(Requirement("objective", 0, {k: -a for k, a in image.items()}, best))
    found = include(reference, recovery, sliced, None, pool=carrier.lifted_pool([point]), extra=extra)
    if found.breach is not None:
        confirmed = carrier.confirm(found.breach, None, reference_facts.lower)
        if isinstance(confirmed, str):
            return unknown("optima", confirmed)
        breach = confirmed
        if candidate_facts.lower is None or model.cost_value(breach.point) > candidate_facts.lower:
            return unknown("optima", "a nearly optimal candidate solution fails, but its optimality is not proved")
        if breach.kind == "objective" and (reference_facts.upper is None or not reference_facts.solved):
            return unknown("optima", "the optimal value of the reference is not settled")
        if not _bound_survives_rounding(candidate, _slightly_below(upper), recovery, model, reference):
            return unknown("optima", "rounding: which solutions are optimal hangs on the last digits of the data")
        image_point = recovery.apply(breach.point)
        text = (
            f"the image is feasible but costs {number(reference.cost_value(image_point))}, "
            f"and the reference optimum is {number(reference_facts.upper)} (as minimisation)"
            if breach.kind == "objective" and reference_facts.upper is not None
            else breach_text(reference, breach, image_point)
        )
        strength: Strength = "exact" if candidate_facts.lower_exact else "solver"
        witness = Witness(
            "optima",
            "candidate",
            carrier.shown(breach.point),
            image_point,
            describe(breach.kind, breach.index, reference),
            breach.amount,
            f"this candidate solution is optimal, but its image is not an optimum of the reference: {text}",
            candidate_facts.lower_proof,
        )
        return Claim("optima", "refuted", strength, text, found.obligations, witness)
    if found.open_reasons:
        return unknown("optima", found.open_reasons[0])
    if reference_facts.lower is None:
        return unknown("optima", "images of optima are feasible, but the reference's optimal value is not settled")
    obligations = (*conditions, *found.obligations)
    strength = weaker(strength_of(obligations), "exact" if reference_facts.lower_exact else "solver")
    detail = "shown for every candidate solution as good as an exact optimum"
    return Claim("optima", "proved", strength, detail, obligations)


def decide_optimum(carrier: Carrier, reference_facts: Facts, candidate_facts: Facts) -> Claim:
    """One optimum x of C has f(x) ∈ F(R) with value z_R: the one found, else any other on the optimal face."""
    reference, recovery, candidate = carrier.reference, carrier.mapping, carrier.candidate
    early = _without_optimum("optimum", reference_facts, candidate_facts)
    if early is not None:
        return early
    point, upper, best = candidate_facts.point, candidate_facts.upper, reference_facts.lower
    if point is None or upper is None or candidate_facts.lower is None or not candidate_facts.solved:
        return unknown("optimum", "no optimum of the candidate is known")
    if best is None:
        return unknown("optimum", "the optimal value of the reference is not settled")
    strength = weaker(*("exact" if f.lower_exact else "solver" for f in (reference_facts, candidate_facts)))
    lifted = carrier.lifted(point)
    if lifted is None:
        return unknown("optimum", "a function of the mapping is not defined at the optimum found")
    image = recovery.apply(lifted)
    if reference.is_feasible(image) and reference.cost_value(image) <= best:
        return Claim("optimum", "proved", strength, "the optimum found is carried to an optimum of the reference")
    model = candidate.model
    joint, free = carrier.joint()
    combined = Prover(_mapped_optima(reference, free, joint, upper, best), candidate.budget)
    result = combined.minimise({})
    if result.point is not None:
        found = combined.exact_point(result.point)
        if found is not None:
            detail = "another optimum of the candidate is carried to an optimum of the reference, not the one found"
            return Claim("optimum", "proved", strength, detail)
    answer = combined.empty()
    if not isinstance(answer, Proved):
        return unknown("optimum", answer.reason)
    if best != reference_facts.upper:
        return unknown("optimum", "the optimal value of the reference is not settled")
    if not (
        _bound_survives_rounding(candidate, _slightly_below(upper), recovery, model, reference)
        and _emptiness_survives_rounding(combined, recovery, model, reference)
    ):
        return unknown("optimum", "rounding: which solutions are optimal hangs on the last digits of the data")
    violations = reference.violations(image, limit=1)
    detail = "no optimum of the candidate is carried to an optimum of the reference"
    amount = violations[0].amount if violations else reference.cost_value(image) - best
    violates = None
    if violations:
        owner = reference.rows if violations[0].element == "row" else reference.variables
        violates = f"{violations[0].element} {owner[violations[0].index]}"
    witness = Witness("optimum", "candidate", point, image, violates or "objective", amount, detail, answer.proof)
    strength = weaker(strength, strength_of((Obligation("bound", 0, answer.proof),)))
    return Claim("optimum", "refuted", strength, detail, (), witness)


def _without_optimum(name: ClaimName, reference: Facts, candidate: Facts) -> Claim | None:
    """Settle the claims about optima when a side has none."""
    if candidate.status == "unknown":
        return unknown(name, f"the status of the candidate is not known: {candidate.detail}")
    if candidate.status != "optimal":
        detail = f"vacuous: the candidate {WORDS[candidate.status]}, so it has no optimum"
        return Claim(name, "proved", candidate.strength, detail)
    if reference.status == "unknown":
        return unknown(name, f"the status of the reference is not known: {reference.detail}")
    if reference.status != "optimal":
        detail = f"the candidate has an optimum, but the reference {WORDS[reference.status]}"
        return Claim(name, "refuted", weaker(reference.strength, candidate.strength), detail)
    return None


def _mapped_optima(
    reference: Formulation, recovery: IndexMapping, candidate: Formulation, upper: Fraction, best: Fraction
) -> Formulation:
    """Return the candidate cut to its optima whose image is feasible and as good as `best` in the reference."""
    n = len(candidate.variables)
    integers = np.flatnonzero(reference.integer).tolist()
    model = with_variables(candidate, [(f"image {j}", None, None, int(Kind.INTEGER)) for j in integers])
    rows: list[Row] = [("optimal", candidate.cost_terms, None, upper - candidate.cost_constant)]
    for i in range(len(reference.rows)):
        form, constant = recovery.pull_back(reference.row_terms(i))
        rows.append(_shifted(f"row {i}", form, constant, reference.row_lower.finite(i), reference.row_upper.finite(i)))
    for j in range(len(reference.variables)):
        low, high = reference.lower.finite(j), reference.upper.finite(j)
        rows.append(_shifted(f"bound {j}", recovery.terms[j], recovery.constants[j], low, high))
    for k, j in enumerate(integers):
        terms = {**recovery.terms[j], n + k: Fraction(-1)}
        rows.append(("integer", terms, -recovery.constants[j], -recovery.constants[j]))
    image, constant = recovery.pull_back(reference.cost_terms)
    rows.append(("value", image, None, best - reference.cost_constant - constant))
    return with_rows(model, rows)


def _shifted(
    name: str, form: Mapping[int, Fraction], constant: Fraction, low: Fraction | None, high: Fraction | None
) -> Row:
    shifted_low = None if low is None else low - constant
    shifted_high = None if high is None else high - constant
    return name, form, shifted_low, shifted_high
