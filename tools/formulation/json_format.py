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

Words about the model may be given: `"description"` at the top, in a variable or in a row; `"descriptions"` at the top
for families (`{"x": "crates sent"}` for all `x[i,j]`); `"written_by": "llm:some-model"` where a model wrote it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from tools.errors import InputError
from tools.formulation.exact_json import (
    MalformedError,
    as_parse_errors,
    load_exactly,
    object_of,
    shown,
    text_of,
    words_of,
)
from tools.formulation.literals import Number, NumberList, exact_number, read_number
from tools.formulation.model import Formulation, Kind, Sense
from tools.formulation.numbers import ExactVector, parse_rational
from tools.formulation.triplets import dense_vector

SCHEMA = "quasikarp/formulation/1"

_KINDS = {"continuous": Kind.CONTINUOUS, "integer": Kind.INTEGER, "binary": Kind.BINARY}
_KIND_NAMES = {kind: name for name, kind in _KINDS.items()}
_LONGEST_FRACTION_BITS = 3200
_WORDS = {"name", "description", "descriptions", "written_by"}


def parse_json(text: str, *, source: str = "<text>", name: str = "") -> Formulation:
    """Return the model in the JSON document `text`; `name` is used where it gives none. Raises `ParseError`."""
    with as_parse_errors(source):
        return _formulation(load_exactly(text, source), name)


def format_json(formulation: Formulation) -> str:
    """Return the JSON document of `formulation`; reading it gives the identical model."""
    return "".join(json_lines(formulation))


def json_lines(formulation: Formulation) -> Iterable[str]:
    """Yield the JSON document of `formulation` piece by piece.

    Raises `InputError` on what cannot be read back: names with control characters, fractions of over 1000 characters.
    """
    for name in (formulation.name, formulation.written_by, *formulation.variables, *formulation.rows):
        try:
            text_of(name, "a name")
        except MalformedError as error:
            raise InputError(f"JSON cannot hold {error}; rename it") from error
    words = {key: _quoted(text) for key, text in formulation.descriptions.items()}
    names = [json.dumps(name, ensure_ascii=False) for name in formulation.variables]
    terms = ", ".join(
        f"{names[j]}: {_text(formulation.objective, j)}" for j in np.flatnonzero(formulation.objective.floats).tolist()
    )
    yield f'{{"schema": "{SCHEMA}", "name": {json.dumps(formulation.name, ensure_ascii=False)}, '
    if formulation.written_by:
        yield f'"written_by": {json.dumps(formulation.written_by, ensure_ascii=False)}, '
    if "" in words:
        yield f'"description": {words[""]},\n '
    known = {"", *formulation.variables, *formulation.rows}
    families = ", ".join(f"{_quoted(key)}: {text}" for key, text in words.items() if key not in known)
    if families:
        yield f'"descriptions": {{{families}}},\n '
    yield f'"sense": "{formulation.sense}",\n "objective": {{"constant": "{formulation.objective_constant}", '
    yield f'"terms": {{{terms}}}}},\n "variables": ['
    for j, kind in enumerate(formulation.kinds.tolist()):
        yield ",\n  " if j else "\n  "
        yield f'{{"name": {names[j]}, "lower": {_text(formulation.lower, j)}, "upper": {_text(formulation.upper, j)}, '
        yield f'"kind": "{_KIND_NAMES[Kind(kind)]}"' + (', "auxiliary": true' if j in formulation.auxiliary else "")
        yield _described(words, formulation.variables[j])
    yield '],\n "rows": ['
    starts, columns = formulation.indptr.tolist(), formulation.columns.tolist()
    for i, name in enumerate(formulation.rows):
        yield ",\n  " if i else "\n  "
        terms = ", ".join(
            f"{names[columns[k]]}: {_text(formulation.coefficients, k)}" for k in range(starts[i], starts[i + 1])
        )
        yield f'{{"name": {json.dumps(name, ensure_ascii=False)}, "lower": {_text(formulation.row_lower, i)}, '
        yield f'"upper": {_text(formulation.row_upper, i)}, "terms": {{{terms}}}'
        yield _described(words, name)
    yield "]}\n"


def _described(words: dict[str, str], name: str) -> str:
    """Return the end of an entry, with the description of `name` where there is one."""
    return f', "description": {words[name]}}}' if name in words else "}"


def _quoted(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"JSON cannot hold half a character (a lone surrogate) in {text[:60]!r}") from error
    return json.dumps(text, ensure_ascii=False)


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


