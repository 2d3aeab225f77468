"""Which of two nodes a tour visits first, and that the place of a node counts the nodes before it."""

from __future__ import annotations

from tools.certify.cases import Apart, Branch, ByCase, Split
from tools.certify.definitions.realised import Hint, number, total, variable
from tools.certify.definitions.tour import Places
from tools.certify.space import Affine


class Orders:
    """b_ij = 1 where pos_i − pos_j ≤ −1, else 0 (i < j), and rows about it."""

    def __init__(self, places: Places) -> None:
        self.places = places
        made, function, self.last = places.made, places.function, places.last
        self.order: dict[tuple[int, int], int] = {}
        for k, (i, j) in enumerate(function.pairs):
            name = function.before[k] if function.before else None
            test = places.place[i].plus(places.place[j], -1)
            b = self.order[i, j] = made.choose(name, test, -1, number(1), number(0), step=1, integer=True)
            made.bound(b, "lower", 0, [ByCase(b)], ())
            made.bound(b, "upper", 1, [ByCase(b)], ())
        self.excess: dict[int, int] = {}

    def before(self, i: int, j: int) -> Affine:
        """Return b_ij, which is 1 − b_ji."""
        return variable(self.order[i, j]) if i < j else number(1).plus(variable(self.order[j, i]), -1)

    def branch(self, i: int, j: int) -> list[Split]:
        """Return the split by which of two nodes is first."""
        return [Branch(self.order[min(i, j), max(i, j)])]

    def apart(self, i: int, j: int) -> list[int]:
        """Return the row pos_i − pos_j + N·b_ij ≤ N − 1."""
        place = self.places.place
        (first,), (second,) = place[min(i, j)].terms, place[max(i, j)].terms
        return self.places.once(
            ("apart", i, j),
            lambda: [number(self.last - 1).plus(place[i], -1).plus(place[j]).plus(self.before(i, j), -self.last)],
            lambda: ([ByCase(self.order[min(i, j), max(i, j)]), Apart(first, second)], ()),
        )

    def implied(self, i: int, j: int) -> list[int]:
        """Return the rows b_ij ≥ a_ij, b_ij ≥ a_0i and b_ij ≥ a_j0."""
        places = self.places
        arcs = [places.arc(i, j), places.arc(0, i), places.arc(j, 0)]
        return places.once(
            ("order", i, j),
            lambda: [self.before(i, j).plus(arc, -1) for arc in arcs],
            lambda: ((), [*self.apart(j, i), *places.rows(("next", i, j)), *places.first(i), *places.first(j)]),
        )

    def around(self, i: int, j: int, k: int) -> list[int]:
        """Return the row b_ij + b_jk + b_ki + a_ji ≤ 2."""
        places = self.places
        cycle = total([self.before(i, j), self.before(j, k), self.before(k, i), places.arc(j, i)])
        return places.once(
            ("around", i, j, k),
            lambda: [number(2).plus(cycle, -1)],
            lambda: (
                places.branch((j, i)),
                [row for pair in ((i, j), (j, k), (k, i)) for row in self.apart(*pair)]
                + [*self.implied(j, i), *places.rows(("next", i, j), ("next", j, i))],
            ),
        )

    def counted(self, j: int) -> list[int]:
        """Return the row that defines pos_j − Σ_i b_ij, a variable fixed to 1: the place counts the nodes before."""
        if not self.excess:
            self._count()
        return [self.places.made.definitions[self.excess[j]]]

    def _count(self) -> None:
        """Show that d_j = pos_j − Σ_i b_ij ≥ 1 where pos_j ≤ 1, ≤ 2, …; the d_j sum up to N, so they all are 1.

        It is 1 at the first node, and does not fall along an arc.
        """
        places, made, last = self.places, self.places.made, self.last
        for j in places.others:
            earlier = total(self.before(i, j) for i in places.others if i != j)
            self.excess[j] = made.define(None, places.place[j].plus(earlier, -1), integer=True)
            made.bound(self.excess[j], "lower", 2 - last, (), [made.definitions[self.excess[j]]])
        known: dict[int, tuple[int, int]] = {}
        for level in range(1, last + 1):
            shown: dict[int, tuple[int, int]] = {}
            for j in places.others:
                before = [i for i in places.others if i != j and (i, j) in places.arcs]
                splits = places.branch((0, j))
                rows = [*places.rows(("in", j)), *self._first(j)]
                for i in before:
                    above: tuple[Split, ...] = (ByCase(known[i][0]),) if i in known else ()
                    splits += [Branch(arc, above=above) for arc in places.arc(i, j).terms]
                    rows += [*self._kept(i, j), *places.rows(("next", i, j)), *(known[i][1:] if i in known else ())]
                if level == last:
                    made.bound(self.excess[j], "lower", 1, splits, rows)
                    continue
                early = made.choose(None, places.place[j], level, number(1), number(0), step=1, integer=True)
                made.bound(early, "lower", 0, [ByCase(early)], ())
                made.bound(early, "upper", 1, [ByCase(early)], ())
                value = variable(self.excess[j]).plus(number(last - 2)).plus(variable(early), 1 - last)
                shown[j] = (early, made.lemma(value, [ByCase(early), *splits], rows, keep=False))
            known = shown
        every = [made.definitions[j] for j in self.excess.values()]
        for j in self.excess.values():
            made.bound(j, "upper", 1, (), [*every, *places.rows(("positions",))])

    def _first(self, j: int) -> list[int]:
        """Return the row d_j ≥ 1 − (N − 1)·(1 − a_0j)."""
        places, last = self.places, self.last
        excess = variable(self.excess[j])
        return places.once(
            ("first excess", j),
            lambda: [excess.plus(number(last - 2)).plus(places.arc(0, j), 1 - last)],
            lambda: (
                places.branch((0, j)),
                [places.made.definitions[self.excess[j]]]
                + [row for i in places.others if i != j for row in self.implied(j, i)],
            ),
        )

    def _kept(self, i: int, j: int) -> list[int]:
        """Return the row d_j ≥ d_i − 2·(N − 1)·(1 − a_ij)."""
        places, last = self.places, self.last
        change = variable(self.excess[j]).plus(variable(self.excess[i]), -1)
        definitions = places.made.definitions
        return places.once(
            ("kept", i, j),
            lambda: [change.plus(number(2 * last - 2)).plus(places.arc(i, j), 2 - 2 * last)],
            lambda: (
                places.branch((i, j)),
                [definitions[self.excess[j]], definitions[self.excess[i]], *places.rows(("next", i, j))]
                + self.implied(i, j)
                + [row for k in places.others if k not in (i, j) for row in self.around(j, i, k)],
            ),
        )

    def hint(self, kind: str, *indices: int) -> Hint | None:
        """Return what shows a graph row about precedences."""
        if kind == "order":
            return (), self.implied(*indices)
        if kind == "apart":
            return (), self.apart(*indices)
        if kind == "around":
            return (), self.around(*indices)
        return ((), self.counted(*indices)) if kind == "place" else None
