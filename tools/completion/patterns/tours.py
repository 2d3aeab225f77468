"""Positions, flows, paths and precedences along a Hamiltonian tour, for the variables that count along its arcs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar, Literal

from tools.completion.patterns.tour_structure import find_tours
from tools.completion.rows import OpenRow
from tools.completion.state import Proposal, State
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.protocol import Condition, TotalFunction
from tools.mapping.functions.tour import Arc, Tour

ZERO = Fraction(0)

MOST_STARTS = 4
"""Nodes at which the tour is tried to begin where rows do not tell which."""


@dataclass
class _Roles:
    """What the open rows say of open variables: rises between two, arcs that limit one from above or from below."""

    rises: list[tuple[str, str, Arc, Fraction]] = field(default_factory=list)
    """(tail variable, head variable, arc, step)."""
    capped_by: dict[str, Arc] = field(default_factory=dict)
    forced_by: dict[str, Arc] = field(default_factory=dict)


class TourPattern:
    """Proposes outputs of a tour for open variables whose rows go along the arcs of a tour of the source.

    - Rows u_i − u_j + M·a_ij ≤ M − s over two open variables for each arc: u_i = s·pos_i + constant.
    - Rows f ≤ M·a_ij and equalities that balance such f at each node: f is what a vehicle carries that delivers or
      collects a node's balance when it comes by; one node's balance alone makes f a path from the depot to it or back.
    - Rows v ≥ a_ij over a whole variable v that no arc limits: v says whether i is before j.
    """

    name: ClassVar[str] = "tours"

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield proposals for all of `state.focus`, tours that are functions of the state already first."""
        for tour in self._tours(state):
            for oriented in (tour, _reversed(tour)):
                roles = _roles(state, oriented)
                yield from _positions(state, oriented, roles)
                if oriented is tour:
                    yield from _flows(state, oriented, roles)
                    yield from _precedences(state, oriented, roles)

    @staticmethod
    def _tours(state: State) -> Iterator[Tour]:
        """Yield for each set of arcs the first tour whose conditions hold at all sample points."""
        given = [function for function in state.functions if isinstance(function, Tour)]
        seen: set[frozenset[AffineExpression]] = set()
        for tour in (*given, *find_tours(state.task.source)):
            arcs = frozenset(expression for _, expression in tour.arcs)
            if arcs not in seen and all(_holds(c, point) for point in state.points() for c in tour.conditions()):
                seen.add(arcs)
                yield tour


def _holds(condition: Condition, point: Mapping[str, Fraction]) -> bool:
    value = condition.expression.evaluate(point)
    if condition.lower is not None and value < condition.lower:
        return False
    return condition.upper is None or value <= condition.upper


def _reversed(tour: Tour) -> Tour:
    """Return the tour that runs the other way, without outputs."""
    return Tour.over(
        tour.nodes,
        {(j, i): expression for (i, j), expression in tour.arcs},
        [-potential for potential in tour.potentials],
        big_m=tour.big_m,
        step=tour.step,
        root=tour.root,
    )


def _roles(state: State, tour: Tour) -> _Roles:
    arc_of = {next(iter(e.terms)): arc for arc, e in tour.arcs if len(e.terms) == 1 and not e.constant}
    roles = _Roles()
    for row in state.rows_with(state.focus):
        if row.is_equality:
            continue
        for side, sign in ((row.upper, 1), (row.lower, -1)):
            if side is None:
                continue
            # The row reads sign·Σ terms + Σ within ≤ constant, with what is known on the left.
            within = {arc_of[name]: -sign * a for name, a in side.terms.items() if name in arc_of}
            terms = {name: sign * a for name, a in row.terms.items()}
            if not within:
                continue
            if len(terms) == 2 and sum(terms.values()) == 0:
                arc = max(within, key=lambda arc: within[arc])
                tail, head = sorted(terms, key=lambda name: -terms[name])
                step = (within[arc] - sign * side.constant) / terms[tail]
                if step > 0:
                    roles.rises.append((tail, head, arc, step))
            elif len(terms) == 1:
                ((name, a),) = terms.items()
                if a > 0 and min(within.values()) < 0 and not side.constant:
                    roles.capped_by[name] = min(within, key=lambda arc: within[arc])
                elif a < 0 and len(within) == 1 and max(within.values()) > 0:
                    roles.forced_by.setdefault(name, next(iter(within)))
    return roles


