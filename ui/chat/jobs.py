"""What is to be done next in a conversation, and the job that does it, as `ui.running` takes it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tools.errors import InputError
from ui.chat.conversation import Conversation, Room, Work
from ui.chat.models import as_given, source_of
from ui.chat.phrases import SIDES


def with_work(conversation: Conversation, work: Work | None = None) -> Conversation:
    """Return the conversation with this work under way, else with what is due: arrivals first, the check last."""
    if work is None:
        accepted = conversation.draft is None
        if accepted and conversation.arriving:
            first = conversation.arriving[0]
            work = Work("formulate" if first.model.format == "words" else "read", first.side)
        elif conversation.certificate:
            work = Work("verify_certificate", text=conversation.certificate)
            conversation = replace(conversation, certificate="")
        elif accepted and conversation.due and conversation.pair is not None:
            work = Work("check")
            conversation = replace(conversation, run=conversation.run + 1)
    if work is not None and work.purpose == "check":
        conversation = replace(conversation, due=False, reported=False, question="")
    return replace(conversation, work=work)


def job_of(conversation: Conversation, room: Room) -> dict[str, Any] | None:
    """Return the job for the work under way, None where there is none; raises `InputError` where a text is lost."""
    work = conversation.work
    if work is None:
        return None
    match work.purpose:
        case "read":
            return {"job": "read", "source": as_given(conversation.arriving[0].model, room.shelf)}
        case "formulate":
            return _formulate(conversation, work, room)
        case "check":
            return _check(conversation, work, room)
        case "explain":
            job = {"job": "explain", "report": conversation.report, "question": work.text, "manner": "chat"}
            return _asking(job, room)
        case "interpret":
            return _asking({"job": "interpret", "words": work.text, "context": context_of(conversation)}, room)
        case "recall":
            return {"job": "recall", **_pair(conversation, room), "memory": room.memory}
        case "diff":
            return {"job": "diff", **_pair(conversation, room)}
        case "certify":
            limit = conversation.time_limit
            return {"job": "certify", **_pair(conversation, room), "report": conversation.report, "time_limit": limit}
        case "verify_certificate":
            certificate = {"text": room.shelf.get(work.text), "format": "json", "name": "certificate"}
            pair = {} if conversation.pair is None else _pair(conversation, room)
            return {"job": "verify_certificate", "certificate": certificate, **pair}
        case "drop":
            sources = {
                side: as_given(model, room.shelf)
                for side in SIDES
                if (model := conversation.model(side)) is not None and work.side in (None, side)
            }
            # Without a row to drop, one is put back: those that stay out are named.
            others = {side: list(conversation.left_out(side) if work.text else work.rules) for side in sources}
            return {"job": "drop", "models": sources, "row": work.text, "others": others}


def context_of(conversation: Conversation) -> str:
    """Return in a line what a reader of the user's words should know."""
    known = [f"{side} loaded" for side in SIDES if conversation.model(side) is not None]
    report = conversation.report
    if report is not None:
        known.append(f"last verdict {report.get('verdict')} under {report.get('contract')}")
    if conversation.question:
        known.append("the agent waits for a hint")
    if conversation.draft is not None:
        known.append("algebra waits to be accepted")
    return ", ".join(known) or "nothing loaded yet"


def _check(conversation: Conversation, work: Work, room: Room) -> dict[str, Any]:
    checkpoint = room.checkpoint(conversation)
    settings: dict[str, Any] = {
        "contract": conversation.contract,
        "time_limit": conversation.time_limit,
        "planner": room.planner,
        "hints": list(conversation.hints),
        "ask": checkpoint is not None,
    }
    if conversation.only:
        settings |= {"mapping": "\n".join(conversation.only), "hints": [], "ask": False}
    optional = {"memory": room.memory, "model": room.model, "checkpoint": checkpoint}
    settings |= {name: value for name, value in optional.items() if value is not None}
    answer = list(work.rules) if work.answers else None
    return {"job": "check", **_pair(conversation, room), "settings": settings, "answer": answer}


def _pair(conversation: Conversation, room: Room) -> dict[str, Any]:
    pair = conversation.pair
    if pair is None:
        raise InputError("a pair is needed: give a reference and a candidate")
    return {"reference": source_of(pair[0], room.shelf), "candidate": source_of(pair[1], room.shelf)}


def _formulate(conversation: Conversation, work: Work, room: Room) -> dict[str, Any]:
    draft = conversation.draft
    if draft is not None:
        document = json.loads(room.shelf.get(draft.document))
        return _asking({"job": "formulate", "document": document, "corrections": [work.text]}, room)
    model = conversation.arriving[0].model
    return _asking({"job": "formulate", "words": room.shelf.get(model.key), "name": model.name}, room)


def _asking(job: dict[str, Any], room: Room) -> dict[str, Any]:
    """Return the job with the language model that it may ask, where one is named."""
    return job if room.model is None else {**job, "model": dict(room.model)}
