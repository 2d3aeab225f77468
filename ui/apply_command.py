"""`quasikarp apply`: a solution carried to the other model by the mapping of a report, and how well it fits there."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from rich.console import Console

from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.formulation.numbers import parse_rational
from tools.formulation.read import read
from tools.recovering import NEARLY_WHOLE, Carried, Direction, carried
from tools.report import Missing, Report
from tools.solutions.read import read_solution
from tools.solutions.residuals import Residual, Residuals, residuals
from tools.solutions.solution import Solution
from tools.solutions.write import SCHEMA, format_solution
from tools.solvers.tolerances import Tolerances
from ui.algebra import number_text
from ui.check_command import require_files
from ui.explain_command import read_report
from ui.safe_text import safe
from ui.solution_text import listed_names, print_residuals, print_values

_PROVED = "proved"
_BROKEN = (
    "not verified: what the report calls proved does not hold for these models; the report was changed, or is about "
    "other models"
)


@dataclass(frozen=True)
class _Check:
    """A model with a point of it: what to call both, the residuals."""

    side: str
    title: str
    model: Formulation
    point: Sequence[Fraction | None]
    found: Residuals


def apply_mapping(
    report_path: Path,
    solution_path: Path,
    *,
    reference: Path | None,
    candidate: Path | None,
    reverse: bool,
    missing: Missing | None,
    tolerance: float,
    force: bool,
    out: Path | None,
    as_json: bool,
) -> int:
    """Carry a solution over, say what had to be assumed and how well it fits; return 0, or 1 where it does not fit.

    Without `missing`, variables that are not listed are 0 exactly where the file's format leaves zeros out.
    """
    if not 0 <= tolerance < 1:
        raise InputError(f"--tolerance must lie between 0 and 1, found {tolerance:g}")
    tolerances = Tolerances(feasibility=tolerance, integrality=tolerance, objective=tolerance)
    inputs = [path for path in (report_path, solution_path, reference, candidate) if path is not None]
    require_files(*(path for path in inputs if str(path) != "-"))
    report, solution = read_report(report_path), read_solution(solution_path)
    direction: Direction = "lift" if reverse else "recover"
    source, target = ("reference", "candidate") if reverse else ("candidate", "reference")
    if solution.point_of not in (None, source):
        way = "without --reverse" if reverse else "with --reverse"
        raise InputError(f"{solution_path} holds a point of the {target}; apply the mapping {way}")
    models = {
        side: None if path is None else read(path)
        for side, path in (("reference", reference), ("candidate", candidate))
    }
    result = carried(
        report,
        solution.values,
        direction,
        source_model=models[source],
        missing=missing or ("zero" if solution.omits_zeros else "error"),
        force=force,
    )
    values = _in_order(result, models[target], target)
    zeros_meant = solution.omits_zeros or missing == "zero"
    checks = []
    for side, title, given, zeros in (
        (source, "the given solution", result.source, zeros_meant),
        (target, "the solution carried over", values, False),
    ):
        model, path = models[side], reference if side == "reference" else candidate
        if model is not None:
            point = [given.get(name, Fraction(0) if zeros else None) for name in model.variables]
            checks.append(_Check(side, f"{path} at {title}", model, point, residuals(model, point)))
    notes = _notes(solution, result, models[source], source)
    with ExitStack() as stack:
        if out is not None:
            from ui.whole_file import replacing

            text, rounded = format_solution(values, out.suffix)
            if rounded:
                notes.append(f"{rounded} numbers have no finite decimal and are rounded in {out}; .json keeps them")
            stack.enter_context(replacing(out, keep=tuple(inputs))).write_text(text, encoding="utf-8")
    broken = _is_broken(report, checks, source, tolerances)
    guarantee = _BROKEN if broken else _guarantee(report, direction)
    if (objectives := _objectives(report, checks)) is not None:
        notes.append(objectives)
    if as_json:
        document = _document(values, result, checks, notes, guarantee, direction, tolerances)
        sys.stdout.write(json.dumps(document, indent=2, allow_nan=False) + "\n")
    else:
        from ui.consoles import answer_console

        _print_for_people(answer_console(), values, checks, notes, guarantee, target, tolerances)
    return 0 if not broken and all(check.found.within(tolerances) for check in checks) else 1


def _in_order(result: Carried, model: Formulation | None, side: str) -> dict[str, Fraction]:
    values = result.values
    if model is None:
        return dict(values)
    unknown = [name for name in values if name not in model.variable_index]
    if unknown:
        raise InputError(
            f"the mapping gives values to {len(unknown)} variables that the {side} {model.name[:60]!r} does not have, "
            f"such as {unknown[0][:60]!r}; give the model that the report is about"
        )
    told = {*values, *result.left_open}
    lost = [name for j, name in enumerate(model.variables) if name not in told and j not in model.auxiliary]
    if lost:
        raise InputError(
            f"the mapping gives no values to {len(lost)} variables of the {side} {model.name[:60]!r}, such as "
            f"{lost[0][:60]!r}; give the report and the model that belong together"
        )
    return {name: values[name] for name in model.variables if name in values}


def _notes(solution: Solution, result: Carried, model: Formulation | None, side: str) -> list[str]:
    """Return what had to be assumed, or may surprise, a sentence each."""
    notes = list(solution.notes)
    if result.zeros:
        notes.append(f"{side} variables that are not listed, taken to be 0: {listed_names(result.zeros)}")
    if result.rounded:
        pairs = [(name, result.source[name], off) for name, off in result.rounded.items()]
        shown = ", ".join(f"{safe(name, 40)} {number_text(to + off)} → {to}" for name, to, off in pairs[:3])
        more = f" and {len(pairs) - 3} more" if len(pairs) > 3 else ""
        notes.append(f"integer variables within {float(NEARLY_WHOLE):g} of a whole number were rounded: {shown}{more}")
    if model is not None:
        strangers = [name for name in solution.values if name not in model.variable_index]
        if strangers:
            notes.append(f"no variables of the {side}, ignored: {listed_names(strangers)}")
    elif result.unused:
        notes.append(f"not used by the mapping: {listed_names(result.unused)}")
    if result.left_open:
        notes.append(
            f"without a value, the mapping completes them without saying how: {listed_names(result.left_open)}"
        )
    return notes


def _guarantee(report: Report, direction: Direction) -> str:
    """Return what the report promises for a solution that is carried over."""
    claims = report.claims
    if direction == "lift":
        if claims["complete"].result == _PROVED:
            return "verified: every solution of the reference lifts to one of the candidate that is no worse"
        return "not verified: the lifting is used because of --force"
    if claims["sound"].result == _PROVED:
        but = "" if report.verdict == "equivalent" else f"; the verdict under {report.contract} is {report.verdict!r}"
        return f"verified: every solution of the candidate maps to one of the reference that is no worse{but}"
    if report.verdict == "equivalent":
        return "verified for optimal solutions: every optimum of the candidate maps to an optimum of the reference"
    return f"not verified: the verdict is {report.verdict!r}, the mapping is used because of --force"


def _is_broken(report: Report, checks: Sequence[_Check], source: str, tolerances: Tolerances) -> bool:
    """Say whether a solution that holds exactly became none, or a worse one, although the report says it cannot."""
    claim = report.claims["sound" if source == "candidate" else "complete"]
    found = {check.side: check.found for check in checks}
    if claim.result != _PROVED or len(found) < 2:
        return False
    given, carried_over = found.pop(source), next(iter(found.values()))
    if given.rows_left_out or given.row or given.bound or given.integrality:
        return False
    if not carried_over.within(tolerances):
        return True
    costs = _costs(report, checks)
    if costs is None:
        return False
    promised, reached = costs["promised"], costs["reference"]
    # sound: the image costs no more than promised; complete: what is lifted promises no more than the original costs
    worse = reached - promised if source == "candidate" else promised - reached
    return worse > Fraction(tolerances.objective) * max(Fraction(1), abs(promised))


def _costs(report: Report, checks: Sequence[_Check]) -> dict[str, Fraction] | None:
    """Return both models' values as minimisation and what the candidate's promises, where all of them are known."""
    relation = None if report.mapping is None else report.mapping.objective
    costs = {
        check.side: check.found.objective if check.model.sense == "minimize" else -check.found.objective
        for check in checks
        if check.found.objective is not None
    }
    if relation is None or len(costs) < 2:
        return None
    promised = parse_rational(relation["scale"]) * costs["candidate"] + parse_rational(relation["offset"])
    return {**costs, "promised": promised}


def _objectives(report: Report, checks: Sequence[_Check]) -> str | None:
    """Return both objective values side by side, where both are known and the report relates them."""
    costs = _costs(report, checks)
    if costs is None:
        return None
    return (
        f"objectives as minimisation: the candidate's {number_text(costs['candidate'])} stands for "
        f"{number_text(costs['promised'])} in the reference, whose value is {number_text(costs['reference'])}"
    )


def _print_for_people(
    console: Console,
    values: Mapping[str, Fraction],
    checks: Sequence[_Check],
    notes: Sequence[str],
    guarantee: str,
    target: str,
    tolerances: Tolerances,
) -> None:
    from ui.layout import print_line

    print_line(console, guarantee)
    for note in notes:
        print_line(console, f"note: {safe(note, 400)}")
    print_values(console, f"{target.capitalize()} solution", values)
    for check in checks:
        print_residuals(console, safe(check.title, 200), check.model, check.point, check.found, tolerances)
    if not any(check.side == target for check in checks):
        console.print()
        print_line(console, f"add --{target} FILE to have its rows, bounds and integrality checked at this solution")


def _document(
    values: Mapping[str, Fraction],
    result: Carried,
    checks: Sequence[_Check],
    notes: Sequence[str],
    guarantee: str,
    direction: Direction,
    tolerances: Tolerances,
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "direction": direction,
        "guarantee": guarantee,
        "variables": {name: str(value) for name, value in values.items()},
        "rounded": {name: str(off) for name, off in result.rounded.items()},
        "zeros": list(result.zeros),
        "unused": list(result.unused),
        "left_open": list(result.left_open),
        "notes": list(notes),
        "tolerance": tolerances.feasibility,
        "checks": {check.side: _check_document(check, tolerances) for check in checks},
    }


def _check_document(check: _Check, tolerances: Tolerances) -> dict[str, Any]:
    found = check.found
    return {
        "feasible": found.within(tolerances),
        "objective": None if found.objective is None else str(found.objective),
        "rows_left_out": found.rows_left_out,
        "row": _residual_document(check.model.rows, found.row),
        "bound": _residual_document(check.model.variables, found.bound),
        "integrality": _residual_document(check.model.variables, found.integrality),
    }


def _residual_document(names: Sequence[str], residual: Residual | None) -> dict[str, Any] | None:
    if residual is None:
        return None
    violation = residual.violation
    return {
        "element": violation.element,
        "name": names[violation.index],
        "value": str(violation.activity),
        "limit": None if violation.limit is None else str(violation.limit),
        "amount": str(violation.amount),
        "relative": str(residual.relative),
    }
