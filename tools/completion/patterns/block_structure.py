"""Finds interchangeable blocks in a model: parts alike that only some linking rows connect, as bins of a packing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from tools.errors import MappingError
from tools.formulation.model import Formulation
from tools.formulation.simplified import simplified
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.sorted_blocks import BlockRow, Column, SortedBlocks

ZERO = Fraction(0)

MOST_CLASSES = 12
"""Models with more classes of rows are not looked through for pairs of classes that link blocks."""

MOST_ENTRIES = 5_000
"""Blocks with more entries altogether are left alone."""


@dataclass(frozen=True)
class Blocks:
    """Variables (by index) of each block, entries at one place corresponding, and all rows that touch them."""

    model: Formulation
    variables: tuple[tuple[int, ...], ...]

    def sorted_by(self, key: Sequence[Fraction], names: Mapping[int, str]) -> SortedBlocks:
        """Return the blocks sorted by a key, with a name for the output that replaces each variable.

        Raises `MappingError` where exchanging two blocks changes the rows.
        """
        model = self.model
        place = {j: (b, c) for b, block in enumerate(self.variables) for c, j in enumerate(block)}
        rows: list[BlockRow] = []
        for i in sorted({i for j in place for i in model.rows_of(j).tolist()}):
            terms = model.row_terms(i)
            rest = {model.variables[j]: a for j, a in terms.items() if j not in place}
            entries = {place[j]: a for j, a in terms.items() if j in place}
            sides = model.row_lower.finite(i), model.row_upper.finite(i)
            rows.append(BlockRow(entries, AffineExpression(ZERO, rest), *sides))
        columns = [
            Column(model.lower.finite(j), model.upper.finite(j), bool(model.integer[j])) for j in self.variables[0]
        ]
        blocks = tuple(tuple(AffineExpression.variable(model.variables[j]) for j in block) for block in self.variables)
        outputs = tuple(tuple(names[j] for j in block) for block in self.variables)
        return SortedBlocks(blocks, tuple(key), tuple(columns), outputs, tuple(rows))


def find_blocks(model: Formulation) -> list[Blocks]:
    """Return sets of interchangeable blocks, those with most entries first.

    Rows of one or two classes (equal but for the variables they use) are taken out such that the rest falls apart into
    parts alike. Entries correspond where they have the same bounds, kind, cost and places in the rows taken out, and
    are told apart by these and the rows of their part. Each set is checked exactly: exchanging blocks maps the rows of
    the model onto themselves.
    """
    plain = simplified(model)
    classes: dict[object, list[int]] = {}
    for i in range(len(plain.rows)):
        kinds = sorted((a, bool(plain.integer[j])) for j, a in plain.row_terms(i).items())
        sides = (plain.row_lower.finite(i), plain.row_upper.finite(i))
        classes.setdefault((tuple(kinds), sides), []).append(i)
    found: dict[frozenset[frozenset[int]], Blocks] = {}
    for links in _selections(list(classes.values())):
        for group in _parts_alike(plain, links):
            key = frozenset(map(frozenset, group))
            if key not in found and sum(map(len, group)) <= MOST_ENTRIES:
                blocks = Blocks(plain, group)
                if _is_invariant(blocks):
                    found[key] = blocks
    return sorted(found.values(), key=lambda blocks: (-sum(map(len, blocks.variables)), blocks.variables))


def _selections(classes: Sequence[Sequence[int]]) -> Iterator[set[int]]:
    yield set()
    for one in classes:
        yield set(one)
    if len(classes) <= MOST_CLASSES:
        for one, other in combinations(classes, 2):
            yield {*one, *other}
    # Many classes may link the blocks, where a single one holds each block together.
    yield from ({i for many in classes if len(many) > 1 for i in many if one is not many} for one in classes)


def _parts_alike(model: Formulation, links: set[int]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Yield groups of parts with corresponding variables, once the rows `links` are taken out."""
    parent = list(range(len(model.variables)))

    def root(j: int) -> int:
        while parent[j] != j:
            parent[j] = parent[parent[j]]
            j = parent[j]
        return j

    kept = [i for i in range(len(model.rows)) if i not in links]
    for i in kept:
        first, *others = model.row_terms(i) or (0,)
        for j in others:
            parent[root(j)] = root(first)
    parts: dict[int, list[int]] = {}
    for j in range(len(model.variables)):
        parts.setdefault(root(j), []).append(j)
    if len(parts) < 2:
        return
    colour = _colours(model, links, kept)
    alike: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for members in parts.values():
        ordered = sorted(members, key=lambda j: colour[j])
        signature = tuple(colour[j] for j in ordered)
        if len(set(signature)) == len(signature):
            alike.setdefault(signature, []).append(tuple(ordered))
    for group in alike.values():
        if len(group) > 1:
            yield tuple(sorted(group))


def _colours(model: Formulation, links: set[int], kept: Sequence[int]) -> list[int]:
    """Return a colour for each variable that says what it is like within its part and in the rows that link parts."""
    linked: list[list[tuple[int, Fraction]]] = [[] for _ in model.variables]
    for i in links:
        for j, a in model.row_terms(i).items():
            linked[j].append((i, a))
    costs = model.cost_terms
    described: list[object] = [
        (
            *(model.lower.finite(j), model.upper.finite(j), bool(model.integer[j]), costs.get(j, ZERO)),
            tuple(sorted(linked[j])),
        )
        for j in range(len(model.variables))
    ]
    terms = {i: model.row_terms(i) for i in kept}
    colour = _numbered(described)
    for _ in range(len(model.variables)):
        within: list[list[object]] = [[] for _ in model.variables]
        for i in kept:
            sides = (str(model.row_lower.finite(i)), str(model.row_upper.finite(i)))
            row = (sides, tuple(sorted((colour[j], a) for j, a in terms[i].items())))
            for j, a in terms[i].items():
                within[j].append((row, a))
        finer = _numbered([(colour[j], tuple(sorted(within[j], key=repr))) for j in range(len(colour))])
        if max(finer, default=0) == max(colour, default=0):
            return finer
        colour = finer
    return colour


def _numbered(described: Sequence[object]) -> list[int]:
    number: dict[object, int] = {}
    return [number.setdefault(entry, len(number)) for entry in described]


def _is_invariant(blocks: Blocks) -> bool:
    names = {j: str(j) for block in blocks.variables for j in block}
    try:
        blocks.sorted_by([ZERO] * len(blocks.variables[0]), names)
    except MappingError:
        return False
    return True
