"""The JSON document of algebra, `quasikarp/algebra/1`: sets, parameters, variables, an objective, constraints.

    {"schema": "quasikarp/algebra/1", "name": "diet", "sense": "minimize",
     "sets": {"I": ["bread", "milk"], "J": 2},
     "parameters": {"cost": {"indices": ["I"], "values": [2, "1/3"]}, "need": [10, 7.5],
                    "a": {"bread": [1, 2], "milk": [0, 3]}},
     "variables": [{"name": "x", "indices": ["I"], "kind": "continuous", "lower": 0, "upper": null}],
     "objective": "sum(cost[i]*x[i] for i in I)",
     "constraints": [{"name": "nutrient", "for": ["j in J"], "expression": "sum(a[i,j]*x[i] for i in I) >= need[j]"}]}

A set is a list of labels and integers, a whole number n or an expression for one in parameters without indices (1..n),
or {"from": a, "to": b}. A parameter is a number; a list, with the indices 1, 2, …; an object, whose keys are indices;
lists and objects in one another; or {"indices": [sets], "values": …}, where lists follow the order of the sets, lengths
must agree, and "default" stands for what an object leaves out. A variable states both bounds, null for none (a binary
one may leave them out); an index is a set, or a clause such as "t in 1..T if t != 3", whose symbol its bounds may use.
A label that looks like an integer is that integer. `name`, every `description`, `written_by` (a language model) and an
empty list or object may be left out. Numbers are exact; unknown and repeated keys are errors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from tools.algebra.arithmetic import Exact, exact, number_of, number_text
from tools.algebra.faults import FaultError
from tools.algebra.limits import LONGEST_EXPRESSION, MOST_DECLARATIONS, MOST_ENTRIES
from tools.algebra.syntax import is_identifier
from tools.errors import InputError
from tools.formulation.exact_json import (
    JsonNumber,
    MalformedError,
    as_parse_errors,
    load_exactly,
    object_of,
    shown,
    text_of,
    words_of,
)
from tools.formulation.model import Sense
from tools.formulation.numbers import decimal_value

SCHEMA = "quasikarp/algebra/1"

KindName = Literal["continuous", "integer", "binary"]

Index = int | str
"""An element of a set."""

Values = Exact | tuple["Values", ...] | Mapping[Index, "Values"]
"""One number, a list of values, or values by index."""

LONGEST_LABEL = 100
_DEEPEST_VALUES = 8
_LONGEST_INTEGER_BITS = 1_000
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_LABEL_TROUBLE = frozenset(",[](){}'\"\\")


@dataclass(frozen=True)
class SetDocument:
    """A set: its labels in order, or the integers from `first` to `last`, which are expressions."""

    labels: tuple[Index, ...] | None = None
    first: str = "1"
    last: str = "0"


@dataclass(frozen=True)
class ParameterDocument:
    """Numbers; `indices` names the sets that index them, and is None where the values themselves say their indices."""

    values: Values
    indices: tuple[str, ...] | None = None
    default: Exact | None = None
    description: str = ""


@dataclass(frozen=True)
class VariableDocument:
    """A family of variables; a bound is an expression, or None where there is none."""

    name: str
    indices: tuple[str, ...]
    kind: KindName
    lower: str | None
    upper: str | None
    description: str = ""


@dataclass(frozen=True)
class ConstraintDocument:
    """A family of constraints, one for each value of its clauses."""

    name: str
    clauses: tuple[str, ...]
    expression: str
    description: str = ""


@dataclass(frozen=True)
class AlgebraDocument:
    """A model in algebra, well formed but not yet understood: its expressions are text."""

    name: str
    sense: Sense
    objective: str
    sets: Mapping[str, SetDocument] = field(default_factory=dict)
    parameters: Mapping[str, ParameterDocument] = field(default_factory=dict)
    variables: tuple[VariableDocument, ...] = ()
    constraints: tuple[ConstraintDocument, ...] = ()
    description: str = ""
    written_by: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the document as JSON data, which `document_of` reads back to an equal one."""
        data: dict[str, Any] = {"schema": SCHEMA, "name": self.name}
        if self.written_by:
            data["written_by"] = self.written_by
        if self.description:
            data["description"] = self.description
        return data | {
            "sense": self.sense,
            "sets": {name: _set_to_json(found) for name, found in self.sets.items()},
            "parameters": {name: _parameter_to_json(found) for name, found in self.parameters.items()},
            "variables": [_variable_to_json(found) for found in self.variables],
            "objective": self.objective,
            "constraints": [_constraint_to_json(found) for found in self.constraints],
        }


