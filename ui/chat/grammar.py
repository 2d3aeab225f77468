"""From what a user said to what it means: a documented grammar, read in one pass over a bounded text.

`forms.FORMS` lists what is documented. The order of trying: models and problems in words, rules, commands that name
something, then whole sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ui.chat.naming import SIDE_WORDS, named
from ui.chat.phrases import Answer, Correct, Load, Phrase, Rules, Try, Verify, Why
from ui.chat.rule_lines import defines, rules_of
from ui.chat.sentences import meaning_of

LONGEST_SAID = 200_000
"""Characters of a command, rules included; whatever is longer can only be a model."""

LONGEST_SENTENCE = 12_000
"""Characters of a command that is no rules: names of rows may be long."""

_LOAD = re.compile(
    r"(?:(?:the|my) )?(reference|original|candidate|reformulation)(?: model)?(?: is)? ?: ?", re.IGNORECASE
)
_VERIFY = re.compile(
    r"(?:please )?(?:only|verify|prove|use only|check only|check|verify only)(?: this| the| my)?(?: mapping| rules?)?"
    r"(?: only)? ?:?\s",
    re.IGNORECASE,
)
_TRY = re.compile(
    r"(?:(?:and|so|ok|please|now|then|well),? )?(?:try|hint|maybe|perhaps|suppose|assume|what about|how about|what if|"
    r"use|with|i think|let|set|my guess is|guess)(?: this| the)?(?: rules?| hints?| mapping| with)? ?:?\s",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"(?:yes|answer|it is|that is|because),? ?:?\s", re.IGNORECASE)

_CORRECT = re.compile(r"(?:correct(?:ion)?|change|fix|no)(?::|,| it:) ?", re.IGNORECASE)
_WHY = re.compile(
    r"(?:(?:please|and|but|so|ok|then),? )?(?:why|explain|how come|what does|tell me why)\b", re.IGNORECASE
)


def understood(text: str, *, asked: bool = False, draft: bool = False) -> Phrase | None:
    """Return what `text` means, None where the grammar has no such sentence; never raises.

    `asked` says that the agent waits for an answer, `draft` that algebra waits to be accepted. Rules are taken apart
    but not parsed.
    """
    if len(text) > LONGEST_SAID:
        return None
    text = text.strip()
    if not text:
        return None
    side = _LOAD.match(text)
    if side:
        described = text[side.end() :].strip()
        return Load(described, SIDE_WORDS[side.group(1).lower()]) if described else None
    ruled = _ruled(text, asked)
    if ruled is not None:
        return ruled
    if len(text) > LONGEST_SENTENCE:
        return None
    if draft:
        correction = _CORRECT.match(text)
        if correction and text[correction.end() :].strip():
            return Correct(text[correction.end() :].strip())
    meaning = meaning_of(text)
    if meaning is not None:
        return meaning
    return named(text) or _correcting(text) or (Why(text) if _WHY.match(text) else None)


def _ruled(text: str, asked: bool) -> Phrase | None:
    """Return what text with rules means, None where it holds none."""
    kinds: list[tuple[re.Pattern[str] | None, Callable[[Rules], Phrase]]] = [
        (None, Answer if asked else Try),
        (_VERIFY, Verify),
        (_TRY, Answer if asked else Try),
    ]
    if asked:
        kinds.append((_ANSWER, Answer))
    for lead, make in kinds:
        match = lead.match(text) if lead else None
        if lead is not None and match is None:
            continue
        rest = text[match.end() :] if match else text
        if defines(rest):
            return make(rules_of(rest))
    return None


def _correcting(text: str) -> Phrase | None:
    match = _CORRECT.match(text)
    if match is None or match.group().lower().startswith("no"):
        return None
    rest = text[match.end() :].strip()
    return Correct(rest) if rest else None
