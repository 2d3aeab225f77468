"""Carries solutions over to a model that breaks a symmetry, by putting interchangeable blocks in its order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from tools.completion.patterns.block_structure import Blocks, find_blocks
from tools.formulation.model import Formulation
from tools.formulation.simplified import simplified
from tools.mapping.affine import AffineExpression
from tools.mapping.extension import Extension
from tools.mapping.total import TotalMapping

ZERO = Fraction(0)

MOST_SETS = 6
"""Sets of blocks of the source that are tried."""

MOST_KEYS = 6
"""Keys that are tried for each set of blocks."""


def sorted_liftings(
    source: Formulation, target: Formulation, carried: Mapping[str, AffineExpression]
) -> Iterator[TotalMapping]:
    """Yield maps from the source to the target that first sort interchangeable blocks of the source, then do `carried`.

    `carried` gives each target variable as an affine expression in source variables; the target rows that it may break
    are those that ask for an order of the blocks: key(block) − key(next block) ≥ 0, or entries that are 0 in some
    blocks. Nothing is proved: the conditions of the sorting and all rows of the target are to be.
    """
    for blocks in find_blocks(source)[:MOST_SETS]:
        names = {j: _fresh(source.variables[j], source) for block in blocks.variables for j in block}
        for ordered, key in list(_orders(blocks, target, carried))[:MOST_KEYS]:
            function = ordered.sorted_by(key, names)
            replaced = {source.variables[j]: AffineExpression.variable(name) for j, name in names.items()}
            yield TotalMapping(
                {name: expression.substitute(replaced) for name, expression in carried.items()}, Extension((function,))
            )


def _orders(
    blocks: Blocks, target: Formulation, carried: Mapping[str, AffineExpression]
) -> Iterator[tuple[Blocks, tuple[Fraction, ...]]]:
    """Yield the blocks in the order that the target's rows suggest, with the key that they suggest."""
    model, plain = blocks.model, simplified(target)
    place = {model.variables[j]: (b, c) for b, block in enumerate(blocks.variables) for c, j in enumerate(block)}
    width, count = len(blocks.variables[0]), len(blocks.variables)
    suggested: dict[tuple[Fraction, ...], set[tuple[int, int]]] = {}
    for i in range(len(plain.rows)):
        total = AffineExpression(ZERO)
        for j, a in plain.row_terms(i).items():
            total = total + carried.get(plain.variables[j], AffineExpression(ZERO)) * a
        weights: dict[int, list[Fraction]] = {}
        for name, a in total.terms.items():
            if name in place:
                b, c = place[name]
                weights.setdefault(b, [ZERO] * width)[c] = a
        if len(weights) != 2 or not total.terms.keys() <= place.keys():
            continue
        (one, first), (other, second) = weights.items()
        if any(a + b for a, b in zip(first, second, strict=True)):
            continue
        low, high = plain.row_lower.finite(i), plain.row_upper.finite(i)
        if high is not None and high <= total.constant:
            one, other, first, second = other, one, second, first
        elif low is None or low < total.constant:
            continue
        # By the weights `first`, block `one` weighs no less than block `other`; their first one is made 1.
        size = next(a for a in first if a)
        if size < 0:
            one, other = other, one
        suggested.setdefault(tuple(a / size for a in first), set()).add((one, other))
    for key, pairs in suggested.items():
        order = _sequence(pairs, count)
        if order is not None:
            yield Blocks(model, tuple(blocks.variables[b] for b in order)), key
    closed = _closed_entries(plain, carried, place)
    if closed:
        # An entry that few blocks may hold weighs more than all that more blocks may hold.
        allowed = [count - sum((b, c) in closed for b in range(count)) for c in range(width)]
        heavy = sorted((c for c in range(width) if allowed[c] < count), key=lambda c: -allowed[c])
        weights_of = [ZERO] * width
        for rank, c in enumerate(heavy):
            weights_of[c] = Fraction(2**rank)
        order = sorted(range(count), key=lambda b: sum((b, c) in closed for c in range(width)))
        yield Blocks(model, tuple(blocks.variables[b] for b in order)), tuple(weights_of)


def _sequence(pairs: set[tuple[int, int]], count: int) -> list[int] | None:
    """Return all blocks in an order in which the first of each pair comes first, or None."""
    order: list[int] = []
    left = list(range(count))
    while left:
        free = next((b for b in left if not any(second == b and first in left for first, second in pairs)), None)
        if free is None:
            return None
        left.remove(free)
        order.append(free)
    return order


def _closed_entries(
    target: Formulation, carried: Mapping[str, AffineExpression], place: Mapping[str, tuple[int, int]]
) -> set[tuple[int, int]]:
    """Return the entries that the target fixes to 0."""
    closed: set[tuple[int, int]] = set()
    for j, variable in enumerate(target.variables):
        terms = carried[variable].terms if variable in carried else {}
        if target.upper.finite(j) == 0 and target.lower.finite(j) == 0 and len(terms) == 1:
            ((name, _),) = terms.items()
            if name in place and not carried[variable].constant:
                closed.add(place[name])
    return closed


def _fresh(name: str, source: Formulation) -> str:
    name += "'"
    while name in source.variable_index:
        name += "'"
    return name
