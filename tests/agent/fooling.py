"""Small models written as LP text, and assertions about everything the checker says of a pair of them."""

from __future__ import annotations

from textwrap import dedent

from agent.run import check
from agent.settings import Settings
from tools.claims.contract import judge, relation_of
from tools.claims.verify import Pair, Verification, verify_pair
from tools.exact.budget import Budget
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping
from tools.mapping.rules import expand, parse_rules
from tools.report import CLAIM_NAMES, Contract, Report

CONTRACTS: tuple[Contract, Contract] = ("quasi-karp", "reformulation")


def lp(objective: str, *rows: str, bounds: str = "", integer: str = "") -> Formulation:
    """Return the model with this objective and these rows; bounds are separated by commas, integers by blanks.

    A variable without bounds is nonnegative, as everywhere in LP files.
    """
    lines = [*objective.split(" ", 1), "subject to", *rows, "bounds", *bounds.split(","), "general", integer, "end"]
    return parse_lp(dedent("\n".join(lines)))


def verification(reference: Formulation, candidate: Formulation, mapping: str) -> Verification:
    """Return the six claims about `mapping` (rules, separated by semicolons), without the agent around them."""
    rules = expand(parse_rules(mapping.replace(";", "\n")), reference.variables, candidate.variables)
    return verify_pair(Pair(reference, candidate, Budget()), IndexMapping.of(rules, reference, candidate))


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
    """Assert what the checker answers about `mapping`, and return its two reports.

    The claims that are named in neither `proved` nor `refuted` must be unknown. A verdict is written "equivalent",
    "unknown", or "not_equivalent: SCOPE".
    """
    expected = {name: "unknown" for name in CLAIM_NAMES}
    expected |= dict.fromkeys(proved.split(), "proved") | dict.fromkeys(refuted.split(), "refuted")
    found = verification(reference, candidate, mapping)
    assert {name: claim.result for name, claim in found.claims.items()} == expected
    assert relation_of(found) == relation
    outcomes = {"equivalent": "fulfilled", "unknown": "open"}
    for contract, verdict in zip(CONTRACTS, (quasi_karp, reformulation), strict=True):
        assert judge(contract, found).outcome == outcomes.get(verdict, "refuted"), (contract, judge(contract, found))
    reports = {}
    for contract, verdict in zip(CONTRACTS, (quasi_karp, reformulation), strict=True):
        report = check(reference, candidate, Settings(contract, mapping=mapping.replace(";", "\n"), time_limit=30))
        assert verdict_of(report) == verdict, report.reason
        assert {name: claim.result for name, claim in report.claims.items()} == expected
        assert report.relation == relation
        assert (report.counterexample is not None) or verdict == "equivalent" or not refuted
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
