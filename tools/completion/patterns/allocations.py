"""First-in-first-out amounts, for variables that split supplies of periods among the demands of later ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

from tools.completion.patterns.row_pairs import RowPairs, row_pairs
from tools.completion.rows import OpenRow
from tools.completion.state import Proposal, State
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.fifo_allocation import FifoAllocation

ZERO = Fraction(0)
ONE = Fraction(1)


@dataclass(frozen=True)
class _Setup:
    """The expression that allows a supply, and the largest amounts that it allows, by variable."""

    expression: AffineExpression
    limits: Mapping[str, Fraction]


class AllocationPattern:
    """Proposes w_tk for open variables in two equalities each, Σ_k w_tk = X_t and Σ_t w_tk = D_k.

    Supplies and demands are put in an order in which each supply serves all demands from some one on.
    Several groups of such variables, as of several products, are proposed at once. Rows w_tk ≤ limit·y_t make y_t the
    setup of X_t.
    """

    name: ClassVar[str] = "allocations"

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield proposals for all of `state.focus`."""
        groups = row_pairs(state)
        for flipped in (False, True):
            functions = [_allocation(state, group, flipped) for group in groups]
            known = [function for function in functions if function is not None]
            if known and len(known) == len(functions):
                yield Proposal({name: e for _, names in known for name, e in names.items()}, tuple(f for f, _ in known))


def _allocation(
    state: State, group: RowPairs, flipped: bool
) -> tuple[FifoAllocation, dict[str, AffineExpression]] | None:
    first, second = (group.second, group.first) if flipped else (group.first, group.second)
    supplies = sorted(first, key=lambda i: (-len(state.rows[i].terms), i))
    demands = sorted(second, key=lambda i: (len(state.rows[i].terms), i))
    variable: dict[tuple[int, int], str] = {}
    earliest: list[int] = []
    for t, i in enumerate(supplies):
        shared = [sorted(state.rows[i].terms.keys() & state.rows[j].terms.keys()) for j in demands]
        earliest.append(next(k for k, names in enumerate(shared) if names))
        if any(len(names) != (k >= earliest[t]) for k, names in enumerate(shared)):
            return None
        variable |= {(t, k): names[0] for k, names in enumerate(shared) if names}
    if earliest != sorted(earliest):
        return None
    supply, demand = [_side(state.rows[i]) for i in supplies], [_side(state.rows[j]) for j in demands]
    names = {pair: state.output_name(name) for pair, name in variable.items()}
    plain = FifoAllocation(tuple(supply), tuple(demand), tuple(earliest), tuple(names[pair] for pair in sorted(names)))
    setups = _setups(state, variable, len(supplies))
    if setups:
        largest = [
            max([d.constant, *(setup.limits[variable[t, k]] for t, setup in setups.items() if (t, k) in variable)])
            for k, d in enumerate(demand)
        ]
        plain = replace(
            plain,
            setups=tuple((t, setup.expression) for t, setup in setups.items()),
            capacity=tuple(
                _capacity(state.task.source, supply[t], setup.expression, sum(largest, ZERO))
                for t, setup in setups.items()
            ),
            largest_demand=tuple(largest),
        )
    return plain, {variable[pair]: AffineExpression.variable(name) for pair, name in names.items()}


def _side(row: OpenRow) -> AffineExpression:
    side, size = row.lower, next(iter(row.terms.values()))
    return AffineExpression(ZERO) if side is None else side * (1 / size)


def _setups(state: State, variable: Mapping[tuple[int, int], str], supplies: int) -> dict[int, _Setup]:
    """Return the setup of each supply all of whose amounts are limited by multiples of one expression."""
    limits: dict[str, list[tuple[AffineExpression, Fraction]]] = {name: [] for name in variable.values()}
    for row in state.rows_with(limits):
        if len(row.terms) != 1 or row.is_equality:
            continue
        ((name, a),) = row.terms.items()
        side = row.upper if a > 0 else row.lower
        if name in limits and side is not None and side.terms:
            scaled = side * (1 / a)
            scale = next(iter(scaled.terms.values()))
            if scale > 0 and not scaled.constant:
                limits[name].append((scaled * (1 / scale), scale))
            elif scale < 0 and scaled.constant == -scale:
                limits[name].append((scaled * (1 / -scale), -scale))  # the setup is 1 − z
    found: dict[int, _Setup] = {}
    for t in range(supplies):
        names = [name for (s, _), name in variable.items() if s == t]
        for expression, _ in limits[names[0]]:
            amounts = {name: limit for name in names for other, limit in limits[name] if other == expression}
            if len(amounts) == len(names):
                found[t] = _Setup(expression, amounts)
                break
    return found


def _capacity(source: Formulation, supply: AffineExpression, setup: AffineExpression, otherwise: Fraction) -> Fraction:
    """Return M of a row supply ≤ M·setup of the source, or `otherwise` where there is none."""
    index = source.variable_index
    switch = index.get(next(iter(setup.terms)))
    if setup.constant or len(setup.terms) != 1 or not supply.terms or switch is None:
        return otherwise
    wanted = {index[name]: a for name, a in supply.terms.items() if name in index}
    found: list[Fraction] = []
    for i in source.rows_of(switch).tolist():
        terms = source.row_terms(i)
        limit = terms.pop(switch)
        for side, sign in ((source.row_upper.finite(i), 1), (source.row_lower.finite(i), -1)):
            scale = sign * next(iter(terms.values()), ZERO)
            if (
                side == 0
                and scale > 0
                and {j: sign * a / scale for j, a in terms.items()} == wanted
                and sign * limit < 0
            ):
                found.append(-sign * limit / scale)
    return min(found, default=otherwise)