def _positions(state: State, tour: Tour, roles: _Roles) -> Iterator[Proposal]:
    node: dict[str, Counter[int]] = {}
    entered: set[int] = set()
    for tail, head, (i, j), _ in roles.rises:
        node.setdefault(tail, Counter())[i] += 1
        node.setdefault(head, Counter())[j] += 1
        entered.add(j)
    nodes = {name: next(iter(found)) for name, found in node.items() if len(found) == 1}
    if not roles.rises or nodes.keys() != set(state.focus) or len(set(nodes.values())) != len(nodes):
        return
    scale = min(step for *_, step in roles.rises)
    lows = [low for name in nodes for low in state.bounds(name)[:1] if low is not None]
    highs = [high for name in nodes for high in state.bounds(name)[1:] if high is not None]
    shifts = [min(lows) - scale] if lows else []
    shifts += [ZERO, *([max(highs) - scale * (tour.nodes - 1)] if highs else []), *([min(lows)] if lows else [])]
    for start in [i for i in range(tour.nodes) if i not in entered][:MOST_STARTS] or range(
        min(MOST_STARTS, tour.nodes)
    ):
        used, number, added = _function(state, tour, start, "position")
        for shift in dict.fromkeys(shifts):
            yield Proposal(
                {
                    name: used.position_of(number[i]) * scale + AffineExpression.number(shift)
                    for name, i in nodes.items()
                },
                added,
            )


def _flows(state: State, tour: Tour, roles: _Roles) -> Iterator[Proposal]:
    capped = {name: arc for name, arc in roles.capped_by.items() if name in state.focus}
    equalities = [row for row in state.rows_with(state.focus) if row.is_equality and row.terms.keys() & capped.keys()]
    if not capped or not equalities:
        return
    arcs, balance = _network(tour, capped, equalities, state.focus)
    if arcs.keys() != set(state.focus) or len(set(arcs.values())) != len(arcs):
        return
    takers = {node: amount for node, amount in balance.items() if amount}
    unknown = [node for node in range(tour.nodes) if node not in balance]
    # The depot has no balance of its own, or one that makes up for all others.
    starts = unknown or [node for node in takers if takers[node] == -sum(takers.values()) + takers[node]]
    if not unknown:
        starts.sort(key=lambda node: -abs(takers[node]))
    for start in starts[:MOST_STARTS]:
        served = {node: amount for node, amount in takers.items() if node != start}
        if not served:
            continue
        if len(served) == tour.nodes - 1 and len(set(served.values())) == 1:
            yield from _uniform_flows(state, tour, arcs, start, next(iter(served.values())))
        else:
            yield _path_flows(state, tour, arcs, start, served)


