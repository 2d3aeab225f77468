"""The JSON format of formulations, `quasikarp/formulation/1`: exact, complete, the same after a round trip.

    {"schema": "quasikarp/formulation/1", "name": "diet", "sense": "minimize",
     "objective": {"constant": "0", "terms": {"x": "1/3", "y": 2}},
     "variables": [{"name": "x", "lower": "0", "upper": null, "kind": "continuous"},
                   {"name": "y", "lower": 0, "upper": 10, "kind": "integer"}],
     "rows": [{"name": "demand", "lower": "1", "upper": null, "terms": {"x": "1", "y": "2.5"}}]}

A number is a string ("3", "-2.5e3", "1/3") or a JSON number, and means its exact decimal or fraction; numbers are
written as strings. A bound of null is infinite; every variable and row states both bounds. `kind` is "continuous",
"integer" or "binary" (with bounds in [0, 1]); a variable that a modelling layer added carries `"auxiliary": true`.
`name` and `objective.constant` may be absent ("" and 0). Unknown and repeated keys are errors.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np

from tools.errors import InputError, ParseError
from tools.formulation.literals import Number, NumberList, exact_number, read_number
from tools.formulation.model import Formulation, Kind, Sense
from tools.formulation.numbers import ExactVector, parse_rational
from tools.formulation.triplets import dense_vector

SCHEMA = "quasikarp/formulation/1"

_KINDS = {"continuous": Kind.CONTINUOUS, "integer": Kind.INTEGER, "binary": Kind.BINARY}
_KIND_NAMES = {kind: name for name, kind in _KINDS.items()}
_LONGEST_FRACTION_BITS = 3200
_CONTROL = frozenset(chr(code) for code in range(32)) | {"\x7f"}


class _MalformedError(Exception):
    """What is wrong with the document; becomes a `ParseError`."""


class _JsonNumber(str):
    """The text of a JSON number, told apart from a string."""

    __slots__ = ()


def parse_json(text: str, *, source: str = "<text>", name: str = "") -> Formulation:
    """Return the model in the JSON document `text`; `name` is used where it gives none. Raises `ParseError`."""
    try:
        document = json.loads(
            text, parse_float=_JsonNumber, parse_int=_JsonNumber, parse_constant=_no_constant,
            object_pairs_hook=_object_without_repetition,
        )  # fmt: skip
        return _formulation(document, name)
    except json.JSONDecodeError as error:
        raise ParseError(f"not JSON: {error.msg} (column {error.colno})", source=source, line=error.lineno) from error
    except RecursionError as error:
        raise ParseError("the JSON document is nested too deeply", source=source) from error
    except ParseError:
        raise
    except (_MalformedError, InputError) as error:
        raise ParseError(str(error), source=source) from error


def format_json(formulation: Formulation) -> str:
    """Return the JSON document of `formulation`; reading it gives the identical model."""
    return "".join(json_lines(formulation))


def json_lines(formulation: Formulation) -> Iterable[str]:
    """Yield the JSON document of `formulation` piece by piece.

    Raises `InputError` on what cannot be read back: names with control characters, fractions of over 1000 characters.
    """
    for name in (formulation.name, *formulation.variables, *formulation.rows):
        try:
            _text_of(name, "a name")
        except _MalformedError as error:
            raise InputError(f"JSON cannot hold {error}; rename it") from error
    names = [json.dumps(name, ensure_ascii=False) for name in formulation.variables]
    terms = ", ".join(
        f"{names[j]}: {_text(formulation.objective, j)}" for j in np.flatnonzero(formulation.objective.floats).tolist()
    )
    yield f'{{"schema": "{SCHEMA}", "name": {json.dumps(formulation.name, ensure_ascii=False)}, '
    yield f'"sense": "{formulation.sense}",\n "objective": {{"constant": "{formulation.objective_constant}", '
    yield f'"terms": {{{terms}}}}},\n "variables": ['
    for j, kind in enumerate(formulation.kinds.tolist()):
        yield ",\n  " if j else "\n  "
        yield f'{{"name": {names[j]}, "lower": {_text(formulation.lower, j)}, "upper": {_text(formulation.upper, j)}, '
        yield f'"kind": "{_KIND_NAMES[Kind(kind)]}"' + (', "auxiliary": true}' if j in formulation.auxiliary else "}")
    yield '],\n "rows": ['
    starts, columns = formulation.indptr.tolist(), formulation.columns.tolist()
    for i, name in enumerate(formulation.rows):
        yield ",\n  " if i else "\n  "
        terms = ", ".join(
            f"{names[columns[k]]}: {_text(formulation.coefficients, k)}" for k in range(starts[i], starts[i + 1])
        )
        yield f'{{"name": {json.dumps(name, ensure_ascii=False)}, "lower": {_text(formulation.row_lower, i)}, '
        yield f'"upper": {_text(formulation.row_upper, i)}, "terms": {{{terms}}}}}'
    yield "]}\n"


def _text(vector: ExactVector, index: int) -> str:
    value = float(vector.floats[index])
    if math.isinf(value):
        return "null"
    exact = vector.overrides.get(index)
    if exact is not None:
        if exact.numerator.bit_length() + exact.denominator.bit_length() > _LONGEST_FRACTION_BITS:
            raise InputError(f"a number near {value!r} has a fraction of more than 1000 digits; simplify the model")
        return f'"{exact}"'
    return f'"{int(value)}"' if value == int(value) and abs(value) < 1e15 else f'"{value!r}"'


def _no_constant(word: str) -> NoReturn:
    raise _MalformedError(f"{word} is not a number of this format; an infinite bound is null")


def _object_without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _MalformedError(f"the key {key[:60]!r} stands twice in one object")
            seen.add(key)
    return result


def _formulation(document: Any, default_name: str) -> Formulation:
    top = _object(document, "the document", {"schema", "sense", "objective", "variables", "rows"}, {"name"})
    if top["schema"] != SCHEMA:
        raise _MalformedError(f'expected "schema": "{SCHEMA}", found {_shown(top["schema"])}')
    sense = _one_of(top["sense"], ("minimize", "maximize"), "sense")
    objective = _object(top["objective"], "the objective", {"terms"}, {"constant"})
    entries = _list(top["variables"], "variables")

    variables: list[str] = []
    kinds: list[int] = []
    auxiliary: list[int] = []
    lower, upper = NumberList(), NumberList()
    for position, item in enumerate(entries):
        where = f"variables[{position}]"
        entry = _object(item, where, {"name", "lower", "upper", "kind"}, {"auxiliary"})
        variables.append(_name(entry["name"], where))
        lower.append(_limit(entry["lower"], -math.inf, f"the lower bound in {where}"))
        upper.append(_limit(entry["upper"], math.inf, f"the upper bound in {where}"))
        kinds.append(_KINDS[_one_of(entry["kind"], tuple(_KINDS), f"the kind in {where}")])
        if kinds[-1] == Kind.BINARY and not (0 <= lower.floats[-1] <= 1 and 0 <= upper.floats[-1] <= 1):
            raise _MalformedError(f"{where} is binary but its bounds are not within [0, 1]; make it an integer")
        if entry.get("auxiliary", False) is not False:
            if entry["auxiliary"] is not True:
                raise _MalformedError(
                    f"auxiliary in {where}: expected true or false, found {_shown(entry['auxiliary'])}"
                )
            auxiliary.append(position)
    index = {name: position for position, name in enumerate(variables)}

    cost_columns: list[int] = []
    costs = NumberList()
    _terms(objective["terms"], "the objective", index, cost_columns, costs)
    rows: list[str] = []
    starts = [0]
    columns: list[int] = []
    coefficients, row_lower, row_upper = NumberList(), NumberList(), NumberList()
    for position, item in enumerate(_list(top["rows"], "rows")):
        where = f"rows[{position}]"
        entry = _object(item, where, {"name", "lower", "upper", "terms"}, set())
        rows.append(_name(entry["name"], where))
        row_lower.append(_limit(entry["lower"], -math.inf, f"the lower bound in {where}"))
        row_upper.append(_limit(entry["upper"], math.inf, f"the upper bound in {where}"))
        _terms(entry["terms"], where, index, columns, coefficients)
        starts.append(len(columns))
    constant = objective.get("constant", "0")
    return Formulation.build(
        name=_text_of(top["name"], "name") if "name" in top else default_name,
        sense=_as_sense(sense), variables=variables, lower=lower.vector(), upper=upper.vector(), kinds=kinds,
        objective=dense_vector(np.array(cost_columns, dtype=np.int64), costs.vector(), len(variables)),
        objective_constant=_fraction(constant, "the objective constant"), rows=rows, row_lower=row_lower.vector(),
        row_upper=row_upper.vector(), indptr=starts, columns=columns, coefficients=coefficients.vector(),
        auxiliary=auxiliary,
    )  # fmt: skip


def _as_sense(text: str) -> Sense:
    return "maximize" if text == "maximize" else "minimize"


def _terms(item: Any, where: str, index: dict[str, int], columns: list[int], values: NumberList) -> None:
    if type(item) is not dict:
        raise _MalformedError(f"the terms of {where}: expected an object, found {_shown(item)}")
    for name, coefficient in item.items():
        column = index.get(name)
        if column is None:
            raise _MalformedError(f"the terms of {where} name {name[:60]!r}, which is not a variable")
        columns.append(column)
        values.append(_number(coefficient, f"the coefficient of {name[:60]!r} in {where}"))


def _object(item: Any, where: str, required: set[str], optional: set[str]) -> dict[str, Any]:
    if type(item) is not dict:
        raise _MalformedError(f"{where}: expected an object, found {_shown(item)}")
    missing = required - item.keys()
    if missing:
        raise _MalformedError(f"{where}: the key {min(missing)!r} is missing")
    unknown = item.keys() - required - optional
    if unknown:
        known = ", ".join(sorted(required | optional))
        raise _MalformedError(f"{where}: unknown key {min(unknown)[:60]!r}; known are {known}")
    return item


def _list(item: Any, where: str) -> list[Any]:
    if type(item) is not list:
        raise _MalformedError(f"{where}: expected a list, found {_shown(item)}")
    return item


def _text_of(item: Any, where: str) -> str:
    if type(item) is not str:
        raise _MalformedError(f"{where}: expected a string, found {_shown(item)}")
    if not _CONTROL.isdisjoint(item):
        raise _MalformedError(f"{where}: control characters in {item[:60]!r}")
    try:
        item.encode()
    except UnicodeEncodeError as error:
        raise _MalformedError(f"{where}: half a character (a lone surrogate) in {item[:60]!r}") from error
    return item


def _name(item: Any, where: str) -> str:
    return _text_of(item, f"the name in {where}")


def _one_of(item: Any, allowed: tuple[str, ...], where: str) -> str:
    if type(item) is not str or item not in allowed:
        raise _MalformedError(f"{where}: expected one of {', '.join(allowed)}, found {_shown(item)}")
    return item


def _fraction(item: Any, where: str) -> Fraction:
    if not isinstance(item, str):
        raise _MalformedError(f'{where}: expected a number or a string such as "1/3", found {_shown(item)}')
    try:
        return parse_rational(item)
    except InputError as error:
        raise _MalformedError(f"{where}: {error}") from error


def _number(item: Any, where: str) -> Number:
    if isinstance(item, str) and "/" not in item:
        try:
            return read_number(item)
        except InputError as error:
            raise _MalformedError(f"{where}: {error}") from error
    try:
        return exact_number(_fraction(item, where))
    except InputError as error:
        raise _MalformedError(f"{where}: {error}") from error


def _limit(item: Any, infinity: float, where: str) -> Number:
    return (infinity, None) if item is None else _number(item, where)


def _shown(item: Any) -> str:
    """Return a short picture of a JSON value for a message."""
    if type(item) is dict:
        return "an object"
    if type(item) is list:
        return "a list"
    if item is None:
        return "null"
    if type(item) is bool:
        return "true" if item else "false"
    return f"{item[:40]!r}" if isinstance(item, str) else "something else"
