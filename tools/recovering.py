"""Solutions carried from one model to the other by the mapping of a report.

"recover" goes from candidate to reference, "lift" the other way. Everything is exact: a value that is a little off a
whole number stays so, unless the model is given that says that the variable is whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

from tools.errors import InputError
from tools.formulation.literals import decimal_expansion
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineMapping, listed
from tools.mapping.total import TotalMapping
from tools.report import Missing, Report
from tools.solutions.exact_values import exact_values
from tools.solvers.tolerances import DEFAULT_TOLERANCES

Direction = Literal["recover", "lift"]

NEARLY_WHOLE = Fraction(1, 100_000)
"""How far an integer variable may be off a whole number to be rounded to it, as in the tolerances of solvers."""

SLACK = Fraction(DEFAULT_TOLERANCES.feasibility)
"""How far what a function asks of its arguments may be missed, relative to the size of the limit."""


@dataclass(frozen=True)
class Carried:
    """A solution carried over: `values` of the target's variables, in the mapping's order.

    `source` is what was carried, after rounding and with the zeros that were filled in; `rounded` the variables that
    were rounded and by how much; `zeros` those that were taken to be 0; `unused` the names that the mapping does not
    use; `left_open` the target variables that the mapping completes without saying how.
    """

    values: Mapping[str, Fraction]
    source: Mapping[str, Fraction]
    rounded: Mapping[str, Fraction]
    zeros: tuple[str, ...]
    unused: tuple[str, ...]
    left_open: tuple[str, ...]


def carried(
    report: Report,
    solution: Mapping[str, Any],
    direction: Direction,
    *,
    source_model: Formulation | None,
    missing: Missing,
    force: bool,
) -> Carried:
    """Return `solution` carried over, with everything that had to be assumed on the way; raises `InputError`."""
    if missing not in get_args(Missing):
        raise InputError(f"missing must be 'error' or 'zero', found {missing!r}")
    mapping, left_open = mapping_of(report, direction, force=force)
    needed = _sources(mapping)
    given = exact_values(solution)
    side = "candidate" if direction == "recover" else "reference"
    if source_model is not None:
        unknown = [name for name in needed if name not in source_model.variable_index]
        if unknown:
            raise InputError(
                f"{listed(unknown)} used by the mapping but no variable of the {side} {source_model.name[:60]!r}; give "
                "the model that the report is about"
            )
    zeros = tuple(name for name in needed if name not in given)
    if zeros and missing == "error":
        raise InputError(
            f"{listed(zeros)} missing from the solution; give every variable of the {side} that the mapping uses, or "
            "say that what is missing is 0 (missing='zero', --missing zero)"
        )
    if given and needed and len(zeros) == len(needed):
        raise InputError(
            f"the solution names no variable that the mapping uses, such as {needed[0][:60]!r}; is it a solution of "
            f"the {side}?"
        )
    rounded: dict[str, Fraction] = {}
    source = {**given, **dict.fromkeys(zeros, Fraction(0))}
    if source_model is not None:
        rounded = _distances(source, source_model)
        source = {name: value - rounded.get(name, 0) for name, value in source.items()}
    if not force:
        _refuse_noise(mapping, source, side, source_model)
        _refuse_undefined(mapping, source, side)
    used = set(needed)
    return Carried(
        values=mapping.apply(source),
        source=source,
        rounded=rounded,
        zeros=zeros,
        unused=tuple(name for name in given if name not in used),
        left_open=left_open,
    )


def mapping_of(report: Report, direction: Direction, *, force: bool = False) -> tuple[TotalMapping, tuple[str, ...]]:
    """Return the mapping of the report in this direction, and the target variables that it leaves open.

    Raises `InputError` where there is none, and, unless `force` says otherwise, where it was not verified: a recovery
    is usable when the verdict is "equivalent" or `sound` is proved, a lifting when `complete` is.
    """
    summary = report.mapping
    if summary is None:
        raise InputError(f"the report has no mapping (its verdict is {report.verdict!r}), so nothing can be recovered")
    if direction == "lift":
        if summary.lifting is None:
            raise InputError("the report has no lifting, so reference solutions cannot be carried to the candidate")
        if report.claims["complete"].result != "proved" and not force:
            raise InputError(
                "the lifting was not verified: 'complete' is not proved; force=True (--force) uses it anyway"
            )
        return TotalMapping.from_json(dict(summary.lifting)), ()
    if report.verdict != "equivalent" and report.claims["sound"].result != "proved" and not force:
        state = "was refuted" if report.verdict == "not_equivalent" else "was not verified"
        raise InputError(
            f"the mapping {state} (the verdict is {report.verdict!r}), so what it recovers proves nothing; force=True "
            "(--force) uses it anyway"
        )
    affine = AffineMapping.from_json(dict(summary.recovery))
    by_function = TotalMapping.from_json(dict(summary.completed_by or {}))
    total = TotalMapping({**affine.expressions, **by_function.expressions}, by_function.extension)
    return total, tuple(name for name in summary.completed if name not in total.expressions)


def _sources(mapping: TotalMapping) -> list[str]:
    """Return the source variables that the mapping uses, in order of first use."""
    outputs = set(mapping.extension.names)
    expressions = [*mapping.expressions.values(), *(e for f in mapping.extension.functions for e in f.inputs)]
    return list(dict.fromkeys(name for e in expressions for name in e.terms if name not in outputs))


def _distances(values: Mapping[str, Fraction], model: Formulation) -> dict[str, Fraction]:
    """Return how far each integer variable is off the whole number next to it, where it is nearly whole only."""
    found = {}
    for name, value in values.items():
        position = model.variable_index.get(name)
        if position is not None and model.integer[position] and nearly_whole(value):
            found[name] = value - round(value)
    return found


def nearly_whole(value: Fraction) -> bool:
    """Say whether `value` is close to a whole number and none."""
    return 0 < abs(value - round(value)) <= NEARLY_WHOLE


def _refuse_noise(
    mapping: TotalMapping, values: Mapping[str, Fraction], side: str, source_model: Formulation | None
) -> None:
    """Raise `InputError` where a function that jumps would take noise for a value: the last digit of 0.9999999 is 0."""
    outputs = set(mapping.extension.names)
    arguments = [name for f in mapping.extension.functions for e in f.inputs for name in e.terms if name not in outputs]
    for name in dict.fromkeys(arguments):
        value = values[name]
        shown = f"{name[:60]!r} = {(decimal_expansion(value) or str(value))[:40]}"
        if source_model is None and nearly_whole(value):
            raise InputError(
                f"{shown} is nearly whole, and the mapping uses functions of it that may jump there; give the {side} "
                "model too, whose integer variables are then rounded, or round the value yourself"
            )
        if source_model is None or value.denominator == 1:
            continue
        if source_model.integer[source_model.variable_index[name]]:
            raise InputError(
                f"{shown} is not whole, as the {side} {source_model.name[:60]!r} wants it, and the mapping uses "
                "functions of it; force=True (--force) goes on"
            )


def _refuse_undefined(mapping: TotalMapping, values: Mapping[str, Fraction], side: str) -> None:
    """Raise `InputError` where a function is asked outside its conditions, which hold on every solution of the side."""
    known = dict(values)
    for function in mapping.extension.functions:
        for condition in function.conditions():
            value = condition.expression.evaluate(known)
            broken = condition.integral and value.denominator != 1
            for limit, sign in ((condition.lower, 1), (condition.upper, -1)):
                if limit is not None and (limit - value) * sign > SLACK * max(Fraction(1), abs(limit)):
                    broken = True
            if broken:
                advice = "round the values that it uses" if nearly_whole(value) else "check the solution"
                raise InputError(
                    f"the mapping uses {function.name!r} of {str(condition.expression)[:60]}, which is "
                    f"{(decimal_expansion(value) or str(value))[:40]} here and never so at a solution of the {side}; "
                    f"{advice}, force=True (--force) goes on"
                )
        known.update(function.evaluate(known))
