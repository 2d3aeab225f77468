"""Replaces binaries in a fixed order, z_1 ≥ z_2 ≥ … ≥ z_n, by how many of them are one.

Rule. Let binary variables z_1, …, z_n have the same column d, cost included, but for rows z_k − z_{k+1} ≥ 0 among
themselves (and further rows z_k − z_l ≥ 0, k < l, which those imply). Then the model is equivalent to the one with an
integer variable s, 0 ≤ s ≤ n, of column d in their place, without those rows: s = Σ z_k, and in the given order the
number of ones tells which they are.

Maps. Down: s = Σ z_k. Up: z_k = 1 where s ≥ k, else 0 (threshold).

Without the rows the binaries are parallel columns; this step is for unary expansions that break their symmetry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import ClassVar

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.threshold import unary
from tools.normal_form.column_draft import ColumnDraft
from tools.normal_form.step import Reduction

_ZERO, _ONE = Fraction(0), Fraction(1)

Order = dict[int, tuple[int, int]]
"""{row: (first, second)}: the row says no more than that variable `first` is at least variable `second`."""


class OrderedUnary:
    """Binaries that rows put in a total order, alike otherwise, become the number of ones among them."""

    name: ClassVar[str] = "ordered unary"

    def accepts(self, model: Formulation) -> bool:
        """Say whether there is a row with two entries and at least two integer variables."""
        lengths = model.indptr[1:] - model.indptr[:-1]
        return bool((lengths == 2).any()) and int(model.integer.sum()) > 1

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the model with every maximal chain of two or more alike binaries merged, or None without any."""
        del budget
        draft = ColumnDraft(model)
        order = dict(_order_rows(draft))
        groups = list(_alike(draft, order))
        for chain, inside in groups:
            _merge(draft, chain, inside)
        return draft.reduction(self.name) if groups else None


def _order_rows(draft: ColumnDraft) -> Iterator[tuple[int, tuple[int, int]]]:
    for i, terms in draft.rows.items():
        if len(terms) != 2:
            continue
        (j, a), (k, b) = terms.items()
        low, high = draft.sides[i]
        if a != -b or not all(draft.integer[v] and draft.bounds[v] == (_ZERO, _ONE) for v in (j, k)):
            continue
        if low == 0 and high is None:
            yield i, (j, k) if a > 0 else (k, j)
        elif high == 0 and low is None:
            yield i, (k, j) if a > 0 else (j, k)


def _alike(draft: ColumnDraft, order: Order) -> Iterator[tuple[list[int], list[int]]]:
    """Yield (variables in order, order rows among them) of groups that differ in those rows only."""
    label = _connected(order)
    count = 0
    while True:
        # an order row counts as one only inside a group; groups split until that makes no difference
        inner = {i for i, (first, second) in order.items() if label[first] == label[second]}
        keys: dict[tuple[object, ...], int] = {}
        refined: dict[int, int] = {}
        for j in label:
            column = frozenset((i, value) for i, value in draft.columns[j].items() if i not in inner)
            refined[j] = keys.setdefault((label[j], draft.cost.get(j, _ZERO), column), len(keys))
        label = refined
        if len(keys) == count:
            break
        count = len(keys)
    members: dict[int, list[int]] = {}
    rows: dict[int, list[int]] = {}
    for j, group in label.items():
        members.setdefault(group, []).append(j)
    for i in sorted(inner):
        rows.setdefault(label[order[i][0]], []).append(i)
    for group, inside in rows.items():
        chain = _chain(members[group], [order[i] for i in inside])
        if chain is not None:
            yield chain, inside


def _connected(order: Order) -> dict[int, int]:
    """Return a label for each variable, equal for those that order rows connect."""
    parent = {j: j for pair in order.values() for j in pair}

    def root(j: int) -> int:
        while parent[j] != j:
            parent[j] = parent[parent[j]]
            j = parent[j]
        return j

    for first, second in order.values():
        parent[root(second)] = root(first)
    return {j: root(j) for j in parent}


def _chain(members: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[int] | None:
    """Return the members in the total order that the pairs put them in, or None where they do not."""
    after: dict[int, set[int]] = {j: set() for j in members}
    waiting = dict.fromkeys(members, 0)
    for first, second in pairs:
        if second not in after[first]:
            after[first].add(second)
            waiting[second] += 1
    chain: list[int] = []
    ready = [j for j in members if not waiting[j]]
    while len(ready) == 1:
        j = ready.pop()
        chain.append(j)
        for k in after[j]:
            waiting[k] -= 1
            if not waiting[k]:
                ready.append(k)
    return chain if len(chain) == len(members) else None


def _merge(draft: ColumnDraft, chain: Sequence[int], inside: Sequence[int]) -> None:
    for i in inside:
        draft.delete_row(i)
    first = chain[0]
    name = draft.fresh(f"sum({draft.names[first]})")
    column, cost = dict(draft.columns[first]), draft.cost.get(first, _ZERO)
    down = draft.form(dict.fromkeys(chain, _ONE))
    top = Fraction(len(chain))
    draft.add_variable(name, (_ZERO, top), integer=True, column=column, cost=cost, value=down)
    outputs = [draft.fresh(f"threshold({draft.names[j]})") for j in chain]
    function = unary(AffineExpression.variable(name), 0, outputs)
    draft.remove({j: AffineExpression.variable(output) for j, output in zip(chain, outputs, strict=True)}, (function,))
