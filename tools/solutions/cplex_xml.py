"""CPLEX's solution files, in XML; entities and document types are refused, so that none can expand."""

from __future__ import annotations

from typing import NoReturn
from xml.parsers import expat

from tools.solutions.solution import Solution, SolutionFormat, Values

_ROOT = "<CPLEXSolution"


def parse_cplex(text: str, source: str) -> Solution:
    """Return the solution in CPLEX's XML; raises `ParseError`, also where the file holds several solutions."""
    values, notes = Values(source), list[str]()
    inside, solutions = False, 0
    parser = expat.ParserCreate()

    def refused(*_: object) -> NoReturn:
        raise values.fault("a document type or an entity, which solutions of CPLEX do not have", line())

    def line() -> int:
        return int(parser.CurrentLineNumber)

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside, solutions
        if tag == "CPLEXSolution":
            solutions += 1
            if solutions > 1:
                raise values.fault("several solutions; keep the one that you mean", line())
        elif tag == "header" and attributes.get("primalFeasible") == "0":
            notes.append("CPLEX calls this point infeasible")
        elif tag == "variables":
            inside = True
        elif tag == "variable" and inside:
            values.add(attributes.get("name", ""), attributes.get("value", ""), line())

    def end(tag: str) -> None:
        nonlocal inside
        inside = inside and tag != "variables"

    parser.StartDoctypeDeclHandler = refused
    parser.EntityDeclHandler = refused
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        # The text is decoded already, whatever encoding the declaration names.
        parser.Parse(_without_declaration(text), True)
    except expat.ExpatError as error:
        raise values.fault(f"no well-formed XML: {expat.ErrorString(error.code)}", error.lineno) from error
    if not values.found:
        raise values.fault("no variable with a value")
    return Solution(values.found, "CPLEX", notes=tuple(notes))


def _without_declaration(text: str) -> str:
    stripped = text.lstrip()
    blank = "\n" * text[: len(text) - len(stripped)].count("\n")
    if stripped.startswith("<?xml") and (end := stripped[:1000].find("?>")) >= 0:
        blank += "\n" * stripped[:end].count("\n")
        stripped = stripped[end + 2 :]
    return blank + stripped


FORMAT = SolutionFormat("CPLEX", lambda text: text.lstrip()[:1] == "<" and _ROOT in text[:10_000], parse_cplex)
