"""A solution as people read it: values by family, and how well it satisfies a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from rich.console import Console
from rich.text import Text

from tools.formulation.model import Formulation, Violation
from tools.solutions.residuals import Residual, Residuals
from tools.solvers.tolerances import Tolerances
from ui.algebra import broken_row_text, number_text
from ui.families import families_of
from ui.layout import plain_table, print_line, print_section
from ui.safe_text import safe

_GROUPS_SHOWN = 40
_NAMES_SHOWN = 6


def print_values(console: Console, title: str, values: Mapping[str, Fraction]) -> None:
    """Print the values that are not 0; variables of one family with the same value share a line."""
    names = list(values)
    groups: dict[tuple[str, Fraction], list[str]] = {}
    for pattern, members in families_of(names).items():
        for position in members:
            if values[names[position]]:
                groups.setdefault((pattern, values[names[position]]), []).append(names[position])
    table = plain_table("variable", "value")
    table.columns[1].justify = "right"
    for (_, value), group in list(groups.items())[:_GROUPS_SHOWN]:
        table.add_row(Text(listed_names(group)), Text(number_text(value)))
    nonzeros = sum(map(len, groups.values()))
    if len(groups) > _GROUPS_SHOWN:
        hidden = sum(len(group) for group in list(groups.values())[_GROUPS_SHOWN:])
        table.add_row(Text(f"… and {hidden} more that are not 0; --json shows all"), Text(""))
    if nonzeros < len(names):
        table.add_row(Text("all others" if nonzeros else "all variables"), Text("0"))
    print_section(console, f"{title} ({nonzeros} of {len(names)} variables are not 0)", table)


def listed_names(names: Sequence[str]) -> str:
    """Return up to six names, inert, and how many more there are."""
    shown = ", ".join(safe(name, 40) for name in names[:_NAMES_SHOWN])
    return shown if len(names) <= _NAMES_SHOWN else f"{shown} … and {len(names) - _NAMES_SHOWN} more"


def print_residuals(
    console: Console,
    title: str,
    model: Formulation,
    point: Sequence[Fraction | None],
    found: Residuals,
    tolerances: Tolerances,
) -> None:
    """Print whether the point satisfies the model, what is broken worst, and the objective value."""
    broken = [residual for residual in (found.row, found.bound, found.integrality) if residual is not None]
    if not broken:
        verdict, style = "feasible, exactly", "green"
    elif found.within(tolerances):
        verdict, style = f"feasible within {tolerances.feasibility:g}", "green"
    else:
        verdict, style = f"not feasible within {tolerances.feasibility:g}", "red"
    if found.rows_left_out:
        verdict += f", as far as known (rows left out, which use variables without a value: {found.rows_left_out})"
    console.print()
    print_line(console, Text.assemble((f"{title}: ", "bold"), (verdict, style)))
    for residual in broken:
        for line in _residual_lines(model, residual, [value or Fraction(0) for value in point]):
            print_line(console, line, "  ")
    if found.objective is None:
        print_line(console, "objective: unknown, it uses variables without a value", "  ")
    else:
        print_line(console, f"objective: {model.sense} {number_text(found.objective)}", "  ")


def _residual_lines(model: Formulation, residual: Residual, point: Sequence[Fraction]) -> list[str]:
    violation = residual.violation
    lines = _violation_lines(model, violation, point)
    lines[-1] += f" (off by {number_text(violation.amount)}, relative {number_text(residual.relative)})"
    return [f"largest: {lines[0]}", *(f"  {line}" for line in lines[1:])]


def _violation_lines(model: Formulation, violation: Violation, point: Sequence[Fraction]) -> list[str]:
    if violation.element == "row":
        return broken_row_text(model, violation.index, point)[:1]
    name, value = safe(model.variables[violation.index]), number_text(violation.activity)
    if violation.limit is None:
        return [f"integrality of {name}: {name} = {value} is not whole"]
    sign = "<" if violation.element == "lower bound" else ">"
    return [f"{violation.element} of {name}: {name} = {value} {sign} {number_text(violation.limit)}"]
