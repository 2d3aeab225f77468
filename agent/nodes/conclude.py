"""Conclude: the verdict, its scope and the report, from what was found; memory learns of it."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.findings import counterexample_of
from agent.hypothesis import LANGUAGE_MODEL, is_recalled
from agent.known_facts import restore
from agent.nodes.step import step
from agent.nodes.verify import latest_trials
from agent.remembering import remember
from agent.state import RunState
from tools.claims.invariants import Impossibility, reformulation_impossible, status_differs
from tools.claims.optimality import decide_status, decide_value
from tools.report import (
    CLAIM_NAMES,
    ClaimName,
    ClaimSummary,
    CounterexampleSummary,
    HypothesisSummary,
    MappingSummary,
    ModelSummary,
    OriginCost,
    Report,
    Verdict,
)


def conclude(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Return the report. A "no" names its scope; everything that could not be shown is "unknown" with its reason."""
    context = runtime.context
    with step("conclude") as log:
        restore(context, state.get("facts", {}))
        impossible = _impossibility(state, context)
        finding = _leading_finding(state)
        verdict, scope, reason = _verdict(state, context, finding, impossible)
        report = Report(
            verdict=verdict,
            contract=context.settings.contract,
            relation=_relation(finding, impossible),
            scope=scope,
            reason=reason,
            claims=_claims(finding, impossible, context),
            mapping=None if finding is None else MappingSummary(**_tuples(finding["mapping"], ("rules", "completed"))),
            counterexample=_counterexample(finding, impossible, context),
            hypotheses=tuple(
                HypothesisSummary(t["origin"], tuple(t["rules"]), t["outcome"], t["reason"])
                for t in latest_trials(state).values()
            ),
            reference=_model(state, "reference"),
            candidate=_model(state, "candidate"),
            model_calls=0 if context.ledger is None else context.ledger.usage.calls,
            planning=state.get("planning", ""),
            costs=_costs(state, context),
        )
        log(f"{verdict}: {reason}")
    seconds = {stage: round(spent, 4) for stage, spent in state.get("seconds", {}).items()}
    for stage, spent in log.seconds.items():
        seconds[stage] = round(spent, 4)
    document = report.to_json()
    with step("remember") as written:
        new = remember(context, state, document)
        if context.recollection.available:
            written(f"{new} new record(s) in memory")
        written.warn(context.recollection.take_warnings())
    seconds["remember"] = round(written.seconds["remember"], 4)
    stages = [spent for stage, spent in seconds.items() if ":" not in stage]  # the others are origins
    document["seconds"] = {"total": round(sum(stages), 4), **seconds}
    return {"report": document, "asking": _is_worth_a_question(state, context, verdict), "seconds": log.seconds}


def _is_worth_a_question(state: RunState, context: RunContext, verdict: Verdict) -> bool:
    """Say whether the user may help: the answer is open, and the last answer, if there was one, held a hint."""
    answers = state.get("answers", [])
    unwilling = bool(answers) and not answers[-1]
    return context.settings.ask and verdict == "unknown" and not unwilling and len(answers) < context.settings.rounds


def _impossibility(state: RunState, context: RunContext) -> Impossibility | None:
    """Return why no mapping can do, if an invariant shows it; nothing is asked when a mapping was verified."""
    if any(finding["outcome"] == "fulfilled" for finding in state.get("findings", [])):
        return None
    found = status_differs(*context.pair.known_facts)
    known = state.get("impossible")
    if found is None and known is not None:
        return Impossibility(**known) if known else None
    if found is None and context.settings.contract == "reformulation" and not context.budget.expired:
        found = reformulation_impossible(context.pair.reference, context.pair.candidate)
    return found


def _leading_finding(state: RunState) -> dict[str, Any] | None:
    """Return the verified mapping, else the refuted one the user asked about, else the last that stayed open.

    What another pair suggested and was refuted says nothing of this one.
    """
    findings = [
        finding
        for finding in {finding["id"]: finding for finding in state.get("findings", [])}.values()
        if finding["outcome"] != "refuted" or not is_recalled(finding["origin"])
    ]
    for wanted in (
        lambda f: f["outcome"] == "fulfilled",
        lambda f: f["outcome"] == "refuted" and f["scope"],
        lambda f: f["outcome"] == "open",
        lambda f: True,
    ):
        for finding in findings:
            if wanted(finding):
                return finding
    return None


