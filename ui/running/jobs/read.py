"""What was understood of a model: its summary, its algebra in brief, and its names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tools.algebra.printing import algebra_lines
from tools.formulation.model import Formulation
from ui.algebra import objective_text, row_text
from ui.model_text import model_summary
from ui.running.source import Source
from ui.safe_text import safe

MOST_NAMES = 500
MOST_LINES = 60

_NAME = 200
_LINE = 2_000


def read(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return {"summary", "algebra", "notes", "variables", "rows"} of the model "source".

    "summary" is what `quasikarp read --json` prints, "algebra" a list of lines; "variables" and "rows" are {"count",
    "names"}, the first `MOST_NAMES` of them.
    """
    source = Source.of(request.get("source"), "model")
    document = source.algebra()
    return described(source.model(), () if document is None else algebra_lines(document))


def described(model: Formulation, algebra: Sequence[str] = ()) -> dict[str, Any]:
    """Return what `read` returns for a model; its lines of algebra are made from its rows where none are given."""
    summary = model_summary(model)
    notes = list(summary["warnings"])
    if model.written_by:
        summary["written_by"] = model.written_by
        notes.append(f"written by {safe(model.written_by)}: check it before you use it")
    return {
        "summary": summary,
        "algebra": bounded_lines(algebra or _rows_as_algebra(model, summary["variable_families"])),
        "notes": notes,
        "variables": _names(model.variables),
        "rows": _names(model.rows),
    }


def bounded_lines(lines: Sequence[str]) -> list[str]:
    """Return the first lines, inert, and how many more there are."""
    shown = [safe(line, _LINE) for line in lines[:MOST_LINES]]
    return [*shown, f"… and {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else shown


def _rows_as_algebra(model: Formulation, families: Sequence[Mapping[str, Any]]) -> list[str]:
    shown = min(len(model.rows), MOST_LINES // 2)
    lines = [objective_text(model), "subject to", *(f"  {row_text(model, row)}" for row in range(shown))]
    if shown < len(model.rows):
        lines.append(f"  … and {len(model.rows) - shown} more rows")
    return [
        *lines,
        "variables",
        *(f"  {safe(f['pattern'])}: {f['count']} {f['kind']}, {f['bounds']}" for f in families[: MOST_LINES // 3]),
    ]


def _names(names: Sequence[str]) -> dict[str, Any]:
    return {"count": len(names), "names": [safe(name, _NAME) for name in names[:MOST_NAMES]]}
