"""Total mappings: each target variable an affine expression in source variables and values of total functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.extension import Extension
from tools.mapping.functions import FUNCTIONS
from tools.mapping.functions.protocol import TotalFunction

NO_FUNCTIONS = Extension()


@dataclass(frozen=True)
class TotalMapping:
    """For each target variable an affine expression in source variables and outputs of `extension`."""

    expressions: Mapping[str, AffineExpression]
    extension: Extension = NO_FUNCTIONS

    def __post_init__(self) -> None:
        object.__setattr__(self, "expressions", MappingProxyType(dict(self.expressions)))

    @classmethod
    def from_affine(cls, mapping: AffineMapping) -> TotalMapping:
        """Return the total mapping that `mapping` is."""
        return cls(mapping.expressions)

    def as_affine(self) -> AffineMapping | None:
        """Return the same mapping as an affine one, or None where some function is needed."""
        if self.extension.needed_for({name for e in self.expressions.values() for name in e.terms}):
            return None
        return AffineMapping(self.expressions)

    def apply(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the image of a point; raises `MappingError` naming what the point lacks."""
        values = self.extension.apply(point)
        image: dict[str, Fraction] = {}
        for name, expression in self.expressions.items():
            try:
                image[name] = expression.evaluate(values)
            except MappingError as error:
                raise MappingError(f"cannot map to {name!r}: {error}") from None
        return image

    def after(self, inner: TotalMapping) -> TotalMapping:
        """Return the mapping that applies `inner` first and then this one.

        Every source of this mapping must be a target of `inner`; its function outputs are renamed where they clash.
        """
        taken = set(inner.extension.names) | {v for e in inner.expressions.values() for v in e.terms}
        for function in inner.extension.functions:
            taken.update(v for e in function.inputs for v in e.terms)
        renaming: dict[str, str] = {}
        for name in self.extension.names:
            fresh = name
            while fresh in taken:
                fresh += "'"
            taken.add(fresh)
            renaming[name] = fresh
        replacements = dict(inner.expressions)
        functions: list[TotalFunction] = []
        for function in self.extension.functions:
            functions.append(function.substitute(replacements).renamed(renaming))
            replacements.update({o.name: AffineExpression.variable(renaming[o.name]) for o in function.outputs})
        return TotalMapping(
            {name: expression.substitute(replacements) for name, expression in self.expressions.items()},
            Extension((*inner.extension.functions, *functions)),
        )

    def to_json(self) -> dict[str, dict[str, Any]]:
        """Return `{"y": {"function": "affine", "arguments": {…}}}`, numbers as exact strings.

        A variable that needs functions has them under `where` in the order in which they apply:
        `{"constant": …, "terms": …, "where": [{"function": "digits", "arguments": {…}}]}`; the entry's `function` is
        then the name of the function whose output it is, or `affine`.
        """
        entries: dict[str, dict[str, Any]] = {}
        documents = {id(f): {"function": f.name, "arguments": f.arguments()} for f in self.extension.functions}
        for name, expression in self.expressions.items():
            arguments: dict[str, Any] = expression.to_json()
            needed = self.extension.needed_for(set(expression.terms)) if self.extension else self.extension
            kind = "affine"
            if needed:
                arguments["where"] = [documents[id(function)] for function in needed.functions]
                if len(expression.terms) == 1 and not expression.constant:
                    kind = needed.functions[-1].name
            entries[name] = {"function": kind, "arguments": arguments}
        return entries

    @classmethod
    def from_json(cls, data: object) -> TotalMapping:
        """Return the mapping that `to_json` wrote; raises `MappingError` on any other shape or function."""
        if not isinstance(data, dict):
            raise MappingError(
                f"a lifting must be an object from variable names to functions, found {str(data)[:60]!r}"
            )
        expressions: dict[str, AffineExpression] = {}
        functions: dict[str, TotalFunction] = {}
        for name, entry in data.items():
            if not isinstance(name, str) or not name:
                raise MappingError(f"the lifting names a variable {str(name)[:60]!r}")
            if not isinstance(entry, dict) or entry.keys() != {"function", "arguments"}:
                raise MappingError(
                    f'the lifting of {name[:60]!r} must be {{"function": "affine", "arguments": {{…}}}}, '
                    f"found {str(entry)[:60]!r}"
                )
            kind, arguments = entry["function"], entry["arguments"]
            if not isinstance(kind, str) or (kind != "affine" and kind not in FUNCTIONS):
                raise _unknown_function(name, kind)
            where: object = []
            if isinstance(arguments, dict) and "where" in arguments:
                where = arguments["where"]
                arguments = {key: value for key, value in arguments.items() if key != "where"}
            expressions[name] = AffineExpression.from_json(arguments, owner=name)
            for function in _functions(where, name):
                for output in function.outputs:
                    if functions.setdefault(output.name, function) != function:
                        raise MappingError(f"the lifting of {name[:60]!r} defines {output.name[:60]!r} a second time")
        ordered = list(dict.fromkeys(functions.values()))
        return cls(expressions, Extension(tuple(ordered)))

    def __hash__(self) -> int:
        return hash((frozenset(self.expressions.items()), self.extension))

    def __reduce__(self) -> tuple[Any, ...]:
        return (TotalMapping, (dict(self.expressions), self.extension))


def _functions(where: object, name: str) -> list[TotalFunction]:
    if not isinstance(where, list):
        raise MappingError(f"'where' in the lifting of {name[:60]!r} must be a list, found {str(where)[:60]!r}")
    functions: list[TotalFunction] = []
    for entry in where:
        if not isinstance(entry, dict) or entry.keys() != {"function", "arguments"}:
            raise MappingError(
                f"'where' in the lifting of {name[:60]!r} lists {str(entry)[:60]!r}; expected "
                '{"function": …, "arguments": {…}}'
            )
        kind = FUNCTIONS.get(entry["function"]) if isinstance(entry["function"], str) else None
        if kind is None:
            raise _unknown_function(name, entry["function"])
        functions.append(kind.from_arguments(entry["arguments"], owner=name))
    return functions


def _unknown_function(name: str, function: object) -> MappingError:
    return MappingError(
        f"the lifting of {name[:60]!r} uses the unknown function {str(function)[:60]!r}; "
        f"known are {', '.join(sorted({'affine', *FUNCTIONS}))}"
    )
