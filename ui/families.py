"""Names that differ only in their indices, gathered into families."""

from __future__ import annotations

from collections.abc import Sequence

from tools.mapping.patterns import VariableName, parse_name


def pattern_of(name: str) -> str:
    """Return the name with each index replaced by "·": "x[1,2]" and "x[a,b]" give "x[·,·]", "y_10" gives "y_·"."""
    parts = parse_name(name)
    return str(VariableName(parts.base, ("·",) * parts.arity, parts.style))


def families_of(names: Sequence[str]) -> dict[str, list[int]]:
    """Return for each pattern the positions of its names; patterns in order of first appearance."""
    families: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        families.setdefault(pattern_of(name), []).append(position)
    return families
