"""Reads JSON arguments that are tables: values with one or several whole numbers as index, as `{"0,1": …}`."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression, exact_number
from tools.mapping.functions.arguments import Arguments

Index = tuple[int, ...]

LARGEST_INDEX = 10**6
"""Nodes, arcs and blocks with larger numbers are refused."""


def index_text(index: Index) -> str:
    """Return the text of an index in JSON, as "0,1"."""
    return ",".join(map(str, index))


class IndexedArguments(Arguments):
    """Arguments that also hold tables and exact numbers; every reader raises `MappingError`."""

    def indexed(self, field: str, length: int) -> dict[Index, AffineExpression]:
        """Return a table of affine expressions, each with an index of `length` whole numbers from 0."""
        value = self._arguments[field]
        if not isinstance(value, dict):
            raise MappingError(f"{self._place}: {field} must be an object, found {str(value)[:60]!r}")
        return {
            self.index(field, key, length): AffineExpression.from_json(entry, owner=f"{self._place}, {field}")
            for key, entry in value.items()
        }

    def truth(self, field: str, value: object) -> bool:
        """Return `value`, which must be true or false."""
        if not isinstance(value, bool):
            raise MappingError(f"{self._place}: {field} must be true or false, found {str(value)[:60]!r}")
        return value

    def wholes(self, field: str) -> tuple[int, ...]:
        """Return a list of whole numbers from 0."""
        for entry in self._list(field):
            if type(entry) is not int or not 0 <= entry <= LARGEST_INDEX:
                raise MappingError(f"{self._place}: {field} must list whole numbers, found {str(entry)[:60]!r}")
        return tuple(self._arguments[field])

    def index_lists(self, field: str) -> tuple[Index, ...]:
        """Return a list of lists of whole numbers from 0."""
        lists: list[Index] = []
        for entry in self._list(field):
            if not isinstance(entry, list) or not all(type(k) is int and 0 <= k <= LARGEST_INDEX for k in entry):
                raise MappingError(f"{self._place}: {field} must list lists of whole numbers, found {str(entry)[:60]}")
            lists.append(tuple(entry))
        return tuple(lists)

    def pairs(self, field: str) -> tuple[tuple[int, int], ...]:
        """Return a list of pairs of whole numbers from 0."""
        pairs: list[tuple[int, int]] = []
        for entry in self.index_lists(field):
            if len(entry) != 2:
                raise MappingError(f"{self._place}: {field} must list pairs of whole numbers, found {entry}")
            pairs.append((entry[0], entry[1]))
        return tuple(pairs)

    def objects(self, field: str, fields: set[str]) -> list[Mapping[str, Any]]:
        """Return a list of objects that have exactly `fields`."""
        entries: list[Mapping[str, Any]] = []
        for entry in self._list(field):
            if not isinstance(entry, dict) or set(entry) != fields:
                raise MappingError(
                    f"{self._place}: {field} must list objects with the fields {sorted(fields)}, "
                    f"found {str(entry)[:60]}"
                )
            entries.append(entry)
        return entries

    def side(self, field: str, value: object) -> Fraction | None:
        """Return a bound: an exact number, or None where there is none."""
        return None if value is None else exact_number(value, owner=f"{self._place}, {field}")

    def weights(self, field: str, value: object, length: int) -> dict[Index, Fraction]:
        """Return a table of exact numbers, each with an index of `length` whole numbers from 0."""
        if not isinstance(value, dict):
            raise MappingError(f"{self._place}: {field} must hold objects, found {str(value)[:60]!r}")
        return {self.index(field, key, length): self.side(field, entry) or Fraction(0) for key, entry in value.items()}

    def index(self, field: str, key: object, length: int) -> Index:
        """Return the index that `key` writes, as (0, 1) for "0,1"."""
        parts = key.split(",") if isinstance(key, str) else []
        if len(parts) != length or not all(
            p.isascii() and p.isdigit() and len(p) < 8 and int(p) <= LARGEST_INDEX for p in parts
        ):
            raise MappingError(
                f"{self._place}: {field} has the index {str(key)[:60]!r}; expected {length} whole numbers as "
                f"{index_text(tuple(range(length)))!r}"
            )
        return tuple(map(int, parts))
