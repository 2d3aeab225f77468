"""A tour: positions by the checker's lemma, everything else by cases over positions and arcs."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

from tools.certify.cases import Branch, Split
from tools.certify.definitions.realised import Hint, Realised, number, total, variable
from tools.certify.space import Affine, Space
from tools.mapping.functions.tour import Tour


def realise_tour(space: Space, function: Tour) -> Realised:
    """Return the positions, and flows, precedences and legs that follow from them, as far as they have names."""
    from tools.certify.definitions.tour_flows import Flows
    from tools.certify.definitions.tour_legs import Legs
    from tools.certify.definitions.tour_orders import Orders

    places = Places(space, function)
    flows = Flows(places) if function.flow else None
    orders = Orders(places) if function.before or function.leg else None
    legs = Legs(places, orders, flows) if function.leg and orders else None
    parts = [part.hint for part in (places, flows, orders, legs) if part is not None]

    def hint(label: str) -> Hint | None:
        kind, *indices = re.findall(r"\w+", label)
        return next((found for part in parts if (found := part(kind, *map(int, indices))) is not None), None)

    places.made.hint = hint
    return places.made


class Places:
    """The positions of a tour with the rows of the lemma, and rows derived once."""

    def __init__(self, space: Space, function: Tour) -> None:
        self.made = Realised(space, function)
        self.space, self.function = space, function
        self.last = function.nodes - 1
        self.others = range(1, function.nodes)
        self.arcs = {arc: self.made.value(value) for arc, value in function.arcs}
        self.row: dict[tuple[Any, ...], list[int]] = {}
        """The rows of the lemma and those derived later, by what they are about."""
        self._degrees()
        self.place: list[Affine] = [number(0)]
        self._lemma()

    def arc(self, i: int, j: int) -> Affine:
        """Return a_ij, 0 for an arc that does not exist."""
        return self.arcs.get((i, j), number(0))

    def branch(self, *arcs: tuple[int, int]) -> list[Split]:
        """Return the splits by whether these arcs are used."""
        return [Branch(j) for arc in arcs for j in self.arc(*arc).terms]

    def rows(self, *keys: tuple[Any, ...]) -> list[int]:
        """Return the rows about these things that there are."""
        return [row for key in keys for row in self.row.get(key, ())]

    def once(self, key: tuple[Any, ...], make: Callable[[], list[Affine]], hint: Callable[[], Hint]) -> list[int]:
        """Return the rows that say that some values are at least 0, derived when they are first asked for."""
        if key not in self.row:
            splits, rows = hint()
            self.row[key] = [self.made.lemma(value, splits, rows, keep=False) for value in make()]
        return self.row[key]

    def first(self, i: int) -> list[int]:
        """Return the rows pos_i ≤ N − (N − 1)·a_0i and pos_i ≥ 1 + (N − 1)·a_i0."""
        last, here = self.last, self.place[i]
        return self.once(
            ("first", i),
            lambda: [
                number(last).plus(self.arc(0, i), 1 - last).plus(here, -1),
                here.plus(number(-1)).plus(self.arc(i, 0), 1 - last),
            ],
            lambda: ((), self.rows(("early", i), ("late", i), ("cycle", 0, i))),
        )

    def hint(self, kind: str, *indices: int) -> Hint | None:
        """Return what shows a graph row about positions or small cycles: a row of the lemma."""
        return ((), self.row[(kind, *indices)]) if (kind, *indices) in self.row else None

    def _degrees(self) -> None:
        every = range(self.function.nodes)
        for i in every:
            for side, arcs in (("out", [(i, j) for j in every]), ("in", [(j, i) for j in every])):
                value = total(self.arc(*arc) for arc in arcs).plus(number(-1))
                rows = [*self.made.conditions.get(f"{side}({i})", ()), *self._defined(arcs)]
                sides = [part for part in (value, -value) if part.terms]
                self.row[side, i] = [self.made.lemma(part, (), rows, keep=False) for part in sides]

    def _defined(self, arcs: list[tuple[int, int]]) -> list[int]:
        """Return the rows that define these arcs, where they are not variables of the model."""
        definitions = self.made.definitions
        return [definitions[j] for arc in arcs for j in self.arc(*arc).terms if j in definitions]

    def _lemma(self) -> None:
        function, made, space, last = self.function, self.made, self.space, self.last
        root, nodes = function.root, range(function.nodes)
        names = list(function.position)
        for _ in range(last - len(names)):
            names.append(f"{made.fresh()}[{len(names) + 1}]")
        cycles: list[Any] = []
        potentials = [made.affine(value) for value in function.potentials]
        rest = [i for i in nodes if i != root]
        if potentials:
            potential = dict(zip(rest, potentials, strict=True))
            for i, j in self.arcs:
                if root not in (i, j):
                    rise = potential[j].plus(potential[i], -1).plus(self.arc(i, j), -function.big_m)
                    above = rise.plus(number(function.big_m - function.step))
                    rows = [*made.conditions.get(f"rise({i},{j})", ()), *self._defined([(i, j)])]
                    cycles.append(made.prove(above, (), rows))
        else:
            for size in range(2, function.nodes):
                for subset in combinations(rest, size):
                    arcs = [(i, j) for i in subset for j in subset if i != j]
                    above = number(size - 1).plus(total(self.arc(*arc) for arc in arcs), -1)
                    label = f"subset({','.join(map(str, subset))})"
                    cycles.append(made.prove(above, (), [*made.conditions.get(label, ()), *self._defined(arcs)]))
        sizes = sorted({2, *range(2, function.cycles + 1)})
        subsets = [list(s) for size in sizes if size < function.nodes for s in combinations(nodes, size)]
        degrees = [self._between(side, i, nodes) for side in ("out", "in") for i in nodes]
        step = {
            "nodes": function.nodes,
            "root": root,
            "arcs": [[i, j, space.expression(value)] for (i, j), value in self.arcs.items()],
            "positions": names,
            "potentials": [space.expression(value) for value in potentials],
            "step": str(function.step),
            "big_m": str(function.big_m),
            "subsets": subsets,
            "proofs": {"arcs": [[None, None, None] for _ in self.arcs], "degrees": degrees, "cycles": cycles},
        }
        self.place += [variable(len(space.index) + k) for k in range(last)]
        space.add_lemma({"tour": step}, [(name, number(1).constant, number(last).constant, True) for name in names],
                        [self._counted(*row) for row in self._rows(subsets)])  # fmt: skip

    def _between(self, side: str, i: int, nodes: range) -> list[Any]:
        rows = self.row[side, i]
        return [[["linear", [[row, "1"]]]] for row in rows] if rows else [None, None]

    def _counted(self, key: tuple[Any, ...], value: Affine, low: int | None, high: int | None) -> tuple[Any, Any, Any]:
        self.row[key] = [self.space.row_count + self.counted]
        self.counted += 1
        sides = [None if side is None else side - value.constant for side in (low, high)]
        return value.terms, sides[0], sides[1]

    counted = 0

    def _rows(self, subsets: list[list[int]]) -> list[tuple[tuple[Any, ...], Affine, int | None, int | None]]:
        """Return the rows that the checker adds, in its order."""
        rows: list[tuple[tuple[Any, ...], Affine, int | None, int | None]] = []
        last, place = self.last, self.place
        for i in self.others:
            if last >= 2:
                first, final = self.arc(0, i), self.arc(i, 0)
                rows.append((("early", i), place[i].plus(first).plus(final, 2 - last), 2, None))
                rows.append((("late", i), place[i].plus(final, -1).plus(first, last - 2), None, last - 1))
            for j in self.others:
                if i != j:
                    form = place[i].plus(place[j], -1).plus(self.arc(i, j), last).plus(self.arc(j, i), last - 2)
                    rows.append((("next", i, j), form, None, last - 1))
        every = last * (last + 1) // 2
        rows.append((("positions",), total(place[1:]), every, every))
        for s in subsets:
            rows.append((("cycle", *s), total(self.arc(i, j) for i in s for j in s), None, len(s) - 1))
        return rows
