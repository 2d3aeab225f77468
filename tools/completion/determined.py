"""What the equality rows determine, and what no row restricts."""

from __future__ import annotations

from fractions import Fraction

from tools.completion.rows import OBJECTIVE, OpenRow
from tools.completion.state import Proposal, State
from tools.mapping.affine import AffineExpression

LARGEST_SYSTEM = 400
"""Systems of more equality rows than this are only solved row by row, not by elimination."""


def determine(state: State) -> State | None:
    """Return the state with all values that equality rows force, or None where these contradict each other.

    Variables that occur in no row rest within their bounds.
    """
    current: State | None = state
    while current is not None:
        forced = _single(current) or _eliminated(current)
        if forced:
            current = current.with_proposal(Proposal(forced))
            continue
        reduced = current.reduced()
        return None if reduced is None else _rest(reduced)
    return None


def _single(state: State) -> dict[str, AffineExpression]:
    forced: dict[str, AffineExpression] = {}
    for name in state.focus:
        low, high = state.bounds(name)
        if low is not None and low == high:
            forced[name] = AffineExpression.number(low)
    for row in state.rows_with(state.focus):
        if row.is_equality and row.lower is not None and len(row.terms) == 1:
            ((name, coefficient),) = row.terms.items()
            forced.setdefault(name, row.lower * (1 / coefficient))
    return forced


def _eliminated(state: State) -> dict[str, AffineExpression]:
    """Return the variables that several equality rows together determine, by exact elimination."""
    system = [row for row in state.rows_with(state.focus) if row.is_equality]
    if len(system) > LARGEST_SYSTEM:
        return {}
    solved: dict[str, tuple[dict[str, Fraction], AffineExpression]] = {}
    for row in sorted(system, key=lambda row: len(row.terms)):
        terms, side = dict(row.terms), row.lower or AffineExpression.number(0)
        for pivot in [name for name in terms if name in solved]:
            terms, side = _minus(terms, side, terms[pivot], *solved[pivot])
        if not terms:
            continue
        pivot = min(terms, key=lambda name: (abs(terms[name]) != 1, name))
        scale = 1 / terms[pivot]
        terms, side = {name: a * scale for name, a in terms.items()}, side * scale
        for other, (its_terms, its_side) in solved.items():
            if pivot in its_terms:
                solved[other] = _minus(its_terms, its_side, its_terms[pivot], terms, side)
        solved[pivot] = (terms, side)
    return {name: side for name, (terms, side) in solved.items() if len(terms) == 1}


def _minus(
    terms: dict[str, Fraction],
    side: AffineExpression,
    factor: Fraction,
    other_terms: dict[str, Fraction],
    other_side: AffineExpression,
) -> tuple[dict[str, Fraction], AffineExpression]:
    result = dict(terms)
    for name, a in other_terms.items():
        value = result.get(name, Fraction(0)) - factor * a
        if value:
            result[name] = value
        else:
            result.pop(name, None)
    return result, side - other_side * factor


def _rest(state: State) -> State | None:
    free = {name: AffineExpression.number(_cheapest(state, name)) for name in state.focus if _is_free(state, name)}
    return state.with_proposal(Proposal(free)) if free else state


def _is_free(state: State, name: str) -> bool:
    return not any(row.label != OBJECTIVE for row in _rows(state, name))


def _rows(state: State, name: str) -> list[OpenRow]:
    return state.rows_with((name,))


def _cheapest(state: State, name: str) -> Fraction:
    """Return the bound at which a variable costs least; zero, or the bound nearest to it, where it costs nothing."""
    low, high = state.bounds(name)
    cost = state.cost(name)
    if cost > 0 and low is not None:
        return low
    if cost < 0 and high is not None:
        return high
    if low is not None and low > 0:
        return low
    return high if high is not None and high < 0 else Fraction(0)
