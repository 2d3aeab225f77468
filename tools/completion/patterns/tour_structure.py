"""Finds Hamiltonian tours in a model: degree rows over binary arcs, and what may prove that no cycle is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

import numpy as np

from tools.formulation.model import Formulation
from tools.formulation.simplified import simplified
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.tour import LARGEST_WITHOUT_POTENTIALS, Arc, Tour

ZERO = Fraction(0)

LARGEST_TOUR = 80
"""Tours of more nodes have so many rows that they are not looked for."""

_FORBIDDEN = 10**9


@dataclass(frozen=True)
class _Rise:
    """A row p_head − p_tail ≥ step − big_m·(1 − arc) over two variables p and a variable `arc`."""

    tail: int
    head: int
    arc: int
    step: Fraction
    big_m: Fraction


@dataclass
class _Clues:
    """What the rows beside the degree rows say: rises of potentials, capacities f ≤ M·arc, balances of such f."""

    rises: list[_Rise] = field(default_factory=list)
    arc_of: dict[int, int] = field(default_factory=dict)
    capacity: dict[int, Fraction] = field(default_factory=dict)
    balances: list[tuple[dict[int, Fraction], Fraction]] = field(default_factory=list)


@lru_cache(maxsize=16)
def find_tours(model: Formulation) -> tuple[Tour, ...]:
    """Return tours that the model's integer points may form, without outputs, the likeliest proof of each first.

    Arcs are variables in two rows Σ = 1, one for the node that they leave and one for the node that they enter; the
    rows are paired into nodes such that none has an arc to itself, as other rows suggest where several pairings are
    possible. Nothing is proved: the conditions of the tour are to be. The tours may run against the modeller's sense.
    """
    plain = simplified(model)
    found: list[Tour] = []
    for leaving, entering in _assignments(plain):
        tail = {a: r for r, row in enumerate(leaving) for a in row}
        head = {a: r for r, row in enumerate(entering) for a in row}
        clues = _clues(plain, set(tail))
        node_entered = _pairing(leaving, entering, tail, head, clues)
        if node_entered is None:
            continue
        ends = {a: (tail[a], node_entered[head[a]]) for a in tail}
        if len(set(ends.values())) == len(ends):
            found.extend(_proved(plain, len(leaving), ends, clues))
    return tuple(found)


def _assignments(model: Formulation) -> Iterator[tuple[list[set[int]], list[set[int]]]]:
    """Yield (leaving, entering): as many rows Σ = 1 each, all their binaries in one row of either kind."""
    rows: dict[int, set[int]] = {}
    binary = [
        bool(model.integer[j]) and model.lower.finite(j) == 0 and model.upper.finite(j) in (0, 1)
        for j in range(len(model.variables))
    ]
    for i in range(len(model.rows)):
        side = model.row_lower.finite(i)
        terms = model.row_terms(i)
        if (
            side
            and side == model.row_upper.finite(i)
            and set(terms.values()) == {side}
            and all(map(binary.__getitem__, terms))
        ):
            rows[i] = {j for j in terms if model.upper.finite(j) == 1}
    while True:
        uses = Counter(j for members in rows.values() for j in members)
        kept = {i: members for i, members in rows.items() if members and all(uses[j] == 2 for j in members)}
        if len(kept) == len(rows):
            break
        rows = kept
    rows_of: dict[int, list[int]] = {}
    for i, members in rows.items():
        for j in members:
            rows_of.setdefault(j, []).append(i)
    colour: dict[int, int] = {}
    for start in rows:
        if start in colour:
            continue
        colour[start] = 0
        component, bipartite = [start], True
        for i in component:
            for j in rows[i]:
                other = sum(rows_of[j]) - i
                if other not in colour:
                    colour[other] = 1 - colour[i]
                    component.append(other)
                bipartite = bipartite and colour[other] != colour[i]
        sides = [[rows[i] for i in sorted(component) if colour[i] == side] for side in (0, 1)]
        if bipartite and len(sides[0]) == len(sides[1]) and 2 <= len(sides[0]) <= LARGEST_TOUR:
            yield sides[0], sides[1]


def _clues(model: Formulation, arcs: set[int]) -> _Clues:
    clues = _Clues()
    equalities: list[int] = []
    for i in range(len(model.rows)):
        low, high = model.row_lower.finite(i), model.row_upper.finite(i)
        if low is not None and low == high:
            equalities.append(i)
            continue
        terms = model.row_terms(i)
        for side, sign in ((high, 1), (low, -1)):
            if side is None:
                continue
            others = {j: a * sign for j, a in terms.items() if j not in arcs}
            within = {j: a * sign for j, a in terms.items() if j in arcs}
            if not within:
                continue
            if len(others) == 2 and sum(others.values()) == 0:
                arc = max(within, key=lambda j: within[j])
                tail = next(j for j, a in others.items() if a > 0)
                head = next(j for j in others if j != tail)
                scale = others[tail]
                step = (within[arc] - side * sign) / scale
                if step > 0:
                    clues.rises.append(_Rise(tail, head, arc, step, within[arc] / scale))
            elif len(others) == 1 and len(within) == 1 and side == 0:
                ((flow, a),), ((arc, m),) = others.items(), within.items()
                if a > 0 > m:
                    clues.arc_of[flow] = arc
                    clues.capacity[flow] = -m / a
    for i in equalities:
        terms = model.row_terms(i)
        flows = {j: a for j, a in terms.items() if j in clues.arc_of}
        side = model.row_lower.finite(i)
        if flows and not arcs & terms.keys() and side is not None:
            clues.balances.append((terms, side))
    return clues


def _pairing(
    leaving: list[set[int]], entering: list[set[int]], tail: Mapping[int, int], head: Mapping[int, int], clues: _Clues
) -> dict[int, int] | None:
    """Return the node (number of the row of arcs that leave it) to which each row of arcs that enter one belongs."""
    from scipy.optimize import linear_sum_assignment  # here, because it takes long to load and is seldom needed

    n = len(leaving)
    votes = np.zeros((n, n))
    left_by: dict[int, int] = {rise.tail: tail[rise.arc] for rise in clues.rises}
    entered_by: dict[int, int] = {rise.head: head[rise.arc] for rise in clues.rises}
    reverse_left = {rise.head: tail[rise.arc] for rise in clues.rises}
    reverse_entered = {rise.tail: head[rise.arc] for rise in clues.rises}
    for left, entered in ((left_by, entered_by), (reverse_left, reverse_entered)):
        if len(set(left.values())) == len(left) and len(set(entered.values())) == len(entered):
            for variable in left.keys() & entered.keys():
                votes[left[variable], entered[variable]] += 1
    for terms, _ in clues.balances:
        arcs = {
            sign: [clues.arc_of[j] for j, a in terms.items() if j in clues.arc_of and (a > 0) == sign]
            for sign in (True, False)
        }
        for sign in (True, False):
            tails, heads = {tail[a] for a in arcs[sign]}, {head[a] for a in arcs[not sign]}
            if len(tails) == 1 and len(heads) == 1:
                votes[tails.pop(), heads.pop()] += 1
    costs = -votes
    for r, out in enumerate(leaving):
        for c, into in enumerate(entering):
            if out & into:
                costs[r, c] = _FORBIDDEN
    chosen, columns = linear_sum_assignment(costs)
    if costs[chosen, columns].max() >= _FORBIDDEN:
        return None
    return dict(zip(columns.tolist(), chosen.tolist(), strict=True))


def _proved(model: Formulation, n: int, ends: Mapping[int, Arc], clues: _Clues) -> Iterator[Tour]:
    arcs = {pair: AffineExpression.variable(model.variables[a]) for a, pair in ends.items()}
    yield from _with_rises(model, n, arcs, ends, clues)
    yield from _with_flows(model, n, arcs, ends, clues)
    if n <= LARGEST_WITHOUT_POTENTIALS:
        seen = [False] * n
        for i in range(len(model.rows)):
            terms = model.row_terms(i)
            if model.row_lower.finite(i) != model.row_upper.finite(i) and terms.keys() <= ends.keys():
                for j in terms:
                    for node in ends[j]:
                        seen[node] = True
        root = seen.index(False) if False in seen else 0
        yield Tour.over(n, arcs, root=root)


def _with_rises(
    model: Formulation, n: int, arcs: Mapping[Arc, AffineExpression], ends: Mapping[int, Arc], clues: _Clues
) -> Iterator[Tour]:
    for forward in (True, False):
        node: dict[int, Counter[int]] = {}
        risen: dict[Arc, _Rise] = {}
        for rise in clues.rises:
            i, j = ends[rise.arc] if forward else ends[rise.arc][::-1]
            node.setdefault(rise.tail, Counter())[i] += 1
            node.setdefault(rise.head, Counter())[j] += 1
            risen[ends[rise.arc]] = rise
        if not risen or any(len(found) != 1 for found in node.values()):
            continue
        variable = {next(iter(found)): v for v, found in node.items()}
        for root in range(n):
            others = [i for i in range(n) if i != root]
            inner = [arc for arc in arcs if root not in arc]
            if not all(i in variable for i in others) or not all(arc in risen for arc in inner):
                continue
            step = min((risen[arc].step for arc in inner), default=Fraction(1))
            big_m = max((risen[arc].big_m - risen[arc].step for arc in inner), default=ZERO) + step
            sign = 1 if forward else -1
            potentials = [AffineExpression.variable(model.variables[variable[i]]) * sign for i in others]
            yield Tour.over(n, arcs, potentials, big_m=big_m, step=step, root=root)
            break


def _with_flows(
    model: Formulation, n: int, arcs: Mapping[Arc, AffineExpression], ends: Mapping[int, Arc], clues: _Clues
) -> Iterator[Tour]:
    """Yield tours with the flow into each node as potential: it falls (or rises) by what the node takes (or gives)."""
    if not clues.arc_of:
        return
    supplies = [abs(side / max(map(abs, terms.values()))) for terms, side in clues.balances if side]
    step = min(supplies, default=Fraction(1))
    capacity: dict[Arc, Fraction] = {}
    into: list[dict[str, Fraction]] = [{} for _ in range(n)]
    for flow, arc in clues.arc_of.items():
        capacity[ends[arc]] = capacity.get(ends[arc], ZERO) + clues.capacity[flow]
        into[ends[arc][1]][model.variables[flow]] = Fraction(1)
    big_m = max(capacity.values())
    uses = Counter(node for pair in capacity for node in pair)
    for root in sorted(range(n), key=lambda node: uses[node]):
        for sign in (-1, 1):
            potentials = [AffineExpression(ZERO, into[i]) * sign for i in range(n) if i != root]
            yield Tour.over(n, arcs, potentials, big_m=big_m, step=step, root=root)