def parse_document(text: str, *, source: str = "<text>", name: str = "") -> AlgebraDocument:
    """Return the algebra in the JSON document `text`; `name` is used where it gives none. Raises `ParseError`."""
    with as_parse_errors(source):
        return document_of(load_exactly(text, source), name)


def format_document(document: AlgebraDocument) -> str:
    """Return the JSON document of `document`, a line for each of its parts; reading it gives an equal one."""
    lines = []
    for key, value in document.to_json().items():
        if isinstance(value, dict) and value:
            inner = ",\n  ".join(f"{json.dumps(k, ensure_ascii=False)}: {_json(v)}" for k, v in value.items())
            lines.append(f'"{key}": {{\n  {inner}}}')
        elif isinstance(value, list) and value:
            lines.append(f'"{key}": [\n  ' + ",\n  ".join(map(_json, value)) + "]")
        else:
            lines.append(f'"{key}": {_json(value)}')
    return "{" + ",\n ".join(lines) + "}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def document_of(data: Any, name: str = "") -> AlgebraDocument:
    """Return the algebra in JSON data; its numbers are `JsonNumber`, `int`, or floats for their shortest decimals.

    Raises `InputError` saying which part is wrong and how.
    """
    try:
        return _document(data, name)
    except (MalformedError, FaultError) as error:
        raise InputError(str(error)) from error


def _document(data: Any, default_name: str) -> AlgebraDocument:
    top = object_of(
        data, "the document", {"schema", "sense", "variables", "objective"},
        {"name", "written_by", "description", "sets", "parameters", "constraints"},
    )  # fmt: skip
    if top["schema"] != SCHEMA:
        raise MalformedError(f'expected "schema": "{SCHEMA}", found {shown(top["schema"])}')
    budget = _Budget()
    sets = {
        _identifier(name, "a set"): _set(found, f"set {name!r}", budget)
        for name, found in _bounded(top.get("sets", {}), dict, "sets").items()
    }
    parameters = {
        _identifier(name, "a parameter"): _parameter(found, f"parameter {name!r}", budget)
        for name, found in _bounded(top.get("parameters", {}), dict, "parameters").items()
    }
    return AlgebraDocument(
        name=text_of(top.get("name", default_name), "name"),
        sense=_sense(top["sense"]),
        objective=_expression(top["objective"], "the objective"),
        sets=sets,
        parameters=parameters,
        variables=tuple(
            _variable(found, f"variables[{k}]") for k, found in enumerate(_bounded(top["variables"], list, "variables"))
        ),
        constraints=tuple(
            _constraint(found, f"constraints[{k}]")
            for k, found in enumerate(_bounded(top.get("constraints", []), list, "constraints"))
        ),
        description=_description(top, "the document"),
        written_by=text_of(top.get("written_by", ""), "written_by"),
    )


class _Budget:
    """Counts labels and values of one document."""

    def __init__(self) -> None:
        self.left = MOST_ENTRIES

    def spend(self, entries: int) -> None:
        self.left -= entries
        if self.left < 0:
            raise MalformedError(f"more than {MOST_ENTRIES} labels and values")


def _set(item: Any, where: str, budget: _Budget) -> SetDocument:
    if type(item) is list:
        budget.spend(len(item))
        labels = tuple(index_of(_label(entry, where), where) for entry in item)
        if len(set(labels)) != len(labels):
            raise MalformedError(f"{where}: a label stands in it twice")
        return SetDocument(labels)
    if type(item) is dict:
        ends = object_of(item, where, {"from", "to"}, set())
        return SetDocument(None, _expression(ends["from"], where), _expression(ends["to"], where))
    return SetDocument(None, "1", _expression(item, where))


def _label(item: Any, where: str) -> str:
    if type(item) is str or (type(item) is JsonNumber and _INTEGER.fullmatch(item)):
        return str(item)
    if type(item) is int:
        return str(item)
    raise MalformedError(f"{where}: expected labels and integers, found {shown(item)}")


