"""One rule for a whole family whose members are sums up to, from, below or above their own index.

`filled[i,k] = sum(weight[i,s] for s if s >= k)`: such sums are what piecewise costs, cumulative flows and unary
encodings are made of, and written out member by member they take as many rules as the family has members.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from tools.mapping.affine import AffineExpression, format_sum
from tools.mapping.patterns import FamilyKey, Index, NameTable
from tools.mapping.syntax import ComparisonSign, is_identifier, quote_base

MOST_LOOKUPS = 200_000
"""Each member looks through the whole family that it sums; larger products of sizes are not tried."""

Key = tuple[Index, ...]
Members = Mapping[Key, AffineExpression]

_SIGNS: dict[ComparisonSign, Callable[[int, int], bool]] = {
    "<": lambda value, own: value < own,
    "<=": lambda value, own: value <= own,
    ">": lambda value, own: value > own,
    ">=": lambda value, own: value >= own,
    "!=": lambda value, own: value != own,
}


_Condition = tuple[int, ComparisonSign, int]


class _Part(NamedTuple):
    """Which members of one candidate family make up the sum: for each position what its index must be.

    `same[p]` is the position of the target's index that it equals (-1: any); `compared` lists (position, sign, position
    of the target's index), at most one for each of two positions.
    """

    family: FamilyKey
    coefficient: Fraction
    same: tuple[int, ...]
    compared: tuple[_Condition, ...]


def conditional_rule(
    family: FamilyKey, members: Members, candidate: NameTable, symbols: Sequence[str], more: Sequence[str]
) -> str | None:
    """Return one rule that gives every member its expression, or None where no such rule is found.

    `symbols` are names for the target's indices, `more` for those that are summed over. The caller checks the rule by
    expanding it.
    """
    constants = {expression.constant for expression in members.values()}
    if len(constants) != 1 or len(members) < 2:
        return None
    by_family: dict[tuple[FamilyKey, Fraction], dict[Key, set[Key]]] = {}
    for key, expression in members.items():
        for name, coefficient in expression.terms.items():
            parts = candidate.parts[name]
            place = (parts.base, len(parts.indices))
            if not parts.indices or candidate.is_ambiguous(place):
                return None
            by_family.setdefault((place, coefficient), {}).setdefault(key, set()).add(parts.indices)
    found: list[_Part] = []
    for (place, coefficient), used in by_family.items():
        part = _part(place, coefficient, {key: used.get(key, set()) for key in members}, candidate)
        if part is None:
            return None
        found.append(part)
    if not any(part.compared for part in found):
        return None
    text = format_sum(((part.coefficient, _written(part, symbols, more)) for part in found), constants.pop())
    return f"{quote_base(family[0])}[{','.join(symbols[: family[1]])}] = {text}"


def _part(place: FamilyKey, coefficient: Fraction, used: Mapping[Key, set[Key]], candidate: NameTable) -> _Part | None:
    everything = candidate.members(place)
    if len(used) * len(everything) > MOST_LOOKUPS:
        return None
    arity = len(next(iter(used)))
    same = []
    for position in range(place[1]):
        equal = [
            own
            for own in range(arity)
            if all(indices[position] == key[own] for key, members in used.items() for indices in members)
        ]
        same.append(equal[0] if equal else -1)
    single: list[_Condition] = [
        (position, sign, own)
        for position in range(place[1])
        if same[position] < 0
        for own in range(arity)
        for sign in _SIGNS
    ]
    pairs = [(one, other) for one in single for other in single if one[0] < other[0]]
    for option in ((), *((one,) for one in single), *pairs):
        part = _Part(place, coefficient, tuple(same), option)
        if all(members == _selected(part, key, everything) for key, members in used.items()):
            return part
    return None


def _selected(part: _Part, key: Key, everything: Sequence[Key]) -> set[Key] | None:
    """Return the members that `part` sums for the target's indices `key`; None where texts would be ordered."""
    chosen = set()
    for indices in everything:
        if any(own >= 0 and indices[position] != key[own] for position, own in enumerate(part.same)):
            continue
        for position, sign, own in part.compared:
            value, mine = indices[position], key[own]
            if sign == "!=":
                if value == mine:
                    break
            elif isinstance(value, str) or isinstance(mine, str):
                return None
            elif not _SIGNS[sign](value, mine):
                break
        else:
            chosen.add(indices)
    return chosen


def _written(part: _Part, symbols: Sequence[str], more: Sequence[str]) -> str:
    free = [position for position, own in enumerate(part.same) if own < 0]
    summed = dict(zip(free, more, strict=False))
    indices = [summed[position] if own < 0 else symbols[own] for position, own in enumerate(part.same)]
    body = f"{quote_base(part.family[0])}[{','.join(indices)}]"
    if not free:
        return body
    conditions = " and ".join(f"{summed[position]} {sign} {symbols[own]}" for position, sign, own in part.compared)
    condition = f" if {conditions}" if conditions else ""
    assert all(map(is_identifier, summed.values()))
    return f"sum({body} for {', '.join(summed.values())}{condition})"