def _network(
    tour: Tour, capped: Mapping[str, Arc], equalities: Iterable[OpenRow], focus: Iterable[str]
) -> tuple[dict[str, Arc], dict[int, Fraction]]:
    """Return the arc of each flow variable and what each node keeps of the flow into it.

    A flow without a capacity of its own has the node of an equality at one end or both; where one end stays open, it
    is the one node without equality, or whose equality leaves out what comes in or what goes out.
    """
    balance: dict[int, Fraction] = {}
    tails: dict[str, int] = {}
    heads: dict[str, int] = {}
    one_sided: list[int] = []
    for row in equalities:
        size = max(map(abs, row.terms.values()))
        side = row.lower
        if side is None or side.terms or any(abs(a) != size for a in row.terms.values()):
            continue
        for sign in (1, -1):
            into = {name for name, a in row.terms.items() if a * sign > 0}
            out = row.terms.keys() - into
            ends = {capped[name][1] for name in into if name in capped}
            ends |= {capped[name][0] for name in out if name in capped}
            if len(ends) == 1 and (len(row.terms) > 1 or len(into) == 1):
                node = ends.pop()
                balance[node] = sign * side.constant / size
                tails.update(dict.fromkeys(out, node))
                heads.update(dict.fromkeys(into, node))
                if not into or not out:
                    one_sided.append(node)
                break
    rest = [node for node in range(tour.nodes) if node not in balance] or one_sided
    default = rest[0] if len(rest) == 1 else -1
    arcs: dict[str, Arc] = {}
    for name in focus:
        if name in capped:
            arcs[name] = capped[name]
            continue
        arc = (tails.get(name, default), heads.get(name, default))
        if name in tails.keys() | heads.keys() and tour.arc(*arc).terms:
            arcs[name] = arc
    return arcs, balance


def _uniform_flows(
    state: State, tour: Tour, arcs: Mapping[str, Arc], start: int, amount: Fraction
) -> Iterator[Proposal]:
    """Yield flows that leave `amount` at each node, or collect it where it is negative; some carry a unit more."""
    used, number, added = _function(state, tour, start, "flow")
    for extra in (0, -1, 1):
        expressions: dict[str, AffineExpression] = {}
        for name, (i, j) in arcs.items():
            arc = used.arc(number[i], number[j])
            load = used.flow_on(number[i], number[j])
            if amount < 0:
                load = arc * (tour.nodes - 1) - load
            expressions[name] = (load + arc * extra) * abs(amount)
        yield Proposal(expressions, added)


def _path_flows(
    state: State, tour: Tour, arcs: Mapping[str, Arc], start: int, served: Mapping[int, Fraction]
) -> Proposal:
    """Return the flow that carries each node's amount from the start, or to it where the amount is negative."""
    used, number, added = _function(state, tour, start, "leg")
    expressions: dict[str, AffineExpression] = {}
    for name, (i, j) in arcs.items():
        load = AffineExpression(ZERO)
        for node, amount in served.items():
            leg = used.leg_on(number[i], number[j], number[node])
            if amount < 0:
                leg = used.arc(number[i], number[j]) - leg
            load = load + leg * abs(amount)
        expressions[name] = load
    return Proposal(expressions, added)


def _precedences(state: State, tour: Tour, roles: _Roles) -> Iterator[Proposal]:
    forced = {name: arc for name, arc in roles.forced_by.items() if name not in roles.capped_by}
    if not state.focus or forced.keys() != set(state.focus) or not all(map(state.is_integer, state.focus)):
        return
    ends = {node for arc in forced.values() for node in arc}
    for start in [node for node in range(tour.nodes) if node not in ends][:MOST_STARTS]:
        used, number, added = _function(state, tour, start, "before")
        yield Proposal({name: used.precedence(number[i], number[j]) for name, (i, j) in forced.items()}, added)


def _function(
    state: State, tour: Tour, start: int, output: Literal["position", "flow", "leg", "before"]
) -> tuple[Tour, Mapping[int, int], tuple[TotalFunction, ...]]:
    """Return a tour that begins at `start` and has the output, the numbers of `tour`'s nodes in it, and what to add."""
    moved = tour.starting_at(start)
    number = {**{i: i for i in range(tour.nodes)}, 0: start, start: 0}
    for function in state.functions:
        if isinstance(function, Tour) and function.arcs == moved.arcs and getattr(function, output):
            return function, number, ()
    prefix: str = output
    while True:
        named = moved.wanting(
            position=prefix if output == "position" else None,
            flow=prefix if output == "flow" else None,
            leg=prefix if output == "leg" else None,
            before=prefix if output == "before" else None,
        )
        if all(state.output_name(entry.name) == entry.name for entry in named.outputs):
            return named, number, (named,) if named.outputs else ()
        prefix += "'"
