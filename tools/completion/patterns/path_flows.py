"""Flows on paths, for variables that add up to the arc flows of the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from tools.completion.state import Proposal, State
from tools.errors import MappingError
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.path_decomposition import Arc, PathDecomposition, simple_paths

ZERO = Fraction(0)


@dataclass(frozen=True)
class _Network:
    """Arcs with their flows, positions in `Task.rows` of the equalities that they come from, and where paths end."""

    arcs: tuple[Arc, ...]
    flow: tuple[AffineExpression, ...]
    rows: tuple[int, ...]
    start: int
    end: int


class PathFlowPattern:
    """Proposes path flows h_P for open variables with Σ_{P∋a} h_P = y_a, an equality for each arc of a network.

    The y_a are variables of the source, and equalities of the source say how they are conserved at nodes. Each h must
    lie on the arcs of one path, and all paths must be there. Several commodities are proposed at once. The equalities
    are read as they were at the start: what is known of some h may have changed or removed them since.
    """

    name: ClassVar[str] = "path flows"

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield a proposal for all of `state.focus`."""
        arc_of: dict[str, int] = {}
        for i, row in enumerate(state.task.rows):
            side = row.lower
            if side is None or not row.is_equality or len(set(row.terms.values())) != 1:
                continue
            size = next(iter(row.terms.values()))
            if len(side.terms) == 1 and not side.constant and next(iter(side.terms.values())) == size:
                arc_of.setdefault(next(iter(side.terms)), i)
        functions: list[PathDecomposition] = []
        expressions: dict[str, AffineExpression] = {}
        for network in _networks(state.task.source, arc_of):
            names = _paths(state, network)
            if names is None:
                return
            if not names.keys() & set(state.focus):
                continue
            functions.append(
                PathDecomposition(
                    *(network.start, network.end, network.arcs, network.flow),
                    tuple(names.values()),
                    tuple(state.output_name(name) for name in names),
                    integral=all(map(state.is_integer, names)),
                )
            )
            expressions |= {
                name: AffineExpression.variable(state.output_name(name)) for name in names if name in state.focus
            }
        if expressions and expressions.keys() >= set(state.focus):
            yield Proposal(expressions, tuple(functions))


def _networks(source: Formulation, arc_of: Mapping[str, int]) -> Iterator[_Network]:
    """Yield the networks that the source's conservation rows make of the arcs, one for each connected part."""
    wanted = {source.variable_index[name] for name in arc_of if name in source.variable_index}
    members: dict[int, dict[int, Fraction]] = {}
    uses: dict[int, list[int]] = {j: [] for j in wanted}
    for i in range(len(source.rows)):
        terms = source.row_terms(i)
        side = source.row_lower.finite(i)
        if side is None or side != source.row_upper.finite(i) or not terms.keys() <= wanted:
            continue
        if len({abs(a) for a in terms.values()}) == 1:
            members[i] = terms
            for j in terms:
                uses[j].append(i)
    if not wanted or any(len(rows) not in (1, 2) for rows in uses.values()):
        return
    turned: dict[int, int] = {}
    for first in members:
        if first in turned:
            continue
        turned[first] = 1
        part = [first]
        for i in part:
            for j, a in members[i].items():
                for other in uses[j]:
                    if other == i:
                        continue
                    sign = -turned[i] if (a > 0) == (members[other][j] > 0) else turned[i]
                    if other not in turned:
                        turned[other] = sign
                        part.append(other)
                    elif turned[other] != sign:
                        return
        # Rows now add what flows out and subtract what flows in, or all the other way round.
        for direction in (1, -1):
            network = _network(source, arc_of, part, members, {i: turned[i] * direction for i in part})
            if network is not None:
                yield network
                break


def _network(
    source: Formulation,
    arc_of: Mapping[str, int],
    part: Sequence[int],
    members: Mapping[int, Mapping[int, Fraction]],
    sign: Mapping[int, int],
) -> _Network | None:
    number = {i: position for position, i in enumerate(part)}
    tail: dict[int, int] = {}
    head: dict[int, int] = {}
    supply: dict[int, Fraction] = {}
    for i in part:
        amount = source.row_lower.finite(i)
        if amount:
            size = abs(next(iter(members[i].values())))
            supply[number[i]] = amount * sign[i] / size
        for j, a in members[i].items():
            (tail if a * sign[i] > 0 else head)[j] = number[i]
    start = next((node for node, amount in supply.items() if amount > 0), None)
    end = next((node for node, amount in supply.items() if amount < 0), None)
    if len(supply) > (start is not None) + (end is not None):
        return None
    outside = len(part)
    if not supply:
        # Neither end has a row: flow comes in from one and goes out to the other.
        ends = (outside, outside + 1)
    else:
        ends = (outside if start is None else start, outside if end is None else end)
    variables = sorted(tail.keys() | head.keys())
    arcs = tuple(
        (
            tail.get(j, ends[0] if ends[0] >= outside else ends[1]),
            head.get(j, ends[1] if ends[1] >= outside else ends[0]),
        )
        for j in variables
    )
    names = [source.variables[j] for j in variables]
    flow = tuple(AffineExpression.variable(name) for name in names)
    try:
        found = simple_paths(arcs, *ends)
    except MappingError:
        return None
    return _Network(arcs, flow, tuple(arc_of[name] for name in names), *ends) if found else None


def _paths(state: State, network: _Network) -> dict[str, tuple[int, ...]] | None:
    """Return the path of each open variable on the network's arcs, or None where they are not all its paths."""
    used: dict[str, set[int]] = {}
    for position, i in enumerate(network.rows):
        for name in state.task.rows[i].terms:
            used.setdefault(name, set()).add(position)
    variable = {frozenset(positions): name for name, positions in used.items()}
    paths = simple_paths(network.arcs, network.start, network.end)
    if len(variable) != len(used) or {frozenset(path) for path in paths} != variable.keys():
        return None
    return {variable[frozenset(path)]: path for path in paths}
