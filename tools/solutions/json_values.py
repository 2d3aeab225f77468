"""Solutions in JSON: an object of values, one with such an object inside, Gurobi's, or a counterexample of a report."""

from __future__ import annotations

from typing import Any

from tools.errors import ParseError
from tools.formulation.exact_json import JsonNumber, MalformedError, as_parse_errors, load_exactly, shown
from tools.solutions.solution import Solution, SolutionFormat, Values

_WRAPPERS = ("variables", "values", "solution")
_REPORT = "quasikarp/report/"


def parse_json_solution(text: str, source: str) -> Solution:
    """Return the solution in a JSON document; raises `ParseError`.

    `{"x": 1}`, `{"variables": {…}}` (or `values`, `solution`; beside it anything), a list of `{"name", "value"}` in
    the same places, Gurobi's `{"Vars": [{"VarName", "X"}]}`, and a report or its counterexample, whose point is taken.
    Numbers may be strings, and fractions then.
    """
    with as_parse_errors(source):
        data = load_exactly(text, source)
        if type(data) is not dict:
            raise MalformedError(f"expected an object of values, found {shown(data)}")
        if str(data.get("schema", "")).startswith(_REPORT):
            return _counterexample(data.get("counterexample"), source)
        if "point_of" in data and type(data.get("point")) is dict:
            return _counterexample(data, source)
        if type(data.get("Vars")) is list:
            return Solution(_listed(data["Vars"], "VarName", "X", source), "Gurobi JSON", omits_zeros=True)
        for key in _WRAPPERS:
            if type(data.get(key)) is dict:
                return Solution(_named(data[key], source), "JSON")
            if type(data.get(key)) is list:
                return Solution(_listed(data[key], "name", "value", source), "JSON")
        return Solution(_named(data, source), "JSON")


def _counterexample(data: Any, source: str) -> Solution:
    if type(data) is not dict or type(data.get("point")) is not dict:
        raise MalformedError("this report has no counterexample, and so no point; name a file with a solution")
    side = data.get("point_of")
    if side not in ("candidate", "reference"):
        raise MalformedError("the counterexample does not say whose point it is")
    return Solution(_named(data["point"], source), "counterexample", omits_zeros=True, point_of=side)


def _named(entries: dict[str, Any], source: str) -> dict[str, Any]:
    values = Values(source)
    for name, value in entries.items():
        values.add(name, _number(name, value, source))
    return values.found


def _listed(entries: list[Any], name: str, value: str, source: str) -> dict[str, Any]:
    values = Values(source)
    for place, entry in enumerate(entries):
        if type(entry) is not dict or type(entry.get(name)) is not str or value not in entry:
            raise ParseError(f'entry {place} is not {{"{name}": …, "{value}": …}}', source=source)
        values.add(entry[name], _number(entry[name], entry[value], source))
    return values.found


def _number(name: str, value: Any, source: str) -> str:
    if isinstance(value, (JsonNumber, str)):
        return value
    raise ParseError(f"the value of {name[:60]!r} must be a number, found {shown(value)}", source=source)


FORMAT = SolutionFormat("JSON", lambda text: text.lstrip()[:1] in ("{", "["), parse_json_solution)
