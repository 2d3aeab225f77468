"""Sentences that name a row, an example or a number of seconds."""

from __future__ import annotations

import re
from collections.abc import Callable

from ui.chat.phrases import Drop, Example, Phrase, Restore, Side, TimeLimit

SIDE_WORDS: dict[str, Side] = {
    "reference": "reference", "original": "reference", "candidate": "candidate", "reformulation": "candidate",
}  # fmt: skip
"""What the sides are called."""

# Every pattern has one part of open length, between words that are fixed: matching takes one pass over the sentence.
_POLITE = r"(?:(?:please|now|then|and|so|ok),? )?(?:(?:can|could|would|will) you )?(?:(?:i|we|you) )?(?:please )?"
_WHAT_IF = r"(?:(?:and |but |so )?(?:what (?:if|happens if|happens when|happens)|suppose|assume|imagine|if) )?"
_ROW = r"(?:the |a )?(?:(?:row|constraint)s? )?(?:(?:named|called) )?(?P<row>.+?)"
_OF_SIDE = r"(?: (?:of|in|from) (?:the |my )?(?P<side>reference|candidate|original|reformulation)(?: model)?)?"
_GONE = "dropped|removed|deleted|omitted|left out|taken out|ignored|missing|gone|away|not there"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_DROP = _pattern(
    rf"{_POLITE}{_WHAT_IF}(?:(?:i|we|you) )?"
    rf"(?:drop|dropped|remove|removed|delete|deleted|omit|leave out|take out|take away|ignore|without) {_ROW}{_OF_SIDE}"
)
_DROPPED = _pattern(rf"{_WHAT_IF}{_ROW}{_OF_SIDE} (?:is|was|were|gets|goes|would be|are) (?:being )?(?:{_GONE})")
_PUT_BACK = _pattern(rf"{_POLITE}(?:put|add|bring|take) {_ROW}{_OF_SIDE} back(?: in)?(?: again)?")
_RESTORE = _pattern(rf"{_POLITE}(?:put back|restore|bring back|add back|undrop|readd) {_ROW}{_OF_SIDE}")
_EXAMPLE = _pattern(
    rf"{_POLITE}(?:(?:load|show|give|open|try|use|run|start)(?: me)?(?: with)? )?(?:the |an )?"
    r"example (?:pair )?(?:named |called )?(?P<name>[\w-]{1,60})"
)
_NAMED_EXAMPLE = _pattern(rf"{_POLITE}(?:(?:load|show|open|try|use) )?(?:the )?(?P<name>[\w-]{{1,60}}) example")
_TIME = _pattern(
    rf"{_POLITE}(?:(?:set|use|take|make|raise|lower)(?: a| the)? )?"
    r"(?:(?:at most|time limit|time-limit|timelimit|limit|time|up to|take)(?: of| to| is|:)? ?=? ?)"
    r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,6})?) ?(?P<unit>s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)?"
)
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)+)\"|`([^`]+)`|“([^”]+)”|«([^»]+)»")
_UNITS = {"m": 60.0, "h": 3600.0}
_PLACE = "\ue000"
"""Stands for a quoted name while the sentence around it is read; no keyboard has it."""


def named(text: str) -> Phrase | None:
    """Return what a sentence with a name or a number in it means, None where it has no such form."""
    quoted = _QUOTED.search(text)
    name = ""
    if quoted:
        name = next(group for group in quoted.groups() if group)
        name = re.sub(r"\\(.)", r"\1", name) if quoted.group(1) else name
        text = f"{text[: quoted.start()]}{_PLACE}{text[quoted.end() :]}"
    sentence = " ".join(text.split()).rstrip(".!? ")
    for pattern, make in _NAMING:
        match = pattern.fullmatch(sentence)
        if match:
            return make(match, name)
    return None


def _row(match: re.Match[str], quoted: str) -> str:
    written = match.group("row")
    return quoted if written.strip() == _PLACE else written.strip("'‘’ ").replace(_PLACE, f'"{quoted}"')


def _dropping(match: re.Match[str], quoted: str) -> Phrase:
    side = match.group("side")
    return Drop(_row(match, quoted), SIDE_WORDS[side.lower()] if side else None)


def _restoring(match: re.Match[str], quoted: str) -> Phrase:
    return Restore(_row(match, quoted))


def _showing(match: re.Match[str], quoted: str) -> Phrase:
    return Example(match.group("name").lower())


def _limiting(match: re.Match[str], quoted: str) -> Phrase:
    unit = (match.group("unit") or "s").lower()[0]
    return TimeLimit(float(match.group("number")) * _UNITS.get(unit, 1.0))


_NAMING: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Phrase]], ...] = (
    (_TIME, _limiting),
    (_EXAMPLE, _showing),
    (_NAMED_EXAMPLE, _showing),
    (_PUT_BACK, _restoring),
    (_RESTORE, _restoring),
    (_DROPPED, _dropping),
    (_DROP, _dropping),
)
