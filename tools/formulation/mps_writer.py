"""Writes free MPS files that `mps_reader` and other readers read back to the same model.

MPS files hold finite decimals: rows are scaled and numbers refused as in `lp_writer`. Bounds of integers are always
written, because readers disagree on their defaults. The marks of auxiliary variables are not written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tools.errors import InputError
from tools.formulation.decimal_rows import DecimalRow, decimal_row, decimal_term, limit_text
from tools.formulation.literals import decimal_expansion
from tools.formulation.model import Formulation, Kind


def format_mps(formulation: Formulation) -> str:
    """Return the MPS file of `formulation`. Raises `InputError` on names and numbers that MPS files cannot hold."""
    return "".join(mps_lines(formulation))


def mps_lines(formulation: Formulation) -> Iterator[str]:
    """Yield the MPS file of `formulation` line by line."""
    _require_names(formulation.variables, "variable")
    _require_names(formulation.rows, "row")
    rows = [decimal_row(formulation, i, "MPS") for i in range(len(formulation.rows))]
    objective = "OBJ"
    while objective in formulation.row_index:
        objective += "_"
    title = " ".join(formulation.name.split())
    yield f"NAME {title}".rstrip() + "\n"
    if formulation.sense == "maximize":
        yield "OBJSENSE\n    MAX\n"
    yield f"ROWS\n N {objective}\n"
    yield from (f" {_row_type(row)} {row.name}\n" for row in rows)
    yield "COLUMNS\n"
    yield from _columns(formulation, rows, objective)
    yield "RHS\n"
    yield from _sides(formulation, rows, objective)
    ranges = [line for row in rows for line in _range(row)]
    if ranges:
        yield "RANGES\n"
        yield from ranges
    bounds = [line for j in range(len(formulation.variables)) for line in _bounds(formulation, j)]
    if bounds:
        yield "BOUNDS\n"
        yield from bounds
    yield "ENDATA\n"


def _require_names(names: Sequence[str], label: str) -> None:
    for name in names:
        if name.split() != [name]:
            problem = "it has a blank"
        elif name[0] == "$":
            problem = "it starts a comment"
        elif name == "'MARKER'":
            problem = "it is a word of the MPS format"
        else:
            continue
        raise InputError(f"an MPS file cannot hold the {label} name {name[:60]!r}: {problem}; rename it or use JSON")


def _row_type(row: DecimalRow) -> str:
    if row.lower is None:
        return "G" if row.upper is None else "L"
    return "E" if row.lower == row.upper else "G"


def _columns(formulation: Formulation, rows: list[DecimalRow], objective: str) -> Iterator[str]:
    entries: list[list[tuple[str, str]]] = [[] for _ in formulation.variables]
    costs = formulation.objective
    for j, value in enumerate(costs.floats.tolist()):
        if value:
            where = f"the objective coefficient of {formulation.variables[j]!r}"
            entries[j].append((objective, decimal_term((value, costs.overrides.get(j)), where, "MPS")))
    for row in rows:
        for j, text in row.terms:
            entries[j].append((row.name, text))
    inside = False
    markers = 0
    for j, name in enumerate(formulation.variables):
        integer = formulation.kinds[j] == Kind.INTEGER
        if integer != inside:
            yield f"    MARKER{markers} 'MARKER' '{'INTORG' if integer else 'INTEND'}'\n"
            inside, markers = integer, markers + 1
        for row_name, text in entries[j] or [(objective, "0")]:
            yield f"    {name} {row_name} {text}\n"
    if inside:
        yield f"    MARKER{markers} 'MARKER' 'INTEND'\n"


def _sides(formulation: Formulation, rows: list[DecimalRow], objective: str) -> Iterator[str]:
    constant = -formulation.objective_constant
    if constant:
        yield f"    RHS {objective} {decimal_term((math.nan, constant), 'the objective constant', 'MPS')}\n"
    for row in rows:
        side = row.upper if row.lower is None else row.lower
        if side != "0":
            # a row without any side is kept as one that is at least minus infinity
            yield f"    RHS {row.name} {'-1e30' if side is None else side}\n"


def _range(row: DecimalRow) -> Iterator[str]:
    if row.lower is None or row.upper is None or row.lower == row.upper:
        return
    width = Fraction(row.upper) - Fraction(row.lower)
    text = decimal_expansion(width)
    if width < 0:
        raise InputError(
            f"row {row.name!r} has a lower side above its upper side, which MPS files cannot hold; "
            "write LP or JSON instead"
        )
    if text is None or not Fraction(1, 10**300) < width < 10**20:
        raise InputError(f"row {row.name!r} has sides whose distance MPS files cannot hold; write JSON instead")
    yield f"    RNG {row.name} {text}\n"


def _bounds(formulation: Formulation, j: int) -> Iterator[str]:
    name, kind = formulation.variables[j], formulation.kinds[j]
    lower = limit_text(formulation.lower, j, f"the lower bound of {name!r}", "MPS")
    upper = limit_text(formulation.upper, j, f"the upper bound of {name!r}", "MPS")
    if kind == Kind.BINARY:
        if lower is None or upper is None:
            raise InputError(
                f"the binary variable {name!r} has an infinite bound; make it an integer or bound it by [0, 1]"
            )
        yield f" BV BND {name}\n"
        if lower != "0":
            yield f" LO BND {name} {lower}\n"
        if upper != "1":
            yield f" UP BND {name} {upper}\n"
        return
    if lower is None and upper is None:
        yield f" FR BND {name}\n"
    elif lower is not None and lower == upper:
        yield f" FX BND {name} {lower}\n"
    else:
        if lower is None:
            yield f" MI BND {name}\n"
        elif lower != "0" or (upper is not None and upper.startswith("-")):
            yield f" LO BND {name} {lower}\n"
        if upper is not None:
            yield f" UP BND {name} {upper}\n"
        elif lower == "0" and kind == Kind.INTEGER:
            yield f" PL BND {name}\n"
