"""The difference of two models as people read it: changes gathered by family, in a bounded number of lines."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from fractions import Fraction
from typing import TypeVar

from rich.console import Console
from rich.text import Text

from tools.formulation.difference import BoundChange, CoefficientChange, Difference
from tools.formulation.model import Formulation
from tools.mapping.patterns import parse_name
from ui.algebra import number_text, row_text
from ui.families import pattern_of
from ui.layout import print_line
from ui.safe_text import safe

_LINES_SHOWN = 20
_NAMES_SHOWN = 3
_MORE = "--json shows all"

Change = TypeVar("Change")


def print_difference(console: Console, found: Difference, a: Formulation, b: Formulation) -> None:
    """Print what changed from `a` to `b`, "old → new", and at the end what is only written differently."""
    verdict = "the same model" if found.same else "different models"
    shared = f"{_counted(found.shared_variables, 'variable')} and {_counted(found.shared_rows, 'row')} in both"
    print_line(console, Text.assemble((verdict, "bold green" if found.same else "bold"), f"; {shared}"))
    _section(console, "Variables only in A", _by_family(found.variables_only_in_a))
    _section(console, "Variables only in B", _by_family(found.variables_only_in_b))
    _section(console, "Rows only in A", _rows(a, found.rows_only_in_a))
    _section(console, "Rows only in B", _rows(b, found.rows_only_in_b))
    kinds = _gathered(found.kinds, lambda change: change.name, lambda change: change.integer)
    _section(console, "Kinds", [f"{who}: {'integer' if c.integer else 'continuous'} now" for who, c in kinds])
    _section(console, "Bounds of variables", _bound_lines(found.bounds))
    _section(console, "Sides of rows", _bound_lines(found.sides))
    _section(console, "Coefficients", _coefficient_lines(found.coefficients))
    if found.shared_variables:
        _section(console, "Objective", _objective_lines(found))
    notes = _notes(found)
    if notes:
        console.print()
    for note in notes:
        print_line(console, f"note: {note}")
    if not found.shared_variables and (a.variables or b.variables):
        console.print()
        print_line(
            console, "no variable has a name of the other model: quasikarp check A B asks what they have in common"
        )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _section(console: Console, title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    console.print()
    console.print(Text(title, style="bold"))
    for line in lines[:_LINES_SHOWN]:
        print_line(console, line, "  ")
    if len(lines) > _LINES_SHOWN:
        print_line(console, f"… and {len(lines) - _LINES_SHOWN} more lines; {_MORE}", "  ")


def family_text(names: Sequence[str]) -> str:
    """Return what to call names of one family: "x", "x[i], i = 1..500", or "x[·,·] (12: x[1,2], x[1,3] …)"."""
    if len(names) == 1:
        return safe(names[0])
    parts = [parse_name(name) for name in names]
    numbers = sorted(part.indices[0] for part in parts if part.arity == 1 and isinstance(part.indices[0], int))
    if len(numbers) == len(names) and numbers[-1] - numbers[0] == len(names) - 1:
        if parts[0].style == "glued":
            return f"{safe(f'{parts[0].base}{numbers[0]}')} … {safe(f'{parts[0].base}{numbers[-1]}')}"
        generic = type(parts[0])(parts[0].base, ("i",), parts[0].style)
        return f"{safe(str(generic))}, i = {numbers[0]}..{numbers[-1]}"
    shown = ", ".join(safe(name, 40) for name in names[:_NAMES_SHOWN])
    return f"{safe(pattern_of(names[0]))} ({len(names)}: {shown}{' …' if len(names) > _NAMES_SHOWN else ''})"


def _by_family(names: Iterable[str]) -> list[str]:
    return [who for who, _ in _gathered(names, lambda name: name, lambda name: 0)]


def _rows(model: Formulation, names: Sequence[str]) -> list[str]:
    lines = []
    for who, first in _gathered(names, lambda name: name, lambda name: 0):
        text = row_text(model, model.row_index[first])
        lines.append(text if who == safe(first) else f"{who}, such as {text}")
    return lines


def _gathered(
    changes: Iterable[Change], name: Callable[[Change], str], what: Callable[[Change], Hashable]
) -> list[tuple[str, Change]]:
    """Return for each family of names with the same change what to call it, and the first change."""
    groups: dict[Hashable, list[Change]] = {}
    for change in changes:
        groups.setdefault((pattern_of(name(change)), what(change)), []).append(change)
    return [(family_text([name(change) for change in group]), group[0]) for group in groups.values()]


def _bound_lines(changes: Sequence[BoundChange]) -> list[str]:
    gathered = _gathered(changes, lambda c: c.name, lambda c: (c.side, c.old, c.new, c.factor))
    lines = []
    for who, change in gathered:
        scale = "" if change.factor == 1 else f", besides a factor of {number_text(change.factor)} for the whole row"
        lines.append(f"{who}: {change.side} {_limit(change.old)} → {_limit(change.new)}{scale}")
    return lines


def _limit(value: Fraction | None) -> str:
    return "none" if value is None else number_text(value)


def _coefficient_lines(changes: Sequence[CoefficientChange]) -> list[str]:
    """Return a line for each pair of families; where their numbers differ, the first one stands for the others."""
    groups: dict[tuple[str, str], list[CoefficientChange]] = {}
    for change in changes:
        groups.setdefault((pattern_of(change.row or ""), pattern_of(change.variable)), []).append(change)
    lines = []
    for (rows, variables), group in groups.items():
        first = group[0]
        numbers = f"{number_text(first.old)} → {number_text(first.new)}"
        place = f"{safe(first.variable)} in {safe(first.row or '')}"
        if len(group) == 1:
            lines.append(f"{place}: {numbers}")
        elif len({(change.old, change.new) for change in group}) == 1:
            lines.append(f"{safe(variables)} in {safe(rows)}: {numbers} ({len(group)} places, such as {place})")
        else:
            lines.append(f"{safe(variables)} in {safe(rows)}: {len(group)} changes, such as {place} {numbers}")
    return lines


def _objective_lines(found: Difference) -> list[str]:
    lines = []
    if found.sense is not None:
        lines.append(f"{found.sense[0]} → {found.sense[1]}")
    gathered = _gathered(found.objective, lambda c: c.variable, lambda c: (c.old, c.new))
    lines += [f"{who}: {number_text(change.old)} → {number_text(change.new)}" for who, change in gathered]
    if found.constant is not None:
        lines.append(f"constant: {number_text(found.constant[0])} → {number_text(found.constant[1])}")
    return lines


def _notes(found: Difference) -> list[str]:
    """Return what is only written differently, a sentence each."""
    notes = []
    if found.renamed:
        mine, other = found.renamed[0]
        notes.append(
            f"{_counted(len(found.renamed), 'row')} under another name in B, such as {safe(mine)} → {safe(other)}"
        )
    if found.scaled:
        name, factor = safe(found.scaled[0][0]), number_text(found.scaled[0][1])
        notes.append(f"{_counted(len(found.scaled), 'row')} written differently, such as {name} times {factor}")
    if found.negated_objective:
        notes.append("the objective is written the other way round, with the other sense")
    if found.reordered:
        notes.append("variables or rows come in another order")
    return notes
