"""A model as people read it: sizes, families of variables and rows, the first rows as algebra, and what looks odd."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tools.formulation.model import Formulation, Kind
from ui.algebra import number_text, objective_text, row_text
from ui.families import families_of
from ui.model_warnings import warnings_about
from ui.safe_text import safe

_FAMILIES_SHOWN = 20
_ROWS_SHOWN = 10


def model_summary(model: Formulation) -> dict[str, Any]:
    """Return what `print_model` shows as JSON data, families in full."""
    m, n = model.shape
    return {
        "schema": "quasikarp/model/1",
        "name": model.name,
        "sense": model.sense,
        "variables": n,
        "integers": int(model.integer.sum()),
        "binaries": int((model.kinds == Kind.BINARY).sum()),
        "constraints": m,
        "nonzeros": model.nonzeros,
        "objective": objective_text(model),
        "variable_families": [
            {
                "pattern": pattern,
                "count": len(members),
                "kind": _kind(model, members),
                "bounds": _bounds(model, members),
            }
            for pattern, members in families_of(model.variables).items()
        ],
        "row_families": [
            {"pattern": pattern, "count": len(members), "type": _row_type(model, members)}
            for pattern, members in families_of(model.rows).items()
        ],
        "first_rows": [row_text(model, row) for row in range(min(m, _ROWS_SHOWN))],
        "warnings": warnings_about(model),
    }


def print_model(console: Console, model: Formulation) -> None:
    """Print the summary of a model."""
    summary = model_summary(model)
    console.print(Text(safe(model.name) or "(a model without a name)", style="bold"))
    _line(
        console,
        f"variables: {summary['variables']} ({summary['integers']} integer, {summary['binaries']} of them binary), "
        f"rows: {summary['constraints']}, nonzeros: {summary['nonzeros']}",
    )
    _table(
        console,
        ("variables", "count", "kind", "bounds"),
        [(safe(f["pattern"]), str(f["count"]), f["kind"], f["bounds"]) for f in summary["variable_families"]],
    )
    _table(
        console,
        ("rows", "count", "type"),
        [(safe(f["pattern"]), str(f["count"]), f["type"]) for f in summary["row_families"]],
    )
    console.print()
    _line(console, summary["objective"])
    for text in summary["first_rows"]:
        _line(console, f"  {text}")
    if summary["constraints"] > _ROWS_SHOWN:
        _line(console, f"  … and {summary['constraints'] - _ROWS_SHOWN} more rows")
    if summary["warnings"]:
        console.print()
    for warning in summary["warnings"]:
        console.print(Text.assemble(("note: ", "yellow"), warning), soft_wrap=True)


def _line(console: Console, text: str) -> None:
    console.print(Text(text), soft_wrap=True)


def _table(console: Console, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    if not rows:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns:
        table.add_column(Text(column), overflow="fold", justify="right" if column == "count" else "left")
    if len(rows) > _FAMILIES_SHOWN:  # the largest say most
        rows = sorted(rows, key=lambda row: -int(row[1]))
    for row in rows[:_FAMILIES_SHOWN]:
        table.add_row(*(Text(cell) for cell in row))
    if len(rows) > _FAMILIES_SHOWN:
        table.add_row(Text(f"… and {len(rows) - _FAMILIES_SHOWN} more families"), *([Text("")] * (len(columns) - 1)))
    console.print()
    console.print(Padding(table, (0, 0, 0, 2), expand=False))


def _kind(model: Formulation, members: Sequence[int]) -> str:
    return _common(Kind(int(code)).name.lower() for code in model.kinds[members].tolist())


def _bounds(model: Formulation, members: Sequence[int]) -> str:
    return _common(_interval(model, j) for j in members)


def _interval(model: Formulation, variable: int) -> str:
    low, high = model.lower.finite(variable), model.upper.finite(variable)
    left = "-inf" if low is None else number_text(low)
    return f"{left} … {'inf' if high is None else number_text(high)}"


def _row_type(model: Formulation, members: Sequence[int]) -> str:
    return _common(_relation(model, row) for row in members)


def _relation(model: Formulation, row: int) -> str:
    low, high = model.row_lower.finite(row), model.row_upper.finite(row)
    if low is None:
        return "free" if high is None else "<="
    if high is None:
        return ">="
    return "=" if low == high else "range"


def _common(texts: Iterable[str]) -> str:
    found = set(texts)
    return found.pop() if len(found) == 1 else "mixed"
