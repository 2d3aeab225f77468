"""One call that tests everything a total function promises, on source points that a test lists or samples."""

import copy
import itertools
import json
import math
import pickle
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import pytest
from scipy.optimize import linprog
from small_models import model

from tools.errors import MappingError
from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.extension import Extension
from tools.mapping.functions import FUNCTIONS
from tools.mapping.functions.protocol import GraphRow, Output, TotalFunction

F = Fraction
Point = Mapping[str, Fraction]


def check_lemma(function: TotalFunction, points: Iterable[Point], *, slack: Fraction | int | None = 1) -> None:
    """Assert that the function keeps its word at every point; each point must satisfy its conditions.

    Bounds, kinds and graph rows hold there, on the extended model too; JSON, pickle, hash, substitution and renaming
    agree with the values. Unless `slack` is None, each finite side of a row and each finite bound comes closer than
    `slack` to some point, so that a row tightened by that much would be noticed and a row that says nothing is too.
    """
    points = [{name: F(value) for name, value in point.items()} for point in points]
    assert points, "no point to test at"
    check_serialisation(function)
    check_names(function)
    for point in points:
        check_conditions(function, point)
        assert function.evaluate(point) == function.evaluate(dict(reversed(point.items())))
        assert not broken(function, point), f"at {shown(point)}: {broken(function, point)}"
        check_extended_model(function, point)
        check_substitution(function, point)
        check_renaming(function, point)
    if slack is not None:
        unnoticed = [
            text for text, outputs, rows in mutants(function, F(slack)) if not noticed(points, function, outputs, rows)
        ]
        assert not unnoticed, f"no point would notice {unnoticed}: add points, or state a stronger lemma"


def broken(
    function: TotalFunction,
    point: Point,
    outputs: Sequence[Output] | None = None,
    rows: Sequence[GraphRow] | None = None,
) -> list[str]:
    """Return what the values at `point` break of the outputs and rows: the function's own unless others are given."""
    values = function.evaluate(point)
    outputs = list(function.outputs) if outputs is None else outputs
    rows = list(function.graph()) if rows is None else rows
    wrong = [] if values.keys() == {o.name for o in outputs} else [f"it gives values for {sorted(values)}"]
    wrong += [f"{name} is no Fraction" for name, value in values.items() if type(value) is not Fraction]
    for output in outputs:
        value = values[output.name]
        if not _within(value, output.lower, output.upper):
            wrong.append(f"{output.name} = {value} leaves [{output.lower}, {output.upper}]")
        if output.kind != Kind.CONTINUOUS and value.denominator != 1:
            wrong.append(f"{output.name} = {value} is not whole")
        if output.kind == Kind.BINARY and value not in (0, 1):
            wrong.append(f"{output.name} = {value} is not binary")
    for row in rows:
        activity = row.expression.evaluate({**point, **values})
        if not _within(activity, row.lower, row.upper):
            wrong.append(f"row {row.label}: {row.expression} = {activity} leaves [{row.lower}, {row.upper}]")
    return wrong


def whole_graph(function: TotalFunction, point: Point) -> Iterator[dict[str, Fraction]]:
    """Yield every assignment of the outputs, all whole with finite bounds, that respects the rows at `point`.

    Where it yields the function's values alone, the rows describe the function exactly.
    """
    outputs = list(function.outputs)
    rows = list(function.graph())
    ranges = []
    for output in outputs:
        assert output.kind != Kind.CONTINUOUS
        assert output.lower is not None
        assert output.upper is not None
        ranges.append(range(math.ceil(output.lower), math.floor(output.upper) + 1))
    for choice in itertools.product(*ranges):
        values = {output.name: F(value) for output, value in zip(outputs, choice)}
        everything = {**point, **values}
        if all(_within(row.expression.evaluate(everything), row.lower, row.upper) for row in rows):
            yield values


