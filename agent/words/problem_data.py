"""The data that comes with a problem in words: taken exactly, and shown to a language model only in brief."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from agent.language.one_line import one_line
from tools.algebra.arithmetic import number_text
from tools.algebra.document import Index, Values, index_of, numbers_in, shape_of, values_of
from tools.algebra.syntax import is_identifier
from tools.errors import InputError
from tools.formulation.exact_json import MalformedError, as_parse_errors, load_exactly

MOST_DATA = 300
"""Named pieces of data that one problem may have."""

_NUMBERS_SHOWN = 6
_LABELS_SHOWN = 12
_LONGEST_NAME = 60
_FENCES: Mapping[str, Literal["json", "csv"]] = {"```json": "json", "```csv": "csv"}
_LEAST_TABLE = 3
_RULE = re.compile(r":?-{2,}:?")


@dataclass(frozen=True)
class ProblemData:
    """Data by name: numbers of a parameter, or labels of a set; `left_out` says what of the input is neither.

    `columns` names, for what repeats the columns of a table in another form, those columns.
    """

    numbers: Mapping[str, Values] = field(default_factory=dict)
    labels: Mapping[str, tuple[Index, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """All names, numbers first."""
        return [*self.numbers, *self.labels]

    def together(self, other: ProblemData) -> ProblemData:
        """Return both; raises `InputError` where one name stands for two things."""
        for name in other.names:
            if name in self.numbers or name in self.labels:
                raise InputError(f"two pieces of data are called {name!r}; rename one of the two")
        return ProblemData(
            {**self.numbers, **other.numbers},
            {**self.labels, **other.labels},
            (*self.left_out, *other.left_out),
            {**self.columns, **other.columns},
        )

    def preview(self) -> str:
        """Return a line for each piece of data: its name, its shape and its first entries."""
        lines = [_numbers_line(name, values) for name, values in self.numbers.items()]
        return "\n".join(lines + [_labels_line(name, labels) for name, labels in self.labels.items()])


def data_of(items: Mapping[str, Any]) -> ProblemData:
    """Return the data in a JSON object: a name for each number, list or object of numbers, or list of labels.

    A list of objects is a table. What is none of this is left out and said so. Raises `InputError` where there is too
    much, or two names become one.
    """
    found = ProblemData()
    for key, item in islice(items.items(), MOST_DATA + 1):
        found = found.together(_piece(key, item))
    if len(found.names) > MOST_DATA:
        raise InputError(f"more than {MOST_DATA} pieces of data; put them into fewer, larger ones")
    return found


def data_in(text: str) -> tuple[str, ProblemData]:
    """Return the text with names in place of its blocks of data (fenced JSON or CSV, tables with | bars), and the data.

    Raises `InputError` where a block cannot be read or two pieces have one name.
    """
    found = ProblemData()
    pieces: list[str] = []
    for kind, number, lines in _blocks(text.split("\n")):
        block = ProblemData()
        if kind == "json":
            block = data_of(_object("\n".join(lines[1:-1]), number))
        elif kind:
            rows = _csv_rows(lines[1:-1]) if kind == "csv" else _bar_rows(lines)
            block = _table_data(rows, f"table{len(found.names) + 1}", prefixed=False)
        found = found.together(block)
        pieces += [f"(data: {', '.join(block.names)})"] if block.names else lines
    if len(found.names) > MOST_DATA:
        raise InputError(f"more than {MOST_DATA} pieces of data; put them into fewer, larger ones")
    return "\n".join(pieces), found


def _blocks(lines: list[str]) -> Iterator[tuple[Literal["", "json", "csv", "bars"], int, list[str]]]:
    """Yield the lines in pieces, each with the number of its first line.

    A piece is a fenced block with its fences, a table of three lines or more, or one other line.
    """
    closing = {k for k, line in enumerate(lines) if line.strip() == "```"}
    last = max(closing, default=-1)
    place = 0
    while place < len(lines):
        kind: Literal["", "json", "csv", "bars"] = _FENCES.get("".join(lines[place].split()).lower(), "")
        end = place + 1
        if kind and place < last:
            while end not in closing:
                end += 1
            end += 1
        else:
            end = place
            while end < len(lines) and _is_bar_row(lines[end]):
                end += 1
            kind = "bars" if end - place >= _LEAST_TABLE else ""
            end = end if kind else place + 1
        yield kind, place + 1, lines[place:end]
        place = end


def _is_bar_row(line: str) -> bool:
    bare = line.strip()
    return len(bare) > 1 and bare.startswith("|") and bare.endswith("|")


def _object(body: str, number: int) -> dict[str, Any]:
    source = f"the JSON block at line {number}"
    with as_parse_errors(source):
        found = load_exactly(body, source)
    return found if isinstance(found, dict) else {f"data{number}": found}


def _csv_rows(lines: list[str]) -> list[list[str]]:
    try:
        rows = list(csv.reader(lines, skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise InputError(f"a CSV block of the text cannot be read: {error}") from error
    return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]


def _bar_rows(lines: list[str]) -> list[list[str]]:
    rows = [[cell.strip().strip("*$") for cell in line.strip()[1:-1].split("|")] for line in lines]
    return [row for row in rows if not all(_RULE.fullmatch(cell) for cell in row)]


def _table_data(rows: Sequence[Sequence[str]], name: str, *, prefixed: bool) -> ProblemData:
    """Return the columns of a table with a header; one of labels and several of numbers are a matrix `name` besides."""
    if len(rows) < 2 or any(len(row) != len(rows[0]) for row in rows):
        return ProblemData()
    numbers: dict[str, Values] = {}
    labels: dict[str, tuple[Index, ...]] = {}
    headers = [
        identifier(f"{name}_{cell}" if prefixed else cell, f"{name}_column{k}") for k, cell in enumerate(rows[0], 1)
    ]
    for position, header in enumerate(headers):
        column = [row[position] for row in rows[1:]]
        if header in numbers or header in labels:
            return ProblemData()
        try:
            numbers[header] = values_of(column, header)
        except InputError:
            found = _labels(column)
            if found is not None:
                labels[header] = found
    if len(headers) > 2 and headers[0] in labels and len(numbers) == len(headers) - 1:
        columns = _labels(rows[0][1:])
        if columns is not None and name not in numbers:
            numbers[name] = tuple(values_of(list(row[1:]), name) for row in rows[1:])
            labels[f"{name}_columns"] = columns
            return ProblemData(numbers, labels, (), {name: tuple(headers[1:]), f"{name}_columns": ()})
    return ProblemData(numbers, labels)


def _piece(key: str, item: Any) -> ProblemData:
    name = identifier(key, "data")
    if isinstance(item, dict) and "value" in item and not isinstance(item["value"], dict):
        item = item["value"]
    if isinstance(item, list) and item and all(isinstance(entry, dict) for entry in item):
        headers = list(item[0])
        if all(list(entry) == headers for entry in item):
            cells = [[entry[header] for header in headers] for entry in item]
            if all(isinstance(cell, str) for row in cells for cell in row):
                table = _table_data([headers, *cells], name, prefixed=True)
                if table.names:
                    return table
    try:
        return ProblemData({name: values_of(item, name)})
    except InputError as error:
        found = _labels(item) if isinstance(item, list) else None
        if found is not None:
            return ProblemData({}, {name: found})
        return ProblemData(left_out=(f"the data {one_line(key, 60)!r} is not used: {one_line(str(error), 200)}",))


def _labels(items: Sequence[Any]) -> tuple[Index, ...] | None:
    """Return the items as different labels, None where they are not."""
    if not items or not all(isinstance(item, str) for item in items):
        return None
    try:
        found = tuple(index_of(re.sub(r"[,\[\](){}'\"\\]+", " ", item).strip(), "a label") for item in items)
    except MalformedError:
        return None
    return found if len(set(found)) == len(found) else None


def identifier(text: str, otherwise: str) -> str:
    """Return `text` as a name: other characters become underscores; `otherwise` where nothing is left."""
    name = re.sub(r"\W+", "_", text.strip()).strip("_")[:_LONGEST_NAME]
    if name and not is_identifier(name):
        name = f"_{name}"
    return name if is_identifier(name) else otherwise


def _numbers_line(name: str, values: Values) -> str:
    shape = shape_of(values)
    shown = [one_line(number_text(value), 24) for value in islice(_first_numbers(values), _NUMBERS_SHOWN + 1)]
    first = ", ".join(shown[:_NUMBERS_SHOWN]) + (", …" if len(shown) > _NUMBERS_SHOWN else "")
    if not shape:
        return f"- {name} = {first}"
    keys = ""
    if isinstance(values, Mapping):
        listed = ", ".join(str(key) for key in islice(values, _LABELS_SHOWN))
        keys = f", first index one of {listed}{', …' if len(values) > _LABELS_SHOWN else ''}"
    return f"- {name}: {' × '.join(map(str, shape))} numbers{keys}: {first}"


def _first_numbers(values: Values) -> Iterator[Any]:
    return iter(numbers_in(values))


def _labels_line(name: str, labels: tuple[Index, ...]) -> str:
    shown = ", ".join(str(label) for label in labels[:_LABELS_SHOWN])
    return f"- {name}: {len(labels)} labels: {shown}{', …' if len(labels) > _LABELS_SHOWN else ''}"
