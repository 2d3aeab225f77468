"""Blocks in the order of a key, by exchanges of neighbours: each keeps the set of rows and moves the greater key up."""

from __future__ import annotations

from collections.abc import Iterable

from tools.certify.cases import Branch, ByCase, Split
from tools.certify.definitions.realised import Realised, number, total, variable
from tools.certify.space import Affine, Space
from tools.mapping.functions.sorted_blocks import SortedBlocks


def realise_sorted_blocks(space: Space, function: SortedBlocks) -> Realised:
    """Return the blocks after the exchanges of a bubble sort that moves the greatest key to the front first."""
    network = _Network(space, function)
    last = len(function.blocks) - 1
    for start in range(last):
        for b in reversed(range(start, last)):
            network.exchange(b)
        network.settle(start)
    network.finish()
    return network.made


class _Network:
    def __init__(self, space: Space, function: SortedBlocks) -> None:
        self.made = made = Realised(space, function)
        self.function, self.space = function, space
        self.entries = [[made.value(entry) for entry in block] for block in function.blocks]
        self.place = {row: r for r, row in enumerate(function.rows)}
        base = list(made.pool)
        self.rows = [
            [made.lemma(side, (), base, keep=False) for side in self._sides(r)] for r in range(len(self.place))
        ]
        self.sums: list[int] = list(base)
        """The rows that say that an exchange changes no sum over a column."""
        self.keys: list[Affine] = []
        self.order: list[int] = list(base)
        """The rows about keys: what they are at first, how exchanges move them, what they are in the end."""
        for block in self.entries:
            self._new_key(block)
        self.above: list[dict[int, int]] = []
        """For each block at the front that is settled, the rows that its key is no less than those behind it."""

    def _key(self, block: Iterable[Affine]) -> Affine:
        return total(entry.times(weight) for entry, weight in zip(block, self.function.key, strict=True))

    def _new_key(self, block: list[Affine]) -> Affine:
        self.keys.append(variable(self.made.define(None, self._key(block))))
        self.order.append(self.made.pool[-1])
        return self.keys[-1]

    def _sides(self, r: int) -> list[Affine]:
        """Return what row r says of the blocks as they are: values that are at least 0."""
        row = self.function.rows[r]
        filled = total(self.entries[b][c].times(a) for (b, c), a in row.coefficients.items())
        value = self.made.affine(row.rest).plus(filled)
        sides = [] if row.lower is None else [value.plus(number(-row.lower))]
        return sides if row.upper is None else [*sides, number(row.upper).plus(value, -1)]

    def exchange(self, b: int) -> None:
        """Exchange blocks b and b + 1 where the second has the greater key."""
        made, columns = self.made, self.function.columns
        first, second = self.entries[b : b + 2]
        keys = self.keys[b : b + 2]
        test = keys[1].plus(keys[0], -1)
        swap = made.choose(None, test, 0, number(0), number(1), integer=True)
        made.bound(swap, "lower", 0, [ByCase(swap)], ())
        made.bound(swap, "upper", 1, [ByCase(swap)], ())
        upper: list[Affine] = []
        lower: list[Affine] = []
        cases: list[Split] = []
        for one, two, column in zip(first, second, columns, strict=True):
            top = made.choose(None, variable(swap), 0, one, two, step=1, integer=column.integral)
            rest = made.define(None, one.plus(two).plus(variable(top), -1), integer=column.integral)
            self.sums.append(made.pool[-1])
            case = [ByCase(top)]
            cases += case
            for j in (top, rest):
                for side, limit in (("lower", column.lower), ("upper", column.upper)):
                    if limit is not None:
                        made.bound(j, side, limit, case, [made.definitions[rest]])  # type: ignore[arg-type]
            upper.append(variable(top))
            lower.append(variable(rest))
        self.entries[b : b + 2] = [upper, lower]
        self._keep_rows(b, swap, cases)
        self._move_keys(b, swap, upper, lower)

    def _keep_rows(self, b: int, swap: int, cases: list[Split]) -> None:
        """Show that all rows hold after an exchange: each was itself before, or the one with both blocks exchanged."""
        kept = list(self.rows)
        for r, row in enumerate(self.function.rows):
            columns = sorted({c for block, c in row.coefficients if block in (b, b + 1)})
            if columns:
                other = self.place[row.exchanged(b)]
                splits = [Branch(swap), *(cases[c] for c in columns)]
                rows = [*self.rows[r], *self.rows[other], *self.sums[-len(cases) :]]
                kept[r] = [self.made.lemma(side, splits, rows, keep=False) for side in self._sides(r)]
        self.rows = kept

    def _move_keys(self, b: int, swap: int, upper: list[Affine], lower: list[Affine]) -> None:
        """Show that the keys move with their blocks, and what follows from it."""
        made, old = self.made, self.keys[b : b + 2]
        definitions = [made.definitions[next(iter(key.terms))] for key in old]
        new: list[Affine] = []
        for block in (upper, lower):
            new.append(variable(made.define(None, self._key(block))))
        own = [made.definitions[next(iter(key.terms))] for key in new]
        columns = [c for c, weight in enumerate(self.function.key) if weight]
        cases: list[Split] = [ByCase(j) for c in columns for j in upper[c].terms]
        sums = [*self.sums[-len(self.function.columns) :], *definitions, *own]
        total_kept = new[0].plus(new[1]).plus(old[0], -1).plus(old[1], -1)
        same = [made.lemma(value, (), sums, keep=False) for value in (total_kept, -total_kept)]
        splits: list[Split] = [ByCase(swap), *cases]
        rows = [*same, *sums]
        order = [made.lemma(new[0].plus(key, -1), splits, rows, keep=False) for key in old]
        order += same
        for front in self.above:
            tops = [front[b], front[b + 1]]
            top = self.keys[self.above.index(front)]
            for k, key in enumerate(new):
                front[b + k] = made.lemma(top.plus(key, -1), [Branch(swap), *cases], [*tops, *rows], keep=False)
                order.append(front[b + k])
        self.keys[b : b + 2] = new
        self.order += order

    def settle(self, start: int) -> None:
        """Note that the key of block `start` is no less than those behind it, after a pass that ended there."""
        top = self.keys[start]
        self.above.append(
            {b: self.made.lemma(top.plus(self.keys[b], -1), (), self.order, keep=False)
             for b in range(start + 1, len(self.keys))}
        )  # fmt: skip
        self.order += self.above[-1].values()

    def finish(self) -> None:
        """Name the outputs."""
        made, function = self.made, self.function
        named: list[int] = []
        for names, block in zip(function.names, self.entries, strict=True):
            for name, entry, column in zip(names, block, function.columns, strict=True):
                named.append(made.definitions[made.define(name, entry, integer=column.integral)])
        own = [made.definitions[j] for key in self.keys for j in key.terms]
        for r, rows in enumerate(self.rows):
            made.hints[f"row({r})"] = ((), [*rows, *named])
        for c in range(len(function.columns)):
            made.hints[f"sum({c})"] = ((), [*self.sums, *named])
        for kind in ("order", "first", "largest", "smallest"):
            for b in range(len(function.blocks)):
                made.hints[f"{kind}({b})"] = ((), [*self.order, *own, *named])
