"""What an attempt to get an answer means: the answer, another attempt, or the end with the reason in words."""

from __future__ import annotations

import email.utils
import json
import re
import time
from dataclasses import dataclass, field, replace

from agent.language.chat import ModelTrouble, Usage
from agent.language.endpoint.habits import Habits, after_refusal, easier, refuses_the_mode
from agent.language.endpoint.network import CONNECT_SECONDS
from agent.language.endpoint.structured_modes import holds_object
from agent.language.endpoint.transport import Exchange

SHORT_WAIT = 0.5
"""Seconds before what failed once is tried once more."""

LONGEST_WAIT = 60.0
"""Seconds that a server may ask to be left alone."""

_LOG = "look at the server's own log"
_SHORTER = "allow longer answers, or choose a model that writes shorter ones"

_TOO_LONG = re.compile(
    r"context.{0,20}(length|size|window)|(prompt|input|request) (is|was) too (long|large)|too many (input )?tokens",
    re.I,
)
_POLICY = re.compile(r"content.?(filter|policy|management)", re.I)
_QUOTA = re.compile(r"quota|billing|insufficient (funds|balance|credit)", re.I)


@dataclass(frozen=True)
class Attempt:
    """One request and what came of it.

    `text` is the answer so far, `called` whether it came as arguments of a function, `ended` that it came to its end
    without an error, `too_long` that it was cut by us, `error` what the server or the reader of its answer said.
    """

    exchange: Exchange
    text: str = ""
    called: bool = False
    finish: str = ""
    refusal: str = ""
    ended: bool = False
    too_long: bool = False
    error: str = ""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True)
class Done:
    """The text is the answer; `habits` are those to remember."""

    habits: Habits


@dataclass(frozen=True)
class Change:
    """Ask in another way at once; `failure` is what to say where there is no time left."""

    habits: Habits
    failure: Failure


@dataclass(frozen=True)
class Again:
    """Ask once more after `seconds`; `failure` is what to say where that is not possible."""

    seconds: float
    failure: Failure
    habits: Habits
    limited: bool = False


@dataclass(frozen=True)
class Failure:
    """No answer: the trouble, what happened in words, what the server said, and whether asking again is in vain."""

    trouble: ModelTrouble
    what: str
    said: str = ""
    advice: str = ""
    final: bool = False


Verdict = Done | Change | Again | Failure


def verdict(attempt: Attempt, habits: Habits, *, structured: bool) -> Verdict:
    """Return what the attempt means for a question that was asked according to `habits`."""
    exchange = attempt.exchange
    if exchange.trouble is not None:
        return _of_the_wire(exchange, habits)
    if not exchange.status:
        return Failure("malformed", "could not be asked", attempt.error)
    if 200 <= exchange.status < 300:
        return _of_an_answer(attempt, habits, structured=structured)
    return _of_a_status(exchange, habits, structured=structured)


def _of_the_wire(exchange: Exchange, habits: Habits) -> Verdict:
    assert exchange.trouble is not None
    reason = str(exchange.trouble)
    check = "check the base URL, and that the server runs"
    match exchange.trouble.kind:
        case "closed":
            return Failure("timeout", "was given up", final=True)
        case "deadline":
            what = "gave no complete answer in time" if exchange.status else "did not answer in time"
            return Failure("timeout", what, advice="allow more seconds for an answer, or choose a faster model")
        case "connect":
            what = f"took no connection within {CONNECT_SECONDS:g} s"
            return Failure("unreachable", what, advice=check, final=True)
        case "name":
            what = f"cannot be reached, its host's name is not known ({reason})"
            return Again(SHORT_WAIT, Failure("unreachable", what, advice="check the base URL", final=True), habits)
        case "refused":
            what = f"cannot be reached ({reason})"
            return Again(SHORT_WAIT, Failure("unreachable", what, advice=check, final=True), habits)
        case "tls":
            advice = "check whether the base URL starts with http:// or https://, and the server's certificate"
            return Failure("unreachable", f"has no trusted encryption ({reason})", advice=advice, final=True)
        case "broken" if 200 <= exchange.status < 300:
            return Again(SHORT_WAIT, Failure("truncated", "broke off its answer", advice=_LOG), habits)
        case "broken":
            return Again(SHORT_WAIT, Failure("unreachable", "hung up without an answer", advice=check), habits)
        case "size":
            return Failure("truncated", "sent more than an answer may be long", advice=_SHORTER)
        case "protocol":
            return Failure(
                "malformed", f"did not speak proper HTTP ({reason})", advice="check the base URL", final=True
            )


