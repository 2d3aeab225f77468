"""Decide all six claims for one mapping between two formulations."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from tools.claims.carrier import Carrier
from tools.claims.completable import not_completable_because, thin_because
from tools.claims.completeness import Completeness, CompletenessCheck
from tools.claims.conditions import prove_conditions
from tools.claims.dominance import Dominance, dominated
from tools.claims.facts import Facts, find_facts
from tools.claims.liftings import derive_liftings, is_determined
from tools.claims.objective_mismatch import Mismatch, objective_mismatch
from tools.claims.objective_relation import ObjectiveRelation, read_relation
from tools.claims.optimality import decide_optima, decide_optimum, decide_status, decide_value, weaker
from tools.claims.outcome import Claim, Obligation, unknown
from tools.claims.soundness import decide_sound
from tools.claims.structure import chosen_because
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.formulation.simplified import simplified
from tools.mapping.affine import AffineMapping
from tools.mapping.forms import IndexMapping
from tools.mapping.total import TotalMapping
from tools.report import CLAIM_NAMES, ClaimName

Points = Sequence[Sequence[Fraction]]


@dataclass(frozen=True)
class Verification:
    """All that was shown about one mapping: the six claims with their evidence, σ, and the lifting that was used.

    `chosen` says why the mapping counts as chosen (None: it is structural). Facts are None where nothing needed them.
    `dominance` shows that a chosen mapping misses nothing that matters. `mismatch` shows that no σ whatever makes the
    mapping sound and complete, where σ could not be read off.
    """

    carrier: Carrier
    lifting: TotalMapping | None
    relation: ObjectiveRelation | None
    claims: Mapping[ClaimName, Claim]
    chosen: str | None
    reference_facts: Facts | None
    candidate_facts: Facts | None
    mismatch: Mismatch | None = None
    dominance: Dominance | None = None

    @property
    def recovery(self) -> IndexMapping:
        """The recovery in indices, over the candidate followed by the outputs of the functions it uses."""
        return self.carrier.mapping


class Pair:
    """Two formulations with everything that can be shared between hypotheses: provers and facts, computed once."""

    def __init__(self, reference: Formulation, candidate: Formulation, budget: Budget) -> None:
        self.reference = Prover(reference, budget)
        self.candidate = Prover(candidate, budget)
        self.budget = budget

    def within(self, budget: Budget) -> Pair:
        """Return the pair with another budget, sharing what is known; facts found there are its own."""
        other = copy.copy(self)
        other.reference, other.candidate = self.reference.within(budget), self.candidate.within(budget)
        other.budget = budget
        return other

    @cached_property
    def reference_facts(self) -> Facts:
        """Status and optimal value of the reference."""
        return find_facts(self.reference)

    @cached_property
    def candidate_facts(self) -> Facts:
        """Status and optimal value of the candidate."""
        return find_facts(self.candidate)

    @property
    def known_facts(self) -> tuple[Facts | None, Facts | None]:
        """The facts that have been computed so far."""
        return self.__dict__.get("reference_facts"), self.__dict__.get("candidate_facts")


def verify_pair(
    pair: Pair,
    recovery: IndexMapping | Carrier,
    *,
    lifting: TotalMapping | None = None,
    structural: bool = False,
    candidate_pool: Points = (),
    reference_pool: Points = (),
) -> Verification:
    """Return the six claims for `recovery` (candidate to reference), decided within the pair's budget.

    `lifting`, if given, is tried first for completeness. `structural` says that whoever proposed the recovery composed
    it of reversible steps and renamings. The pools hold exact feasible points of either model.
    """
    carrier = recovery
    if isinstance(carrier, IndexMapping):
        carrier = Carrier.plain(pair.reference.model, pair.candidate, carrier)
    conditions, open_reason = prove_conditions(carrier.extension, pair.candidate)
    if open_reason is None:
        open_reason = not_completable_because(carrier)
    if open_reason is not None:
        claims: dict[ClaimName, Claim] = {name: unknown(name, open_reason) for name in CLAIM_NAMES}
        return Verification(carrier, None, None, claims, open_reason, *pair.known_facts)
    reference, candidate = pair.reference.model, carrier.extended.model
    relation = read_relation(reference, candidate, carrier.mapping)
    tentative = relation is None
    if tentative:
        relation = _relation_by_lifting(pair, carrier, lifting)
    sound = decide_sound(carrier, relation, candidate_pool, conditions)
    complete = CompletenessCheck(pair.reference, carrier, relation).decide(lifting, reference_pool)
    if tentative:
        sound, complete = _whatever_the_relation(pair, carrier, lifting, sound, complete, conditions)
        if "proved" not in (sound.result, complete.claim.result):
            relation = None
    claims = {"sound": sound, "complete": complete.claim}
    if sound.result == complete.claim.result == "proved":
        strength = weaker(sound.strength, complete.claim.strength)
        for name in ("status", "value", "optimum", "optima"):
            claims[name] = Claim(name, "proved", strength, "follows from sound and complete (Theorem 2)")
        return _verification(pair, carrier, complete.lifting, relation, claims, structural)
    facts = pair.reference_facts, pair.candidate_facts
    claims["sound"], claims["complete"] = (
        _vacuous(sound, facts[1], "candidate"),
        _vacuous(complete.claim, facts[0], "reference"),
    )
    claims["status"] = decide_status(*facts)
    provers = (pair.reference, pair.candidate)
    claims["value"] = decide_value(*facts, relation, provers)
    if tentative and claims["value"].result == "refuted":
        claims["value"] = decide_value(*facts, None, provers)
    claims["optimum"] = decide_optimum(carrier, *facts)
    if sound.result == claims["value"].result == claims["status"].result == "proved":
        strength = weaker(sound.strength, claims["value"].strength)
        claims["optima"] = Claim("optima", "proved", strength, "follows from sound and value (Theorem 1)")
    else:
        claims["optima"] = decide_optima(carrier, *facts, conditions)
        if claims["optima"].result == "refuted" and facts[1].gap and claims["optimum"].result != "refuted":
            claims["optima"] = unknown("optima", "a solution fails whose optimality solvers cannot tell for certain")
    found = _verification(pair, carrier, complete.lifting, relation, claims, structural)
    undecided = claims["sound"].result == claims["complete"].result == "unknown"
    if (
        relation is None
        and undecided
        and carrier.is_plain
        and is_determined(simplified(pair.candidate.model), carrier.mapping)
    ):
        pool = [*candidate_pool, *([] if facts[1].point is None else [facts[1].point])]
        return replace(found, mismatch=objective_mismatch(reference, pair.candidate, carrier.mapping, pool))
    return found


def _verification(
    pair: Pair,
    carrier: Carrier,
    lifting: TotalMapping | None,
    relation: ObjectiveRelation | None,
    claims: Mapping[ClaimName, Claim],
    structural: bool,
) -> Verification:
    chosen, dominance = None, None
    if claims["complete"].result != "proved":
        chosen = thin_because(carrier)
        if chosen is None and not structural:
            chosen = chosen_because(pair.reference.model, pair.candidate.model, carrier.mapping, carrier.completed)
        if chosen is None and pair.reference.model.cost_terms and not pair.candidate.model.cost_terms:
            chosen = "the reference has an objective and the candidate has none"
        if (
            chosen is not None
            and relation is not None
            and claims["sound"].result == claims["optima"].result == "proved"
        ):
            dominance = dominated(carrier, pair.reference, relation)
            chosen = chosen if dominance is None else None
    ordered = {name: claims[name] for name in CLAIM_NAMES}
    return Verification(carrier, lifting, relation, ordered, chosen, *pair.known_facts, dominance=dominance)


def _vacuous(claim: Claim, facts: Facts, which: str) -> Claim:
    """An infeasible model satisfies every statement about all its points."""
    if claim.result == "unknown" and facts.status == "infeasible":
        detail = f"vacuous: the {which} is infeasible"
        return replace(unknown(claim.name, detail), result="proved", strength=facts.strength)
    return claim


def _relation_by_lifting(pair: Pair, carrier: Carrier, given: TotalMapping | None) -> ObjectiveRelation | None:
    """Read σ off c_C∘g: an epigraph variable held by inequalities shows its objective only there.

    Where liftings give several, the one under which a lifting proves completeness is taken.
    """
    reference, candidate = pair.reference.model, pair.candidate.model
    relations: list[ObjectiveRelation] = []

    def note(lifting: IndexMapping, source: Formulation) -> None:
        inverse = read_relation(candidate, source, lifting)
        if inverse is not None and inverse.inverse() not in relations:
            relations.append(inverse.inverse())

    if given is not None:
        extended = given.extension.extend(reference)
        note(IndexMapping.of(AffineMapping(given.expressions), candidate, extended), extended)
    check = CompletenessCheck(pair.reference, carrier, None)
    for lifting in derive_liftings(reference, simplified(candidate), check.recovery):
        note(lifting, simplified(reference))
    if len(relations) > 1:
        for relation in relations:
            check = CompletenessCheck(pair.reference, carrier, relation)
            if check.by_lifting(given, [], []) is not None:
                return relation
    return relations[0] if relations else None


def _whatever_the_relation(
    pair: Pair,
    carrier: Carrier,
    lifting: TotalMapping | None,
    sound: Claim,
    complete: Completeness,
    conditions: Sequence[Obligation],
) -> tuple[Claim, Completeness]:
    """Return the claims with what is refuted refuted without σ, or else unknown.

    A σ read off a lifting is one of many: what fails for it may hold for another. Sound or complete shown for some σ
    hold for every σ that c_R∘f = σ(c_C) would give, and so does the value then; the value by itself does not.
    """
    if sound.result == "refuted" and sound.witness is not None:
        sound = decide_sound(carrier, None, [sound.witness.point], conditions)
    if complete.claim.result == "refuted" and complete.claim.witness is not None:
        check = CompletenessCheck(pair.reference, carrier, None)
        complete = check.decide(lifting, [complete.claim.witness.point])
    return sound, complete
