"""What a total function of a lifting offers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, Protocol


class TotalFunction(Protocol):
    """A function from points to exact numbers that is defined wherever its source variables have values."""

    name: ClassVar[str]

    @property
    def sources(self) -> frozenset[str]:
        """The variables whose values the function uses."""
        ...

    def evaluate(self, point: Mapping[str, Fraction]) -> Fraction:
        """Return the exact value at `point`; raises `MappingError` when a source variable has no value."""
        ...

    def arguments(self) -> dict[str, Any]:
        """Return the function's arguments as JSON, numbers as exact strings."""
        ...

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> TotalFunction:
        """Return the function with these JSON arguments; raises `MappingError` naming `owner` on malformed ones."""
        ...
