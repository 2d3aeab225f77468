"""Flows along paths that add up to a flow on arcs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from tools.errors import MappingError
from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.indexed_arguments import IndexedArguments
from tools.mapping.functions.protocol import Condition, GraphRow, Output

Arc = tuple[int, int]
Path = tuple[int, ...]
"""The positions of a path's arcs in the list of arcs, in the order in which it uses them."""

ZERO = Fraction(0)

MOST_STEPS = 200_000
"""Graphs in which listing all paths takes more steps than this are refused."""


@dataclass(frozen=True)
class PathDecomposition:
    """A flow h_P ≥ 0 on each path P from `start` to `end`, such that together they make up the arc flow `flow`.

    The graph has the arcs `arcs` (tail, head), parallel ones allowed, and `paths` lists all its paths from start to end
    that visit no node twice.

    Lemma: let y_a ≥ 0 for all arcs a, let as much flow into every node but start and end as out of it, and let the net
    flow v out of start be at least 0. Take the paths one after the other, let h_P be the smallest of v and the y_a on
    P, and subtract it from these. Then y ≥ 0, v ≥ 0 and conservation stay true, and a path that was taken never again
    has a rest on all its arcs unless v is 0. So v is 0 in the end, for a flow with positive net flow out of start runs
    along some path. Hence Σ_P h_P = v and Σ_{P∋a} h_P ≤ y_a for each a. What is left is a sum of cycles: nothing in a
    graph without directed cycles, where therefore Σ_{P∋a} h_P = y_a. If all y_a are whole, so are the h_P.

    Conditions: those of the lemma; `integral` adds that each y_a is whole.

    Source: Ford and Fulkerson, Flows in Networks (1962); Ahuja, Magnanti and Orlin, Network Flows (1993), theorem 3.5.
    """

    name: ClassVar[str] = "path_decomposition"

    start: int
    end: int
    arcs: tuple[Arc, ...]
    flow: tuple[AffineExpression, ...]
    paths: tuple[Path, ...]
    names: tuple[str, ...]
    integral: bool = False

    def __post_init__(self) -> None:
        if len(self.flow) != len(self.arcs) or len(self.names) != len(self.paths):
            raise MappingError(
                f"a path decomposition needs a flow for each of its {len(self.arcs)} arcs and a name for each of its "
                f"{len(self.paths)} paths, found {len(self.flow)} and {len(self.names)}"
            )
        if not self.paths or len(set(self.names)) != len(self.names):
            raise MappingError("a path decomposition needs one path at least, and a different name for each")
        if set(self.paths) != set(simple_paths(self.arcs, self.start, self.end)) or len(set(self.paths)) != len(
            self.paths
        ):
            raise MappingError(
                f"the paths listed are not all paths from node {self.start} to node {self.end}, each once; list them "
                "by `simple_paths`"
            )

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """The flow on each arc."""
        return self.flow

    @property
    def outputs(self) -> Sequence[Output]:
        """One flow a path."""
        kind = Kind.INTEGER if self.integral else Kind.CONTINUOUS
        return [Output(name, ZERO, None, kind) for name in self.names]

    def conditions(self) -> Iterable[Condition]:
        """Arc flows are at least 0 (and whole), conserved, and do not run from end to start on balance."""
        for position, expression in enumerate(self.flow):
            yield Condition(f"flow({position})", expression, ZERO, integral=self.integral)
        for node in sorted({node for arc in self.arcs for node in arc} - {self.start, self.end}):
            yield Condition(f"conservation({node})", self._net_outflow(node), ZERO, ZERO)
        yield Condition("value", self._net_outflow(self.start), ZERO)

    def graph(self) -> Iterable[GraphRow]:
        """Σ_P h_P = v, and Σ_{P∋a} h_P = y_a, or ≤ where the graph has directed cycles."""
        total = AffineExpression(ZERO, dict.fromkeys(self.names, Fraction(1)))
        yield GraphRow("value", total - self._net_outflow(self.start), ZERO, ZERO)
        through: dict[int, list[str]] = {position: [] for position in range(len(self.arcs))}
        for path, name in zip(self.paths, self.names, strict=True):
            for position in path:
                through[position].append(name)
        least = None if self.has_cycles else ZERO
        for position, names in through.items():
            use = AffineExpression(ZERO, dict.fromkeys(names, Fraction(1)))
            yield GraphRow(f"arc({position})", use - self.flow[position], least, ZERO)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the path flows of the lemma, paths taken in the order in which they are listed."""
        rest = [expression.evaluate(point) for expression in self.flow]
        value = self._net_outflow(self.start).evaluate(point)
        values: dict[str, Fraction] = {}
        for path, name in zip(self.paths, self.names, strict=True):
            amount = max(min(value, *(rest[position] for position in path)), ZERO)
            value -= amount
            for position in path:
                rest[position] -= amount
            values[name] = amount
        return values

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> PathDecomposition:
        """Return the decomposition of the flow with variables replaced."""
        return replace(self, flow=tuple(expression.substitute(replacements) for expression in self.flow))

    def renamed(self, names: Mapping[str, str]) -> PathDecomposition:
        """Return the function with its outputs renamed."""
        return replace(self, names=tuple(names.get(name, name) for name in self.names))

    def arguments(self) -> dict[str, Any]:
        """Return `{"start": 0, "end": 2, "arcs": [[0, 1], …], "flow": […], "paths": [[0, 1]], "outputs": […], …}`."""
        return {
            "start": self.start,
            "end": self.end,
            "arcs": [list(arc) for arc in self.arcs],
            "flow": [expression.to_json() for expression in self.flow],
            "paths": [list(path) for path in self.paths],
            "integral": self.integral,
            "outputs": list(self.names),
        }

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> PathDecomposition:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        fields = {"start", "end", "arcs", "flow", "paths", "integral", "outputs"}
        given = IndexedArguments(arguments, cls.name, owner, fields)
        return cls(
            given.whole("start", least=0),
            given.whole("end", least=0),
            given.pairs("arcs"),
            given.expressions("flow"),
            given.index_lists("paths"),
            given.names("outputs"),
            given.flag("integral"),
        )

    @cached_property
    def has_cycles(self) -> bool:
        """Whether the graph has a directed cycle."""
        remaining = set(self.arcs)
        while True:
            tails = {tail for tail, _ in remaining}
            kept = {arc for arc in remaining if arc[1] in tails}
            if kept == remaining:
                return bool(remaining)
            remaining = kept

    def _net_outflow(self, node: int) -> AffineExpression:
        total = AffineExpression(ZERO)
        for (tail, head), expression in zip(self.arcs, self.flow, strict=True):
            if tail != head:
                total = total + expression if tail == node else total - expression if head == node else total
        return total


def simple_paths(arcs: Sequence[Arc], start: int, end: int) -> list[Path]:
    """Return all paths from `start` to `end` that visit no node twice, as positions of arcs, in lexicographic order.

    Raises `MappingError` where listing them takes more than `MOST_STEPS` steps.
    """
    leaving: dict[int, list[int]] = {}
    for position, (tail, _) in enumerate(arcs):
        leaving.setdefault(tail, []).append(position)
    found: list[Path] = []
    path: list[int] = []
    visited = {start}
    choices = [iter(leaving.get(start, []))]
    steps = 0
    while choices and start != end:
        position = next(choices[-1], -1)
        if position < 0:
            choices.pop()
            if path:
                visited.discard(arcs[path.pop()][1])
            continue
        steps += 1
        if steps > MOST_STEPS:
            raise MappingError(
                f"listing the paths from node {start} to node {end} takes more than {MOST_STEPS} steps; use a smaller "
                "graph"
            )
        head = arcs[position][1]
        if head == end:
            found.append((*path, position))
        elif head not in visited:
            path.append(position)
            visited.add(head)
            choices.append(iter(leaving.get(head, [])))
    return found