def _of_a_status(exchange: Exchange, habits: Habits, *, structured: bool) -> Verdict:
    status, body = exchange.status, exchange.error_body
    said = _said(body)
    if status in (401, 402, 403):
        what = {401: "does not accept the key", 402: "wants to be paid first", 403: "does not allow this"}[status]
        return Failure("key", f"{what} (HTTP {status})", said, "check OPENAI_API_KEY", final=True)
    if status == 429:
        final = _QUOTA.search(body) is not None
        wait = _wait(exchange.retry_after, 1.0)
        advice = "look at the account" if final else f"wait {min(wait, 86400.0):.0f} s or more"
        failure = Failure("rate limit", "takes no more questions for now (HTTP 429)", said, advice, final=final)
        return failure if final else Again(wait, failure, habits, limited=True)
    if 300 <= status < 400:
        place = exchange.location.partition("?")[0].rpartition("@")
        to = place[2] if not place[1] else f"…@{place[2]}"
        advice = "use the address where the server really is as the base URL"
        return Failure("request", f"redirects to {to or 'nowhere'} (HTTP {status})", advice=advice, final=True)
    if _TOO_LONG.search(body) or status == 413:
        advice = "lower the prompt's or the answer's limit of tokens, or choose a model with a larger context"
        return Failure("request", f"finds the question too long (HTTP {status})", said, advice)
    if status in (400, 403, 422) and _POLICY.search(body):
        return Failure("refusal", f"declines for its rules on content (HTTP {status})", said)
    if status in (408, 409, 425) or (status >= 500 and status != 501):
        failure = Failure("unreachable", f"failed (HTTP {status})", said, _LOG)
        changed = easier(habits) if structured and refuses_the_mode(habits, body) else None
        if changed is not None:
            return Change(changed, failure)
        return Again(_wait(exchange.retry_after, SHORT_WAIT), failure, habits)
    if status in (404, 405):
        failure = Failure(
            "request",
            f"does not know the model or the path (HTTP {status})",
            said,
            "check the model's name, and that the base URL ends as the server wants it, often in /v1",
            final=True,
        )
        if not re.search("support|not allowed with", body, re.I):
            return failure
    else:
        failure = Failure("request", f"does not take the request (HTTP {status})", said, final=True)
    changed = after_refusal(habits, body, structured=structured)
    return failure if changed is None else Change(changed, failure)


def _of_an_answer(attempt: Attempt, habits: Habits, *, structured: bool) -> Verdict:
    kind = attempt.exchange.content_type
    if "html" in kind:
        return Failure("malformed", "answered with a web page", advice="check the base URL", final=True)
    if attempt.too_long:
        return Failure("truncated", "wrote more than the limit of tokens", advice=_SHORTER)
    if attempt.refusal or attempt.finish == "content_filter":
        return Failure("refusal", "declines to answer", attempt.refusal)
    if attempt.finish in ("length", "max_tokens"):
        return Failure("truncated", "was cut off by the limit of tokens", advice=_SHORTER)
    unreadable = Failure("malformed", "sent an answer that cannot be read", attempt.error, "check the base URL")
    if habits.streams and "event-stream" not in kind and not attempt.finish:
        return Change(replace(habits, streams=False), unreadable)
    if not attempt.ended:
        return _of_an_error(attempt, habits, unreadable, structured=structured)
    if habits.streams and not attempt.finish:
        broken = Failure("truncated", "ended its answer without saying that it is complete", advice=_LOG)
        return Again(SHORT_WAIT, broken, replace(habits, streams=False))
    harder = easier(habits) if structured else None
    if not attempt.text.strip():
        empty = Failure("malformed", "gave an empty answer", advice="choose another model")
        return empty if harder is None else Change(harder, empty)
    if harder is not None and not attempt.called and not holds_object(attempt.text):
        return Done(harder)  # the server overlooked what was asked for
    return Done(habits)


def _of_an_error(attempt: Attempt, habits: Habits, unreadable: Failure, *, structured: bool) -> Verdict:
    """Judge an error that came in the place of an answer, or in the midst of one."""
    changed = easier(habits) if structured and not attempt.text and refuses_the_mode(habits, attempt.error) else None
    if changed is not None:
        return Change(changed, unreadable)
    if habits.streams and attempt.error:
        failure = Failure("unreachable", "failed while it answered", attempt.error, _LOG)
        return Again(SHORT_WAIT, failure, habits)
    return unreadable


def _said(body: str) -> str:
    """Return the message in the body of an error, else the body."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return re.sub(r"<[^>]*>", " ", body)
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and found.get(name):
            found = found[name]
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _wait(retry_after: str, otherwise: float) -> float:
    """Return the seconds that a server wants to be left alone."""
    if re.fullmatch(r"\d{1,9}(\.\d*)?", retry_after):
        return float(retry_after)
    try:
        return max(email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError, OverflowError):
        return otherwise
