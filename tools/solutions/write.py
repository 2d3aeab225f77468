"""Writes a solution: JSON with exact numbers, Gurobi's .sol and CSV with decimals."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from fractions import Fraction

from tools.errors import InputError
from tools.formulation.literals import decimal_expansion
from tools.formulation.numbers import nearest_double

SCHEMA = "quasikarp/solution/1"


def format_solution(values: Mapping[str, Fraction], suffix: str) -> tuple[str, int]:
    """Return the text of a file with this suffix, and how many numbers had to be rounded to the nearest double in it.

    Raises `InputError` on an unknown suffix, and on names that the format cannot hold.
    """
    writer = _WRITERS.get(suffix.lower())
    if writer is None:
        raise InputError(f"a solution is written as {', '.join(_WRITERS)}; found the suffix {suffix[:20]!r}")
    return writer(values)


def _json(values: Mapping[str, Fraction]) -> tuple[str, int]:
    document = {"schema": SCHEMA, "variables": {name: str(value) for name, value in values.items()}}
    return json.dumps(document, indent=2) + "\n", 0


def _gurobi(values: Mapping[str, Fraction]) -> tuple[str, int]:
    for name in values:
        if name.startswith("#") or len(name.split()) != 1 or name != name.strip():
            raise InputError(f"a .sol file cannot hold the name {name[:60]!r}; write .json or .csv")
    lines, rounded = _decimals(values)
    return "# Solution written by quasikarp\n" + "".join(f"{name} {text}\n" for name, text in lines), rounded


def _csv(values: Mapping[str, Fraction]) -> tuple[str, int]:
    for name in values:
        if not name.isprintable():
            raise InputError(f"a .csv file cannot hold the name {name[:60]!r} on one line; write .json")
    lines, rounded = _decimals(values)
    quoted = ('"{}",{}\n'.format(name.replace('"', '""'), text) for name, text in lines)
    return "name,value\n" + "".join(quoted), rounded


def _decimals(values: Mapping[str, Fraction]) -> tuple[list[tuple[str, str]], int]:
    lines, rounded = [], 0
    for name, value in values.items():
        text = decimal_expansion(value)
        if text is None:
            text, rounded = repr(nearest_double(value)), rounded + 1
        lines.append((name, text))
    return lines, rounded


_WRITERS: dict[str, Callable[[Mapping[str, Fraction]], tuple[str, int]]] = {
    ".json": _json, ".sol": _gurobi, ".csv": _csv,
}  # fmt: skip
