"""Each claim of a verification with proofs that the checker accepts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from tools.certify.evidence import Evidence, Extended, NotCertifiedError, evidence_of
from tools.certify.facts import CertifiedFacts, certify_facts
from tools.certify.inclusion import Prove, identity, image_of, inclusion, shortest
from tools.certify.joint import joint_set
from tools.certify.listing import preimages
from tools.certify.space import Affine, Nodes, Space
from tools.certify.sums import lifting_by_sums
from tools.claims.explain import exact_entries
from tools.claims.facts import find_facts
from tools.claims.outcome import Claim
from tools.claims.verify import Verification
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.derive import Row
from tools.formulation.model import Formulation
from tools.mapping.total import TotalMapping
from tools.report import ClaimName, Result

ZERO = Fraction(0)
Entry = dict[str, Any]

SHOWN_BY_LIFTING = "the objective relation shows only by a lifting, and sound and complete are not both shown"


class Claims:
    """Works out the entries of a certificate for one verification.

    `entries` has the claims that have proofs, `gaps` says for the others that were decided what is missing.
    """

    def __init__(
        self, reference: Formulation, candidate: Formulation, verification: Verification, budget: Budget
    ) -> None:
        self.reference, self.candidate, self.verification = reference, candidate, verification
        self.budget = budget
        self.spaces = {"reference": Space(reference, budget), "candidate": Space(candidate, budget)}
        self.recovery: list[Affine] = []
        carrier = verification.carrier
        self.relation = verification.relation
        self.mapped = carrier.mapped
        self.completed = sorted(reference.variables[j] for j in carrier.completed)
        self.entries: dict[ClaimName, Entry] = {}
        self.results: dict[ClaimName, Result] = {}
        self.gaps: dict[ClaimName, str] = {}
        self.facts: dict[str, CertifiedFacts | None] = {"reference": None, "candidate": None}
        self._failed_facts: dict[str, str] = {}
        self.lifting: list[Affine] | None = None
        self.lifted: list[Nodes] | None = None
        space = self.spaces["candidate"]
        try:
            self.extended = Extended(space, carrier.extension)
        except NotCertifiedError as error:
            self.gaps = {name: str(error) for name, claim in verification.claims.items() if claim.result != "unknown"}
            return
        place = self.extended.variables
        self.recovery = [
            Affine(constant, {place[k]: a for k, a in terms.items()})
            for constant, terms in zip(carrier.mapping.constants, carrier.mapping.terms, strict=True)
        ]
        self.reading = self._reading()
        # What cuts a set down comes last: from then on the two sets get no further rows.
        for name, result, prove in (
            ("sound", "proved", self._sound),
            ("complete", "proved", self._complete),
            ("status", None, self._status),
            ("value", None, self._value),
            ("sound", "refuted", self._sound_refuted),
            ("optima", None, self._optima),
            ("optimum", None, self._optimum),
            ("complete", "refuted", self._complete_refuted),
        ):
            self._try(name, result, prove)  # type: ignore[arg-type]
            if name == "complete" and not self.relation_shown and self.entries.get("sound", {}).get("by") == "rows":
                del self.entries["sound"], self.results["sound"]
                self.gaps["sound"] = SHOWN_BY_LIFTING

    def _try(self, name: ClaimName, result: Result | None, prove: Callable[[Claim], Entry]) -> None:
        claim = self.verification.claims[name]
        if claim.result == "unknown" or result not in (None, claim.result):
            return
        if name not in ("sound", "complete") and self._both:
            self.entries[name] = {"result": "proved", "by": "sound and complete"}  # Theorem 2
            self.results[name] = "proved"
            return
        try:
            self.entries[name] = {"result": claim.result, **prove(claim)}
            self.results[name] = claim.result
        except NotCertifiedError as error:
            self.gaps[name] = str(error)

    # ---- what claims rest on

    @property
    def relation_shown(self) -> bool:
        """Whether the certificate may state σ: it is read off, or sound and complete hold for it."""
        read_off = self.reading is not None or self.lifted is not None
        return self.relation is not None and (read_off or self._both)

    @property
    def _both(self) -> bool:
        """Whether sound and complete are certified."""
        return self.results.get("sound") == self.results.get("complete") == "proved"

    @cached_property
    def gain(self) -> Affine | None:
        """σ(c_C) − c_R∘f over candidate variables."""
        if self.relation is None:
            return None
        own = Affine(self.candidate.cost_constant, self.candidate.cost_terms).times(self.relation.scale)
        image = image_of(self.reference.cost_terms, self.recovery)
        constant = self.relation.offset - self.reference.cost_constant
        return own.plus(image, -1).plus(Affine(constant, {}))

    def _reading(self) -> list[Nodes | None] | None:
        """Return the proofs that c_R∘f = σ(c_C) on the whole candidate, where that is so."""
        gain = self.gain
        if gain is None:
            return None
        if not gain.terms:
            return None if gain.constant else [None, None]
        proofs = self.spaces["candidate"].prove_between(gain, ZERO, ZERO)
        return None if proofs is None else [*proofs]

    def fact(self, side: str) -> CertifiedFacts:
        """Return what is known of a side, worked out once; raises `NotCertifiedError`."""
        known = self.facts[side]
        if known is not None:
            return known
        if side not in self._failed_facts:
            verification = self.verification
            facts = verification.reference_facts if side == "reference" else verification.candidate_facts
            try:
                facts = find_facts(Prover(self.spaces[side].original, self.budget)) if facts is None else facts
                self.facts[side] = found = certify_facts(self.spaces[side], facts, side)
                return found
            except NotCertifiedError as error:
                self._failed_facts[side] = str(error)
        raise NotCertifiedError(self._failed_facts[side])

    @staticmethod
    def _shown_by(claim: Claim) -> Sequence[Fraction]:
        """Return the point that refutes a claim."""
        if claim.witness is None:
            raise NotCertifiedError(f"{claim.name}: the refutation shows no point")
        return claim.witness.point

    # ---- sound

    def _sound(self, claim: Claim) -> Entry:
        facts = self.verification.candidate_facts
        if facts is not None and facts.status == "infeasible" and self.fact("candidate").status == "infeasible":
            return {"by": "vacuous"}
        prove = Prove(self.spaces["candidate"], self.extended, evidence_of(claim.obligations))
        if self.gain is None:
            raise NotCertifiedError("sound: there is no objective relation")
        if self.reading is None and self.verification.claims["complete"].result != "proved":
            raise NotCertifiedError(SHOWN_BY_LIFTING)
        found = inclusion(prove, self.reference, self.recovery)
        objective = prove.at_least("objective", 0, self.gain, ZERO)
        return {"by": "rows", **found, "objective": shortest(objective)}

    def _sound_refuted(self, claim: Claim) -> Entry:
        return self._broken_image(self._shown_by(claim))

    def _broken_image(self, point: Sequence[Fraction]) -> Entry:
        return {"by": "point", "point": exact_entries(self.candidate, point), "fibre": self._fibre(point)}

    def _fibre(self, point: Sequence[Fraction]) -> Nodes | None:
        """Return a proof that no completion makes the image a reference point, None where it needs none."""
        if not self.completed:
            return None
        mapped = set(self.mapped)
        image = [value.at(point) if i in mapped else ZERO for i, value in enumerate(self.recovery)]
        model = self.reference
        for violation in model.violations(image):
            is_row = violation.element == "row"
            if mapped.issuperset(model.row_terms(violation.index) if is_row else [violation.index]):
                return None
        # A completed variable has no cost.
        if self.relation is not None and model.cost_value(image) > self.relation(self.candidate.cost_value(point)):
            return None
        pins: list[Row] = [(f"f {i}", {i: Fraction(1)}, image[i], image[i]) for i in self.mapped]
        return Space(model, self.budget).sliced(pins, steps=False).prove_empty()

    # ---- complete

    def _complete(self, claim: Claim) -> Entry:
        facts = self.verification.reference_facts
        if facts is not None and facts.status == "infeasible" and self.fact("reference").status == "infeasible":
            return {"by": "vacuous"}
        if self.relation is None:
            raise NotCertifiedError("complete: there is no objective relation")
        lifting, evidence = self.verification.lifting, evidence_of(claim.obligations)
        if lifting is None:
            lifting, evidence = lifting_by_sums(self.reference, self.candidate, self.verification.recovery), {}
        if lifting is None:
            points = preimages(self.verification, self.spaces["reference"], self.spaces["candidate"].prover)
            if points is None:
                raise NotCertifiedError("complete: no lifting and no listing shows it")
            if self.reading is None and self.results.get("sound") != "proved":
                raise NotCertifiedError(SHOWN_BY_LIFTING)
            return {"by": "listing", "points": [exact_entries(self.candidate, point) for point in points]}
        return self._by_lifting(lifting, evidence)

    def _by_lifting(self, lifting: TotalMapping, evidence: Evidence) -> Entry:
        space = self.spaces["reference"]
        extended = Extended(space, lifting.extension)
        images = [
            space.affine(lifting.expressions[name].constant, lifting.expressions[name].terms)
            for name in self.candidate.variables
        ]
        prove = Prove(space, extended, evidence)
        found = inclusion(prove, self.candidate, images)
        assert self.relation is not None
        there_and_back = [
            Affine(self.recovery[i].constant, {}).plus(image_of(self.recovery[i].terms, images)) for i in self.mapped
        ]
        same = identity(prove, self.mapped, there_and_back)
        image = image_of(self.candidate.cost_terms, images).plus(Affine(self.candidate.cost_constant, {}))
        loss = Affine(self.reference.cost_constant - self.relation.offset, self.reference.cost_terms)
        loss = loss.plus(image, -self.relation.scale)
        # The evidence is about the same statement in the candidate's units.
        objective = self._objective(prove, loss)
        self.lifting = images
        self.lifted = None if self.reading is not None else space.prove_between(loss, ZERO, ZERO)
        if not self.relation_shown and self.results.get("sound") != "proved":
            raise NotCertifiedError(SHOWN_BY_LIFTING)
        return {"by": "rows", **found, "identity": same, "objective": shortest(objective)}

    def _objective(self, prove: Prove, loss: Affine) -> Nodes:
        assert self.relation is not None
        if self.relation.scale != 1:
            prove = Prove(prove.space, prove.extended, {})
        return prove.at_least("objective", 0, loss, ZERO)

    def _complete_refuted(self, claim: Claim) -> Entry:
        y = self._shown_by(claim)
        rows: list[Row] = []
        for i in self.mapped:
            side = y[i] - self.recovery[i].constant
            rows.append((f"f {i}", self.recovery[i].terms, side, side))
        if self.reading is not None and self.relation is not None:
            limit = self.relation.inverse()(self.reference.cost_value(y)) - self.candidate.cost_constant
            rows.append(("objective", self.candidate.cost_terms, None, limit))
        pinned = self.spaces["candidate"].sliced(rows)
        proof = pinned.prove_empty()
        if proof is None:
            raise NotCertifiedError("complete: no exact proof was found that no candidate solution maps to the point")
        return {"by": "point", "point": exact_entries(self.reference, y), "steps": pinned.steps, "proof": proof}

    # ---- status, value, optimum, optima

    def _status(self, claim: Claim) -> Entry:
        same = self.fact("reference").status == self.fact("candidate").status
        if same != (claim.result == "proved"):
            raise NotCertifiedError("status: a side's status has no exact proof")
        return {"by": "facts"}

    def _value(self, claim: Claim) -> Entry:
        ours, theirs = self.fact("reference"), self.fact("candidate")
        if ours.status == theirs.status == "optimal":
            if not self.relation_shown:
                raise NotCertifiedError(SHOWN_BY_LIFTING)
            if claim.result == "proved" and not (ours.solved and theirs.solved):
                raise NotCertifiedError("value: an optimal value has no exact proof")
            if claim.result == "refuted" and not self._values_differ(ours, theirs):
                raise NotCertifiedError("value: exact bounds on the optimal values do not tell them apart")
        return {"by": "facts"}

    def _values_differ(self, ours: CertifiedFacts, theirs: CertifiedFacts) -> bool:
        assert self.relation is not None
        return ours.least > self.relation(theirs.most) or self.relation(theirs.least) > ours.most

    def _optima(self, claim: Claim) -> Entry:
        if self.results.get("sound") == self.results.get("value") == self.results.get("status") == "proved":
            return {"by": "sound and value"}
        theirs = self.fact("candidate")
        if theirs.status != "optimal":
            return {"by": "vacuous"}
        ours = self.fact("reference")
        if ours.status != "optimal":
            return {"by": "facts"}
        if claim.result == "refuted":
            return self._optima_refuted(claim, theirs)
        self.extended.derive_all()  # the slice has its row behind all rows of the set
        level = theirs.most - self.candidate.cost_constant
        cut = self.spaces["candidate"].sliced([("optimal", self.candidate.cost_terms, None, level)])
        same_level = self.verification.candidate_facts is not None and (
            self.verification.candidate_facts.upper == theirs.cost
        )
        prove = Prove(cut, self.extended, evidence_of(claim.obligations) if same_level else {}, added=1)
        found = inclusion(prove, self.reference, self.recovery)
        image = image_of(self.reference.cost_terms, self.recovery)
        room = Affine(ours.least - self.reference.cost_constant, {}).plus(image, -1)
        objective = prove.at_least("objective", 0, room, ZERO)
        return {"by": "slice", **found, "objective": shortest(objective), "steps": cut.steps}

    def _optima_refuted(self, claim: Claim, theirs: CertifiedFacts) -> Entry:
        point = self._shown_by(claim)
        if self.candidate.cost_value(point) > theirs.least:
            raise NotCertifiedError("optima: that the point is optimal has no exact proof")
        return self._broken_image(point)

    def _optimum(self, claim: Claim) -> Entry:
        theirs = self.fact("candidate")
        if theirs.status != "optimal":
            return {"by": "vacuous"}
        ours = self.fact("reference")
        if ours.status != "optimal":
            return {"by": "facts"}
        if not ours.solved or not theirs.solved:
            raise NotCertifiedError("optimum: an optimal value has no exact proof")
        joint = joint_set(self, ours, theirs)
        if claim.result == "refuted":
            proof = joint.prove_empty()
            if proof is None:
                raise NotCertifiedError("optimum: no exact proof was found that no optimum is carried over")
            return {"by": "joint", "steps": joint.steps, "proof": proof}
        n = len(self.spaces["candidate"].names)
        found = joint.prover.minimise({})
        point = None if found.point is None else joint.prover.exact_point(found.point)
        if point is None:
            raise NotCertifiedError("optimum: no exact optimum that is carried over was found")
        return {
            "by": "point",
            "point": exact_entries(self.candidate, point[: len(self.candidate.variables)]),
            "image": exact_entries(self.reference, point[n:]),
        }
