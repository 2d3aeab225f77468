"""Algebra as people read it: sets with their sizes, parameters in brief, one line for each constraint."""

from __future__ import annotations

from itertools import islice

from tools.algebra.arithmetic import number_text
from tools.algebra.document import (
    AlgebraDocument,
    ParameterDocument,
    Values,
    VariableDocument,
    numbers_in,
    shape_of,
)
from tools.algebra.grounding import index_sets
from tools.algebra.index_sets import IndexSet

_NUMBERS_SHOWN = 8
_LABELS_SHOWN = 8
_WORDS_SHOWN = 200


def algebra_lines(document: AlgebraDocument) -> list[str]:
    """Return the lines that show `document`, without control characters; raises `InputError` as `index_sets` does."""
    lines = [_words(document.description)] if document.description else []
    lines.append(f"{document.sense} {document.objective}")
    lines += _section("sets", [_set_line(name, found) for name, found in index_sets(document).items()])
    lines += _section("parameters", [_parameter_line(name, found) for name, found in document.parameters.items()])
    lines += _section("variables", [_variable_line(found) for found in document.variables])
    lines += _section(
        "constraints",
        [
            _line(f"{found.name}{_for(found.clauses)}: {found.expression}", found.description)
            for found in document.constraints
        ],
    )
    return lines


def _section(title: str, lines: list[str]) -> list[str]:
    return [f"{title}:", *(f"  {line}" for line in lines)] if lines else []


def _set_line(name: str, found: IndexSet) -> str:
    if isinstance(found.elements, range):
        inside = f"{found.elements.start}..{found.elements.stop - 1}" if found.size else "empty"
    else:
        shown = ", ".join(str(element) for element in islice(found, _LABELS_SHOWN))
        inside = f"{{{shown}{', …' if found.size > _LABELS_SHOWN else ''}}}"
    return f"{name} = {inside} ({found.size})"


def _parameter_line(name: str, found: ParameterDocument) -> str:
    indices = f"[{','.join(found.indices)}]" if found.indices else ""
    shape = shape_of(found.values)
    numbers = [number_text(value) for value in islice(numbers_in(found.values), _NUMBERS_SHOWN + 1)]
    shown = ", ".join(_digits(text) for text in numbers[:_NUMBERS_SHOWN])
    if isinstance(found.values, int) or not shape:
        return _line(f"{name} = {shown}", found.description)
    size = "×".join(map(str, shape))
    more = ", …" if len(numbers) > _NUMBERS_SHOWN else ""
    otherwise = "" if found.default is None else f", else {_digits(number_text(found.default))}"
    keys = f" at {_keys(found.values)}" if isinstance(found.values, dict) else ""
    return _line(f"{name}{indices} = {shown}{more} ({size}{keys}{otherwise})", found.description)


def _keys(values: dict[object, Values]) -> str:
    shown = ", ".join(str(key) for key in islice(values, _LABELS_SHOWN))
    return f"{shown}{', …' if len(values) > _LABELS_SHOWN else ''}"


def _variable_line(found: VariableDocument) -> str:
    indices = f"[{', '.join(found.indices)}]" if found.indices else ""
    bounds = found.name
    if found.lower is not None:
        bounds = f"{found.lower} <= {bounds}"
    if found.upper is not None:
        bounds = f"{bounds} <= {found.upper}"
    free = "free" if found.lower is None and found.upper is None else bounds
    return _line(f"{found.name}{indices} {found.kind}, {free}", found.description)


def _for(clauses: tuple[str, ...]) -> str:
    return f" for {', '.join(clause.removeprefix('for ') for clause in clauses)}" if clauses else ""


def _line(text: str, description: str) -> str:
    return f"{_words(text, 2_000)}  -- {_words(description)}" if description else _words(text, 2_000)


def _digits(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:16]}…"


def _words(text: str, most: int = _WORDS_SHOWN) -> str:
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"
