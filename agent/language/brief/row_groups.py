"""The rows of a model by name and structure, a line of a summary each.

Two rows are alike when they have the same relation and mention the same groups of variables in the same way. How much
of this counts is a `Resolution`: a model with many sorts of rows is told with fewer, coarser groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from agent.language.brief.exact_algebra import exact_text, range_text
from agent.language.brief.name_groups import NameGroup, group_numbers
from agent.language.brief.shown_names import shown_name
from agent.language.brief.variable_groups import VariableGroup
from tools.formulation.model import Formulation
from tools.formulation.numbers import IntArray


class Resolution(IntEnum):
    """What rows of one group have in common, finest first; all agree in their relation (<=, >=, =, range, free)."""

    SIDES = 0  # the family of the name, the variables, signs, whether coefficients are ±1, the sign of the sides
    UNITS = 1  # the same without the sign of the sides
    SIGNS = 2  # the family of the name, the variables, signs
    VARIABLES = 3  # the family of the name, the groups of variables
    NAMES = 4  # the family of the name
    STRUCTURE = 5  # the groups of variables, whatever the name


_Hashes = NDArray[np.uint64]
_RELATIONS = ("<=", ">=", "=", "range", "free")


@dataclass(frozen=True)
class TermSort:
    """What a group of rows has of one group of variables.

    `fewest` and `most` terms a row (fewest is 0 where some row has none); `low` and `high` are positions of a least and
    a greatest coefficient.
    """

    variables: int
    fewest: int
    most: int
    low: int
    high: int


@dataclass(frozen=True, eq=False)
class RowGroup:
    """Rows that are alike: `places` in the model's order, `relation`, and the sorts of terms in order of appearance.

    `names` is their part of a family; None where the rows of several families were put together.
    """

    model: Formulation
    places: IntArray
    names: NameGroup | None
    relation: str
    terms: tuple[TermSort, ...]

    def __len__(self) -> int:
        return len(self.places)

    def line(self, groups: Sequence[VariableGroup], most: int) -> str:
        """Return the group as one line; at most `most` index texts, names or sorts of terms are listed."""
        if self.names is None:
            head = "rows of several names"
        elif len(self) == 1:
            head = shown_name(self.names.names[0])
        else:
            symbols = self.names.symbols(())
            span = self.names.span(symbols, most)
            head = f"{self.names.pattern(symbols)}, {span}" if self.names.arity else span
        sorts = ", ".join(self._sort_text(sort, groups) for sort in self.terms[:most])
        if len(self.terms) > most:
            sorts += f", ... ({len(self.terms) - most} more sorts of terms)"
        count = f"{len(self)} rows" if len(self) > 1 else "1 row"
        return f"{head}: {count} ({sorts or 'no terms'}) {self._sides()}"

    def samples(self, number: int) -> list[int]:
        """Return up to `number` rows: the first, the last, then one in the middle; in the model's order."""
        size = len(self)
        wanted = {0: [], 1: [0], 2: [0, size - 1]}.get(number, [0, size // 2, size - 1])
        return [int(self.places[k]) for k in sorted({k for k in wanted if k < size})]

    def _sort_text(self, sort: TermSort, groups: Sequence[VariableGroup]) -> str:
        count = str(sort.most) if sort.fewest == sort.most else f"{sort.fewest} to {sort.most}"
        low, high = self.model.coefficients[sort.low], self.model.coefficients[sort.high]
        size = exact_text(low) if low == high else f"{exact_text(low)} to {exact_text(high)}"
        if low == -1 and high == 1:
            size = "-1 or 1"
        label = groups[sort.variables].label
        return f"{count} {label or ('term' if sort.most == 1 else 'terms')} times {size}"

    def _sides(self) -> str:
        low, high = self.model.row_lower, self.model.row_upper
        places = self.places.tolist()
        if self.relation == "range":
            return f"between {range_text(low, places)} and {range_text(high, places)}"
        if self.relation == "free":
            return "without sides (free)"
        return f"{self.relation} {range_text(high if self.relation == '<=' else low, places)}"


class RowTable:
    """The rows of one model as occurrences of groups of variables, from which groups of any resolution are made."""

    def __init__(self, model: Formulation, variables: Sequence[VariableGroup], families: Sequence[NameGroup]) -> None:
        self.model = model
        self.families = families
        self._sizes: dict[Resolution, IntArray] = {}
        m, n = model.shape
        self.family_of = group_numbers(families, m)
        self.relation_of = _relations(model)
        group_of = group_numbers([group.names for group in variables], n)[model.columns]
        row_of = np.repeat(np.arange(m, dtype=np.int64), np.diff(model.indptr))
        order = np.lexsort((model.coefficients.floats, group_of, row_of))
        pair = row_of[order] * max(1, len(variables)) + group_of[order]
        starts = np.flatnonzero(np.diff(pair, prepend=-1))
        ends = np.append(starts[1:], len(pair)) - 1 if starts.size else starts
        # One entry for each group of variables in each row.
        self.row = row_of[order][starts]
        self.group = group_of[order][starts]
        self.count = ends - starts + 1
        self.low, self.high = order[starts], order[ends]
        values = model.coefficients.floats
        self.sign = np.where(values[self.low] > 0, 1, np.where(values[self.high] < 0, 2, 3))
        general = np.abs(values) != 1.0
        general[list(model.coefficients.overrides)] = True  # 1 + 1e-30 is not 1
        inside = general[order].astype(np.int64)
        self.unit = np.add.reduceat(inside, starts) == 0 if starts.size else np.zeros(0, dtype=bool)

    def number_of_groups(self, resolution: Resolution) -> int:
        """Return how many groups of rows there are."""
        return len(self.sizes(resolution))

    def sizes(self, resolution: Resolution) -> IntArray:
        """Return the sizes of the groups of rows, largest first."""
        if resolution not in self._sizes:
            self._sizes[resolution] = np.sort(np.unique(self._keys(resolution), return_counts=True)[1])[::-1]
        return self._sizes[resolution]

    def groups(self, resolution: Resolution) -> list[RowGroup]:
        """Return the groups of rows in order of appearance; together they hold every row once."""
        _, first, inverse = np.unique(self._keys(resolution), return_index=True, return_inverse=True)
        rank = np.empty(len(first), dtype=np.int64)
        rank[np.argsort(first, kind="stable")] = np.arange(len(first))
        number = rank[inverse]
        sorts = self._sorts(number)
        order = np.argsort(number, kind="stable")
        bounds = np.append(np.flatnonzero(np.diff(number[order], prepend=-1)), len(order))
        position = np.zeros(len(number), dtype=np.int64)
        for family in self.families:
            position[family.places] = np.arange(len(family))
        found = []
        for k in range(len(first)):
            places = order[bounds[k] : bounds[k + 1]]
            owners = np.unique(self.family_of[places])
            names = self.families[int(owners[0])].part(position[places]) if owners.size == 1 else None
            relation = _RELATIONS[int(self.relation_of[places[0]])]
            found.append(RowGroup(self.model, places, names, relation, tuple(sorts.get(k, ()))))
        return found

    def _keys(self, resolution: Resolution) -> IntArray:
        """Return a number for each row, equal for the rows of one group (but for a collision of 64-bit hashes)."""
        m = len(self.model.rows)
        detail = np.zeros(len(self.row), dtype=np.int64)
        if resolution <= Resolution.SIGNS:
            detail += self.sign
        if resolution <= Resolution.UNITS:
            detail += 4 * self.unit
        hashes = np.zeros(m, dtype=np.uint64)
        if resolution != Resolution.NAMES:
            np.add.at(hashes, self.row, _mixed(8 * self.group + detail))
        label = self.relation_of.copy()
        if resolution == Resolution.SIDES:
            low, high = self.model.row_lower.floats, self.model.row_upper.floats
            label += 5 * (np.sign(np.where(np.isfinite(high), high, low)).astype(np.int64) + 1)
        if resolution != Resolution.STRUCTURE:
            label += 15 * (self.family_of + 1)
        return _mixed(_mixed(label) + hashes).view(np.int64)

    def _sorts(self, number: IntArray) -> dict[int, list[TermSort]]:
        """Return the sorts of terms of each group of rows, given the number of each row's group."""
        rows_in = np.bincount(number)
        values = self.model.coefficients.floats
        owner = number[self.row]
        order = np.lexsort((self.group, owner))
        pair = owner[order] * (int(self.group.max(initial=0)) + 1) + self.group[order]
        starts = np.flatnonzero(np.diff(pair, prepend=-1)).tolist()
        found: dict[int, list[TermSort]] = {}
        for start, stop in pairwise([*starts, len(order)]):
            entries = order[start:stop]
            k = int(owner[entries[0]])
            counts = self.count[entries]
            fewest = 0 if len(entries) < rows_in[k] else int(counts.min())
            low = int(self.low[entries[int(np.argmin(values[self.low[entries]]))]])
            high = int(self.high[entries[int(np.argmax(values[self.high[entries]]))]])
            found.setdefault(k, []).append(TermSort(int(self.group[entries[0]]), fewest, int(counts.max()), low, high))
        return found


def _relations(model: Formulation) -> IntArray:
    low, high = model.row_lower.floats, model.row_upper.floats
    equal = (low == high) & np.isfinite(low)
    for row in {*model.row_lower.overrides, *model.row_upper.overrides}:
        equal[row] = model.row_lower.finite(row) == model.row_upper.finite(row)
    codes = np.where(np.isneginf(low), np.where(np.isposinf(high), 4, 0), np.where(np.isposinf(high), 1, 3))
    return np.where(equal, 2, codes).astype(np.int64)


def _mixed(
    values: IntArray | np.ndarray[tuple[int], np.dtype[np.uint64]],
) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Return 64-bit hashes (the finaliser of splitmix64; Steele, Lea and Flood, 2014)."""
    mixed = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
