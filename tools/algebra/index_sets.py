"""Sets as things to run over: lists of labels, or ranges that are never written out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tools.algebra.document import Index


@dataclass(frozen=True)
class IndexSet:
    """An ordered set of `size` elements."""

    elements: tuple[Index, ...] | range
    size: int
    _members: frozenset[Index] | range = field(repr=False, default=frozenset())

    def __iter__(self) -> Iterator[Index]:
        return iter(self.elements)

    def __contains__(self, index: Index) -> bool:
        return index in self._members


def labelled(labels: Iterable[Index]) -> IndexSet:
    """Return the set of these labels, in their order."""
    elements = tuple(labels)
    return IndexSet(elements, len(elements), frozenset(elements))


def integers(first: int, last: int) -> IndexSet:
    """Return the set of the integers from `first` to `last`, both included; empty where `last` is less."""
    elements = range(first, last + 1)
    return IndexSet(elements, max(last - first + 1, 0), elements)
