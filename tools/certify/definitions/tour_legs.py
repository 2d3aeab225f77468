"""Legs of a tour: the arcs that it uses on its way to each node."""

from __future__ import annotations

from collections.abc import Callable

from tools.certify.cases import ByCase
from tools.certify.definitions.realised import Hint, number, total, variable
from tools.certify.definitions.tour import Places
from tools.certify.definitions.tour_flows import Flows
from tools.certify.definitions.tour_orders import Orders
from tools.certify.space import Affine


class Legs:
    """q_ijk = b_jk on arcs that are used, else 0, and rows about it."""

    def __init__(self, places: Places, orders: Orders, flows: Flows | None) -> None:
        self.places, self.orders, self.flows = places, orders, flows
        made, function = places.made, places.function
        self.leg: dict[tuple[int, int, int], int] = {}
        for (i, j, k), name in zip(function.legs, function.leg, strict=True):
            value = orders.before(j, k)
            q = self.leg[i, j, k] = made.choose(name, places.arc(i, j), 0, number(0), value, step=1, integer=True)
            made.bound(q, "lower", 0, [ByCase(q)], ())
            made.bound(q, "upper", 1, [ByCase(q)], ())

    def on(self, i: int, j: int, k: int) -> Affine:
        """Return q_ijk for all nodes, k not the depot."""
        if j == 0 or i == k:
            return number(0)
        if i == 0 or j == k:
            return self.places.arc(i, j)
        return variable(self.leg[i, j, k]) if (i, j, k) in self.leg else number(0)

    def product(self, i: int, j: int, k: int) -> list[int]:
        """Return the rows q ≤ a_ij, q ≤ b_jk and q ≥ a_ij + b_jk − 1."""
        return self._rows("product", i, j, k, j, list)

    def kept(self, i: int, j: int, k: int) -> list[int]:
        """Return the rows q ≤ a_ij, q ≤ b_ik and q ≥ a_ij + b_ik − 1: if (i, j) is used, k is after both or neither."""
        orders = self.orders
        return self._rows("kept leg", i, j, k, i, lambda: [
            *orders.around(i, j, k), *orders.around(j, i, k), *orders.implied(i, j)])  # fmt: skip

    def _rows(self, kind: str, i: int, j: int, k: int, node: int, rows: Callable[[], list[int]]) -> list[int]:
        if (i, j, k) not in self.leg:
            return []
        leg, arc, before = variable(self.leg[i, j, k]), self.places.arc(i, j), self.orders.before(node, k)
        return self.places.once(
            (kind, i, j, k),
            lambda: [arc.plus(leg, -1), before.plus(leg, -1), leg.plus(arc, -1).plus(before, -1).plus(number(1))],
            lambda: ([ByCase(self.leg[i, j, k])], rows()),
        )

    def into(self, j: int, k: int) -> list[int]:
        """Return the rows Σ_h q_hjk = b_jk."""
        places, orders = self.places, self.orders
        value = total(self.on(h, j, k) for h in range(places.function.nodes) if h != j).plus(orders.before(j, k), -1)
        return places.once(
            ("leg into", j, k),
            lambda: [value, -value],
            lambda: (
                orders.branch(j, k),
                [row for h in places.others for row in self.product(h, j, k)]
                + [*orders.implied(j, k), *orders.implied(k, j), *places.rows(("in", j))],
            ),
        )

    def out(self, j: int, k: int) -> list[int]:
        """Return the rows Σ_h q_jhk = b_jk."""
        places, orders = self.places, self.orders
        value = total(self.on(j, h, k) for h in places.others if h != j).plus(orders.before(j, k), -1)
        return places.once(
            ("leg out of", j, k),
            lambda: [value, -value],
            lambda: (
                orders.branch(j, k),
                [row for h in places.others for row in self.kept(j, h, k)]
                + [*orders.implied(j, k), *orders.implied(k, j), *places.rows(("out", j))],
            ),
        )

    def hint(self, kind: str, *indices: int) -> Hint | None:
        """Return what shows a graph row about legs."""
        places, orders = self.places, self.orders
        if kind == "through":
            return (), [*self.into(*indices), *self.out(*indices)]
        if kind == "reached":
            return (), self.into(*indices)
        if kind == "once":
            i, j, k = indices
            rows = [*self.product(i, j, k), *self.kept(j, i, k), *self.into(j, k)]
            return orders.branch(j, k), [*rows, *places.rows(("cycle", *sorted((i, j))))]
        if kind == "used":
            return (), self.product(*indices)
        if kind == "length":
            (k,) = indices
            rows = [row for j in places.others if j != k for row in self.into(j, k)]
            return (), [*rows, *orders.counted(k), *places.rows(("in", k))]
        if kind == "paths" and self.flows is not None:
            i, j = indices
            rows = [row for k in places.others for row in self.product(i, j, k)]
            rows += [*self.flows.used(i, j), *orders.implied(i, j), *orders.counted(j)]
            return places.branch((i, j)), [*rows, *places.rows(("next", i, j), ("next", j, i))]
        return None
