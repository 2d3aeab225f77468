"""Liftings: for each candidate variable a total function of the reference variables, executable and serialisable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from tools.errors import MappingError
from tools.mapping.affine import AffineMapping
from tools.mapping.functions import FUNCTIONS
from tools.mapping.functions.affine import AffineFunction
from tools.mapping.functions.protocol import TotalFunction


@dataclass(frozen=True)
class Lifting:
    """A total function of the reference variables for each candidate variable."""

    functions: Mapping[str, TotalFunction]

    def __post_init__(self) -> None:
        object.__setattr__(self, "functions", MappingProxyType(dict(self.functions)))

    @classmethod
    def from_affine(cls, mapping: AffineMapping) -> Lifting:
        """Return the lifting that consists of the affine functions of `mapping`."""
        return cls({name: AffineFunction(expression) for name, expression in mapping.expressions.items()})

    def as_affine(self) -> AffineMapping | None:
        """Return the same lifting as an affine mapping, or None where some function is not affine."""
        expressions = {}
        for name, function in self.functions.items():
            if not isinstance(function, AffineFunction):
                return None
            expressions[name] = function.expression
        return AffineMapping(expressions)

    def apply(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the candidate point of a reference point; raises `MappingError` naming what the point lacks."""
        image: dict[str, Fraction] = {}
        for name, function in self.functions.items():
            try:
                image[name] = function.evaluate(point)
            except MappingError as error:
                raise MappingError(f"cannot lift to {name!r}: {error}") from None
        return image

    def to_json(self) -> dict[str, dict[str, Any]]:
        """Return `{"y": {"function": "affine", "arguments": {…}}}`, numbers as exact strings."""
        return {
            name: {"function": function.name, "arguments": function.arguments()}
            for name, function in self.functions.items()
        }

    @classmethod
    def from_json(cls, data: object) -> Lifting:
        """Return the lifting that `to_json` wrote; raises `MappingError` on any other shape or function."""
        if not isinstance(data, dict):
            raise MappingError(
                f"a lifting must be an object from variable names to functions, found {str(data)[:60]!r}"
            )
        functions: dict[str, TotalFunction] = {}
        for name, entry in data.items():
            if not isinstance(name, str) or not name:
                raise MappingError(f"the lifting names a variable {str(name)[:60]!r}")
            if not isinstance(entry, dict) or entry.keys() != {"function", "arguments"}:
                raise MappingError(
                    f'the lifting of {name[:60]!r} must be {{"function": "affine", "arguments": {{…}}}}, '
                    f"found {str(entry)[:60]!r}"
                )
            kind = FUNCTIONS.get(entry["function"]) if isinstance(entry["function"], str) else None
            if kind is None:
                raise MappingError(
                    f"the lifting of {name[:60]!r} uses the unknown function {str(entry['function'])[:60]!r}; "
                    f"known are {', '.join(sorted(FUNCTIONS))}"
                )
            functions[name] = kind.from_arguments(entry["arguments"], owner=name)
        return cls(functions)

    def __hash__(self) -> int:
        return hash(frozenset(self.functions.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return (Lifting, (dict(self.functions),))