def check_hull(function: TotalFunction, points: Iterable[Point], limits: Iterable[Point] = ()) -> None:
    """Assert that rows, bounds and conditions describe the convex hull of the graph over `points`, in floats.

    `points` must be all points of the conditions, or at least those whose hull they are; `limits` are further points
    of the closure, sources and outputs together. In many directions the linear relaxation must reach no farther.
    """
    vertices = [{**point, **function.evaluate(point)} for point in points] + list(limits)
    names = sorted(sources_of(function)) + [output.name for output in function.outputs]
    ranges = [(c.expression, c.lower, c.upper) for c in function.conditions()]
    ranges += [(row.expression, row.lower, row.upper) for row in function.graph()]
    matrix, right = [], []
    for expression, lower, upper in ranges:
        terms = [float(expression.terms.get(name, 0)) for name in names]
        if lower is not None:
            matrix.append([-value for value in terms])
            right.append(float(expression.constant - lower))
        if upper is not None:
            matrix.append(terms)
            right.append(float(upper - expression.constant))
    bounds = [(None, None)] * len(sources_of(function)) + [(o.lower, o.upper) for o in function.outputs]
    generator = random.Random(0)
    for _ in range(60):
        direction = {name: generator.randint(-5, 5) for name in names}
        farthest = max(sum(direction[name] * vertex[name] for name in names) for vertex in vertices)
        costs = [-direction[name] for name in names]
        solved = linprog(costs, A_ub=matrix, b_ub=right, bounds=bounds)
        assert solved.status == 0, solved.message
        assert -solved.fun <= farthest + 1e-6, f"in direction {direction} the rows reach {-solved.fun}, not {farthest}"


def grid(**values: Iterable[int | Fraction]) -> list[dict[str, Fraction]]:
    """Return every combination of the listed values, as points."""
    return [dict(zip(values, map(F, choice))) for choice in itertools.product(*values.values())]


def mutants(function: TotalFunction, slack: Fraction) -> Iterator[tuple[str, list[Output], list[GraphRow]]]:
    """Yield each way to tighten one side of one row, or one bound, by `slack`, and what it is."""
    outputs, rows = list(function.outputs), list(function.graph())
    for k, row in enumerate(rows):
        others = rows[:k] + rows[k + 1 :]
        if row.lower is not None:
            tight = GraphRow(row.label, row.expression, row.lower + slack, row.upper)
            yield f"row {row.label}, {row.expression} ≥ {row.lower}", outputs, [*others, tight]
        if row.upper is not None:
            tight = GraphRow(row.label, row.expression, row.lower, row.upper - slack)
            yield f"row {row.label}, {row.expression} ≤ {row.upper}", outputs, [*others, tight]
    for k, output in enumerate(outputs):
        rest = outputs[:k] + outputs[k + 1 :]
        if output.lower is not None:
            changed = Output(output.name, output.lower + slack, output.upper, output.kind)
            yield f"{output.name} ≥ {output.lower}", [*rest, changed], rows
        if output.upper is not None:
            changed = Output(output.name, output.lower, output.upper - slack, output.kind)
            yield f"{output.name} ≤ {output.upper}", [*rest, changed], rows


def noticed(
    points: Iterable[Point], function: TotalFunction, outputs: Sequence[Output], rows: Sequence[GraphRow]
) -> bool:
    """Say whether some point's values break these outputs or rows."""
    return any(broken(function, point, outputs, rows) for point in points)


def check_serialisation(function: TotalFunction) -> None:
    """Assert that JSON, pickle and copy give the function back, and that damaged JSON is a `MappingError`."""
    kind = type(function)
    assert FUNCTIONS.get(function.name) is kind, f"{function.name!r} is not registered"
    data = json.loads(json.dumps(function.arguments()))
    assert kind.from_arguments(data, owner="a test") == function
    assert pickle.loads(pickle.dumps(function)) == function == copy.deepcopy(function)
    assert hash(function) == hash(kind.from_arguments(data, owner="a test"))
    damaged = [None, [], 3, {**data, "surplus": 0}]
    damaged += [{k: v for k, v in data.items() if k != field} for field in data]
    damaged += [{**data, field: wrong} for field in data for wrong in ({"unexpected": []}, [{"unexpected": [0]}])]
    for wrong in damaged:
        with pytest.raises(MappingError, match="a test"):
            kind.from_arguments(wrong, owner="a test")


