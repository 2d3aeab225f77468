"""What a text holds, told by how it begins or what stands in it, before anything parses it."""

from __future__ import annotations

import re

_MPS_START = re.compile(r"(?:\s|\*[^\n]*\n)*+(?:NAME|ROWS|OBJSENSE)\b", re.IGNORECASE)
_LP_START = re.compile(r"(?:\s|\\[^\n]*\n)*+(?:minimi[sz]e|minimum|min|maximi[sz]e|maximum|max)\b", re.IGNORECASE)
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


def holds_algebra(text: str) -> bool:
    """Say whether a JSON document holds algebra rather than a formulation."""
    return _ALGEBRA.search(text) is not None


def holds_problem(text: str) -> bool:
    """Say whether a JSON document holds a problem in words, as data sets keep them."""
    return '"schema"' not in text and _PROBLEM.search(text) is not None
