"""Whether a language model's own words may stand before a fact of the report.

Sentences cannot be checked against a report: "swap one for the other with a quiet mind" says "equivalent" without the
word. So a model's own words are captions only, short lead-ins made of known words (`vocabulary`), and everything that
is said of the two models is a fact of ours, shown as it is.
"""

from __future__ import annotations

import re

from agent.explaining.vocabulary import BEFORE_NAMES, GROUNDED, MODEL_WORDS, OPENERS, PHRASES, WORDS

LONGEST_CAPTION = 120
MOST_WORDS = 16
_LONGEST_NAME = 40

_CHARACTERS = re.compile(r"[A-Za-z0-9 ,'`:?\-./_\[\]()]*")
_PIECE = re.compile(r"`([^`]*)`|(-?[0-9]+(?:[./][0-9]+)?)|([A-Za-z]+)|([^\s])")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.,\[\]()]*")
_TELLING = re.compile(
    r"equiv|unknown|undecid|prove|proof|refut|verif|valid|true|false|fals|correct|wrong|right|fine|same|differ|equal"
    r"|match|reform|hold|fail|exact|safe|ignore|lie|optim|feasib|not|(?<![a-z])(?:no|yes|never)(?![a-z])",
    re.IGNORECASE,
)
"""A name with one of these in it could be read as a statement of ours, so captions do without it."""


def fault_of(caption: str, fact: str) -> str:
    """Return why `caption` may not stand before `fact`, in words for the model, or an empty text where it may.

    An empty caption may stand anywhere.
    """
    if not caption:
        return ""
    if len(caption) > LONGEST_CAPTION or not _CHARACTERS.fullmatch(caption):
        return f"at most {LONGEST_CAPTION} characters on one line, plain English letters, digits and , : ? ' ` ( )"
    if caption[-1] not in ":?" or any(mark in caption[:-1] for mark in ":?"):
        return (
            "one caption, which ends with its only colon or question mark; what is said of the models is in the facts"
        )
    body = caption[:-1].strip()
    if caption[-1] == "?" and body.partition(" ")[0].casefold() not in OPENERS:
        return f"a question starts with one of {', '.join(sorted(OPENERS))}"
    return _words_fault(body, fact)


def _words_fault(body: str, fact: str) -> str:
    pieces = list(_PIECE.finditer(body))
    words = [piece[3].casefold() if piece[3] else "" for piece in pieces]
    if not any(words) or len(pieces) > MOST_WORDS:
        return f"a few words, at most {MOST_WORDS}"
    in_company = _in_company(words)
    known_numbers = set(_numbers(fact))
    fact_words = set(re.findall(r"[a-z]+", fact.casefold()))
    for place, piece in enumerate(pieces):
        name, number, _, other = piece.groups()
        before = next((word for word in reversed(words[:place]) if word), "")
        if name is not None:
            fault = _name_fault(name, fact, before)
            if fault:
                return fault
        elif number is not None:
            if number not in known_numbers:
                return f"the number {number} is not in the fact that follows"
        elif other is not None:
            if other not in ",'()-":
                return f"the character {other} is not allowed outside of `names`"
        elif place not in in_company and words[place] not in WORDS:
            if words[place] not in GROUNDED:
                return f"the word {words[place][:30]!r} is not among the allowed words"
            if words[place] not in fact_words:
                return f"the word {words[place]!r} may be used only before a fact that uses it"
    if sum(word in MODEL_WORDS for word in words) > 1:
        return "only one of the words " + ", ".join(sorted(MODEL_WORDS)) + " in a caption, and once"
    return ""


def _in_company(words: list[str]) -> set[int]:
    """Return the places of words that belong to an allowed phrase."""
    found: set[int] = set()
    for phrase in map(str.split, PHRASES):
        for start in range(len(words) - len(phrase) + 1):
            if words[start : start + len(phrase)] == phrase:
                found.update(range(start, start + len(phrase)))
    return found


def _name_fault(name: str, fact: str, before: str) -> str:
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or _TELLING.search(name):
        return "this name cannot be used in a caption"
    if not re.search(rf"(?<![\w`]){re.escape(name)}(?![\w`])", fact):
        return f"the name {name} is not in the fact that follows"
    if before not in BEFORE_NAMES:
        return "a name stands behind one of the words " + ", ".join(sorted(BEFORE_NAMES))
    return ""


def _numbers(text: str) -> list[str]:
    return re.findall(r"(?<![\w.])-?[0-9]+(?:[./][0-9]+)?(?![\w])", text)
