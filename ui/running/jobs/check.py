"""A pair is checked: the steps as events, then the report with what exactly a counterexample breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agent.explaining.template import explain
from agent.requested_settings import settings_of
from agent.run import stream
from tools.errors import QuasikarpError
from tools.json_fields import object_of, texts_of
from ui.counterexample_text import broken_requirement
from ui.running.source import Source


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
