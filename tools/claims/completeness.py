"""The claim complete: every y ∈ F(R) has an x ∈ F(C) with f(x) = y and σ(c_C(x)) ≤ c_R(y)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from tools.claims.carrier import Carrier
from tools.claims.conditions import prove_conditions
from tools.claims.enumeration import enumerate_points
from tools.claims.explain import breach_of, breach_text, number
from tools.claims.fibres import fibre_requirements
from tools.claims.inclusion import Pool, Requirement, describe, include
from tools.claims.liftings import derive_liftings, is_determined
from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.outcome import Claim, Obligation, Witness, strength_of, unknown
from tools.claims.rounding import is_significant, loosened
from tools.completion.complete import complete
from tools.exact.proofs import Proof, SolverProof
from tools.exact.prover import Proved, Prover, Refuted
from tools.formulation.derive import Row, boxed, with_rows
from tools.formulation.simplified import simplified
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.forms import IndexMapping
from tools.mapping.total import TotalMapping

COMPLETIONS = 4
"""How many liftings by functions or decision rules are tried."""

BOX = 1000
"""Infinite bounds are replaced by this distance where a direction of the hunt has no end."""

QUICK = 8
"""At first each may use one part in this many of the work limits."""


@dataclass(frozen=True)
class Completeness:
    """The claim, and the lifting that proves it where one does."""

    claim: Claim
    lifting: TotalMapping | None


@dataclass(frozen=True)
class Pin:
    """Whether the candidate reaches one reference point: an x, a proof that none exists, or a reason."""

    outcome: Literal["reached", "unreachable", "unknown"]
    point: Sequence[Fraction] | None
    proof: Proof | SolverProof | None
    reason: str


class CompletenessCheck:
    """Decides complete for one recovery; `reference` and `candidate` are provers over the two feasible sets."""

    def __init__(
        self,
        reference: Prover,
        carrier: Carrier,
        relation: ObjectiveRelation | None,
    ) -> None:
        candidate = carrier.candidate
        self.reference, self.candidate, self.relation = reference, candidate, relation
        self.mapped = carrier.mapped
        self.recovery = recovery = _mapped_part(carrier)
        form = candidate.model if is_determined(candidate.model, recovery) else simplified(candidate.model)
        self.determined = is_determined(form, recovery)
        self._source = derive_liftings(reference.model, form, recovery)
        self._cached: list[IndexMapping] = []

    def decide(self, given: TotalMapping | None = None, pool: Pool = ()) -> Completeness:
        """Return the claim: by a lifting, by listing a small finite F(R), or refuted by a hunt.

        `given` is a lifting that came with the hypothesis; `pool` holds exact reference points, hunted first.
        """
        suspects: list[Sequence[Fraction]] = []
        reasons: list[str] = []
        lifted = self.by_lifting(given, suspects, reasons)
        if lifted is not None:
            return lifted
        by_fibres = self._by_fibres(suspects)
        if by_fibres is not None:
            return Completeness(by_fibres, None)
        known = (y for y in pool if self.reference.model.is_feasible(y))
        refutation = self._hunt(itertools.chain(suspects, known), reasons)
        if refutation is None:
            suspects = []
            completed = self._by_completion(suspects, reasons)
            if completed is not None:
                return completed
            refutation = self._hunt(iter(suspects), reasons)
        if refutation is None:
            listed = self._by_listing(list(self.derived()), reasons)
            if listed is not None:
                return Completeness(listed, None)
            refutation = self._hunt(self._extreme_points(), reasons)
        if refutation is not None:
            return Completeness(refutation, None)
        detail = reasons[0] if reasons else "no lifting was found and the hunt found no unreachable reference solution"
        return Completeness(unknown("complete", detail), None)

    def derived(self) -> Iterator[IndexMapping]:
        """Yield the derived liftings, each derived once; only the first when f leaves no choice."""
        yield from self._cached
        if self.determined and self._cached:
            return
        for lifting in self._source:
            self._cached.append(lifting)
            yield lifting
            if self.determined:
                return

    def by_lifting(
        self, given: TotalMapping | None, suspects: list[Sequence[Fraction]], reasons: list[str]
    ) -> Completeness | None:
        """Return the claim proved by the given or a derived lifting, or None.

        Reference points that a lifting does not carry over are added to `suspects`, what stays open to `reasons`.
        """
        if given is not None:
            proof = self._through(given, suspects, reasons, self.reference)
            if proof is not None:
                return Completeness(proof, given)
        for lifting in self.derived():
            proof = self._through_affine(lifting, self.reference, suspects, reasons)
            if proof is not None:
                named = lifting.named(self.candidate.model, self.reference.model)
                return Completeness(proof, TotalMapping.from_affine(named))
        return None

    def _by_completion(self, suspects: list[Sequence[Fraction]], reasons: list[str]) -> Completeness | None:
        """Return the claim proved by a lifting that needs functions or decision rules, or None."""
        if self.relation is None:
            return None
        reference, candidate = self.reference.model, self.candidate.model
        equations = [
            (
                AffineExpression(
                    self.recovery.constants[i],
                    {candidate.variables[k]: a for k, a in self.recovery.terms[i].items()},
                ),
                AffineExpression.variable(reference.variables[i]),
            )
            for i in self.mapped
        ]
        proposals = complete(
            self.reference,
            candidate,
            {},
            equations=equations,
            objective=self.relation.inverse(),
            budget=self.reference.budget,
        )
        # A statement that a solver finds hard is often false or needs another lifting: each gets little at first.
        quick = self.reference.within(self.reference.budget.smaller(QUICK))
        left: list[TotalMapping] = []
        for lifting in itertools.islice(proposals, COMPLETIONS):
            known, unsettled = len(suspects), list[str]()
            proof = self._through(lifting, suspects, unsettled, quick)
            if proof is not None:
                return Completeness(proof, lifting)
            if len(suspects) == known:
                left.append(lifting)
        for lifting in left:
            proof = self._through(lifting, suspects, reasons, self.reference)
            if proof is not None:
                return Completeness(proof, lifting)
        return None

    def _through(
        self, lifting: TotalMapping, suspects: list[Sequence[Fraction]], reasons: list[str], prover: Prover
    ) -> Claim | None:
        """Return the claim proved by a lifting: its functions' conditions hold, and it carries F(R) into F(C)."""
        if self.relation is None:
            return None
        conditions, open_reason = prove_conditions(lifting.extension, prover)
        if open_reason is not None:
            reasons.append(open_reason)
            return None
        if lifting.extension:
            prover = Prover(lifting.extension.extend(prover.model), prover.budget)
        indexed = IndexMapping.of(AffineMapping(lifting.expressions), self.candidate.model, prover.model)
        proof = self._through_affine(indexed, prover, suspects, reasons)
        if proof is None or not conditions:
            return proof
        obligations = (*conditions, *proof.obligations)
        detail = f"a lifting by functions carries every reference solution over ({len(obligations)} statements)"
        return Claim("complete", "proved", strength_of(obligations), detail, obligations)

    def _through_affine(
        self, lifting: IndexMapping, prover: Prover, suspects: list[Sequence[Fraction]], reasons: list[str]
    ) -> Claim | None:
        """Return the claim proved by a lifting that is affine over `prover.model`, the reference or an extension."""
        if self.relation is None:
            return None
        identities = self._identity_requirements(lifting)
        found = include(self.candidate.model, lifting, prover, self.relation.inverse(), extra=identities)
        if found.breach is not None:
            suspects.append(found.breach.point[: len(self.reference.model.variables)])
            return None
        if found.open_reasons:
            reasons.extend(found.open_reasons[:1])
            return None
        detail = f"an affine lifting carries every reference solution over ({len(found.obligations)} statements)"
        return Claim("complete", "proved", strength_of(found.obligations), detail, found.obligations)

    def _by_fibres(self, suspects: list[Sequence[Fraction]]) -> Claim | None:
        """Prove the claim where candidate variables act only through the mapped sums (digits, splits, unary codes)."""
        if self.relation is None or self.determined or len(self.mapped) < len(self.recovery.terms):
            return None
        wanted = fibre_requirements(self.reference.model, self.candidate.model, self.recovery, self.relation)
        if wanted is None:
            return None
        obligations: list[Obligation] = []
        for requirement in wanted:
            answer = self.reference.at_least(requirement.form, -requirement.constant)
            if isinstance(answer, Refuted):
                suspects.append(answer.point)
            if not isinstance(answer, Proved):
                return None
            obligations.append(Obligation(requirement.kind, requirement.index, answer.proof, "in the mapped sums"))
        detail = "candidate variables act only through the mapped sums, and these take every value allowed"
        return Claim("complete", "proved", strength_of(obligations), detail, tuple(obligations))

    def _identity_requirements(self, lifting: IndexMapping) -> list[Requirement]:
        """Return f_i(g(y)) − y_i ≥ 0 and ≤ 0 wherever it is not zero as an expression."""
        wanted: list[Requirement] = []
        for i in self.mapped:
            terms = self.recovery.terms[i]
            form, constant = lifting.pull_back(terms)
            if form == {i: 1} and constant == -self.recovery.constants[i]:
                continue
            form[i] = form.get(i, Fraction(0)) - 1
            form = {k: a for k, a in form.items() if a}
            constant += self.recovery.constants[i]
            if form or constant:
                wanted.append(Requirement("identity", i, form, constant))
                wanted.append(Requirement("identity", i, {k: -a for k, a in form.items()}, -constant))
        return wanted

    def pin(self, y: Sequence[Fraction], liftings: Sequence[IndexMapping] = ()) -> Pin:
        """Decide whether some x ∈ F(C) has f(x) = y and σ(c_C(x)) ≤ c_R(y).

        Raises nothing; y must be an exact point of F(R). Without an objective relation only f(x) = y is asked.
        """
        model = self.candidate.model
        for lifting in liftings:
            x = lifting.apply(y)
            if self._reaches(x, y):
                return Pin("reached", x, None, "")
        if self.determined:
            x = next(self.derived()).apply(y)
            if self._reaches(x, y):
                return Pin("reached", x, None, "")
            if self._maps_to(x, y):
                return Pin("unreachable", x, None, "the only x with f(x) = y is not a candidate solution")
        rows = self._pin_rows(y, Fraction(0))
        if any(self._missed_by_constants(y)):
            return Pin("unreachable", None, None, "the mapping gives a constant that differs from the point")
        pinned = Prover(with_rows(model, rows), self.candidate.budget)
        result = pinned.minimise({})
        if result.point is not None:
            reached = pinned.exact_point(result.point)
            if reached is not None:
                return Pin("reached", reached, None, "")
        answer = pinned.empty()
        if isinstance(answer, Proved):
            return Pin("unreachable", None, answer.proof, "no candidate solution maps to the point")
        return Pin("unknown", None, None, answer.reason)

    def _missed_by_constants(self, y: Sequence[Fraction]) -> Iterator[Fraction]:
        """Yield by how much y differs from the constants that the recovery gives some variables."""
        for i in self.mapped:
            terms = self.recovery.terms[i]
            if not terms and self.recovery.constants[i] != y[i]:
                yield abs(self.recovery.constants[i] - y[i])

    def _pin_rows(self, y: Sequence[Fraction], margin: Fraction) -> list[Row]:
        """Return the rows f(x) = y and σ(c_C(x)) ≤ c_R(y), each loosened by `margin` relative to its side."""
        rows: list[Row] = []
        for i in self.mapped:
            terms = self.recovery.terms[i]
            if terms:
                side = y[i] - self.recovery.constants[i]
                room = margin * max(Fraction(1), abs(side))
                rows.append((f"f {i}", terms, side - room, side + room))
        if self.relation is not None:
            cost = self.candidate.model.cost_terms
            limit = self.relation.inverse()(self.reference.model.cost_value(y)) - self.candidate.model.cost_constant
            rows.append(("objective", cost, None, limit + margin * max(Fraction(1), abs(limit))))
        return rows

    def _maps_to(self, x: Sequence[Fraction], y: Sequence[Fraction]) -> bool:
        image = self.recovery.apply(x)
        return all(image[i] == y[i] for i in self.mapped)

    def _reaches(self, x: Sequence[Fraction], y: Sequence[Fraction]) -> bool:
        model = self.candidate.model
        if not self._maps_to(x, y) or not model.is_feasible(x):
            return False
        return self.relation is None or self.relation(model.cost_value(x)) <= self.reference.model.cost_value(y)

    def _hunt(self, points: Iterator[Sequence[Fraction]], reasons: list[str]) -> Claim | None:
        liftings = list(self.derived())
        tried: set[tuple[Fraction, ...]] = set()
        for y in points:
            if self.reference.budget.expired:
                return None
            if tuple(y) in tried:
                continue
            tried.add(tuple(y))
            pin = self.pin(y, liftings)
            if pin.outcome == "unreachable":
                claim = self._refutation(y, pin)
                if claim.result == "refuted":
                    return claim
                reasons.insert(0, claim.detail)
            elif pin.outcome == "unknown":
                reasons.append(f"a reference solution could not be decided: {pin.reason}")
        return None

    def _refutation(self, y: Sequence[Fraction], pin: Pin) -> Claim:
        model, reference = self.candidate.model, self.reference.model
        violates: str | None = None
        text = pin.reason
        amount = Fraction(0)
        image = pin.point
        scale = Fraction(1)
        if image is not None:
            violations = model.violations(image, limit=1)
            if violations:
                found = violations[0]
                amount = found.amount
                breach = breach_of(found, image)
                violates = describe(breach.kind, breach.index, model)
                text = f"the only candidate point that maps to it breaks {breach_text(model, breach, image)}"
                terms = model.row_terms(found.index) if found.element == "row" else {found.index: Fraction(1)}
                scale = abs(found.limit or Fraction(0)) + sum(abs(a * image[k]) for k, a in terms.items())
            else:
                worth = Fraction(0) if self.relation is None else self.relation(model.cost_value(image))
                amount = worth - reference.cost_value(y)
                violates = "objective"
                text = (
                    f"the only candidate point that maps to it is worth {number(worth)} "
                    f"instead of {number(reference.cost_value(y))} (as minimisation)"
                )
                scale = abs(worth) + abs(reference.cost_value(y))
            if not is_significant(amount, scale, self.recovery, reference, model):
                return unknown("complete", f"rounding: {text}, by only {float(amount):.1e}, and the data look rounded")
        elif not self._robust(y):
            return unknown("complete", "rounding: a reference solution is missed by a margin too small for the data")
        strength: Literal["exact", "solver"] = "solver" if isinstance(pin.proof, SolverProof) else "exact"
        explanation = f"this reference solution is feasible, but no candidate solution maps to it: {text}"
        witness = Witness("complete", "reference", y, image, violates, amount, explanation, pin.proof)
        obligations = () if pin.proof is None else (Obligation("bound", 0, pin.proof, "the pinned candidate"),)
        return Claim("complete", "refuted", strength, text, obligations, witness)

    def _robust(self, y: Sequence[Fraction]) -> bool:
        """Say whether the pin stays infeasible when every pinned value and row may move by the rounding margin."""
        reference, model = self.reference.model, self.candidate.model
        scale = max(map(abs, y), default=Fraction(0))
        amount = max(self._missed_by_constants(y), default=Fraction(0))
        if is_significant(amount, scale, self.recovery, reference, model):
            return True
        rows = self._pin_rows(y, Fraction(1, 10**8))
        return isinstance(Prover(with_rows(loosened(model), rows), self.candidate.budget).empty(), Proved)

    def _by_listing(self, liftings: Sequence[IndexMapping], reasons: list[str]) -> Claim | None:
        """Prove or refute by pinning every point of a small finite F(R)."""
        points = enumerate_points(self.reference, self.reference.budget.enumeration)
        if points is None:
            return None
        obligations: list[Obligation] = []
        for y in points:
            if self.reference.budget.expired:
                reasons.append("the time limit was reached while reference solutions were listed")
                return None
            pin = self.pin(y, liftings)
            if pin.outcome == "unreachable":
                claim = self._refutation(y, pin)
                if claim.result == "refuted":
                    return claim
                reasons.insert(0, claim.detail)
                return None
            if pin.outcome == "unknown":
                reasons.append(f"a reference solution could not be decided: {pin.reason}")
                return None
        if self.relation is None:
            reasons.append("every reference solution is reached, but no objective relation could be read off")
            return None
        detail = f"all {len(points)} reference solutions were listed and each is reached"
        return Claim("complete", "proved", "exact", detail, tuple(obligations))

    def _extreme_points(self) -> Iterator[Sequence[Fraction]]:
        """Yield exact points of F(R): extremes of variables, rows and the objective, and random directions."""
        model, prover = self.reference.model, self.reference
        budget = prover.budget
        m, n = model.shape
        generator = random.Random(budget.seed)
        directions: list[dict[int, Fraction]] = [dict(model.cost_terms)]
        chosen = list(range(n)) if n <= budget.hunts // 4 else sorted(generator.sample(range(n), budget.hunts // 4))
        for j in chosen:
            directions.append({j: Fraction(-1)})
            directions.append({j: Fraction(1)})
        rows = list(range(m)) if m <= budget.hunts // 8 else sorted(generator.sample(range(m), budget.hunts // 8))
        for i in rows:
            directions.append({j: -a for j, a in model.row_terms(i).items()})
            directions.append(dict(model.row_terms(i)))
        while len(directions) < budget.hunts:
            support = generator.sample(range(n), min(n, 12))
            directions.append({j: Fraction(generator.choice((-3, -2, -1, 1, 2, 3))) for j in support})
        for form in directions:
            if budget.expired:
                return
            result = prover.minimise(form)
            values = result.point
            if result.status == "unbounded":
                values = Prover(boxed(model, BOX), budget).minimise(form).point
            if values is None or not np.isfinite(values).all():
                continue
            point = prover.exact_point(values, form) if result.status == "optimal" else prover.exact_point(values)
            if point is not None:
                yield point


def _mapped_part(carrier: Carrier) -> IndexMapping:
    """Return the recovery with the completed variables left blank; only the mapped ones may be looked at."""
    if carrier.is_plain:
        return carrier.mapping
    constants, terms = list(carrier.mapping.constants), list(carrier.mapping.terms)
    for j in carrier.completed:
        constants[j], terms[j] = Fraction(0), {}
    return IndexMapping(constants, terms)
