"""Groups of open variables in two equalities each, as amounts in a table with given sums of rows and columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tools.completion.state import State


@dataclass(frozen=True)
class RowPairs:
    """Positions in `State.rows` of the equalities of a group: each variable is in one of `first`, one of `second`."""

    first: tuple[int, ...]
    second: tuple[int, ...]


def row_pairs(state: State) -> list[RowPairs]:
    """Return the groups into which equalities divide `state.focus`; none where some variable is not in two of them.

    All coefficients of such an equality are equal. Equalities that others add up to are left aside, and then the
    largest ones all of whose variables are in more than two. Variables are in one group where equalities connect them.
    """
    focus = set(state.focus)
    uses: dict[str, list[int]] = {name: [] for name in state.focus}
    members: dict[int, frozenset[str]] = {}
    known: set[frozenset[str]] = set()
    for i in sorted({i for name in state.focus for i in state.rows_of[name]}):
        row = state.rows[i]
        names = frozenset(row.terms)
        if row.is_equality and names <= focus and len(set(row.terms.values())) == 1 and names not in known:
            known.add(names)
            members[i] = names
            for name in names:
                uses[name].append(i)
    if any(len(rows) > 2 for rows in uses.values()):
        for i in _unions(members):
            for name in members.pop(i):
                uses[name].remove(i)
    for i in sorted(members, key=lambda i: (-len(members[i]), i)):
        if all(len(uses[name]) > 2 for name in members[i]):
            for name in members.pop(i):
                uses[name].remove(i)
    if not uses or any(len(rows) != 2 for rows in uses.values()):
        return []
    colour: dict[int, int] = {}
    groups: list[RowPairs] = []
    for start in members:
        if start in colour:
            continue
        colour[start] = 0
        group = [start]
        for i in group:
            for name in members[i]:
                other = sum(uses[name]) - i
                if other not in colour:
                    colour[other] = 1 - colour[i]
                    group.append(other)
                elif colour[other] == colour[i]:
                    return []
        first, second = (tuple(i for i in group if colour[i] == side) for side in (0, 1))
        groups.append(RowPairs(first, second))
    return groups


def _unions(members: Mapping[int, frozenset[str]]) -> list[int]:
    """Return the equalities that hold the variables of others, disjoint ones, added up: as stocks add up amounts."""
    found: list[int] = []
    for i in sorted(members, key=lambda i: -len(members[i])):
        inside = [names for j, names in members.items() if j not in found and names < members[i]]
        for order in (1, -1):
            covered: set[str] = set()
            for names in sorted(inside, key=lambda names: (order * len(names), sorted(names))):
                if covered.isdisjoint(names):
                    covered |= names
            if covered == members[i]:
                found.append(i)
                break
    return found
