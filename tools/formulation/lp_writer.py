"""Writes LP files that `lp_reader` reads back to the same model.

LP files hold finite decimals. A row with another number (1/3) is multiplied by the least integer that makes all its
numbers decimals, which changes its look and not its meaning; elsewhere such a number is refused, and JSON holds it.
Two-sided rows are written as `-2 <= x - y <= 2`, which HiGHS 1.12 and SCIP 10 do not read: use MPS for them. The
marks of auxiliary variables are not written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from tools.errors import InputError
from tools.formulation.decimal_rows import DecimalRow, decimal_row, decimal_term, limit_text
from tools.formulation.lp_names import name_problem
from tools.formulation.model import Formulation, Kind

_LINE_LENGTH = 120


def format_lp(formulation: Formulation) -> str:
    """Return the LP file of `formulation`. Raises `InputError` on names and numbers that LP files cannot hold."""
    return "".join(lp_lines(formulation))


def lp_lines(formulation: Formulation) -> Iterator[str]:
    """Yield the LP file of `formulation` line by line."""
    for label, names in (("variable", formulation.variables), ("row", formulation.rows)):
        for name in names:
            problem = name_problem(name)
            if problem:
                raise InputError(
                    f"an LP file cannot hold the {label} name {name[:60]!r}: {problem}; rename it or use JSON"
                )
    yield "Maximize\n" if formulation.sense == "maximize" else "Minimize\n"
    yield from _wrapped([" obj:", *_objective(formulation)])
    yield "Subject To\n"
    for i in range(len(formulation.rows)):
        yield from _row(formulation, decimal_row(formulation, i, "LP"))
    bounds = [line for j in range(len(formulation.variables)) for line in _bounds(formulation, j)]
    if bounds:
        yield "Bounds\n"
        yield from bounds
    for title, kind in (("Generals", Kind.INTEGER), ("Binaries", Kind.BINARY)):
        members = [name for name, k in zip(formulation.variables, formulation.kinds.tolist(), strict=True) if k == kind]
        if members:
            yield f"{title}\n"
            yield from (f" {name}\n" for name in members)
    yield "End\n"


def _objective(formulation: Formulation) -> Iterator[str]:
    """Yield the objective's terms; where the order of first appearance would not be the model's, all variables."""
    objective, variables = formulation.objective, formulation.variables
    everything = not _appear_in_order(formulation)
    for j, value in enumerate(objective.floats.tolist()):
        if value or everything:
            text = decimal_term(
                (value, objective.overrides.get(j)), f"the objective coefficient of {variables[j]!r}", "LP"
            )
            yield _signed(text, variables[j])
    constant = formulation.objective_constant
    if constant:
        number = (math.nan, constant)
        yield _signed(decimal_term(number, "the objective constant", "LP"))


def _appear_in_order(formulation: Formulation) -> bool:
    """Say whether objective and rows alone name every variable, first appearances in the model's order."""
    seen = 0
    cost = formulation.objective.floats
    for j in (j for j, value in enumerate(cost.tolist()) if value):
        if j != seen:
            return False
        seen += 1
    for j in formulation.columns.tolist():
        if j >= seen:
            if j != seen:
                return False
            seen += 1
    return seen == len(formulation.variables)


def _signed(text: str, name: str = "") -> str:
    """Return the term with a sign before it and blanks between; a coefficient of one is left out."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("+", text)
    if name and digits == "1":
        return f"{sign} {name}"
    return f"{sign} {digits} {name}".rstrip()


def _row(formulation: Formulation, row: DecimalRow) -> Iterator[str]:
    terms = [_signed(text, formulation.variables[j]) for j, text in row.terms]
    if not terms and formulation.variables:
        terms = [f"0 {formulation.variables[0]}"]
    label = f" {row.name}:"
    if row.lower == row.upper and row.lower is not None:
        yield from _wrapped([label, *terms, f"= {row.upper}"])
    elif row.lower is None:
        # a row without any side is kept as one that is at least minus infinity
        yield from _wrapped([label, *terms, ">= -inf" if row.upper is None else f"<= {row.upper}"])
    elif row.upper is None:
        yield from _wrapped([label, *terms, f">= {row.lower}"])
    else:
        # on one line: a line break could not be told from the start of another row
        yield f"{label} {row.lower} <= {' '.join(terms) or '0'} <= {row.upper}\n"


def _wrapped(words: list[str]) -> Iterator[str]:
    line = words[0]
    for word in words[1:]:
        relation = word[0] in "<>="
        if len(line) + len(word) >= _LINE_LENGTH and not relation:
            yield line + "\n"
            line = " "
        line += " " + word
    yield line + "\n"


def _bounds(formulation: Formulation, j: int) -> Iterator[str]:
    name = formulation.variables[j]
    binary = formulation.kinds[j] == Kind.BINARY
    low, high = formulation.lower.floats[j], formulation.upper.floats[j]
    if low == 0 and high == (1 if binary else math.inf) and j not in formulation.upper.overrides:
        return
    if math.isinf(low) and math.isinf(high):
        yield f" {name} free\n"
        return
    lower = limit_text(formulation.lower, j, f"the lower bound of {name!r}", "LP")
    upper = limit_text(formulation.upper, j, f"the upper bound of {name!r}", "LP")
    if lower == upper:
        yield f" {name} = {lower}\n"
    elif math.isinf(high):
        yield f" {name} >= {lower}\n"
    else:
        yield f" {'-inf' if lower is None else lower} <= {name} <= {upper}\n"
