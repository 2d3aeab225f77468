"""From a verification to a certificate that the independent checker accepts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import quasikarp_verify
from tools.certify.claims import Claims
from tools.certify.evidence import NotCertifiedError
from tools.certify.facts import CertifiedFacts, certify_facts
from tools.certify.impossible import state_impossibility, state_mismatch
from tools.certify.space import Space
from tools.claims.facts import Facts
from tools.claims.invariants import Impossibility
from tools.claims.verify import Verification
from tools.exact.budget import Budget
from tools.formulation.json_format import format_json
from tools.formulation.model import Formulation
from tools.report import CLAIM_NAMES, ClaimName, Contract, Result, Verdict

SCHEMA = quasikarp_verify.SCHEMA


@dataclass(frozen=True)
class Certificate:
    """A certificate as JSON data, which the checker accepted.

    `certified` has the claims that it shows with their results; `gaps` says for each other decided claim, and under
    "verdict" for the verdict, why it is not in it.
    """

    document: Mapping[str, Any]
    certified: Mapping[ClaimName, Result]
    gaps: Mapping[str, str]

    @cached_property
    def text(self) -> str:
        """The certificate as it is written to a file."""
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":")) + "\n"

    @property
    def sha256(self) -> str:
        """The hash of that file."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Question:
    """What was asked and answered, as far as a certificate repeats it."""

    contract: Contract
    verdict: Verdict
    scope: str | None


def certify_verification(
    reference: Formulation,
    candidate: Formulation,
    question: Question,
    verification: Verification | None,
    budget: Budget,
    impossible: Impossibility | None = None,
    facts: Mapping[str, Facts | None] | None = None,
) -> Certificate:
    """Return a certificate of everything in `verification` for which exact proofs are found within the budget.

    Without a verification it holds what `facts` about "reference" and "candidate" show: their statuses.

    The verdict is stated where it follows from what is certified; else the certificate's verdict is "unknown".
    """
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "contract": question.contract,
        "verdict": "unknown",
        "scope": None,
        "reference": _stated(reference),
        "candidate": _stated(candidate),
        "steps": {"reference": [], "candidate": []},
        "recovery": None,
        "completed": [],
        "lifting": None,
        "objective": None,
        "facts": {"reference": None, "candidate": None},
        "claims": {},
        "impossible": None,
    }
    gaps: dict[str, str] = {}
    certified: dict[ClaimName, Result] = {}
    reason: dict[str, Any] | None = None
    if verification is not None:
        claims = Claims(reference, candidate, verification, budget)
        gaps |= {str(name): gap for name, gap in claims.gaps.items()}
        certified = dict(claims.results)
        if impossible is not None:
            reason = state_impossibility(impossible, claims.spaces)
        elif verification.mismatch is not None and question.contract == "reformulation":
            reason = state_mismatch(verification.mismatch, claims, candidate)
        _fill(document, claims)
    else:
        spaces = {"reference": Space(reference, budget), "candidate": Space(candidate, budget)}
        _fill_statuses(document, certified, spaces, facts or {}, gaps)
        if impossible is not None:
            reason = state_impossibility(impossible, spaces)
        document["steps"] = {side: space.steps for side, space in spaces.items()}
    document |= {"verdict": question.verdict, "scope": question.scope, "impossible": reason}
    _settle(document, certified, gaps)
    return Certificate(document, {name: certified[name] for name in CLAIM_NAMES if name in certified}, gaps)


def refused(document: Mapping[str, Any]) -> str | None:
    """Return why the checker refuses a certificate, or None."""
    quasikarp_verify.Space.spent = 0
    try:
        quasikarp_verify.Certificate(json.loads(json.dumps(document)))
    except quasikarp_verify.Invalid as error:
        return str(error)
    except (RecursionError, MemoryError):
        return "too large to be checked"
    return None


def _settle(document: dict[str, Any], certified: dict[ClaimName, Result], gaps: dict[str, str]) -> None:
    """Take out what the checker refuses: the verdict, a claim, or everything, until it refuses nothing."""
    for _ in range(len(CLAIM_NAMES) + 2):
        refusal = refused(document)
        if refusal is None:
            return
        if refusal.startswith(("verdict", "scope", "impossible")):
            gaps["verdict"] = refusal
            document |= {"verdict": "unknown", "scope": None, "impossible": None}
            continue
        named = [name for name in CLAIM_NAMES if refusal.startswith((f"claims.{name}.", f"claims.{name}:"))]
        for name in named or [name for name in CLAIM_NAMES if name in certified]:
            certified.pop(name, None)
            document["claims"].pop(name, None)
            gaps[name] = f"the checker refuses the proof: {refusal}"
        if not named:
            nothing = {"reference": None, "candidate": None}
            document |= {"steps": {"reference": [], "candidate": []}, "facts": nothing, "completed": []}
            document |= {"recovery": None, "lifting": None, "objective": None}


def _stated(model: Formulation) -> dict[str, Any]:
    stated = json.loads(format_json(model))
    return {"sha256": quasikarp_verify.digest(quasikarp_verify.formulation(stated)), "model": stated}


def _fill_statuses(
    document: dict[str, Any],
    certified: dict[ClaimName, Result],
    spaces: Mapping[str, Space],
    facts: Mapping[str, Facts | None],
    gaps: dict[str, str],
) -> None:
    found: dict[str, CertifiedFacts] = {}
    for side, space in spaces.items():
        known = facts.get(side)
        if known is None:
            return
        try:
            found[side] = certify_facts(space, known, side)
        except NotCertifiedError as error:
            gaps["status"] = str(error)
            return
    document["facts"] = {side: fact.entry for side, fact in found.items()}
    same = found["reference"].status == found["candidate"].status
    certified["status"] = "proved" if same else "refuted"
    document["claims"] = {"status": {"result": certified["status"], "by": "facts"}}
    if not same:
        certified["value"] = "refuted"
        document["claims"]["value"] = {"result": "refuted", "by": "facts"}


def _fill(document: dict[str, Any], claims: Claims) -> None:
    spaces = claims.spaces
    document["steps"] = {side: space.steps for side, space in spaces.items()}  # which an impossibility may need alone
    if len(claims.recovery) < len(claims.reference.variables):
        return  # a function of it has no proof by definitions
    document["recovery"] = {
        name: spaces["candidate"].expression(value)
        for name, value in zip(claims.reference.variables, claims.recovery, strict=True)
    }
    document["completed"] = claims.completed
    if claims.lifting is not None:
        document["lifting"] = {
            name: spaces["reference"].expression(value)
            for name, value in zip(claims.candidate.variables, claims.lifting, strict=True)
        }
    if claims.relation is not None and claims.relation_shown:
        document["objective"] = {
            "scale": str(claims.relation.scale),
            "offset": str(claims.relation.offset),
            "reading": claims.reading,
            "lifted": claims.lifted,
        }
    document["facts"] = {side: None if fact is None else fact.entry for side, fact in claims.facts.items()}
    document["claims"] = {name: claims.entries[name] for name in CLAIM_NAMES if name in claims.entries}
