"""Certify a report: exact proofs of its claims that the independent checker accepts."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tools.certify.certificate import Certificate, Question, certify_verification
from tools.claims.carrier import Carrier
from tools.claims.invariants import Impossibility, reformulation_impossible, status_differs
from tools.claims.verify import Pair, Verification, verify_pair
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.mapping.reading import read_mapping
from tools.report import CLAIM_NAMES, CertificateSummary, ClaimName, ClaimSummary, Report

TREE_NODES = 3000
"""Nodes of one exact branch tree: a proof is worth more here than a quick answer."""

QUICK = 8
"""The mapping is first verified with one part in so many of the work limits."""

VERIFYING = 0.6
"""The share of the time after which what the mapping shows must be found; the rest is for proofs."""


def certify(reference: Any, candidate: Any, report: Report, *, time_limit: float = 120.0, seed: int = 0) -> Certificate:
    """Return a certificate of what `report` says of the two models, as far as exact proofs are found in time.

    The mapping of the report is verified again, with its evidence kept. Raises `InputError` where a model cannot be
    used or the report's mapping is not one between the two.
    """
    target, source = read(reference), read(candidate)
    budget = Budget.lasting(time_limit, seed=seed)
    pair = Pair(target, source, budget.ending(VERIFYING * time_limit))
    verification = _verification(pair, report, target, source)
    impossible = _impossibility(pair, report)
    facts = None
    if verification is None:
        facts = {"reference": pair.reference_facts, "candidate": pair.candidate_facts}
    question = Question(report.contract, report.verdict, report.scope)
    patient = replace(budget, tree_nodes=TREE_NODES)
    return certify_verification(target, source, question, verification, patient, impossible, facts)


def with_certificate(report: Report, certificate: Certificate) -> Report:
    """Return the report with the strength "exact" for just those claims that the certificate shows."""
    claims: dict[ClaimName, ClaimSummary] = {}
    for name in CLAIM_NAMES:
        claim = report.claims[name]
        shown = certificate.certified.get(name) == claim.result
        if claim.result == "unknown":
            claims[name] = claim
        else:
            claims[name] = replace(claim, strength="exact" if shown else "solver")
    gaps = dict(certificate.gaps)
    for name in CLAIM_NAMES:
        result = report.claims[name].result
        if result != "unknown" and certificate.certified.get(name) != result:
            gaps.setdefault(name, "was not shown again within the limits")
    summary = CertificateSummary(certificate.sha256, certificate.document["verdict"] == report.verdict, gaps)
    return replace(report, claims=claims, certificate=summary)


def demand_exact(report: Report) -> Report:
    """Return the report, as "unknown" where its verdict does not follow from the certificate that it has."""
    summary = report.certificate
    if report.verdict == "unknown" or (summary is not None and summary.verdict):
        return report
    gap = "there is no certificate"
    if summary is not None:
        gap = summary.gaps.get("verdict") or next(iter(summary.gaps.values()), gap)
    reason = f"{report.verdict.replace('_', ' ')}, but not shown exactly: {gap}"
    return replace(report, verdict="unknown", scope=None, reason=reason)


def _verification(pair: Pair, report: Report, reference: Formulation, candidate: Formulation) -> Verification | None:
    document = report.to_json()
    if document["mapping"] is None:
        return None
    exactly = {key: value for key, value in document["mapping"].items() if key != "rules"}  # which are for people
    given = read_mapping(json.dumps(exactly), reference.variables, candidate.variables)
    carrier = Carrier.of(reference, pair.candidate, given.total, given.recovery.completed)
    pools: dict[str, list[list[Fraction]]] = {"candidate": [], "reference": []}
    witness = report.counterexample
    if witness is not None:
        model = candidate if witness.point_of == "candidate" else reference
        pools[witness.point_of] = [[Fraction(witness.point.get(name, 0)) for name in model.variables]]
    if any(report.claims[name].result != "proved" for name in ("sound", "complete")):
        _ = pair.reference_facts, pair.candidate_facts  # which claims need then, and little time may be left later
    # What the run left open, perhaps after a quick look, is not what the time is for here.
    quick = pair.within(pair.budget.smaller(QUICK).ending(pair.budget.remaining / 2))
    for prover_pair in (quick, pair):
        found = verify_pair(
            prover_pair,
            carrier.within(prover_pair.candidate),
            lifting=given.lifting,
            candidate_pool=[point for point in pools["candidate"] if candidate.is_feasible(point)],
            reference_pool=[point for point in pools["reference"] if reference.is_feasible(point)],
        )
        if all(claim.result in ("unknown", found.claims[name].result) for name, claim in report.claims.items()):
            break
    return found


def _impossibility(pair: Pair, report: Report) -> Impossibility | None:
    if report.verdict != "not_equivalent" or report.scope not in ("any mapping", "every affine mapping"):
        return None
    found = status_differs(pair.reference_facts, pair.candidate_facts)
    if found is None and report.contract == "reformulation":
        found = reformulation_impossible(pair.reference, pair.candidate)
    return found
