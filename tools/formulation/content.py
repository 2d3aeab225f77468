"""What a text holds, told by how it begins or what stands in it, before anything parses it."""

from __future__ import annotations

import re
from typing import Literal

Format = Literal["lp", "mps", "json", "words"]

_LOOKED_AT = 1_000_000
"""Characters at the beginning of a text that are looked at."""

_MPS_START = re.compile(r"(?>(?:\s|\*[^\n]*\n)*)(?:NAME|ROWS|OBJSENSE)\b", re.IGNORECASE)
_LP_START = re.compile(r"(?>(?:\s|\\[^\n]*\n)*)(?:minimi[sz]e|minimum|min|maximi[sz]e|maximum|max)\b", re.IGNORECASE)
_MPS_ROWS = re.compile(r"^ROWS\s*$", re.IGNORECASE | re.MULTILINE)
_LP_ROWS = re.compile(r"(?:^|\s)(?:subject\s+to|such\s+that|s\.?\s?t\.?)(?=\s)", re.IGNORECASE)
_LP_SECTION = re.compile(
    r"^\s*(?:subject\s+to|such\s+that|s\.?\s?t\.?|bounds?|generals?|gen|integers?|int|binar(?:y|ies)|bin|end)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_RELATION = re.compile(r"[<>=]")
_PROBLEM = re.compile(r'"(?:parametrized_)?description"\s*:')
_ALGEBRA = re.compile(r'"schema"\s*:\s*"quasikarp/algebra/')


def begins_like_mps(text: str) -> bool:
    """Say whether the first word, after comments, is one with which MPS begins."""
    return _MPS_START.match(text) is not None


def begins_like_lp(text: str) -> bool:
    """Say whether the first word, after comments, is one with which LP begins."""
    return _LP_START.match(text) is not None


def begins_like_json(text: str) -> bool:
    """Say whether the first character is that of an object."""
    return text.lstrip()[:1] == "{"


def is_model_text(text: str) -> bool:
    """Say whether a text is a model in LP, MPS or JSON rather than the path of one."""
    line = text.strip()
    return "\n" in line or begins_like_json(line) or (" " in line and format_of(line) == "lp")


def holds_algebra(text: str) -> bool:
    """Say whether a JSON document holds algebra rather than a formulation."""
    return _ALGEBRA.search(text) is not None


def holds_problem(text: str) -> bool:
    """Say whether a JSON document holds a problem in words, as data sets keep them."""
    return '"schema"' not in text and _PROBLEM.search(text) is not None


def format_of(text: str) -> Format:
    """Return the format of a model's text: "words" where it is neither LP nor MPS nor JSON of a model."""
    start = text[:_LOOKED_AT].lstrip("\ufeff")
    if begins_like_json(start):
        return "words" if holds_problem(start) else "json"
    if begins_like_mps(start) and _MPS_ROWS.search(start):
        return "mps"
    # A sentence may begin with "Minimize"; it has no line that is a section of LP, and no row.
    if begins_like_lp(start) and (
        _LP_SECTION.search(start)
        or (_LP_ROWS.search(start) and _RELATION.search(start))
        or not start.strip().count(" ")
    ):
        return "lp"
    return "words"
