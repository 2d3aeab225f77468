"""SCIP's solution files: nonzero values, each followed by its objective coefficient."""

from __future__ import annotations

from tools.solutions.solution import Solution, SolutionFormat, Values, first_line, numbered

_HEADS = ("objective value:", "solution status:", "no solution available")


def parse_scip(text: str, source: str) -> Solution:
    """Return the solution that SCIP wrote; raises `ParseError`, also where SCIP had none to write."""
    values = Values(source)
    for number, line in numbered(text):
        lowered = line.lower()
        if lowered.startswith("no solution"):
            raise values.fault("SCIP had found no solution when it wrote this", number)
        if lowered.startswith(_HEADS) or line.startswith("#"):
            continue
        name, _, value = line.partition("\t(obj:")[0].rstrip().replace("\t", " ").rpartition(" ")
        if not name:
            raise values.fault(f"expected a name and a value, found {line[:60]!r}", number)
        values.add(name.rstrip(), value, number)
    return Solution(values.found, "SCIP", omits_zeros=True)


def _recognises(text: str) -> bool:
    return first_line(text).lower().startswith(_HEADS)


FORMAT = SolutionFormat("SCIP", _recognises, parse_scip)
