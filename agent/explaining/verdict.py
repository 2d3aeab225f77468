"""The verdict in one sentence, and what the report gives as its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from agent.explaining.fact import STATUS_WORDS, Fact
from agent.explaining.inert import sentence
from tools.report import CLAIM_NAMES, Report

_ALL_PROVED = "every claim that the contract needs is proved"
_ALL_FAIL = "every mapping that was tried fails"
_NOTHING_FOUND = "no planner found a mapping to try"
_ABOUT_CLAIM = re.compile(rf"({'|'.join(CLAIM_NAMES)}) is (refuted|not decided): (.*)", re.DOTALL)
_CHOSEN = "the mapping is chosen rather than structural"


def falls_short(report: Report) -> bool:
    """Say whether a verdict was reached but taken back, because the certificate that was demanded does not show it."""
    return report.verdict == "unknown" and report.certificate is not None and not report.certificate.verdict


def verdict_sentence(report: Report) -> str:
    """Return verdict, contract and scope in one sentence that takes nothing but known words from the report."""
    contract = f"under the contract {report.contract}"
    if falls_short(report):
        return f"The answer is unknown {contract}: one was found, but its certificate does not show it as demanded."
    if report.verdict == "unknown":
        return (
            f"The answer is unknown {contract}: the check ended with neither a proof nor a counterexample "
            "that settles the question."
        )
    if report.verdict == "not_equivalent":
        this = report.scope == "this mapping"
        start = "No, with this mapping the candidate" if this else "No, the candidate"
        return f"{start} is not equivalent to the reference {contract}{_scope(report.scope)}: {_why_not(report)}."
    if report.verdict == "equivalent":
        statuses = {report.reference.status, report.candidate.status}
        start = "Yes, the candidate is equivalent to the reference"
        if statuses == {"infeasible"}:
            return f"{start} {contract}, but only vacuously: both models are infeasible, so nothing has to be mapped."
        if report.contract == "reformulation":
            return (
                f"{start} {contract}: every solution of the candidate maps to a solution of the reference that is no "
                "worse, and every solution of the reference is reached."
            )
        if statuses == {"unbounded"}:
            return (
                f"{start} {contract}: both models are unbounded, and every solution of the candidate maps to a "
                "solution of the reference."
            )
        return f"{start} {contract}: every optimum of the candidate maps to an optimum of the reference."
    assert_never(report.verdict)


def _scope(scope: str | None) -> str:
    if scope == "any mapping":
        return ", whatever the mapping"
    if scope == "every affine mapping":
        return ", whatever the affine mapping"
    if scope is None or scope == "this mapping":
        return ""
    return ", for a whole class of mappings"


def statuses_differ(report: Report) -> bool:
    """Say whether both statuses are known and are not alike."""
    statuses = (report.reference.status, report.candidate.status)
    return statuses[0] != statuses[1] and "unknown" not in statuses


def _why_not(report: Report) -> str:
    mine, other = report.reference.status, report.candidate.status
    if statuses_differ(report):
        words = [STATUS_WORDS.get(status, "is of another kind") for status in (mine, other)]
        return f"the reference {words[0]}, and the candidate {words[1]}"
    if report.contract == "reformulation":
        return "the solutions of the two models do not correspond"
    if other in ("unbounded", "infeasible"):
        return "not every solution of the candidate maps to a solution of the reference"
    return "not every optimum of the candidate maps to an optimum of the reference"


def reason_facts(report: Report) -> Iterator[Fact]:
    """Yield why the verdict is what it is, unless the verdict's sentence or the counterexample says it already."""
    if report.scope is not None and _scope(report.scope).endswith("class of mappings"):
        yield Fact("reason", f"The class that was searched is: {sentence(report.scope)}.")
    text = report.reason.strip()
    vacuous = text.startswith("vacuous")
    if report.verdict == "equivalent":
        rest = text.removeprefix(_ALL_PROVED).lstrip("; ")
        if rest and not vacuous:
            yield Fact("reason", f"Why a mapping with chosen coefficients counts here: {sentence(rest)}.")
        return
    if text.startswith(_NOTHING_FOUND):
        text = _NOTHING_FOUND
    told = _ABOUT_CLAIM.fullmatch(text)
    if told is not None:
        claim, result, detail = told.groups()
        if result == "not decided":
            yield Fact("reason", f"One claim stays open, {claim}: {sentence(detail)}.")
        elif not _is_told(report, detail):
            yield Fact("reason", f"The claim that fails is {claim}: {sentence(detail)}.")
    elif text.startswith(_ALL_FAIL):
        told = _ABOUT_CLAIM.search(text)
        if told is not None and _is_told(report, told[3]):
            yield Fact("reason", "Every mapping that was tried fails; the counterexample shows how one of them does.")
        else:
            yield Fact("reason", f"The reason: {sentence(text)}.")
    elif text == _NOTHING_FOUND:
        yield Fact("reason", "No mapping was found that would have been worth a test.")
    elif text and not (statuses_differ(report) and report.verdict == "not_equivalent"):
        yield Fact("reason", f"The reason: {sentence(text)}.")
    if text.startswith(_CHOSEN):
        yield Fact(
            "reason",
            "A mapping whose coefficients were picked to make things fit proves little, because almost any two solved "
            "models can be matched at their optima; therefore it counts only when it reaches every reference solution.",
        )


def _is_told(report: Report, detail: str) -> bool:
    witness = report.counterexample
    return witness is not None and bool(detail) and detail in witness.explanation
