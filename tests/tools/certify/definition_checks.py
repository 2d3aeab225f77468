"""One call that tests a realised function: every row and bound has a proof the checker accepts, and no false one."""

import copy
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest

import quasikarp_verify as verifier
from tools.certify.definitions import Realised, realise
from tools.certify.space import Space
from tools.exact.budget import Budget
from tools.formulation.json_format import format_json
from tools.formulation.model import Formulation, Kind
from tools.mapping.functions.protocol import TotalFunction

Point = Mapping[str, Fraction | int]


def check_definitions(
    function: TotalFunction, base: Formulation, points: Iterable[Point], *, spoiled: int = 12
) -> tuple[Space, Realised]:
    """Assert that all the function says is shown on the base model, and true at the points; return space and function.

    Of the derived rows that some point attains, `spoiled` at most are raised a little: the checker must refuse them.
    """
    space = Space(base, Budget())
    realised = realise(space, function)
    assert realised is not None
    assert realised.derive_all()
    checked = accepted(base, space.steps)
    assert checked.names == list(space.names)
    assert checked.integer == space.integer
    assert [checked._row(i, ()) for i in range(len(checked.rows))] == [space.row(i) for i in range(space.row_count)]
    assert list(zip(checked.lower, checked.upper)) == [space.bounds(j) for j in range(len(space.names))]
    for output in function.outputs:
        j = space.index[output.name]
        assert output.kind == Kind.CONTINUOUS or checked.integer[j]
        assert output.lower is None or checked.lower[j] >= output.lower
        assert output.upper is None or checked.upper[j] <= output.upper
    for k, row in enumerate(function.graph()):
        terms = {space.index[name]: a for name, a in row.expression.terms.items()}
        if row.lower is not None:
            assert checked.rows[realised.derive(k, "lower")] == (terms, row.lower - row.expression.constant, None)
        if row.upper is not None:
            negated = {j: -a for j, a in terms.items()}
            assert checked.rows[realised.derive(k, "upper")] == (negated, row.expression.constant - row.upper, None)
    values = [everything(space, function, point) for point in points]
    assert values, "no point to test at"
    tight = []
    for number, step in enumerate(space.steps):
        if "row" in step:
            target = Fraction(step["row"]["at_least"])
            least = min(sum(Fraction(a) * at[int(j)] for j, a in step["row"]["terms"].items()) for at in values)
            assert least >= target, f"step {number} is false"
            tight += [number] if least == target else []
        elif "bound" in step:
            j, side, limit = step["bound"]
            assert all(at[j] >= Fraction(limit) if side == "lower" else at[j] <= Fraction(limit) for at in values)
    assert tight
    refused(base, space.steps, tight[:: max(1, len(tight) // spoiled)])
    return space, realised


def accepted(base: Formulation, steps: Sequence[dict[str, Any]]) -> Any:
    """Return the checker's own set after the steps, which it must accept."""
    checked = verifier.Space(verifier.formulation(verifier.decode(format_json(base))))
    verifier.extend(checked, copy.deepcopy(list(steps)))
    return checked


def refused(base: Formulation, steps: Sequence[dict[str, Any]], numbers: Iterable[int]) -> None:
    """Assert that the checker refuses each of these steps once its row is raised a little."""
    checked, done = accepted(base, []), 0
    for number in numbers:
        verifier.extend(checked, steps[done:number])
        done = number
        row = steps[number]["row"]
        raised = {**row, "at_least": str(Fraction(row["at_least"]) + Fraction(1, 1000))}
        with pytest.raises(verifier.Invalid):
            verifier.extend(checked, [{**steps[number], "row": raised}])


def everything(space: Space, function: TotalFunction, point: Point) -> list[Fraction]:
    """Return the value of every variable at a point of the model: definitions as the format states them.

    Positions and path flows, of which there may be several, are those of the function.
    """
    at = {name: Fraction(value) for name, value in point.items()}
    own = function.evaluate(at)
    for step in space.steps:
        if "affine" in step:
            at[step["affine"]] = _value(step["value"], at)
        elif "floor" in step:
            at[step["floor"]] = Fraction(math.floor(_value(step["value"], at)))
        elif "if" in step:
            test = _value(step["test"], at)
            most = Fraction(step["most"])
            assert test <= most or test >= most + Fraction(step["step"])
            at[step["if"]] = _value(step["then" if test <= most else "else"], at)
        elif "tour" in step:
            following = {i: j for i, j, value in step["tour"]["arcs"] if _value(value, at)}
            node, names = 0, step["tour"]["positions"]
            for place in range(1, step["tour"]["nodes"]):
                node = following[node]
                at[names[node - 1]] = Fraction(place)
        elif "paths" in step:
            at |= {name: own[name] for name in step["paths"]["names"]}
    for name, value in own.items():
        assert at[name] == value, f"{name} is {at[name]}, not {value}"
    return [at[name] for name in space.names]


def _value(expression: Mapping[str, Any], at: Mapping[str, Fraction]) -> Fraction:
    terms = expression["terms"].items()
    return Fraction(expression["constant"]) + sum((Fraction(a) * at[name] for name, a in terms), Fraction(0))
