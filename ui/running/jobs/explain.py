"""A report is told in words, by the template or in the order of a language model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agent.explaining.facts import facts_of
from agent.explaining.manner import MANNERS
from agent.explaining.phrasing import LONGEST_QUESTION, explain_with
from agent.requested_settings import language_model_of
from tools.errors import InputError
from tools.json_fields import object_of, text_of
from tools.report import Report
from ui.safe_text import safe


def explain(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return {"text", "facts", "written_by", "note"} for "report", with "question" and "model" where they are given.

    "manner" is "chat" where advice is to be in words that the chat understands. "note" says why the template spoke
    although a language model was asked, and is empty otherwise.
    """
    report = Report.from_json(object_of(request, "report"))
    question = text_of(request, "question") or ""
    if len(question) > LONGEST_QUESTION:
        raise InputError(f"the question has {len(question)} characters; at most {LONGEST_QUESTION} are read")
    said = text_of(request, "manner") or "command line"
    if said not in MANNERS:
        raise InputError(f"unknown manner {safe(said)!r}; known are {', '.join(MANNERS)}")
    manner = MANNERS[said]
    told = explain_with(report, language_model_of(request), question=question, manner=manner)
    facts = [{"topic": fact.topic, "text": fact.text, "lines": list(fact.lines)} for fact in facts_of(report, manner)]
    return {"text": told.text, "facts": facts, "written_by": told.written_by, "note": told.note}
