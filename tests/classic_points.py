"""Points of the classic models and what they are mapped to, by enumeration; nothing of quasikarp takes part."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

Key = tuple[Any, ...]
Point = dict[Key, float]
Affine = tuple[float, Mapping[Key, float]]
"""A constant and terms."""

TOLERANCE = 1e-6


def cost(model: Any, point: Mapping[Key, float]) -> float:
    """The objective as minimisation."""
    value = model.constant + sum(c * point[key] for key, c in model.cost.items())
    return float(-value if model.sense == "Maximize" else value)


def feasible(model: Any, point: Mapping[Key, float]) -> bool:
    for key, variable in model.variables.items():
        value = point[key]
        if value < variable.lower - TOLERANCE or (variable.upper is not None and value > variable.upper + TOLERANCE):
            return False
        if variable.kind != "continuous" and abs(value - round(value)) > TOLERANCE:
            return False
    return all(
        _holds(sum(a * point[key] for key, a in row.terms.items()), row.relation, row.right) for row in model.rows
    )


def _holds(value: float, relation: str, right: float) -> bool:
    return (relation == ">=" or value <= right + TOLERANCE) and (relation == "<=" or value >= right - TOLERANCE)


def patterns(model: Any) -> Iterator[Point]:
    """Every assignment of the integer variables that no single row forbids, whatever the others are."""
    whole = [key for key, variable in model.variables.items() if variable.kind != "continuous"]
    in_rows = {key: [row for row in model.rows if key in row.terms] for key in whole}

    # variables of one row next to each other, so that rows are decided early
    order: list[Key] = []
    for row in sorted(model.rows, key=lambda row: (row.relation != "=", len(row.terms))):
        order += [key for key in row.terms if key in in_rows and key not in order]
    order += [key for key in whole if key not in order]

    def reachable(row: Any, fixed: Point) -> bool:
        low = high = 0.0
        for key, a in row.terms.items():
            variable = model.variables[key]
            top = float("inf") if variable.upper is None else variable.upper
            ends = (a * fixed[key],) if key in fixed else (a * variable.lower, a * top)
            low, high = low + min(ends), high + max(ends)
        return (row.relation == ">=" or low <= row.right) and (row.relation == "<=" or high >= row.right)

    def extend(fixed: Point, depth: int) -> Iterator[Point]:
        if depth == len(order):
            yield dict(fixed)
            return
        key = order[depth]
        variable = model.variables[key]
        top = _largest(model, key) if variable.upper is None else variable.upper
        for value in range(variable.lower, top + 1):
            fixed[key] = float(value)
            if all(reachable(row, fixed) for row in in_rows[key]):
                yield from extend(fixed, depth + 1)
            del fixed[key]

    yield from extend({}, 0)


def _largest(model: Any, key: Key) -> int:
    objective = [-1.0 * (other == key) for other in model.variables]
    result = milp(objective, **_arguments(model, []))
    return round(-result.fun)


def points(model: Any, directions: int = 12, best: bool = False) -> list[Point]:
    """Every feasible point of a pure integer model; else for every integer pattern vertices and points between them.

    `best` asks for optimal points only (then vertices of the optimal faces).
    """
    names = list(model.variables)
    free = [key for key in names if model.variables[key].kind == "continuous"]
    rng = random.Random(5)
    found: dict[tuple[float, ...], Point] = {}
    limit = optimum(model) if best else None
    forced = [] if limit is None else [(_cost_terms(model), -np.inf, limit - _constant(model) + TOLERANCE)]
    for pattern in patterns(model):
        if not free:
            if feasible(model, pattern) and (limit is None or cost(model, pattern) <= limit + TOLERANCE):
                found[tuple(pattern[key] for key in names)] = pattern
            continue
        corners: list[Point] = []
        objectives = [[rng.uniform(-1, 1) for _ in free] for _ in range(directions)]
        for number, objective in enumerate(objectives):
            point = _vertex(model, pattern, dict(zip(free, objective, strict=True)), forced)
            if point is None:
                assert number == 0, "feasible in one direction, infeasible in another"
                break
            corners.append(point)
        # images of corners may all be reached where that of a point between them is not: they need several patterns
        for weights in ([1.0] * len(corners), list(range(1, len(corners) + 1))):
            if corners:
                total = sum(weights)
                corners.append(
                    {key: sum(w * c[key] for w, c in zip(weights, corners, strict=False)) / total for key in names}
                )
        for point in corners:
            found.setdefault(tuple(round(point[key], 6) for key in names), point)
    return list(found.values())


def _vertex(
    model: Any,
    pattern: Point,
    objective: Mapping[Key, float],
    forced: Sequence[tuple[Mapping[Key, float], float, float]],
) -> Point | None:
    names = list(model.variables)
    arguments = _arguments(model, forced)
    bounds = arguments["bounds"]
    low = [pattern.get(key, bounds.lb[k]) for k, key in enumerate(names)]
    # a continuous variable without an upper bound gets a generous one, or a direction might have no vertex
    high = [pattern.get(key, min(bounds.ub[k], 200.0)) for k, key in enumerate(names)]
    rows = arguments["constraints"]
    matrix, rows_low, rows_high = rows.A, rows.lb, rows.ub
    equal = np.isclose(rows_low, rows_high)
    upper = np.vstack([matrix[~equal & np.isfinite(rows_high)], -matrix[~equal & np.isfinite(rows_low)]])
    limits = np.concatenate([rows_high[~equal & np.isfinite(rows_high)], -rows_low[~equal & np.isfinite(rows_low)]])
    result = linprog(
        [objective.get(key, 0.0) for key in names],
        A_ub=upper if len(upper) else None, b_ub=limits if len(upper) else None,
        A_eq=matrix[equal] if equal.any() else None, b_eq=rows_low[equal] if equal.any() else None,
        bounds=list(zip(low, high, strict=True)), method="highs-ds",
    )  # fmt: skip
    assert result.status in (0, 2), result.message
    return dict(zip(names, map(float, result.x), strict=True)) if result.status == 0 else None


def optimum(model: Any) -> float:
    """The optimal value as minimisation."""
    terms = _cost_terms(model)
    result = milp([terms.get(key, 0.0) for key in model.variables], **_arguments(model, []))
    assert result.status == 0, result.message
    return float(result.fun) + _constant(model)


def _constant(model: Any) -> float:
    return float(-model.constant if model.sense == "Maximize" else model.constant)


def _cost_terms(model: Any) -> dict[Key, float]:
    sign = -1.0 if model.sense == "Maximize" else 1.0
    return {key: sign * c for key, c in model.cost.items()}


def reaches(model: Any, values: Sequence[tuple[Affine, float]], at_most: float) -> bool:
    """Whether some point of `model` gives each affine expression its value, at a cost (minimisation) of `at_most`."""
    slack = 1e-5
    forced = [(dict(terms), value - c - slack, value - c + slack) for (c, terms), value in values]
    forced.append((_cost_terms(model), -np.inf, at_most - _constant(model) + 100 * slack))
    result = milp(np.zeros(len(model.variables)), **_arguments(model, forced))
    assert result.status in (0, 2), result.message
    return bool(result.status == 0)


def image(recovery: Mapping[Key, Affine], point: Mapping[Key, float]) -> Point:
    return {key: c + sum(a * point[k] for k, a in terms.items()) for key, (c, terms) in recovery.items()}


def _arguments(model: Any, forced: Sequence[tuple[Mapping[Key, float], float, float]]) -> dict[str, Any]:
    names = list(model.variables)
    position = {key: k for k, key in enumerate(names)}
    rows = [
        (row.terms, -np.inf if row.relation == "<=" else row.right, np.inf if row.relation == ">=" else row.right)
        for row in model.rows
    ]
    rows += list(forced)
    matrix = np.zeros((len(rows), len(names)))
    for number, (terms, _, _) in enumerate(rows):
        for key, a in terms.items():
            matrix[number, position[key]] = a
    variables = model.variables.values()
    return {
        "constraints": LinearConstraint(matrix, [low for _, low, _ in rows], [high for _, _, high in rows]),
        "bounds": Bounds([v.lower for v in variables], [np.inf if v.upper is None else v.upper for v in variables]),
        "integrality": [v.kind != "continuous" for v in variables],
    }
