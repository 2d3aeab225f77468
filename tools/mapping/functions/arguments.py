"""Reads the JSON arguments of a total function, each with an error that names what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression, exact_number


class Arguments:
    """The fields of one function's JSON arguments; every reader raises `MappingError` naming function and owner."""

    def __init__(self, arguments: object, function: str, owner: str, fields: set[str]) -> None:
        self._place = f"the function {function!r} for {owner[:60]!r}"
        if not isinstance(arguments, dict) or set(arguments) != fields:
            found = sorted(map(str, arguments)) if isinstance(arguments, dict) else str(arguments)[:60]
            raise MappingError(f"{self._place} takes the arguments {sorted(fields)}, found {str(found)[:200]}")
        self._arguments = arguments

    def expression(self, field: str) -> AffineExpression:
        """Return an affine expression."""
        return AffineExpression.from_json(self._arguments[field], owner=f"{self._place}, {field}")

    def expressions(self, field: str) -> tuple[AffineExpression, ...]:
        """Return a list of affine expressions."""
        return tuple(AffineExpression.from_json(entry, owner=f"{self._place}, {field}") for entry in self._list(field))

    def whole(self, field: str, least: int) -> int:
        """Return a whole number of at least `least`."""
        value = self._arguments[field]
        if type(value) is not int or value < least or value.bit_length() > 64:
            raise MappingError(f"{self._place}: {field} must be a whole number from {least}, found {str(value)[:60]!r}")
        return value

    def optional_whole(self, field: str, least: int) -> int | None:
        """Return a whole number of at least `least`, or None where the argument is null."""
        return None if self._arguments[field] is None else self.whole(field, least)

    def integer(self, field: str) -> int:
        """Return an integer of either sign."""
        value = self._arguments[field]
        if type(value) is not int or value.bit_length() > 64:
            raise MappingError(f"{self._place}: {field} must be an integer, found {str(value)[:60]!r}")
        return value

    def number(self, field: str) -> Fraction:
        """Return an exact number."""
        return exact_number(self._arguments[field], owner=f"{self._place}, {field}")

    def numbers(self, field: str) -> tuple[Fraction, ...]:
        """Return a list of exact numbers."""
        return tuple(exact_number(entry, owner=f"{self._place}, {field}") for entry in self._list(field))

    def limit(self, field: str) -> Fraction | None:
        """Return an exact number, or None where the argument is null: no bound."""
        return None if self._arguments[field] is None else self.number(field)

    def limits(self, field: str) -> tuple[Fraction | None, ...]:
        """Return a list of exact numbers, with None for null: no bound."""
        place = f"{self._place}, {field}"
        return tuple(None if entry is None else exact_number(entry, owner=place) for entry in self._list(field))

    def table(self, field: str) -> tuple[tuple[Fraction | None, ...], ...]:
        """Return a list of lists of exact numbers, with None for null: no bound."""
        place = f"{self._place}, {field}"
        rows: list[tuple[Fraction | None, ...]] = []
        for row in self._list(field):
            if not isinstance(row, list):
                raise MappingError(f"{place} must be a list of lists, found {str(row)[:60]!r}")
            rows.append(tuple(None if entry is None else exact_number(entry, owner=place) for entry in row))
        return tuple(rows)

    def flag(self, field: str) -> bool:
        """Return a truth value."""
        return self._flag(field, self._arguments[field])

    def flags(self, field: str) -> tuple[bool, ...]:
        """Return a list of truth values."""
        return tuple(self._flag(field, entry) for entry in self._list(field))

    def output(self, field: str) -> str:
        """Return the name of an output."""
        name = self._arguments[field]
        if not isinstance(name, str) or not name:
            raise MappingError(f"{self._place}: {field} must be a name, found {str(name)[:60]!r}")
        return name

    def names(self, field: str) -> tuple[str, ...]:
        """Return a list of different names."""
        names = self._list(field)
        for name in names:
            if not isinstance(name, str) or not name:
                raise MappingError(f"{self._place}: {field} must list names, found {str(name)[:60]!r}")
        if len(set(names)) != len(names):
            raise MappingError(f"{self._place}: {field} names an output twice")
        return tuple(str(name) for name in names)

    def _flag(self, field: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise MappingError(f"{self._place}: {field} must be true or false, found {str(value)[:60]!r}")
        return value

    def _list(self, field: str) -> list[object]:
        value = self._arguments[field]
        if not isinstance(value, list):
            raise MappingError(f"{self._place}: {field} must be a list, found {str(value)[:60]!r}")
        return value


def written(values: Iterable[Fraction | None]) -> list[str | None]:
    """Return exact numbers as JSON: text, and null where there is no bound."""
    return [None if value is None else str(value) for value in values]
