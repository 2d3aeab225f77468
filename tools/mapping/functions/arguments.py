"""Reads the JSON arguments of a total function, each with an error that names what is wrong."""

from __future__ import annotations

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression


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

    def names(self, field: str) -> tuple[str, ...]:
        """Return a list of different names."""
        names = self._list(field)
        for name in names:
            if not isinstance(name, str) or not name:
                raise MappingError(f"{self._place}: {field} must list names, found {str(name)[:60]!r}")
        if len(set(names)) != len(names):
            raise MappingError(f"{self._place}: {field} names an output twice")
        return tuple(str(name) for name in names)

    def _list(self, field: str) -> list[object]:
        value = self._arguments[field]
        if not isinstance(value, list):
            raise MappingError(f"{self._place}: {field} must be a list, found {str(value)[:60]!r}")
        return value
