"""What a server takes and what it refuses: learned from its errors, and remembered within the process."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from typing import Literal

from agent.language.endpoint.structured_modes import Mode, next_mode

Limit = Literal["both", "max_completion_tokens", "max_tokens", "none"]


@dataclass(frozen=True)
class Habits:
    """How a server is asked: the way to a JSON object, in pieces or whole, and which parameters it takes.

    `limit` names the parameter that bounds the answer. Local servers ignore one or the other and take both; OpenAI
    refuses both together and, for newer models, `max_tokens`; some refuse `max_completion_tokens`.
    """

    mode: Mode = "json_schema"
    streams: bool = True
    counts: bool = True
    limit: Limit = "both"
    temperature: bool = True
    system: bool = True


_known: dict[tuple[str, str], Habits] = {}
_lock = threading.Lock()


def remembered(url: str, model: str, otherwise: Habits) -> Habits:
    """Return how this server and model are asked."""
    with _lock:
        return _known.get((url, model), otherwise)


def remember(url: str, model: str, habits: Habits) -> None:
    """The next question to this server and model starts with what has worked."""
    with _lock:
        _known[url, model] = habits


def forget_all() -> None:
    """Nothing is known of any server."""
    with _lock:
        _known.clear()


_MODE_WORDS: dict[Mode, str] = {
    "json_schema": r"response_format|response format|json.?schema|schema|grammar|structured|guided",
    "tools": r"tool|function|jinja",
    "json_object": r"response_format|response format|json.?object|json mode|grammar",
}


def after_refusal(habits: Habits, text: str, *, structured: bool) -> Habits | None:
    """Return how to ask a server that refused a request with `text`, None where nothing is left to change.

    What the text names is changed first; where it names nothing, the likeliest.
    """
    return _named(habits, text.lower(), structured=structured) or _guessed(habits, structured=structured)


def refuses_the_mode(habits: Habits, text: str) -> bool:
    """Whether `text` says that the server lacks what the way to a JSON object needs."""
    words = _MODE_WORDS.get(habits.mode)
    return words is not None and re.search(words, text.lower()) is not None


def easier(habits: Habits) -> Habits | None:
    """Return the habits with the next way to a JSON object, None after the last."""
    mode = next_mode(habits.mode)
    return None if mode is None else replace(habits, mode=mode)


def _named(habits: Habits, text: str, *, structured: bool) -> Habits | None:
    if habits.streams and habits.counts and re.search("stream_options|include_usage", text):
        return replace(habits, counts=False)
    if habits.limit != "none" and re.search("max_tokens|max_completion_tokens", text):
        return replace(habits, limit=_next_limit(habits.limit, text))
    if habits.temperature and "temperature" in text:
        return replace(habits, temperature=False)
    if habits.system and re.search(r"system.{0,10}(role|message|prompt)|role.{0,20}system", text):
        return replace(habits, system=False)
    if structured and refuses_the_mode(habits, text):
        return easier(habits)
    if habits.streams and "stream" in text:
        return replace(habits, streams=False)
    return None


def _guessed(habits: Habits, *, structured: bool) -> Habits | None:
    if structured and habits.mode != "text":
        return easier(habits)
    if habits.streams and habits.counts:
        return replace(habits, counts=False)
    if habits.streams:
        return replace(habits, streams=False)
    if habits.limit == "both":
        return replace(habits, limit="max_tokens")
    return None


def _next_limit(limit: Limit, text: str) -> Limit:
    if limit == "both":
        only_new = "max_completion_tokens" in text and not re.search(r"\bmax_tokens\b", text)
        return "max_tokens" if only_new else "max_completion_tokens"
    if limit == "max_completion_tokens":
        return "max_tokens"
    return "none"
