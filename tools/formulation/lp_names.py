"""What an LP file can call a variable or a row, shared by the reader and the writer."""

from __future__ import annotations

import re

_PLAIN = r"[^\s+\-*^<>=:\[\]()\\]"
NAME = (
    r"[^\s0-9+\-*/^<>=:.\[\]()\\]"
    rf"{_PLAIN}*+(?>(?:(?:\[[^\[\]\s\\]*\]|\([^()\s\\]*\)|[()]){_PLAIN}*+)*)"
)
"""A name starts with a letter or one of ``_!"#$%&,;?@'`{}|~``; inside brackets anything but blanks may stand."""

_NAME = re.compile(NAME)

INFINITY_WORDS = frozenset({"inf", "infinity"})
_RESERVED = INFINITY_WORDS | {"nan", "free"}

_HEADERS: tuple[tuple[str, str], ...] = (
    ("minimize", r"minimi[sz]e|minimum|min"),
    ("maximize", r"maximi[sz]e|maximum|max"),
    ("rows", r"subject\s+to:?|such\s+that:?|s\.\s?t\.|st\.|st"),
    ("lazy", r"lazy\s+constraints?"),
    ("user cuts", r"user\s*cuts?"),
    ("bounds", r"bounds?"),
    ("general constraints", r"general\s+constraints?|gencons?"),
    ("semi-continuous", r"semi-?continuous|semis?|sec"),
    ("semi-integer", r"semi-?integers?|sin"),
    ("integer", r"generals?|gen|integers?|int"),
    ("binary", r"binary|binaries|bin"),
    ("sos", r"sos[12]?"),
    ("pwlobj", r"pwlobj"),
    ("scenario", r"scenarios?"),
    ("end", r"end"),
)

HEADER = re.compile(
    r"\s*(?:" + "|".join(f"({pattern})" for _, pattern in _HEADERS) + r")(?=\s|$)(?!\s*:)", re.IGNORECASE
)
"""A section header at the start of a line; `header_section` names the section of a match."""

_FIRST_WORDS = re.compile(
    r"(?:subject|such|s\.t\.|st\.?|lazy|user|bounds?|general|gencons?|"
    r"semi-?continuous|semis?|sec|semi-?integers?|sin|generals|gen|integers?|int|"
    r"binary|binaries|bin|sos[12]?|pwlobj|scenarios?|end|minimi[sz]e|minimum|min|maximi[sz]e|maximum|max|usercuts?)",
    re.IGNORECASE,
)


def header_section(match: re.Match[str]) -> str:
    """Return the section that a `HEADER` match opens."""
    assert match.lastindex is not None
    return _HEADERS[match.lastindex - 1][0]


def may_open_section(word: str) -> bool:
    """Say whether `word` is the first word of some section header."""
    return _FIRST_WORDS.fullmatch(word) is not None


UNUSUAL_SIGNS = str.maketrans({"≤": "<=", "≥": ">=", "−": "-"})
"""Signs that people type and the reader replaces."""


def name_problem(name: str) -> str | None:
    """Return why an LP file cannot hold `name`, or None where it can."""
    if not _NAME.fullmatch(name) or name.translate(UNUSUAL_SIGNS) != name:
        return "it has a blank, an operator or a leading digit, dot or bracket"
    if name.count("(") != name.count(")"):
        return "its parentheses are not balanced"
    if name.lower() in _RESERVED or may_open_section(name):
        return "it is a word of the LP format"
    return None
