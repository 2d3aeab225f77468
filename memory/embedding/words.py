"""What a pair says in words: descriptions, names taken apart, and the differences of the two models as keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tools.formulation.model import Formulation
from tools.mapping.patterns import parse_name

MOST_NAMES = 12
"""Names of one sort that are mentioned."""

MOST_KEYWORDS = 10
LONGEST_DESCRIPTION = 600
"""Characters of a description that are kept."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[\W_]+|(?<=\D)(?=\d)")


def describe(reference: Formulation, candidate: Formulation, changes: Mapping[str, int], text: str = "") -> str:
    """Return the text of a pair, at most about 1,500 characters.

    `changes` say how many more columns and rows of each trait the candidate has; `text` describes the problem.
    """
    parts = [" ".join(text.split())[:LONGEST_DESCRIPTION]] if text.strip() else []
    keywords = sorted(changes.items(), key=lambda entry: (-abs(entry[1]), entry[0]))
    said = [f"{'more' if change > 0 else 'fewer'} {trait}" for trait, change in keywords[:MOST_KEYWORDS]]
    parts.append("candidate has " + ", ".join(said) if said else "candidate has the same counts")
    parts.append("variables " + _names(reference.variables))
    if set(reference.variables) != set(candidate.variables):
        parts.append("candidate variables " + _names(candidate.variables))
    parts.append("constraints " + _names(reference.rows))
    return ". ".join(parts)


def _names(names: Iterable[str]) -> str:
    found: dict[str, None] = {}
    for name in names:
        base = parse_name(name).base
        words = " ".join(part for part in _CAMEL.split(base) if part).lower()[:40]
        if words:
            found[words] = None
        if len(found) >= MOST_NAMES:
            break
    return ", ".join(found) or "none"
