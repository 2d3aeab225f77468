"""A pair is checked: the steps as events, then the report with what exactly a counterexample breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from agent.explaining.template import explain
from agent.language.choice import Planner
from agent.run import stream
from agent.settings import Settings
from tools.errors import InputError, QuasikarpError
from tools.report import Contract
from ui.counterexample_text import broken_requirement
from ui.running.jobs.fields import language_model_of, number_of, object_of, text_of, texts_of, truth_of, whole_of
from ui.running.source import Source

_KNOWN = frozenset(
    ("contract", "time_limit", "rounds", "seed", "mapping", "hints", "memory", "planner", "model", "checkpoint", "ask")
)


def check(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return {"report", "evidence", "explanation", "question", "so_far"} for the pair "reference", "candidate".

    "evidence" are the lines that show what a counterexample breaks, "explanation" the report in words by the template.
    "settings" are those of a run, "answer" the rules that a run which asked for a hint goes on with. Where the run asks
    for one, "report" is null, "question" its text, and "so_far" the report as it stands then.
    """
    reference = Source.of(request.get("reference"), "reference").model()
    candidate = Source.of(request.get("candidate"), "candidate").model()
    settings = settings_of(object_of(request, "settings"))
    more: dict[str, Any] = {} if request.get("answer") is None else {"answer": "\n".join(texts_of(request, "answer"))}
    for event in stream(reference, candidate, settings, **more):
        if event.kind == "question":
            so_far = None if event.report is None else event.report.to_json()
            return {
                "report": None, "evidence": [], "explanation": "", "question": event.message, "so_far": so_far,
            }  # fmt: skip
        if event.report is not None:
            return {
                "report": event.report.to_json(),
                "evidence": broken_requirement(event.report, reference, candidate),
                "explanation": explain(event.report),
                "question": None,
                "so_far": None,
            }
        emit({"kind": event.kind, "node": event.node, "message": event.message})
    raise QuasikarpError("the run ended without a report")


def settings_of(data: Mapping[str, Any]) -> Settings:
    """Return the settings that `data` gives, the usual ones for the rest; raises `InputError`."""
    unknown = sorted(set(data) - _KNOWN)
    if unknown:
        raise InputError(f"unknown settings {', '.join(map(str, unknown))}; known are {', '.join(sorted(_KNOWN))}")
    usual = Settings()
    mapping, checkpoint = text_of(data, "mapping"), text_of(data, "checkpoint")
    return Settings(
        contract=cast(Contract, text_of(data, "contract", usual.contract)),
        time_limit=number_of(data, "time_limit", usual.time_limit),
        rounds=whole_of(data, "rounds", usual.rounds),
        seed=whole_of(data, "seed", usual.seed),
        checkpoint=None if checkpoint is None else Path(checkpoint),
        mapping=None if mapping is None else f"{mapping}\n",  # with a line's end it is never the name of a file
        hints=texts_of(data, "hints"),
        memory=text_of(data, "memory"),
        planner=cast(Planner, text_of(data, "planner", usual.planner)),
        model=language_model_of(data),
        ask=truth_of(data, "ask"),
    )