def _verdict(
    state: RunState, context: RunContext, finding: dict[str, Any] | None, impossible: Impossibility | None
) -> tuple[Verdict, str | None, str]:
    if finding is not None and finding["outcome"] == "fulfilled":
        return "equivalent", None, finding["reason"]
    if impossible is not None:
        return "not_equivalent", impossible.scope, impossible.reason
    if finding is not None and finding["outcome"] == "refuted" and finding["scope"]:
        return "not_equivalent", finding["scope"], finding["reason"]
    stop = state.get("stop", "")
    if stop:
        return "unknown", None, f"{stop} before a mapping was verified"
    if finding is not None and finding["outcome"] == "open":
        return "unknown", None, finding["reason"]
    if finding is not None:
        return "unknown", None, f"every mapping that was tried fails, such as: {finding['reason']}"
    if state.get("trials"):
        return "unknown", None, "every mapping that was tried fails; a hint of yours may help"
    return "unknown", None, "no planner found a mapping to try; a hint of yours may help"


def _relation(finding: dict[str, Any] | None, impossible: Impossibility | None) -> Any:
    """Return how the pair is related: a refuted mapping that nobody asked about says nothing of the pair."""
    if finding is not None and (impossible is not None or finding["scope"] or finding["outcome"] != "refuted"):
        return finding["relation"]
    return "different" if impossible is not None and impossible.scope == "any mapping" else "undetermined"


def _claims(
    finding: dict[str, Any] | None, impossible: Impossibility | None, context: RunContext
) -> dict[ClaimName, ClaimSummary]:
    if finding is not None:
        return {name: ClaimSummary(**finding["claims"][name]) for name in CLAIM_NAMES}
    claims = dict.fromkeys(CLAIM_NAMES, ClaimSummary("unknown", "solver", "no mapping was verified or refuted in full"))
    reference, candidate = context.pair.known_facts
    if reference is not None and candidate is not None:
        decided = [decide_status(reference, candidate)]  # which needs no mapping
        if impossible is not None and impossible.about == "status":
            decided.append(decide_value(reference, candidate, None, (context.pair.reference, context.pair.candidate)))
        for claim in decided:
            claims[claim.name] = ClaimSummary(claim.result, claim.strength, claim.detail)
    return claims


def _counterexample(
    finding: dict[str, Any] | None, impossible: Impossibility | None, context: RunContext
) -> CounterexampleSummary | None:
    """Return the finding's witness, else a feasible point of the side that has one when the statuses differ."""
    if finding is not None:
        return None if finding["counterexample"] is None else CounterexampleSummary(**finding["counterexample"])
    reference, candidate = context.pair.known_facts
    if impossible is None or impossible.about != "status" or reference is None or candidate is None:
        return None
    witness = decide_status(reference, candidate).witness
    return None if witness is None else counterexample_of(context.reference, context.candidate, witness)


def _model(state: RunState, side: str) -> ModelSummary:
    model = state["models"][side]
    facts = state.get("facts", {}).get(side, {"status": "unknown", "value": None})
    return ModelSummary(
        name=model["name"],
        variables=model["variables"],
        integers=model["integers"],
        constraints=model["constraints"],
        nonzeros=model["nonzeros"],
        status=facts["status"],
        objective=facts["value"],
        written_by=model["written_by"],
    )


def _costs(state: RunState, context: RunContext) -> dict[str, OriginCost]:
    """Return what each origin proposed, in the order in which they came, and what a language model took."""
    proposed: dict[str, int] = {}
    for trial in latest_trials(state).values():
        proposed[trial["origin"]] = proposed.get(trial["origin"], 0) + 1
    costs = {origin: OriginCost(number) for origin, number in proposed.items()}
    ledger = context.ledger
    if ledger is not None and ledger.usage.calls:
        origin = f"{LANGUAGE_MODEL}{ledger.limits.name}"
        costs[origin] = OriginCost(proposed.get(origin, 0), **vars(ledger.usage), money=ledger.money)
    return costs


def _tuples(document: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {key: tuple(value) if key in names else value for key, value in document.items()}
