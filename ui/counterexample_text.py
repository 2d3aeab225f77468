"""What exactly a counterexample breaks, recomputed from the models and written out with its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tools.errors import InputError
from tools.formulation.model import Formulation, Violation
from tools.formulation.numbers import parse_rational
from tools.report import CounterexampleSummary, Report
from ui.algebra import broken_row_text, number_text
from ui.safe_text import safe


def broken_requirement(report: Report, reference: Formulation, candidate: Formulation) -> list[str]:
    """Return the lines that show what the image of the report's counterexample breaks, its numbers substituted.

    Empty when there is nothing to evaluate: no image, completed variables whose values the image leaves open, or
    names that the models do not have.
    """
    witness = report.counterexample
    if witness is None or witness.image is None or (report.mapping is not None and report.mapping.completed):
        return []
    from_candidate = witness.point_of == "candidate"
    source, target = (candidate, reference) if from_candidate else (reference, candidate)
    point, image = _values(source, witness.point), _values(target, witness.image)
    if point is None or image is None:
        return []
    if witness.violates == "objective":
        return _objective_text(report, reference, candidate, *((image, point) if from_candidate else (point, image)))
    if witness.violates is not None and witness.violates.startswith("row "):
        row = target.row_index.get(witness.violates.removeprefix("row "))
        if row is not None:
            return broken_row_text(target, row, image)
    found = target.violations(image)
    if found:
        return _violation_text(target, next((v for v in found if _mentions(witness, target, v)), found[0]), image)
    if not from_candidate:
        return []
    return _objective_text(report, reference, candidate, image, point)


def _values(model: Formulation, entries: Mapping[str, str]) -> list[Fraction] | None:
    values = [Fraction(0)] * len(model.variables)
    for name, text in entries.items():
        position = model.variable_index.get(name)
        if position is None:
            return None
        try:
            values[position] = parse_rational(text)
        except InputError:
            return None
    return values


def _mentions(witness: CounterexampleSummary, model: Formulation, violation: Violation) -> bool:
    names = model.rows if violation.element == "row" else model.variables
    return witness.violates is not None and names[violation.index] in witness.violates.split()


def _violation_text(model: Formulation, violation: Violation, image: list[Fraction]) -> list[str]:
    if violation.element == "row":
        return broken_row_text(model, violation.index, image)
    name, value = safe(model.variables[violation.index]), number_text(violation.activity)
    if violation.limit is None:
        return [f"integrality of {name}: {name} = {value} is not an integer"]
    sign = "<" if violation.element == "lower bound" else ">"
    return [f"{violation.element} of {name}: {name} = {value} {sign} {number_text(violation.limit)}"]


def _objective_text(
    report: Report, reference: Formulation, candidate: Formulation, y: list[Fraction], x: list[Fraction]
) -> list[str]:
    mine, other = reference.cost_value(y), candidate.cost_value(x)
    lines = [f"objectives, as minimisation: reference {number_text(mine)}, candidate {number_text(other)}"]
    relation = report.mapping.objective if report.mapping is not None else None
    if relation is not None:
        carried = parse_rational(relation["scale"]) * other + parse_rational(relation["offset"])
        sign = "<" if carried < mine else ">" if carried > mine else "="
        lines.append(
            f"the candidate's value carried over to the reference: {number_text(carried)} {sign} {number_text(mine)}"
        )
    return lines
