"""A name and its value on each line: Gurobi's .sol files, CSV, and what people write by hand.

Between the two stand spaces, tabs, one of `,` `;` `=` `:`, or both; `#` starts a comment line. A header such as
`name,value` is skipped, and may name more columns. A name with a separator in it may be quoted as in CSV.
"""

from __future__ import annotations

import csv
import re

from tools.solutions.solution import Solution, SolutionFormat, Values, first_line, numbered

_SIGNS = ",;=:"
_NAME_COLUMNS = frozenset({"name", "variable", "var", "column", "variable name"})
_VALUE_COLUMNS = frozenset({"value", "x", "primal", "level", "solution", "activity", "val"})
_NUMBER_AFTER = re.compile(r"[\s=:][+-]?[0-9]+$")
"""What a decimal comma leaves of "x 1,5"."""

_GUROBI = ("# solution for model", "# objective value", "# mip start")


def parse_name_value(text: str, source: str) -> Solution:
    """Return the solution in lines of a name and a value; raises `ParseError`."""
    values = Values(source)
    columns: tuple[str, list[str]] | None = None
    lines = iter(numbered(text))
    for number, line in lines:
        if line.startswith("#"):
            continue
        if not values.found and columns is None and (columns := _header(line)) is not None:
            continue
        if columns is not None and (len(columns[1]) > 2 or columns[1][0] not in _NAME_COLUMNS):
            values.add(*_cells(values, line, number, *columns), number)
        else:
            values.add(*_pair(values, line, number), number)
    if not values.found:
        raise values.fault("no line with a name and a value, such as 'x[1] 3'")
    gurobi = first_line(text).lower().startswith(_GUROBI)
    return Solution(values.found, "Gurobi" if gurobi else "names and values")


def _header(line: str) -> tuple[str, list[str]] | None:
    """Return the separator and the columns of a header line, None where the line is none."""
    separator = next((sign for sign in ",;\t" if sign in line), "")
    columns = [cell.strip(' "').lower() for cell in (line.split(separator) if separator else line.split())]
    if len(columns) >= 2 and _NAME_COLUMNS & set(columns) and _VALUE_COLUMNS & set(columns):
        return separator, columns
    return None


def _cells(values: Values, line: str, number: int, separator: str, columns: list[str]) -> tuple[str, str]:
    try:
        cells = next(csv.reader([line], delimiter=separator), []) if separator else line.split()
    except csv.Error as error:
        raise values.fault(f"no line of a CSV file: {error}", number) from error
    if len(cells) != len(columns):
        raise values.fault(f"{len(cells)} columns where the header names {len(columns)}; quote names", number)
    named = dict(zip(reversed(columns), reversed(cells), strict=True))
    name = next(named[column] for column in columns if column in _NAME_COLUMNS)
    return name.strip(), next(named[column] for column in columns if column in _VALUE_COLUMNS).strip()


def _pair(values: Values, line: str, number: int) -> tuple[str, str]:
    if line.startswith('"'):
        name, closing, rest = _unquoted(line)
        if not closing:
            raise values.fault("a quote that is never closed", number)
        return name, rest.strip(" \t" + _SIGNS)
    cut = max(line.rfind(sign) for sign in " \t" + _SIGNS)
    name, value = line[: max(cut, 0)].rstrip(), line[cut + 1 :]
    # Between spaces stands the sign itself (x = 3); elsewhere it was cut away with the value.
    if line[cut : cut + 1] in (" ", "\t") and name[-1:] and name[-1] in _SIGNS:
        name = name[:-1].rstrip()
    if cut < 0 or not name:
        raise values.fault(f"expected a name and a value, found {line[:60]!r}", number)
    if ";" in name or (line[cut] in _SIGNS and _NUMBER_AFTER.search(name)):
        raise values.fault(f"{line[:60]!r} has several separators; write decimals with a point, quote names", number)
    return name, value


def _unquoted(line: str) -> tuple[str, bool, str]:
    """Return a quoted name, whether its closing quote was found, and what follows; `""` stands for one quote."""
    position = 1
    while (position := line.find('"', position)) >= 0:
        if line[position + 1 : position + 2] != '"':
            return line[1:position].replace('""', '"'), True, line[position + 1 :]
        position += 2
    return "", False, ""


FORMAT = SolutionFormat("names and values", lambda text: True, parse_name_value)
