"""The tables and headings of a Markdown file of results, and what can be drawn of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MOST_BARS = 30
"""Rows up to which a table is drawn as bars."""

MOST_SERIES = 6
LONGEST_LABEL = 60

Series = tuple[tuple[str, tuple[float | None, ...]], ...]
"""Names with a value for each row, None where there is none."""

_HEADING = re.compile(r"(#{1,6}) +(.+)")
_RULER = re.compile(r"\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?")
_CELL_END = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_SHARE = re.compile(r"(?:.*\()?(\d+(?:\.\d+)?)%\)?(?:,.*)?")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_OUTCOMES = re.compile(
    r"verified$|equivalent(?:, all proved| otherwise)?$|not[_ ]equivalent$|proved,|refuted,"
    r"|unknown$|none$|failed$|other$"
)
_WHOLES = ("pairs", "checks", "twins", "mutants")
_CASES = ("pair", "file")
_SIZE, _TIME = "nonzeros", "check s"
_SECONDS = re.compile(r"\bs\b|\bseconds\b")


@dataclass(frozen=True)
class Table:
    """A table of a document: the heading above it, its column names and rows, as plain text."""

    heading: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """What stands under one heading: text in Markdown and tables, in their order."""

    heading: str
    level: int
    parts: tuple[str | Table, ...]


@dataclass(frozen=True)
class Bars:
    """Numbers to draw: a value for each label and series; `stacked` where they add up to a whole."""

    measure: str
    labels: tuple[str, ...]
    series: Series
    stacked: bool = False


def tables_of(markdown: str) -> list[Table]:
    """Return all tables of a document, in their order."""
    return [part for section in sections_of(markdown) for part in section.parts if isinstance(part, Table)]


def sections_of(markdown: str) -> list[Section]:
    """Return the document cut at its headings; what stands before the first one has the heading ""."""
    found: list[Section] = []
    heading, level, lines = "", 0, list[str]()
    fenced = False
    for line in markdown.splitlines():
        fenced ^= line.lstrip().startswith("```")
        match = None if fenced else _HEADING.fullmatch(line.strip())
        if match:
            found.append(Section(heading, level, tuple(_parts(heading, lines))))
            heading, level, lines = plain(match[2]), len(match[1]), []
        else:
            lines.append(line)
    found.append(Section(heading, level, tuple(_parts(heading, lines))))
    return [section for section in found if section.heading or section.parts]


def plain(text: str) -> str:
    """Return a cell or heading without the marks of Markdown."""
    return _LINK.sub(r"\1", text).replace("\\|", "|").replace("**", "").replace("`", "").strip()


def unlinked(markdown: str) -> str:
    """Return the text with the words of its links only: they lead to files beside the document."""
    return _LINK.sub(r"\1", markdown)


def number_of(cell: str) -> float | None:
    """Return the number that a cell begins with, None where it is empty or says anything but "12" or "12 (75%)"."""
    match = _NUMBER.match(cell)
    if match is None or cell[match.end() :].strip()[:1] not in ("", "("):
        return None
    return float(match[0].replace(",", ""))


def share_of(cell: str) -> float | None:
    """Return the percentage in a cell such as "83.2%", "12 (75%)" or "2 of 80 (2.5%)", None where there is none."""
    match = _SHARE.fullmatch(cell)
    return None if match is None else float(match[1])


def bars_of(table: Table) -> list[Bars]:
    """Return what can be drawn of the table: outcomes that make up the whole, or shares, and seconds.

    Long tables and those of single cases give nothing.
    """
    if not 2 <= len(table.rows) <= MOST_BARS or table.header[0] in _CASES or _SIZE in table.header:
        return []
    labels = _labels(table)
    if labels is None:
        return []
    columns = [(name, [row[k] for row in table.rows]) for k, name in enumerate(table.header)]
    found = []
    outcomes = _outcomes(columns)
    shares = [(name, tuple(map(share_of, cells))) for name, cells in columns if _mostly(map(share_of, cells))]
    seconds = [(name, tuple(map(number_of, cells))) for name, cells in columns if _SECONDS.search(name)]
    seconds = [(name, values) for name, values in seconds if _mostly(values) and "sum" not in name]
    if outcomes:
        found.append(Bars("share of the row, %", labels, _of_whole(outcomes), stacked=True))
    elif shares:
        found.append(Bars("share, %", labels, tuple(shares[:MOST_SERIES])))
    if seconds:
        found.append(Bars("seconds", labels, tuple(seconds[:MOST_SERIES])))
    return found


def growth_of(table: Table) -> list[tuple[str, float, float]]:
    """Return name, nonzeros and seconds of each check in a table of time against size; nothing of other tables."""
    if _SIZE not in table.header or _TIME not in table.header:
        return []
    size, time = table.header.index(_SIZE), table.header.index(_TIME)
    found = ((" · ".join(row[:size]), number_of(row[size]), number_of(row[time])) for row in table.rows)
    return [(name, nonzeros, seconds) for name, nonzeros, seconds in found if nonzeros and seconds]


def whole_rows(table: Table) -> Bars | None:
    """Return the outcomes in the rows over all of the table's rows, None where there are none."""
    rows = tuple(row for row in table.rows if "all" in row)
    columns = [(name, [row[k] for row in rows]) for k, name in enumerate(table.header)]
    outcomes = _outcomes(columns) if rows else ()
    if not outcomes:
        return None
    labels = tuple(" · ".join(cell for cell in row[:2] if number_of(cell) is None and cell != "all") for row in rows)
    return Bars("share, %", labels, _of_whole(outcomes), stacked=True)


