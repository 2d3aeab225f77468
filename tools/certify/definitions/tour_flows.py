"""Flows along a tour: what is still to be visited on each arc."""

from __future__ import annotations

from tools.certify.cases import ByCase, Split
from tools.certify.definitions.realised import Hint, number, total, variable
from tools.certify.definitions.tour import Places
from tools.certify.space import Affine


class Flows:
    """y_ij = N − pos_i on arcs that are used, else 0, and rows about it."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.last = places.last
        self.flow: dict[tuple[int, int], Affine] = {}
        self.case: dict[tuple[int, int], list[Split]] = {}
        made, function = places.made, places.function
        for arc, name in zip(function.inner_arcs, function.flow, strict=True):
            left = number(self.last).plus(places.place[arc[0]], -1)
            j = made.choose(name, places.arc(*arc), 0, number(0), left, step=1, integer=True)
            self.flow[arc], self.case[arc] = variable(j), [ByCase(j)]
            made.bound(j, "lower", 0, self.case[arc], ())
            made.bound(j, "upper", self.last - 1, self.case[arc], ())

    def on(self, i: int, j: int) -> Affine:
        """Return y_ij, of arcs of the depot too."""
        return self.flow.get((i, j), number(0)) if i else self.places.arc(0, j).times(self.last)

    def used(self, i: int, j: int) -> list[int]:
        """Return the rows y ≤ N − pos_i, y ≥ N − pos_i − (N − 1)·(1 − a) and y ≤ (N − 1)·a of an arc."""
        last, place, arc = self.last, self.places.place[i], self.places.arc(i, j)
        if (i, j) not in self.flow:
            return []
        flow = self.flow[i, j]
        return self.places.once(
            ("flow", i, j),
            lambda: [
                number(last).plus(place, -1).plus(flow, -1),
                flow.plus(place).plus(number(-1)).plus(arc, 1 - last),
                arc.times(last - 1).plus(flow, -1),
            ],
            lambda: (self.case[i, j], ()),
        )

    def into(self, j: int) -> list[int]:
        """Return the rows Σ_i y_ij = N + 1 − pos_j."""
        places = self.places
        before = [i for i in range(places.function.nodes) if (i, j) in places.arcs]
        value = total(self.on(i, j) for i in before).plus(places.place[j]).plus(number(-self.last - 1))
        rows = [row for i in before if i for row in (*self.used(i, j), *places.rows(("next", i, j), ("next", j, i)))]
        return places.once(
            ("into", j),
            lambda: [value, -value],
            lambda: (places.branch(*((i, j) for i in before)), [*rows, *places.rows(("in", j)), *places.first(j)]),
        )

    def out(self, j: int) -> list[int]:
        """Return the rows Σ_k y_jk = N − pos_j."""
        places = self.places
        after = [k for k in range(places.function.nodes) if (j, k) in places.arcs]
        value = total(self.on(j, k) for k in after).plus(places.place[j]).plus(number(-self.last))
        rows = [row for k in after if k for row in self.used(j, k)]
        return places.once(
            ("out of", j),
            lambda: [value, -value],
            lambda: (places.branch(*((j, k) for k in after)), [*rows, *places.rows(("out", j)), *places.first(j)]),
        )

    def hint(self, kind: str, *indices: int) -> Hint | None:
        """Return what shows a graph row about flows."""
        if kind == "visit":
            return (), [*self.into(*indices), *self.out(*indices)]
        if kind == "left":
            return (), self.into(*indices)
        if kind in ("least", "most", "more", "less"):
            i, j = indices
            rows = self.places.rows(("next", i, j), ("late", j), ("early", i), ("cycle", 0, i), ("cycle", 0, j))
            return self.case[i, j], rows
        return None