def check_names(function: TotalFunction) -> None:
    """Assert that conditions use inputs alone, rows nothing but inputs and outputs, and outputs have own names."""
    sources = sources_of(function)
    outputs = [output.name for output in function.outputs]
    assert outputs, "it defines nothing"
    assert len(set(outputs)) == len(outputs)
    assert not sources & set(outputs)
    for condition in function.conditions():
        assert condition.expression.terms.keys() <= sources, f"condition {condition.label} uses more than the inputs"
    for row in function.graph():
        assert row.expression.terms.keys() <= sources | set(outputs), f"row {row.label} uses more than the inputs"


def check_conditions(function: TotalFunction, point: Point) -> None:
    """Assert that the point of the test satisfies the conditions."""
    for condition in function.conditions():
        value = condition.expression.evaluate(point)
        fine = _within(value, condition.lower, condition.upper) and (not condition.integral or value.denominator == 1)
        assert fine, f"the test's point {shown(point)} breaks condition {condition.label}: {value}"


def check_extended_model(function: TotalFunction, point: Point) -> None:
    """Assert that the point with its values lies in the extended model."""
    extended = Extension((function,)).extend(model(dict.fromkeys(point, (None, None))))
    values = Extension((function,)).apply(point)
    assert extended.is_feasible([values[name] for name in extended.variables])


def check_substitution(function: TotalFunction, point: Point) -> None:
    """Assert that substituting affine expressions commutes with taking values, conditions and rows."""
    assert function.substitute({}) == function
    sources = sorted(sources_of(function))
    shift = {s: AffineExpression(F(-3), {f"{s}~": F(1), f"{s}~~": F(1, 2)}) for s in sources}
    turn = {s: AffineExpression.variable(t) for s, t in zip(sources, sources[1:] + sources[:1])}
    shifted = {f"{s}~": point[s] + 3 - F(k, 2) for k, s in enumerate(sources)}
    shifted |= {f"{s}~~": F(k) for k, s in enumerate(sources)}
    turned = {t: point[s] for s, t in zip(sources, sources[1:] + sources[:1])}
    values = function.evaluate(point)
    for replacements, at in ((shift, shifted), (turn, turned)):
        replaced = function.substitute(replacements)
        assert type(replaced) is type(function)
        assert [o.name for o in replaced.outputs] == [o.name for o in function.outputs]
        assert replaced.evaluate(at) == values
        for old, new in zip(function.conditions(), replaced.conditions(), strict=True):
            assert new.expression == old.expression.substitute(replacements)
            assert (new.lower, new.upper, new.integral) == (old.lower, old.upper, old.integral)
        for before, after in zip(function.graph(), replaced.graph(), strict=True):
            assert after.expression == before.expression.substitute(replacements)
            assert (after.lower, after.upper) == (before.lower, before.upper)


def check_renaming(function: TotalFunction, point: Point) -> None:
    """Assert that renaming outputs, all of them or in a circle, commutes with taking values and rows."""
    names = [output.name for output in function.outputs]
    values = function.evaluate(point)
    for renaming in ({}, {names[0]: "fresh"}, dict(zip(names, names[1:] + names[:1]))):
        renamed = function.renamed(renaming)
        assert type(renamed) is type(function)
        for before, after in zip(function.outputs, renamed.outputs, strict=True):
            assert after == Output(renaming.get(before.name, before.name), before.lower, before.upper, before.kind)
        assert renamed.evaluate(point) == {renaming.get(name, name): value for name, value in values.items()}
        assert list(renamed.conditions()) == list(function.conditions())
        replacements = {old: AffineExpression.variable(new) for old, new in renaming.items()}
        for old_row, new_row in zip(function.graph(), renamed.graph(), strict=True):
            assert new_row.expression == old_row.expression.substitute(replacements)
    assert function.renamed({}) == function


def sources_of(function: TotalFunction) -> set[str]:
    """Return the names that the inputs use."""
    return {name for expression in function.inputs for name in expression.terms}


def shown(point: Point) -> str:
    """Return the point in the way a test would write it."""
    return ", ".join(f"{name} = {value}" for name, value in point.items())


def _within(value: Fraction, lower: Fraction | None, upper: Fraction | None) -> bool:
    return (lower is None or value >= lower) and (upper is None or value <= upper)