def index_of(text: str, where: str) -> Index:
    """Return the element that a label means: an integer where it looks like one; raises `MalformedError`."""
    if _INTEGER.fullmatch(text):
        return int(text)
    if not text or text != text.strip() or len(text) > LONGEST_LABEL:
        raise MalformedError(f"{where}: a label has 1 to {LONGEST_LABEL} characters and no space at its ends")
    if not text.isprintable() or not _LABEL_TROUBLE.isdisjoint(text):
        raise MalformedError(f"{where}: the label {text[:60]!r} holds brackets, commas, quotes or invisible characters")
    return text


def _parameter(item: Any, where: str, budget: _Budget) -> ParameterDocument:
    if type(item) is dict and "values" in item and ("indices" in item or "description" in item):
        declared = object_of(item, where, {"values"}, {"indices", "default", "description"})
        indices = None
        if "indices" in declared:
            indices = tuple(
                text_of(name, f"the indices of {where}") for name in _bounded(declared["indices"], list, where)
            )
        if "default" in declared and indices is None:
            raise MalformedError(f"{where}: a default needs the indices")
        return ParameterDocument(
            _values(declared["values"], where, budget, 0),
            indices,
            _number(declared["default"], where) if "default" in declared else None,
            _description(declared, where),
        )
    return ParameterDocument(_values(item, where, budget, 0))


def values_of(item: Any, where: str) -> Values:
    """Return the numbers of JSON data: one, a list, or an object by index; raises `InputError` on anything else."""
    try:
        return _values(item, where, _Budget(), 0)
    except MalformedError as error:
        raise InputError(str(error)) from error


def _values(item: Any, where: str, budget: _Budget, depth: int) -> Values:
    if depth > _DEEPEST_VALUES:
        raise MalformedError(f"{where}: more than {_DEEPEST_VALUES} indices")
    if type(item) is list:
        budget.spend(len(item))
        return tuple(_values(entry, where, budget, depth + 1) for entry in item)
    if type(item) is dict:
        budget.spend(len(item))
        found = {index_of(key, where): _values(entry, where, budget, depth + 1) for key, entry in item.items()}
        if len(found) != len(item):
            raise MalformedError(f"{where}: an index stands in it twice")
        return found
    return _number(item, where)


def _number(item: Any, where: str) -> Exact:
    try:
        if isinstance(item, str):
            return int(item) if _INTEGER.fullmatch(item) else number_of(item)
        if type(item) is int:
            return item if item.bit_length() < _LONGEST_INTEGER_BITS else number_of("1" * 1001)
        if type(item) is float:
            return exact(decimal_value(item))
        if type(item) is Fraction:
            return exact(item)
    except (FaultError, InputError) as fault:
        raise MalformedError(f"{where}: {fault}") from None
    raise MalformedError(f'{where}: expected a number or a string such as "1/3", found {shown(item)}')


def _variable(item: Any, where: str) -> VariableDocument:
    entry = object_of(item, where, {"name", "kind"}, {"indices", "lower", "upper", "description"})
    name = _identifier(entry["name"], where)
    where = f"variable {name!r}"
    kind = entry["kind"]
    if kind not in ("continuous", "integer", "binary"):
        raise MalformedError(f"the kind of {where}: expected continuous, integer or binary, found {shown(kind)}")
    bounds: dict[str, str | None] = {}
    for side, usual in (("lower", "0"), ("upper", "1")):
        if side not in entry and kind != "binary":
            raise MalformedError(f"{where}: the key {side!r} is missing; null means that there is no such bound")
        bound = entry.get(side)
        bounds[side] = None if bound is None else _expression(bound, f"the {side} bound of {where}")
        if bound is None and kind == "binary":
            bounds[side] = usual
    return VariableDocument(
        name=name,
        indices=_texts(entry.get("indices", []), f"the indices of {where}"),
        kind=kind,
        lower=bounds["lower"],
        upper=bounds["upper"],
        description=_description(entry, where),
    )


def _constraint(item: Any, where: str) -> ConstraintDocument:
    entry = object_of(item, where, {"name", "expression"}, {"for", "description"})
    name = _identifier(entry["name"], where)
    where = f"constraint {name!r}"
    return ConstraintDocument(
        name=name,
        clauses=_texts(entry.get("for", []), f"the indices of {where}"),
        expression=_expression(entry["expression"], where),
        description=_description(entry, where),
    )