def _formulation(document: Any, default_name: str) -> Formulation:
    top = object_of(document, "the document", {"schema", "sense", "objective", "variables", "rows"}, _WORDS)
    if top["schema"] != SCHEMA:
        raise MalformedError(f'expected "schema": "{SCHEMA}", found {shown(top["schema"])}')
    sense = _one_of(top["sense"], ("minimize", "maximize"), "sense")
    objective = object_of(top["objective"], "the objective", {"terms"}, {"constant"})
    entries = _list(top["variables"], "variables")
    words = _families(top.get("descriptions", {}))
    _describe(words, "", top, "the document")

    variables: list[str] = []
    kinds: list[int] = []
    auxiliary: list[int] = []
    lower, upper = NumberList(), NumberList()
    for position, item in enumerate(entries):
        where = f"variables[{position}]"
        entry = object_of(item, where, {"name", "lower", "upper", "kind"}, {"auxiliary", "description"})
        variables.append(_name(entry["name"], where))
        _describe(words, variables[-1], entry, where)
        lower.append(_limit(entry["lower"], -math.inf, f"the lower bound in {where}"))
        upper.append(_limit(entry["upper"], math.inf, f"the upper bound in {where}"))
        kinds.append(_KINDS[_one_of(entry["kind"], tuple(_KINDS), f"the kind in {where}")])
        if kinds[-1] == Kind.BINARY and not (0 <= lower.floats[-1] <= 1 and 0 <= upper.floats[-1] <= 1):
            raise MalformedError(f"{where} is binary but its bounds are not within [0, 1]; make it an integer")
        if entry.get("auxiliary", False) is not False:
            if entry["auxiliary"] is not True:
                raise MalformedError(f"auxiliary in {where}: expected true or false, found {shown(entry['auxiliary'])}")
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
        entry = object_of(item, where, {"name", "lower", "upper", "terms"}, {"description"})
        rows.append(_name(entry["name"], where))
        _describe(words, rows[-1], entry, where)
        row_lower.append(_limit(entry["lower"], -math.inf, f"the lower bound in {where}"))
        row_upper.append(_limit(entry["upper"], math.inf, f"the upper bound in {where}"))
        _terms(entry["terms"], where, index, columns, coefficients)
        starts.append(len(columns))
    constant = objective.get("constant", "0")
    return Formulation.build(
        name=text_of(top["name"], "name") if "name" in top else default_name,
        sense=_as_sense(sense), variables=variables, lower=lower.vector(), upper=upper.vector(), kinds=kinds,
        objective=dense_vector(np.array(cost_columns, dtype=np.int64), costs.vector(), len(variables)),
        objective_constant=_fraction(constant, "the objective constant"), rows=rows, row_lower=row_lower.vector(),
        row_upper=row_upper.vector(), indptr=starts, columns=columns, coefficients=coefficients.vector(),
        auxiliary=auxiliary, descriptions=words,
        written_by=text_of(top["written_by"], "written_by") if "written_by" in top else "",
    )  # fmt: skip


def _families(item: Any) -> dict[str, str]:
    if type(item) is not dict:
        raise MalformedError(f"descriptions: expected an object, found {shown(item)}")
    return {key: words_of(text, f"the description of {key[:60]!r}") for key, text in item.items()}


def _describe(words: dict[str, str], name: str, entry: dict[str, Any], where: str) -> None:
    """Add the description in `entry`; what a variable and a row of one name are described as stands together."""
    text = words_of(entry.get("description", ""), f"the description in {where}")
    if text and words.get(name, text) != text:
        text = f"{words[name]}; {text}"
    if text:
        words[name] = text


def _as_sense(text: str) -> Sense:
    return "maximize" if text == "maximize" else "minimize"


def _terms(item: Any, where: str, index: dict[str, int], columns: list[int], values: NumberList) -> None:
    if type(item) is not dict:
        raise MalformedError(f"the terms of {where}: expected an object, found {shown(item)}")
    for name, coefficient in item.items():
        column = index.get(name)
        if column is None:
            raise MalformedError(f"the terms of {where} name {name[:60]!r}, which is not a variable")
        columns.append(column)
        values.append(_number(coefficient, f"the coefficient of {name[:60]!r} in {where}"))


def _list(item: Any, where: str) -> list[Any]:
    if type(item) is not list:
        raise MalformedError(f"{where}: expected a list, found {shown(item)}")
    return item


def _name(item: Any, where: str) -> str:
    return text_of(item, f"the name in {where}")


def _one_of(item: Any, allowed: tuple[str, ...], where: str) -> str:
    if type(item) is not str or item not in allowed:
        raise MalformedError(f"{where}: expected one of {', '.join(allowed)}, found {shown(item)}")
    return item


def _fraction(item: Any, where: str) -> Fraction:
    if not isinstance(item, str):
        raise MalformedError(f'{where}: expected a number or a string such as "1/3", found {shown(item)}')
    try:
        return parse_rational(item)
    except InputError as error:
        raise MalformedError(f"{where}: {error}") from error


def _number(item: Any, where: str) -> Number:
    if isinstance(item, str) and "/" not in item:
        try:
            return read_number(item)
        except InputError as error:
            raise MalformedError(f"{where}: {error}") from error
    try:
        return exact_number(_fraction(item, where))
    except InputError as error:
        raise MalformedError(f"{where}: {error}") from error


def _limit(item: Any, infinity: float, where: str) -> Number:
    return (infinity, None) if item is None else _number(item, where)
