"""Names gathered into groups that share a base and a number of indices, and where in the index space they lie."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import prod

import numpy as np

from agent.language.brief.shown_names import shown_base, shown_index, shown_name
from tools.formulation.numbers import IntArray
from tools.mapping.patterns import Index, parse_name

_SYMBOLS = "ijklmnopqrstuvwabcdefgh"
_WORD = re.compile(r"[^\W\d_]{2,}(?=[_.])")
_MOST_RUNS = 3


@dataclass(frozen=True, eq=False)
class NameGroup:
    """Members of one family: `names`, their `places` in the model, and their `indices`, in the model's order.

    A family has a `base` and an `arity`. Names without indices (arity 0) are gathered by their first word, which is
    `base`, or under "" where they share none.
    """

    base: str
    arity: int
    names: tuple[str, ...]
    places: IntArray
    indices: tuple[tuple[Index, ...], ...]

    def __len__(self) -> int:
        return len(self.names)

    def part(self, which: IntArray) -> NameGroup:
        """Return the group of the members at the positions `which` of this group."""
        if len(which) == len(self):
            return self
        at = which.tolist()
        names, indices = tuple([self.names[k] for k in at]), tuple([self.indices[k] for k in at])
        return NameGroup(self.base, self.arity, names, self.places[which], indices)

    def symbols(self, taken: Collection[Index]) -> tuple[str, ...]:
        """Return a letter for each index, none of which is in `taken` or an index value of this group."""
        used = set(taken).union(*self.values)
        free = [letter for letter in _SYMBOLS if letter not in used]
        free += [f"i{number}" for number in range(self.arity)]
        return tuple(free[: self.arity])

    def pattern(self, symbols: Sequence[str]) -> str:
        """Return "x[i,j]"; for names without indices the one name, or their common beginning as "ship*"."""
        if self.arity:
            return f"{shown_base(self.base)}[{','.join(symbols)}]"
        if len(self) == 1:
            return shown_name(self.names[0])
        return f"{shown_base(self.base)}*" if self.base else "unindexed"

    @cached_property
    def values(self) -> tuple[tuple[Index, ...], ...]:
        """The distinct values of each index, integers in ascending order, then texts in order of appearance."""
        found = []
        for position in range(self.arity):
            distinct = dict.fromkeys([member[position] for member in self.indices])
            integers: list[Index] = [*sorted(value for value in distinct if isinstance(value, int))]
            found.append((*integers, *(value for value in distinct if not isinstance(value, int))))
        return tuple(found)

    @cached_property
    def relation(self) -> tuple[int, int, str] | None:
        """Positions p, q and a sign such that the members are exactly the combinations with index p SIGN index q."""
        size = prod(len(values) for values in self.values)
        for p, q in combinations(range(self.arity), 2):
            if not all(isinstance(v, int) for v in (*self.values[p], *self.values[q])):
                continue
            left = np.array([member[p] for member in self.indices])
            right = np.array([member[q] for member in self.indices])
            pairs = np.array(self.values[p])[:, None], np.array(self.values[q])[None, :]
            if size // len(self) > 64 or pairs[0].size * pairs[1].size > 4 * len(self) + 64:
                continue
            for sign, holds in (
                ("!=", np.not_equal), ("<", np.less), ("<=", np.less_equal), (">", np.greater),
                (">=", np.greater_equal), ("=", np.equal),
            ):  # fmt: skip
                within = int(holds(*pairs).sum())
                others = size // (pairs[0].size * pairs[1].size)
                if within * others == len(set(self.indices)) and bool(holds(left, right).all()):
                    return p, q, sign
        return None

    @property
    def is_complete(self) -> bool:
        """Whether every combination of the index values is a member."""
        return len(set(self.indices)) == prod(len(values) for values in self.values)

    def span(self, symbols: Sequence[str], most: int) -> str:
        """Return where the indices lie: "i in 1..50, j in 1..100, every combination"; at most so many texts are named.

        Names without indices are listed themselves.
        """
        if not self.arity:
            return _listed([shown_name(name) for name in self.names], most)
        parts = [f"{symbol} in {_set_text(values, most)}" for symbol, values in zip(symbols, self.values, strict=True)]
        if self.arity > 1:
            parts.append(self._coverage(symbols))
        return ", ".join(parts)

    def _coverage(self, symbols: Sequence[str]) -> str:
        if self.is_complete:
            return "every combination"
        if self.relation is not None:
            p, q, sign = self.relation
            return f"all with {symbols[p]} {sign} {symbols[q]}"
        return f"{len(self)} of {prod(len(values) for values in self.values)} combinations"

    def spelling(self) -> str:
        """Return how the first member is spelled where that is not `base[1,2]`, else ""."""
        if not self.arity:
            return ""
        canonical = f"{self.base}[{','.join(map(str, self.indices[0]))}]"
        return "" if self.names[0] == canonical else shown_name(self.names[0])


def name_groups(names: Sequence[str]) -> list[NameGroup]:
    """Return the families of `names`, in order of appearance; together they hold every name once."""
    parsed = [parse_name(name) for name in names]
    words = [_WORD.match(name) if not parts.arity else None for name, parts in zip(names, parsed, strict=True)]
    shared: dict[str, int] = {}
    for word in words:
        if word is not None:
            shared[word.group()] = shared.get(word.group(), 0) + 1
    grouped: dict[tuple[str, int], list[int]] = {}
    for place, (parts, word) in enumerate(zip(parsed, words, strict=True)):
        base = parts.base if parts.arity else word.group() if word is not None and shared[word.group()] > 1 else ""
        grouped.setdefault((base, parts.arity), []).append(place)
    return [
        NameGroup(
            base, arity, tuple([names[k] for k in places]), np.array(places, dtype=np.int64),
            tuple([parsed[k].indices for k in places]),
        )
        for (base, arity), places in grouped.items()
    ]  # fmt: skip


def group_numbers(groups: Sequence[NameGroup], size: int) -> IntArray:
    """Return for each place in the model the number of its group, shape (size,)."""
    numbers = np.zeros(size, dtype=np.int64)
    for number, group in enumerate(groups):
        numbers[group.places] = number
    return numbers


def _runs(values: Sequence[Index]) -> list[tuple[int, int]] | None:
    """Return the runs of consecutive integers, or None where there is text or there are too many runs."""
    if not all(isinstance(value, int) for value in values):
        return None
    integers = np.array(values, dtype=np.int64)
    breaks = np.flatnonzero(np.diff(integers) != 1)
    if breaks.size >= _MOST_RUNS:
        return None
    starts, ends = [0, *(breaks + 1).tolist()], [*breaks.tolist(), len(integers) - 1]
    return [(int(integers[a]), int(integers[b])) for a, b in zip(starts, ends, strict=True)]


def _step(values: Sequence[Index]) -> int:
    """Return the common difference of integers that have one, else 0."""
    if len(values) < 3 or not all(isinstance(value, int) for value in values):
        return 0
    differences = np.unique(np.diff(np.array(values, dtype=np.int64)))
    return int(differences[0]) if differences.size == 1 else 0


def _is_short(values: Sequence[Index], most: int) -> bool:
    return len(values) <= most or _runs(values) is not None or (len(values) > 3 and bool(_step(values)))


def _set_text(values: Sequence[Index], most: int) -> str:
    runs = _runs(values)
    if runs is not None and (len(runs) < len(values) or len(values) == 1):
        text = ", ".join(str(a) if a == b else f"{a}..{b}" for a, b in runs)
        return text if len(runs) == 1 and runs[0][0] < runs[0][1] else f"{{{text}}}"
    if _step(values) and len(values) > 3:
        return f"{{{values[0]}, {values[1]}, ..., {values[-1]}}}"
    return "{" + _listed([shown_index(value) for value in values], most) + "}"


def _listed(texts: Sequence[str], most: int) -> str:
    """Return all texts, or the first of them and the last, and how many were left out."""
    if len(texts) <= most:
        return ", ".join(texts)
    first = max(1, most - 1)
    return f"{', '.join(texts[:first])}, ... ({len(texts) - first - 1} more) ..., {texts[-1]}"
