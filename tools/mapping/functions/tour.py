"""The order in which a directed Hamiltonian tour visits its nodes, and the flows that can run along it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations, permutations
from math import comb
from typing import Any, ClassVar

from tools.errors import MappingError
from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.indexed_arguments import IndexedArguments, index_text
from tools.mapping.functions.protocol import Condition, GraphRow, Output

Arc = tuple[int, int]

ZERO = Fraction(0)
ONE = Fraction(1)
NOTHING = AffineExpression(ZERO)

LARGEST_WITHOUT_POTENTIALS = 12
"""Tours of more nodes need potentials: a row for each node set would be too many conditions."""

MOST_SUBTOUR_ROWS = 20_000
"""More rows that forbid small cycles are not listed."""


@dataclass(frozen=True)
class Tour:
    r"""Positions, flows, paths and precedences of the tour whose arcs (i, j) are those with a_ij = 1.

    The nodes are 0 … n−1, node 0 is the depot and N = n − 1 the number of other nodes; an arc that is not listed is
    never used. Only outputs that have names are defined:

    - `position`: pos_i ∈ 1 … N for i = 1 … N, the place of i in the tour (the depot has place 0);
    - `flow`: y_ij for arcs between other nodes than the depot, the number of nodes still to be visited, j included,
      when the tour goes along (i, j), else 0. Also y_0j = N·a_0j and y_i0 = 0, which need no output. What has been
      collected on the way is N·a_ij − y_ij, what is left after j is y_ij − a_ij;
    - `leg`: q_ijk for arcs (i, j) and nodes k with i, j, k distinct and none of them the depot: 1 if the tour goes
      along (i, j) before it reaches k. Also q_0jk = a_0j, q_ikk = a_ik and q_kjk = q_i0k = 0;
    - `before`: b_ij for i < j, neither the depot: 1 if i is visited before j. Also b_ji = 1 − b_ij.

    `position_of`, `flow_on`, `leg_on` and `precedence` are these values as affine expressions for all indices.

    Lemma: let every a_ij be 0 or 1 and let each node have one arc out and one arc in. Then the arcs with a_ij = 1 form
    disjoint cycles through all nodes. Let r be a node, `root` (the depot or another). A cycle K that avoids r is
    impossible if there are *potentials* p_i and ε = `step` > 0, M = `big_m` with p_j − p_i ≥ ε − M·(1 − a_ij) for all
    arcs between other nodes than r (along K the left sides add up to 0, the right sides to |K|·ε), and also if
    Σ_{i,j∈S} a_ij ≤ |S| − 1 for each set S of two or more other nodes than r (S = K breaks it). Then all nodes are on
    the cycle through r, the tour. Without potentials the second is required, for at most twelve nodes.

    Conditions: the above. A finite M of any size will do. Each graph row says in its comment why it holds on a tour.

    Source: Miller, Tucker and Zemlin (1960); Desrochers and Laporte (1991) for lifted position rows; Gavish and Graves
    (1978), Gouveia (1995) for flows; Claus (1984) for legs; Sarin, Sherali and Bhootra (2005) for precedences.
    """

    name: ClassVar[str] = "tour"

    nodes: int
    arcs: tuple[tuple[Arc, AffineExpression], ...]
    potentials: tuple[AffineExpression, ...] = ()
    """p_i for the nodes i ≠ r in their order, or nothing: then the rows for node sets are the conditions."""
    big_m: Fraction = ZERO
    step: Fraction = ONE
    root: int = 0
    cycles: int = 3
    """`graph` forbids cycles of two up to so many nodes, each by one row."""
    position: tuple[str, ...] = ()
    flow: tuple[str, ...] = ()
    leg: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.nodes < 2:
            raise MappingError(f"a tour needs at least 2 nodes, found {self.nodes}")
        if len(dict(self.arcs)) != len(self.arcs):
            raise MappingError("a tour lists one of its arcs twice")
        for (i, j), _ in self.arcs:
            if i == j or not (0 <= i < self.nodes and 0 <= j < self.nodes):
                raise MappingError(f"a tour over the nodes 0 … {self.nodes - 1} cannot use the arc ({i}, {j})")
        if not 0 <= self.root < self.nodes:
            raise MappingError(f"a tour over the nodes 0 … {self.nodes - 1} cannot have the root {self.root}")
        if self.potentials and len(self.potentials) != self.nodes - 1:
            raise MappingError(
                f"a tour over {self.nodes} nodes needs {self.nodes - 1} potentials, found {len(self.potentials)}"
            )
        if not self.potentials and self.nodes > LARGEST_WITHOUT_POTENTIALS:
            raise MappingError(
                f"a tour over {self.nodes} nodes needs potentials; without them at most {LARGEST_WITHOUT_POTENTIALS} "
                "nodes are taken"
            )
        if self.step <= 0:
            raise MappingError(f"potentials of a tour must rise by more than 0 along it, found {self.step}")
        sizes = range(2, min(self.cycles, self.nodes - 1) + 1)
        if sum(comb(self.nodes, size) for size in sizes) > MOST_SUBTOUR_ROWS:
            raise MappingError(
                f"the cycles of up to {self.cycles} of {self.nodes} nodes are more than {MOST_SUBTOUR_ROWS}; lower "
                "the size"
            )
        for label, names, count in (
            ("position", self.position, self.nodes - 1), ("flow", self.flow, len(self.inner_arcs)),
            ("leg", self.leg, len(self.legs)), ("before", self.before, len(self.pairs)),
        ):  # fmt: skip
            if names and len(names) != count:
                raise MappingError(f"a tour over {self.nodes} nodes: {label} needs {count} names, found {len(names)}")
        every = [*self.position, *self.flow, *self.leg, *self.before]
        if len(set(every)) != len(every):
            raise MappingError("a tour gives two outputs the same name")

    @classmethod
    def over(
        cls,
        nodes: int,
        arcs: Mapping[Arc, AffineExpression],
        potentials: Sequence[AffineExpression] = (),
        *,
        big_m: Fraction = ZERO,
        step: Fraction = ONE,
        root: int = 0,
    ) -> Tour:
        """Return the tour along `arcs`, with no outputs yet; name some by `wanting`."""
        ordered = tuple(sorted(arcs.items(), key=lambda item: item[0]))
        return cls(nodes, ordered, tuple(potentials), big_m, step, root)

    def starting_at(self, node: int) -> Tour:
        """Return the same tour with `node` as the depot: `node` and 0 exchange numbers; no outputs are wanted yet."""
        number = {0: node, node: 0}
        places = [number.get(i, i) for i in range(self.nodes)]
        potential_of = dict(zip((i for i in range(self.nodes) if i != self.root), self.potentials))
        return Tour.over(
            self.nodes,
            {(places[i], places[j]): expression for (i, j), expression in self.arcs},
            [potential_of[places[i]] for i in range(self.nodes) if places[i] in potential_of],
            big_m=self.big_m,
            step=self.step,
            root=places[self.root],
        )

    def wanting(
        self,
        *,
        position: str | None = None,
        flow: str | None = None,
        leg: str | None = None,
        before: str | None = None,
        cycles: int | None = None,
    ) -> Tour:
        """Return the tour with these outputs, named as `prefix[indices]`, and no others."""

        def names(prefix: str | None, indices: Iterable[tuple[int, ...]]) -> tuple[str, ...]:
            return () if prefix is None else tuple(f"{prefix}[{index_text(index)}]" for index in indices)

        return replace(
            self,
            cycles=self.cycles if cycles is None else cycles,
            position=names(position, ((i,) for i in range(1, self.nodes))),
            flow=names(flow, self.inner_arcs),
            leg=names(leg, self.legs),
            before=names(before, self.pairs),
        )

    @cached_property
    def inner_arcs(self) -> list[Arc]:
        """The arcs between other nodes than the depot."""
        return [arc for arc, _ in self.arcs if 0 not in arc]

    @cached_property
    def legs(self) -> list[tuple[int, int, int]]:
        """The (i, j, k) for which there is an output `leg`."""
        return [(i, j, k) for i, j in self.inner_arcs for k in range(1, self.nodes) if k not in (i, j)]

    @cached_property
    def pairs(self) -> list[Arc]:
        """The (i, j) for which there is an output `before`."""
        return list(combinations(range(1, self.nodes), 2))

    def arc(self, i: int, j: int) -> AffineExpression:
        """Return a_ij, 0 for an arc that does not exist."""
        return self._arcs.get((i, j), NOTHING)

    def position_of(self, i: int) -> AffineExpression:
        """Return pos_i, 0 for the depot; needs the output `position`."""
        return AffineExpression.variable(self.position[i - 1]) if i else NOTHING

    def flow_on(self, i: int, j: int) -> AffineExpression:
        """Return y_ij, for arcs of the depot too; needs the output `flow`."""
        if i == 0:
            return self.arc(0, j) * (self.nodes - 1)
        return self._output(self._flows, (i, j))

    def leg_on(self, i: int, j: int, k: int) -> AffineExpression:
        """Return q_ijk for all i, j and k ≥ 1; needs the output `leg`."""
        if j == 0 or i == k:
            return NOTHING
        if i == 0 or j == k:
            return self.arc(i, j)
        return self._output(self._legs, (i, j, k))

    def precedence(self, i: int, j: int) -> AffineExpression:
        """Return b_ij for distinct i, j ≥ 1; needs the output `before`."""
        if i < j:
            return AffineExpression.variable(self._before[i, j])
        return AffineExpression(ONE, {self._before[j, i]: -ONE})

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """The arcs; potentials only serve the proof."""
        return [*(expression for _, expression in self.arcs), *self.potentials]

    @property
    def outputs(self) -> Sequence[Output]:
        """Positions, flows, legs, precedences: those that have names."""
        last = Fraction(self.nodes - 1)
        return [
            *(Output(name, ONE, last, Kind.INTEGER) for name in self.position),
            *(Output(name, ZERO, last - 1, Kind.INTEGER) for name in self.flow),
            *(Output(name, ZERO, ONE, Kind.BINARY) for name in (*self.leg, *self.before)),
        ]

    def conditions(self) -> Iterable[Condition]:
        """Arcs are 0 or 1, one leads into each node and one out of it, and no cycle avoids the root."""
        for (i, j), expression in self.arcs:
            yield Condition(f"arc({i},{j})", expression, ZERO, ONE, integral=True)
        for i in range(self.nodes):
            yield Condition(f"out({i})", self._sum((i, j) for j in range(self.nodes)), ONE, ONE)
            yield Condition(f"in({i})", self._sum((j, i) for j in range(self.nodes)), ONE, ONE)
        others = [i for i in range(self.nodes) if i != self.root]
        if self.potentials:
            potential = dict(zip(others, self.potentials, strict=True))
            for (i, j), expression in self.arcs:
                if self.root not in (i, j):
                    rise = potential[j] - potential[i] - expression * self.big_m
                    yield Condition(f"rise({i},{j})", rise, self.step - self.big_m)
            return
        for size in range(2, self.nodes):
            for subset in combinations(others, size):
                label = f"subset({index_text(subset)})"
                yield Condition(label, self._sum(permutations(subset, 2)), None, Fraction(size - 1))

    def graph(self) -> Iterable[GraphRow]:
        """Return what is known of tours and of these outputs as linear rows."""
        yield from self._cycle_rows()
        if self.position:
            yield from self._position_rows()
        if self.flow:
            yield from self._flow_rows()
        if self.leg:
            yield from self._leg_rows()
        if self.before:
            yield from self._before_rows()

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the outputs along the tour; raises `MappingError` where the arcs are not one tour."""
        place = self._places(point)
        count = self.nodes - 1
        values = {name: Fraction(place[i]) for i, name in enumerate(self.position, start=1)}
        used = [place[j] == place[i] + 1 for i, j in self.inner_arcs]
        for (i, _), goes, name in zip(self.inner_arcs, used, self.flow):
            values[name] = Fraction(count - place[i] if goes else 0)
        if self.leg:
            along = dict(zip(self.inner_arcs, used, strict=True))
            for (i, j, k), name in zip(self.legs, self.leg, strict=True):
                values[name] = Fraction(along[i, j] and place[j] <= place[k])
        for (i, j), name in zip(self.pairs, self.before):
            values[name] = Fraction(place[i] < place[j])
        return values

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> Tour:
        """Return the tour of the arcs with variables replaced, in the potentials too."""
        return replace(
            self,
            arcs=tuple((arc, expression.substitute(replacements)) for arc, expression in self.arcs),
            potentials=tuple(expression.substitute(replacements) for expression in self.potentials),
        )

    def renamed(self, names: Mapping[str, str]) -> Tour:
        """Return the function with its outputs renamed."""

        def new(old: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(names.get(name, name) for name in old)

        return replace(
            self, position=new(self.position), flow=new(self.flow), leg=new(self.leg), before=new(self.before)
        )

    def arguments(self) -> dict[str, Any]:
        """Return `{"nodes": 3, "arcs": {"0,1": {…}}, "potentials": […], "big_m": "2", …, "position": ["p[1]", …]}`."""
        return {
            "nodes": self.nodes,
            "arcs": {index_text(arc): expression.to_json() for arc, expression in self.arcs},
            "potentials": [expression.to_json() for expression in self.potentials],
            "big_m": str(self.big_m),
            "step": str(self.step),
            "root": self.root,
            "cycles": self.cycles,
            "position": list(self.position),
            "flow": list(self.flow),
            "leg": list(self.leg),
            "before": list(self.before),
        }

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> Tour:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        fields = {"nodes", "arcs", "potentials", "big_m", "step", "root", "cycles", "position", "flow", "leg", "before"}
        given = IndexedArguments(arguments, cls.name, owner, fields)
        return cls(
            given.whole("nodes", least=2),
            tuple(((i, j), expression) for (i, j), expression in given.indexed("arcs", 2).items()),
            given.expressions("potentials"),
            given.number("big_m"),
            given.number("step"),
            given.whole("root", least=0),
            given.whole("cycles", least=0),
            given.names("position"),
            given.names("flow"),
            given.names("leg"),
            given.names("before"),
        )

    @cached_property
    def _arcs(self) -> dict[Arc, AffineExpression]:
        return dict(self.arcs)

    @cached_property
    def _flows(self) -> dict[tuple[int, ...], str]:
        return self._named("flow", self.inner_arcs, self.flow)

    @cached_property
    def _legs(self) -> dict[tuple[int, ...], str]:
        return self._named("leg", self.legs, self.leg)

    @cached_property
    def _before(self) -> dict[tuple[int, ...], str]:
        return self._named("before", self.pairs, self.before)

    @staticmethod
    def _named(output: str, indices: Sequence[tuple[int, ...]], names: Sequence[str]) -> dict[tuple[int, ...], str]:
        if len(names) != len(indices):
            raise MappingError(f"this tour has no output {output!r}; name it by `wanting`")
        return dict(zip(indices, names, strict=True))

    @staticmethod
    def _output(names: Mapping[tuple[int, ...], str], index: tuple[int, ...]) -> AffineExpression:
        return AffineExpression.variable(names[index]) if index in names else NOTHING

    def _sum(self, arcs: Iterable[Arc]) -> AffineExpression:
        return _total(self._arcs[arc] for arc in arcs if arc in self._arcs)

    def _places(self, point: Mapping[str, Fraction]) -> list[int]:
        """Return the place of each node; raises `MappingError` where the arcs are not one tour."""
        following: dict[int, int] = {}
        for (i, j), expression in self.arcs:
            value = expression.evaluate(point)
            if value not in (0, 1) or (value and i in following):
                what = f"a second arc out of {i}" if value == 1 else f"the value {value}"
                raise MappingError(f"the arcs are no tour: the arc ({i}, {j}) has {what}")
            if value:
                following[i] = j
        places = [-1] * self.nodes
        node = 0
        for place in range(self.nodes):
            places[node] = place
            node = following.get(node, -1)
            if place < self.nodes - 1 and (node < 0 or places[node] >= 0):
                raise MappingError(f"the arcs are no tour: from node 0 they lead through {place + 1} nodes only")
        if node != 0:
            raise MappingError("the arcs are no tour: they do not lead back to node 0")
        return places

    def _cycle_rows(self) -> Iterator[GraphRow]:
        # The arcs within a proper subset of the nodes form paths, which have fewer arcs than nodes.
        for size in range(2, min(self.cycles, self.nodes - 1) + 1):
            for subset in combinations(range(self.nodes), size):
                total = self._sum(permutations(subset, 2))
                yield GraphRow(f"cycle({index_text(subset)})", total, None, Fraction(size - 1))

    def _position_rows(self) -> Iterator[GraphRow]:
        last = self.nodes - 1
        for i in range(1, self.nodes):
            first_here, last_here, here = self.arc(0, i), self.arc(i, 0), self.position_of(i)
            if last >= 2:
                # pos_i is 1 after the depot, N before it, and from 2 to N − 1 elsewhere.
                yield GraphRow(f"early({i})", here + first_here - last_here * (last - 2), Fraction(2), None)
                yield GraphRow(f"late({i})", here - last_here + first_here * (last - 2), None, Fraction(last - 1))
            for j in range(1, self.nodes):
                if i == j:
                    continue
                # pos_i − pos_j is −1 on an arc (i, j), 1 on an arc (j, i), and at most N − 1 always.
                form = here - self.position_of(j) + self.arc(i, j) * last + self.arc(j, i) * (last - 2)
                yield GraphRow(f"next({i},{j})", form, None, Fraction(last - 1))
        # The positions are 1, …, N in some order.
        total = Fraction(last * (last + 1), 2)
        yield GraphRow("positions", _total(map(self.position_of, range(1, self.nodes))), total, total)

    def _flow_rows(self) -> Iterator[GraphRow]:
        last = self.nodes - 1
        for j in range(1, self.nodes):
            into = _total(self.flow_on(i, j) for i in range(self.nodes) if i != j)
            # One node less is left to be visited once j has been.
            yield GraphRow(f"visit({j})", into - _total(self.flow_on(j, k) for k in range(1, self.nodes)), ONE, ONE)
            if self.position:
                # On the way to the node in place p, the nodes from place p on are left: N − p + 1.
                yield GraphRow(f"left({j})", into + self.position_of(j), Fraction(last + 1), Fraction(last + 1))
        for i, j in self.inner_arcs:
            arc, flow = self.arc(i, j), self.flow_on(i, j)
            # From place p to p + 1 (1 ≤ p ≤ N − 1), N − p nodes are left: one if j is the last, N − 1 if i is the
            # first, otherwise 2 to N − 2; and none on an arc that is not used.
            yield GraphRow(f"least({i},{j})", flow - arc, ZERO, None)
            yield GraphRow(f"most({i},{j})", flow - arc * (last - 1), None, ZERO)
            yield GraphRow(f"more({i},{j})", flow - arc * 2 + self.arc(j, 0), ZERO, None)
            yield GraphRow(f"less({i},{j})", flow - arc * (last - 2) - self.arc(0, i), None, ZERO)

    def _leg_rows(self) -> Iterator[GraphRow]:
        others = range(1, self.nodes)
        for k in others:
            for j in others:
                if j == k:
                    continue
                # The path to k goes on from each node that it reaches on its way, and it reaches j if j is before k.
                into = _total(self.leg_on(h, j, k) for h in range(self.nodes) if h != j)
                out = _total(self.leg_on(j, h, k) for h in others if h != j)
                yield GraphRow(f"through({j},{k})", into - out, ZERO, ZERO)
                if self.before:
                    yield GraphRow(f"reached({j},{k})", into - self.precedence(j, k), ZERO, ZERO)
                for i in others:
                    if i not in (j, k):
                        # At most one of (i, j), (j, i) is in the path to k, and then j is.
                        both = self.leg_on(i, j, k) + self.leg_on(j, i, k)
                        yield GraphRow(f"once({i},{j},{k})", both - into, None, ZERO)
            if self.position:
                # The path to k has pos_k arcs.
                length = _total(self.leg_on(i, j, k) for i in range(self.nodes) for j in others if i != j)
                yield GraphRow(f"length({k})", length - self.position_of(k), ZERO, ZERO)
        for i, j in self.inner_arcs:
            for k in others:
                if k not in (i, j):
                    # Paths to k use arcs of the tour only.
                    yield GraphRow(f"used({i},{j},{k})", self.leg_on(i, j, k) - self.arc(i, j), None, ZERO)
            if self.flow:
                # The nodes left to be visited on (i, j) are those whose paths use it.
                paths = _total(self.leg_on(i, j, k) for k in others)
                yield GraphRow(f"paths({i},{j})", paths - self.flow_on(i, j), ZERO, ZERO)

    def _before_rows(self) -> Iterator[GraphRow]:
        others = range(1, self.nodes)
        last = Fraction(self.nodes - 1)
        for i, j in permutations(others, 2):
            before = self.precedence(i, j)
            # i is before j if the tour goes from i to j, if i is the first node, and if j is the last.
            for arc in (self.arc(i, j), self.arc(0, i), self.arc(j, 0)):
                yield GraphRow(f"order({i},{j})", before - arc, ZERO, None)
            if self.position:
                # pos_i − pos_j ≤ −1 if i is before j, and ≤ N − 1 always.
                apart = self.position_of(i) - self.position_of(j) + before * last
                yield GraphRow(f"apart({i},{j})", apart, None, last - 1)
        for i, j, k in permutations(others, 3):
            # Not all of i < j, j < k, k < i hold. If the tour goes from j to i, the first fails, and the others cannot
            # both hold, since k would have to lie between j and i.
            around = self.precedence(i, j) + self.precedence(j, k) + self.precedence(k, i) + self.arc(j, i)
            yield GraphRow(f"around({i},{j},{k})", around, None, Fraction(2))
        if self.position:
            for j in others:
                # The place of j is one more than the number of nodes before it.
                earlier = _total(self.precedence(i, j) for i in others if i != j)
                yield GraphRow(f"place({j})", self.position_of(j) - earlier, ONE, ONE)


def _total(expressions: Iterable[AffineExpression]) -> AffineExpression:
    constant = ZERO
    terms: dict[str, Fraction] = {}
    for expression in expressions:
        constant += expression.constant
        for name, coefficient in expression.terms.items():
            terms[name] = terms.get(name, ZERO) + coefficient
    return AffineExpression(constant, terms)
