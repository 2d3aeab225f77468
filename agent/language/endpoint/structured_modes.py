"""Four ways to ask for a JSON object, best first, for servers that know some of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal, get_args

from agent.language.chat import AnswerSchema, Message

Mode = Literal["json_schema", "tools", "json_object", "text"]
MODES: tuple[Mode, ...] = get_args(Mode)


def next_mode(mode: Mode) -> Mode | None:
    """Return the way to try after this one, None after the last."""
    place = MODES.index(mode) + 1
    return MODES[place] if place < len(MODES) else None


def request_for(mode: Mode, messages: Sequence[Message], schema: AnswerSchema) -> tuple[list[Message], dict[str, Any]]:
    """Return the messages to send and what else the request holds, so that the answer has the form of `schema`."""
    form = dict(schema.schema)
    if mode == "json_schema":
        return list(messages), {
            "response_format": {"type": "json_schema", "json_schema": {"name": schema.name, "schema": form}}
        }
    if mode == "tools":
        function = {"name": schema.name, "description": "Give the answer.", "parameters": form}
        return list(messages), {
            "tools": [{"type": "function", "function": function}],
            "tool_choice": {"type": "function", "function": {"name": schema.name}},
        }
    told = _with_schema(messages, form)
    return told, {"response_format": {"type": "json_object"}} if mode == "json_object" else {}


def holds_object(text: str) -> bool:
    """Whether a JSON object may be in `text`."""
    start, end = text.find("{"), text.rfind("}")
    return 0 <= start < end


def without_system(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with what the system says put in front of what the user says first."""
    system = "\n\n".join(m.text for m in messages if m.role == "system")
    rest = [m for m in messages if m.role != "system"]
    place = next((i for i, m in enumerate(rest) if m.role == "user"), None)
    if not system or place is None:
        return [Message("user", m.text) if m.role == "system" else m for m in messages]
    rest[place] = Message("user", f"{system}\n\n{rest[place].text}")
    return rest


def _with_schema(messages: Sequence[Message], form: dict[str, Any]) -> list[Message]:
    told = list(messages)
    place = next((i for i in range(len(told) - 1, -1, -1) if told[i].role == "user"), None)
    text = f"Answer with one JSON object of this JSON schema, and nothing else:\n{json.dumps(form, ensure_ascii=False)}"
    if place is None:
        return [*told, Message("user", text)]
    told[place] = Message("user", f"{told[place].text}\n\n{text}")
    return told
