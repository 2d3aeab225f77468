"""From claims to a verdict: what a contract needs, how a pair is related, and how far a "no" reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from tools.claims.verify import Verification
from tools.report import ClaimName, Contract, Relation


@dataclass(frozen=True)
class Judgement:
    """What one verification means for a contract: "fulfilled", "refuted" (for this mapping) or "open".

    `claim` is the refuted claim that decides; `reason` is one sentence.
    """

    outcome: str
    reason: str
    claim: ClaimName | None = None


def judge(contract: Contract, verification: Verification) -> Judgement:
    """Return whether this mapping fulfils the contract."""
    claims = verification.claims
    if claims["status"].result == "refuted":
        return Judgement("refuted", claims["status"].detail, "status")
    if contract == "quasi-karp":
        needed = _needed_for_quasi_karp(verification)
        fatal: tuple[ClaimName, ...] = needed
    elif contract == "reformulation":
        needed = ("sound", "complete")
        fatal = ("sound", "complete", "optima", "value")
    else:
        assert_never(contract)
    for name in fatal:
        if claims[name].result == "refuted":
            return Judgement("refuted", f"{name} is refuted: {claims[name].detail}", name)
    if contract == "reformulation" and verification.mismatch is not None:
        return Judgement("refuted", verification.mismatch.witness.explanation)
    for name in needed:
        if claims[name].result == "unknown":
            return Judgement("open", f"{name} is not decided: {claims[name].detail}")
    vacuous = _is_vacuous(verification)
    if claims["complete"].result != "proved" and verification.chosen is not None and not vacuous:
        return Judgement(
            "open",
            f"the mapping is chosen rather than structural ({verification.chosen}), so it counts only if every "
            f"reference solution is reached, and that is {claims['complete'].result}",
        )
    if vacuous:
        return Judgement("fulfilled", "vacuous: both models are infeasible, so every statement about them holds")
    reason = "every claim that the contract needs is proved"
    if verification.dominance is not None:
        reason = f"{reason}; {verification.dominance.detail}"
    return Judgement("fulfilled", reason)


def _needed_for_quasi_karp(verification: Verification) -> tuple[ClaimName, ...]:
    candidate = verification.candidate_facts
    if candidate is not None and candidate.status in ("infeasible", "unbounded"):
        return ("status", "optima", "sound")
    return ("status", "optima")


def _is_vacuous(verification: Verification) -> bool:
    facts = (verification.reference_facts, verification.candidate_facts)
    return all(side is not None and side.status == "infeasible" for side in facts)


def relation_of(verification: Verification) -> Relation:
    """Sum the claims up in one word. Optima that hold only because there are none do not count by themselves."""
    result = {name: claim.result for name, claim in verification.claims.items()}
    sound, complete, optima = result["sound"], result["complete"], result["optima"]
    if sound == complete == "proved":
        return "reformulation"
    if sound == "proved" and complete == "refuted":
        if result["status"] == result["value"] == optima == "proved":
            return "narrowing"
        if "refuted" in (result["status"], result["value"], optima):
            return "restriction"
        return "undetermined"
    if complete == "proved" and sound == "refuted":
        return "relaxation"
    without_optimum = len(_needed_for_quasi_karp(verification)) > 2
    if sound == complete == "refuted" and optima == "proved" and result["status"] == "proved":
        return "different" if without_optimum else "optima-only"
    if "proved" not in (sound, complete) and "refuted" in (result["status"], optima):
        return "different"
    return "undetermined"
