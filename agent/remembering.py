"""What a run leaves in memory: the mapping it verified, or the mappings that a witness refuted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.context import RunContext
from agent.state import RunState
from memory.learning import record_of
from memory.record import Outcome, Record

MOST_REFUTED = 3
"""Refuted mappings of one run that are kept."""


def remember(context: RunContext, state: RunState, report: Mapping[str, Any]) -> int:
    """Keep what the run found and return how many records are new; a memory that fails is a warning, no error."""
    return context.recollection.learn(lambda: records_of(context, state, report))


def records_of(context: RunContext, state: RunState, report: Mapping[str, Any]) -> list[Record]:
    """Return the records of a finished run.

    One for a verified mapping. For a "no", one of the mapping that it is about, or of the pair where no mapping can do.
    Where the pair stayed open, those mappings that a witness refuted, so that their points are tried first next time.
    """
    verdict = report["verdict"]
    if verdict == "equivalent":
        return [_record(context, report, "verified", report["mapping"], report["claims"], None)]
    if verdict == "not_equivalent":
        return [_record(context, report, "refuted", report["mapping"], report["claims"], report["counterexample"])]
    findings = {finding["id"]: finding for finding in state.get("findings", [])}
    refuted = [f for f in findings.values() if f["outcome"] == "refuted" and f["counterexample"] is not None]
    return [
        _record(context, report, "refuted", finding["mapping"], finding["claims"], finding["counterexample"])
        for finding in refuted[:MOST_REFUTED]
    ]


def _record(
    context: RunContext,
    report: Mapping[str, Any],
    outcome: Outcome,
    mapping: Mapping[str, Any] | None,
    claims: Mapping[str, Mapping[str, str]],
    witness: Mapping[str, Any] | None,
) -> Record:
    return record_of(
        context.reference,
        context.candidate,
        outcome=outcome,
        contract=context.settings.contract,
        mapping=mapping,
        claims=claims,
        witness=witness,
        report=report,
        provenance=context.recollection.provenance,
        seen=context.recollection.portrait(context.reference, context.candidate),
    )
