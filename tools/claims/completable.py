"""Which reference variables a recovery may complete instead of mapping.

Completing is harmless only away from the objective: were an epigraph variable all that is mapped, any model with the
right optimal value would pass. The *objective-linked* variables are those with a cost and, step by step, those on
which a continuous or general integer linked variable leans: the others in a row that keeps it from improving (both
sides of an equality do). Binary variables end the chain: they are mapped, and what they decide is what is asked about.

A completed variable carries no cost and occurs in some row: one that nothing asks for is a choice, not a help. A
continuous one must not be linked; an integer one may be, if a total function of fixed meaning supplies it (the order of
two start times). And the mapped part must carry the objective: at least two variables with a cost, or else completeness
must be proved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tools.claims.carrier import Carrier
from tools.formulation.model import Formulation

Direction = Literal[-1, 0, 1]
"""The way a variable moves for the objective to improve: down, up, or (0) either."""


def objective_linked(model: Formulation) -> frozenset[int]:
    """Return the objective-linked variables of `model`, those with a cost included."""
    directions: dict[int, Direction] = {}
    frontier: list[int] = []
    for j, cost in model.cost_terms.items():
        directions[j] = -1 if cost > 0 else 1
        frontier.append(j)
    while frontier:
        j = frontier.pop()
        if _is_binary(model, j):
            continue
        for i in model.rows_of(j).tolist():
            terms = model.row_terms(i)
            upper, lower = model.row_upper.finite(i) is not None, model.row_lower.finite(i) is not None
            way = directions[j]
            raises = way == 0 or way * terms[j] > 0
            sinks = way == 0 or way * terms[j] < 0
            blocked_above, blocked_below = upper and raises, lower and sinks
            if not (blocked_above or blocked_below):
                continue
            for k, a in terms.items():
                if k != j:
                    _join(directions, frontier, k, _relief(a > 0, blocked_above, blocked_below))
    return frozenset(directions)


def _relief(positive: bool, above: bool, below: bool) -> Direction:
    """Return which way a variable with such a coefficient moves to give a blocked row room."""
    if above and below:
        return 0
    return -1 if positive == above else 1


def _join(directions: dict[int, Direction], frontier: list[int], k: int, way: Direction) -> None:
    known = directions.get(k)
    if known is None:
        directions[k] = way
    elif known == way or known == 0:
        return
    else:
        directions[k] = 0
    frontier.append(k)


def _is_binary(model: Formulation, j: int) -> bool:
    return bool(model.integer[j]) and model.lower.floats[j] >= 0 and model.upper.floats[j] <= 1


def completable(model: Formulation) -> frozenset[int]:
    """Return the variables that some recovery into `model` might complete instead of mapping."""
    if not model.cost_terms:
        return frozenset()
    linked = objective_linked(model)
    return frozenset(
        j
        for j in range(len(model.variables))
        if j not in model.cost_terms and model.rows_of(j).size and (j not in linked or model.integer[j])
    )


def not_completable_because(carrier: Carrier) -> str | None:
    """Return why the carrier may not complete what it completes, or None when it may."""
    if not carrier.completed:
        return None
    reference = carrier.reference
    if not reference.cost_terms:
        return "the reference has no objective, so every variable is mapped and none completed"
    linked = objective_linked(reference)
    count = len(carrier.candidate.model.variables)
    for j in sorted(carrier.completed):
        name = reference.variables[j]
        if j in reference.cost_terms:
            return f"{name!r} has a cost, so it must be mapped and not completed"
        if not reference.rows_of(j).size:
            return f"{name!r} occurs in no row, so nothing determines how to complete it; map it"
        if j not in linked:
            continue
        if not reference.integer[j]:
            return f"the objective leans on {name!r}, so it must be mapped and not completed"
        if not _by_function(carrier.mapping.terms[j], count):
            return f"the objective leans on {name!r}, so only a function of fixed meaning may complete it"
    return None


def thin_because(carrier: Carrier) -> str | None:
    """Return why the mapped part says too little by itself to count without completeness, or None."""
    if not carrier.completed:
        return None
    carried = [j for j in carrier.mapped if j in carrier.reference.cost_terms and carrier.mapping.terms[j]]
    if len(carried) >= 2:
        return None
    return "variables are completed and fewer than two mapped ones carry the objective"


def _by_function(terms: Mapping[int, object], count: int) -> bool:
    return any(k >= count for k in terms)