def _bounded(item: Any, kind: type[list[Any]] | type[dict[str, Any]], where: str) -> Any:
    if not isinstance(item, kind):
        raise MalformedError(f"{where}: expected {'a list' if kind is list else 'an object'}, found {shown(item)}")
    if len(item) > MOST_DECLARATIONS:
        raise MalformedError(f"{where}: {len(item)} entries; at most {MOST_DECLARATIONS} are read")
    return item


def _texts(item: Any, where: str) -> tuple[str, ...]:
    return tuple(_expression(text, where) for text in _bounded(item, list, where))


def _expression(item: Any, where: str) -> str:
    """Return the text of an expression in one line; a number is one too."""
    if isinstance(item, int | float) and type(item) is not bool:
        return number_text(_number(item, where))
    if not isinstance(item, str):
        raise MalformedError(f"{where}: expected an expression, found {shown(item)}")
    text = words_of(str(item), where)
    if not text.strip():
        raise MalformedError(f"{where}: the expression is empty")
    if len(text) > LONGEST_EXPRESSION:
        raise MalformedError(f"{where}: {len(text)} characters; at most {LONGEST_EXPRESSION} are read")
    return " ".join(text.split())


def _identifier(item: Any, where: str) -> str:
    name = text_of(item, f"the name of {where}")
    if not is_identifier(name) or len(name) > LONGEST_LABEL:
        raise MalformedError(
            f"the name {name[:60]!r} of {where} cannot be used; a name has letters, digits and underscores, and is no "
            "word of the language such as sum, for or in"
        )
    return name


def _sense(item: Any) -> Sense:
    if item == "minimize":
        return "minimize"
    if item == "maximize":
        return "maximize"
    raise MalformedError(f"sense: expected minimize or maximize, found {shown(item)}")


def _description(entry: Mapping[str, Any], where: str) -> str:
    return words_of(entry.get("description", ""), f"the description of {where}")


def _set_to_json(found: SetDocument) -> Any:
    if found.labels is not None:
        return list(found.labels)
    last: Any = int(found.last) if _INTEGER.fullmatch(found.last) else found.last
    if found.first == "1":
        return last
    return {"from": int(found.first) if _INTEGER.fullmatch(found.first) else found.first, "to": last}


def _parameter_to_json(found: ParameterDocument) -> Any:
    values = _values_to_json(found.values)
    ambiguous = isinstance(found.values, Mapping) and "values" in found.values
    if found.indices is None and not found.description and not ambiguous:
        return values
    data: dict[str, Any] = {}
    if found.indices is not None:
        data["indices"] = list(found.indices)
    data["values"] = values
    if found.default is not None:
        data["default"] = _number_to_json(found.default)
    if found.description or found.indices is None:
        data["description"] = found.description
    return data


def _values_to_json(values: Values) -> Any:
    if isinstance(values, Mapping):
        return {str(key): _values_to_json(value) for key, value in values.items()}
    if isinstance(values, tuple):
        return [_values_to_json(value) for value in values]
    return _number_to_json(values)


def _number_to_json(value: Exact) -> int | str:
    return value if isinstance(value, int) else number_text(value)


def _variable_to_json(found: VariableDocument) -> dict[str, Any]:
    return {
        "name": found.name, "indices": list(found.indices), "kind": found.kind, "lower": found.lower,
        "upper": found.upper, **({"description": found.description} if found.description else {}),
    }  # fmt: skip


def _constraint_to_json(found: ConstraintDocument) -> dict[str, Any]:
    return {
        "name": found.name, "for": list(found.clauses), "expression": found.expression,
        **({"description": found.description} if found.description else {}),
    }  # fmt: skip


def numbers_in(values: Values) -> Iterator[Exact]:
    """Yield every number of `values`."""
    if isinstance(values, Mapping):
        for value in values.values():
            yield from numbers_in(value)
    elif isinstance(values, tuple):
        for value in values:
            yield from numbers_in(value)
    else:
        yield values


def shape_of(values: Values) -> Sequence[int]:
    """Return how many entries there are along each index, as the first entries have it."""
    shape = []
    while isinstance(values, tuple | Mapping):
        shape.append(len(values))
        if not values:
            break
        values = next(iter(values.values())) if isinstance(values, Mapping) else values[0]
    return shape
