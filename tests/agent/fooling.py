"""Small models written as LP text, and assertions about everything the checker says of a pair of them."""

from __future__ import annotations

from agent.run import check
from agent.settings import Settings
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation
from tools.report import CLAIM_NAMES, ClaimName, Contract, Report

CONTRACTS: tuple[Contract, Contract] = ("quasi-karp", "reformulation")


def lp(objective: str, *rows: str, bounds: str = "", integer: str = "") -> Formulation:
    """Return the model with this objective and these rows; bounds are separated by commas, integers by blanks.

    A variable without bounds is nonnegative, as everywhere in LP files.
    """
    lines = [*objective.split(" ", 1), "subject to", *rows, "bounds", *bounds.split(","), "general", integer, "end"]
    return parse_lp("\n".join(lines))


def assert_mapping(
    reference: Formulation,
    candidate: Formulation,
    mapping: str,
    *,
    proved: str = "",
    refuted: str = "",
    relation: str,
    quasi_karp: str,
    reformulation: str,
) -> dict[Contract, Report]:
    """Assert what the checker answers about `mapping` (rules, separated by semicolons); return its two reports.

    The claims that are named in neither `proved` nor `refuted` must be unknown. A verdict is written "equivalent",
    "unknown", or "not_equivalent: SCOPE".
    """
    expected: dict[ClaimName, str] = dict.fromkeys(CLAIM_NAMES, "unknown")
    expected |= {name: "proved" for name in CLAIM_NAMES if name in proved.split()}
    expected |= {name: "refuted" for name in CLAIM_NAMES if name in refuted.split()}
    reports = {}
    for contract, verdict in zip(CONTRACTS, (quasi_karp, reformulation), strict=True):
        report = check(reference, candidate, Settings(contract, mapping=mapping.replace(";", "\n"), time_limit=30))
        results = {name: claim.result for name, claim in report.claims.items()}
        assert results == expected, report.claims
        assert report.relation == relation, report.relation
        assert verdict_of(report) == verdict, report.reason
        assert report.counterexample is not None or verdict == "equivalent" or not refuted
        reports[contract] = report
    return reports


def assert_search(reference: Formulation, candidate: Formulation, *, quasi_karp: str, reformulation: str) -> None:
    """Assert the two verdicts when the checker looks for a mapping itself."""
    for contract, verdict in zip(CONTRACTS, (quasi_karp, reformulation), strict=True):
        report = check(reference, candidate, Settings(contract, time_limit=30))
        assert verdict_of(report) == verdict, report.reason


def verdict_of(report: Report) -> str:
    """Return "equivalent", "unknown" or "not_equivalent: SCOPE"."""
    return report.verdict if report.scope is None else f"{report.verdict}: {report.scope}"
