"""A row is dropped from the model that has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from tools.errors import InputError
from tools.formulation.json_format import format_json
from tools.formulation.model import Formulation
from tools.json_fields import object_of, text_of, texts_of
from ui.algebra import row_text
from ui.chat.variants import without_rows
from ui.running.source import Source
from ui.safe_text import safe

MOST_COMPARED = 20_000
"""Names of rows that are looked at for ones like a name that no row has."""

_CLOSEST = 5


def drop(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return {"sides", "side", "row", "others", "line", "model_json", "rows"} or, where none has it, {"closest"}.

    "models" are sources by side, "row" the row to drop ("" for none) and "others" by side the rows dropped besides.
    "sides" are those that have the row; where there is one, "row" is its exact name, "line" the row as algebra, and
    "model_json" the model without "row" and "others", of which "rows" are left. What is dropped already is not there.
    """
    name = text_of(request, "row") or ""
    given = object_of(request, "others")
    models = {side: Source.of(source, side).model() for side, source in object_of(request, "models").items()}
    if not models:
        raise InputError("there is no model yet to drop a row from")
    others = {side: texts_of(given, side) for side in models}
    found = {side: exact for side, model in models.items() if (exact := _found(name, model, others[side])) is not None}
    if not found:
        names = {side: _closest(name, model, others[side]) for side, model in models.items()}
        return {"sides": [], "closest": names}
    if len(found) > 1:
        return {"sides": list(found), "row": next(iter(found.values()))}
    ((side, exact),) = found.items()
    model = models[side]
    left = without_rows(model, {*others[side], *([exact] if exact else [])})
    return {
        "sides": [side],
        "side": side,
        "row": exact,
        "others": list(others[side]),
        "line": row_text(model, model.row_index[exact]) if exact else "",
        "model_json": format_json(left),
        "rows": len(left.rows),
    }


def _found(name: str, model: Formulation, others: Sequence[str]) -> str | None:
    """Return the name as the model has it, else the one that differs in case only; "" stands for no further row."""
    if not name or (name in model.row_index and name not in others):
        return name
    folded = name.casefold()
    alike = [row for row in model.rows if row not in others and row.casefold() == folded]
    return alike[0] if len(alike) == 1 else None


def _closest(name: str, model: Formulation, others: Sequence[str]) -> list[str]:
    rows = [row for row in model.rows[:MOST_COMPARED] if row not in others and len(row) <= 200]
    close = get_close_matches(name[:200], rows, _CLOSEST, 0.5)
    return [safe(row) for row in close or rows[:_CLOSEST]]