def _labels(table: Table) -> tuple[str, ...] | None:
    """Return a name for each row, of as many columns as it takes; None where that would be too long a name."""
    width = 1
    while width < len(table.header) and not _counts(table, width):
        width += 1
    for used in (*range(width, 0, -1), width + 1, width + 2):
        labels = tuple(" · ".join(_named(table.header, row, width)[:used]) for row in table.rows)
        if len(set(labels)) == len(labels) and max(map(len, labels)) <= LONGEST_LABEL:
            return labels
    return None


def _named(header: Sequence[str], row: Sequence[str], width: int) -> list[str]:
    """Return the cells of a row; those from `width` on are numbers, and carry the name of their column."""
    return [cell if k < width else f"{name} {cell}" for k, (name, cell) in enumerate(zip(header, row, strict=True))]


def _counts(table: Table, column: int) -> bool:
    return _mostly(number_of(row[column]) if share_of(row[column]) is None else 0.0 for row in table.rows)


def _outcomes(columns: Sequence[tuple[str, Sequence[str]]]) -> Series:
    """Return the columns that count outcomes; none unless they are known to make up the whole of each row."""
    found = [(name, tuple(map(number_of, cells))) for name, cells in columns if _OUTCOMES.match(name)]
    if len(found) < 2 or any(value is None for _, values in found for value in values):
        return ()
    sums = tuple(sum(value or 0.0 for value in row) for row in zip(*(values for _, values in found), strict=True))
    totals = [tuple(map(number_of, cells)) for name, cells in columns if name in _WHOLES]
    by_claim = all(name.startswith(("proved,", "refuted,", "unknown")) for name, _ in found)
    return tuple(found) if by_claim or sums in totals else ()


def _mostly(values: Iterable[float | None]) -> bool:
    given = [value is not None for value in values]
    return sum(given) > len(given) / 2


def _of_whole(series: Series) -> Series:
    wholes = [sum(value or 0.0 for value in values) for values in zip(*(values for _, values in series), strict=True)]
    return tuple(
        (
            name,
            tuple(100 * (value or 0.0) / whole if whole else None for value, whole in zip(values, wholes, strict=True)),
        )
        for name, values in series
        if any(values)
    )


def _parts(heading: str, lines: Sequence[str]) -> Iterator[str | Table]:
    text: list[str] = []
    at = 0
    while at < len(lines):
        if "|" in lines[at] and at + 1 < len(lines) and _RULER.fullmatch(lines[at + 1].strip()):
            end = at + 2
            while end < len(lines) and "|" in lines[end]:
                end += 1
            if "\n".join(text).strip():
                yield "\n".join(text).strip()
            text = []
            header = _cells(lines[at])
            rows = [_cells(line) for line in lines[at + 2 : end]]
            width = len(header)
            yield Table(heading, header, tuple((*row, *[""] * width)[:width] for row in rows))
            at = end
        else:
            text.append(lines[at])
            at += 1
    if "\n".join(text).strip():
        yield "\n".join(text).strip()


def _cells(line: str) -> tuple[str, ...]:
    return tuple(map(plain, _CELL_END.split(line.strip().removeprefix("|").removesuffix("|"))))
