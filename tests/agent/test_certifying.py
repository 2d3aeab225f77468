"""A report and its certificate: "exact" stands just where the certificate shows the claim, and may be demanded."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

import quasikarp_verify
from agent.certifying import certify, demand_exact, with_certificate
from agent.run import check
from agent.settings import Settings
from tests.conftest import REPOSITORY
from tools.certify.certificate import Certificate
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.report import CLAIM_NAMES, CertificateSummary, Contract, Report

Pair = tuple[Formulation, Formulation]


@cache
def case(name: str, contract: Contract) -> tuple[Pair, Report, Certificate]:
    folder = REPOSITORY / "examples" / "models" / name
    pair = read(folder / "reference.lp"), read(folder / "candidate.lp")
    report = check(*pair, Settings(contract, memory="none", planner="symbolic", time_limit=20))
    return pair, report, certify(*pair, report, time_limit=20)


CASES: list[tuple[str, Contract, str]] = [
    ("slack", "reformulation", "equivalent"),
    ("digits", "quasi-karp", "equivalent"),
    ("production", "quasi-karp", "not_equivalent"),
    ("knapsack", "reformulation", "not_equivalent"),
    ("infeasible", "quasi-karp", "not_equivalent"),
]


@pytest.mark.parametrize(("name", "contract", "verdict"), CASES)
def test_verdicts_of_the_examples_are_certified(name: str, contract: Contract, verdict: str) -> None:
    _, report, certificate = case(name, contract)
    checked = quasikarp_verify.Certificate(dict(certificate.document))
    assert certificate.document["verdict"] == report.verdict == verdict
    assert checked.shows == dict(certificate.certified)
    certified = with_certificate(report, certificate)
    assert certified.certificate == CertificateSummary(certificate.sha256, True, {})
    assert demand_exact(certified) == certified
    assert Report.from_json(certified.to_json()) == certified


def test_a_claim_that_the_certificate_lacks_is_a_solver_s_and_has_a_reason() -> None:
    _, report, certificate = case("slack", "reformulation")
    poorer = replace(certificate, certified={"status": "proved"}, gaps={"sound": "too hard"})
    found = with_certificate(report, poorer)
    assert [name for name in CLAIM_NAMES if found.claims[name].strength == "exact"] == ["status"]
    assert found.certificate is not None
    assert set(found.certificate.gaps) == set(CLAIM_NAMES) - {"status"}
    assert found.certificate.gaps["sound"] == "too hard"


def test_another_result_is_not_shown() -> None:
    _, report, certificate = case("slack", "reformulation")
    other = replace(certificate, certified={**certificate.certified, "sound": "refuted"})
    found = with_certificate(report, other)
    assert found.claims["sound"].strength == "solver"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda report: report, "there is no certificate"),
        (lambda report: replace(report, certificate=CertificateSummary("0", False, {"verdict": "why"})), "why"),
        (lambda report: replace(report, certificate=CertificateSummary("0", False, {"sound": "hard"})), "hard"),
    ],
)
def test_what_is_not_certified_becomes_unknown(spoil: Callable[[Report], Report], reason: str) -> None:
    _, report, _ = case("production", "quasi-karp")
    found = demand_exact(spoil(report))
    assert (found.verdict, found.scope, found.exit_code) == ("unknown", None, 3)
    assert found.reason == f"not equivalent, but not shown exactly: {reason}"


def test_a_report_on_another_pair_proves_nothing() -> None:
    """Under the report's mapping, whose names exist, the other candidate's soundness is not what the report says."""
    pair, report, _ = case("production", "quasi-karp")
    claims = {name: replace(claim, result="proved") for name, claim in report.claims.items()}
    lying = replace(report, verdict="equivalent", scope=None, claims=claims, counterexample=None)
    found = with_certificate(lying, certify(*pair, lying, time_limit=20))
    assert found.claims["sound"].strength == "solver"
    assert demand_exact(found).verdict == "unknown"


def test_without_time_there_are_gaps_not_errors() -> None:
    pair, report, _ = case("slack", "reformulation")
    found = with_certificate(report, certify(*pair, report, time_limit=1e-6))
    assert found.certificate is not None
    assert found.certificate.verdict or found.certificate.gaps
