"""The benchmarks page: the recorded results of `benchmarks/results` as charts and tables, and how to make them anew."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from ui.page.charts import draw_bars, draw_cloud, draw_growth
from ui.page.inert import inert, inert_sentence
from ui.page.result_tables import (
    Bars,
    Section,
    Table,
    bars_of,
    growth_of,
    sections_of,
    tables_of,
    unlinked,
    whole_rows,
)

ROWS_SHOWN = 30
"""Rows up to which a table is shown without being asked for."""

LINES_SHOWN = 12

_BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
_OVERVIEW = "Overview"
_SAME = {"equivalent, all proved": "verified"}
_COMMAND = re.compile(r"`(python -m benchmarks[ .](\w+))`")
_HEADLINE = re.compile(r"^\*\*(.+)\*\*$", re.MULTILINE)


@dataclass(frozen=True)
class Result:
    """One file of results: its title, text, the command that writes it and the name of the benchmark."""

    path: Path
    title: str
    text: str
    command: str
    benchmark: str

    @classmethod
    def read(cls, path: Path) -> Result:
        """Return the result that a Markdown file holds."""
        text = path.read_text(encoding="utf-8", errors="replace")
        sections = sections_of(text)
        title = next((section.heading for section in sections if section.level == 1), path.stem)
        command = _COMMAND.search(text)
        return cls(path, title, text, command[1] if command else "", command[2] if command else "")


def benchmarks_page(folder: Path = _BENCHMARKS) -> None:
    """What was measured is on the page; where there are no results, how to make them."""
    st.title("Benchmarks")
    paths = sorted((folder / "results").glob("*.md"))
    if not paths:
        st.info(
            "This installation comes without results: they are in the repository, where `python -m benchmarks` makes "
            "new ones in build/benchmarks.",
            icon=":material/monitoring:",
        )
        return
    try:
        results = [Result.read(path) for path in paths]
    except OSError as error:
        st.error(inert_sentence(f"the results in {folder} cannot be read: {error.strerror}"))
        return
    titles = {result.path.stem: result.title for result in results}
    chosen = st.selectbox(
        "Result",
        [_OVERVIEW, *titles],
        format_func=lambda stem: titles.get(stem, stem),
        key="benchmark",
    )
    if chosen == _OVERVIEW:
        _draw_overview(results)
    else:
        _draw_result(next(result for result in results if result.path.stem == chosen), folder)


def _draw_overview(results: list[Result]) -> None:
    st.markdown(
        "Each result was recorded by the command beside it. Times are those of the machine that made them; what "
        "travels are shares, ratios, and the counts of wrong verdicts, which must be 0."
    )
    bars = _all_verdicts(results)
    if bars is not None:
        st.subheader("Verdicts by data set", anchor=False)
        draw_bars(bars, "Shares of verdicts by data set")
    rows = [
        {
            "result": f"**{inert(result.title)}**",
            "what was found": inert_sentence(" ".join(_HEADLINE.findall(result.text)[:2])),
            "command": f"`{result.command}`" if result.command else "",
        }
        for result in results
    ]
    st.table(rows, border="horizontal", hide_index=True)


def _all_verdicts(results: list[Result]) -> Bars | None:
    """Return the verdicts over all pairs of each result that has such rows."""
    labels: list[str] = []
    series: dict[str, dict[str, float | None]] = {}
    for result in results:
        found = next((bars for table in tables_of(result.text) if (bars := whole_rows(table)) is not None), None)
        if found is None:
            continue
        for k, label in enumerate(found.labels):
            labels.append(" · ".join(filter(None, (result.title.removeprefix("Discovery: "), label))))
            for name, values in found.series:
                series.setdefault(_SAME.get(name, name), {})[labels[-1]] = values[k]
    if not labels:
        return None
    named = tuple((name, tuple(values.get(label) for label in labels)) for name, values in series.items())
    return Bars("share of the pairs, %", tuple(labels), named, stacked=True)


def _draw_result(result: Result, folder: Path) -> None:
    for section in sections_of(result.text):
        if section.level == 1:
            st.header(inert(section.heading), anchor=False)
        elif section.heading:
            st.subheader(inert(section.heading, 100), anchor=False)
        _draw_section(section)
        if section.level == 1:
            _draw_beside(result)
    if result.command:
        st.subheader("Measure it again", anchor=False)
        about = _about(result, folder)
        if about:
            st.markdown(unlinked(about))
        st.code(result.command, language="shell")


def _draw_section(section: Section) -> None:
    for part in section.parts:
        if isinstance(part, Table):
            _draw_table(part)
            continue
        lines = part.splitlines()
        if len(lines) > LINES_SHOWN:
            st.markdown(unlinked(lines[0]))
            with st.expander(f"{len(lines) - 1} lines"):
                st.markdown(unlinked("\n".join(lines[1:])))
        else:
            st.markdown(unlinked(part))


def _draw_table(table: Table) -> None:
    name = table.heading or "results"
    growth = growth_of(table)
    if growth:
        draw_growth(growth, f"{name}: seconds of a check against nonzeros")
    for bars in bars_of(table):
        draw_bars(bars, f"{name}: {bars.measure}")
    columns = len(table.header)
    if len(table.rows) <= ROWS_SHOWN and columns <= 8:
        st.table([dict(zip(_distinct(table), map(_cell, row), strict=True)) for row in table.rows], hide_index=True)
        return
    rows = [dict(zip(_distinct(table), row, strict=True)) for row in table.rows]
    with st.expander(f"{len(rows)} rows, {columns} columns", expanded=len(rows) <= ROWS_SHOWN):
        st.dataframe(rows, hide_index=True, alt=name)


def _distinct(table: Table) -> list[str]:
    """Return the column names, blanks and repeated ones told apart."""
    found: list[str] = []
    for name in table.header:
        found.append(name if name and name not in found else f"{name} {len(found) + 1}".strip())
    return found


def _cell(text: str) -> str:
    return inert_sentence(text, 300)


def _draw_beside(result: Result) -> None:
    """The picture and the numbers that lie beside the file are on the page."""
    picture = result.path.with_suffix(".png")
    if picture.is_file():
        with st.expander("The recorded plot"):
            st.image(str(picture), width="stretch", alt=f"{result.title}: the recorded plot")
    points = list(_readings(result.path.with_suffix(".json")))
    if points:
        draw_cloud(points, f"{result.title}: seconds to read a file against its bytes")


def _readings(path: Path) -> Iterator[tuple[str, float, float]]:
    """Yield folder, bytes and seconds of each file that was read; nothing where the numbers say something else."""
    if not path.is_file():
        return
    try:
        files = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return
    for name, entry in files.items() if isinstance(files, dict) else ():
        if isinstance(entry, dict) and "rows" in entry:
            size, seconds = entry.get("bytes"), entry.get("seconds")
            if isinstance(size, int | float) and isinstance(seconds, int | float) and min(size, seconds) > 0:
                yield str(name).split("/")[0], size, seconds


def _about(result: Result, folder: Path) -> str:
    """Return what the README of the benchmarks says of this one."""
    try:
        text = (folder / "README.md").read_text(encoding="utf-8")
    except OSError:
        return ""
    beginning = f"**{result.benchmark}** "
    return next((part for part in text.split("\n\n") if part.startswith(beginning)), "")
