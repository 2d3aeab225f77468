"""Interchangeable blocks of values, put into the order of a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

from tools.errors import MappingError
from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.indexed_arguments import IndexedArguments, index_text
from tools.mapping.functions.protocol import Condition, GraphRow, Output

Entry = tuple[int, int]
T = TypeVar("T")

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Column:
    """What holds for the entries of all blocks at one place: bounds (None: no bound) and whether they are whole."""

    lower: Fraction | None = None
    upper: Fraction | None = None
    integral: bool = False


@dataclass(frozen=True, slots=True)
class BlockRow:
    """lower ≤ Σ coefficients[b, c]·entry(b, c) + rest ≤ upper, with `rest` over source variables."""

    coefficients: Mapping[Entry, Fraction]
    rest: AffineExpression = field(default_factory=lambda: AffineExpression(ZERO))
    lower: Fraction | None = None
    upper: Fraction | None = None

    def __post_init__(self) -> None:
        kept = {entry: self.coefficients[entry] for entry in sorted(self.coefficients) if self.coefficients[entry]}
        object.__setattr__(self, "coefficients", MappingProxyType(kept))

    def __hash__(self) -> int:
        return hash((frozenset(self.coefficients.items()), self.rest, self.lower, self.upper))

    def __reduce__(self) -> tuple[Any, ...]:
        return (BlockRow, (dict(self.coefficients), self.rest, self.lower, self.upper))

    def exchanged(self, block: int) -> BlockRow:
        """Return the row in which blocks `block` and `block + 1` have exchanged their entries."""
        swap = {block: block + 1, block + 1: block}
        return replace(self, coefficients={(swap.get(b, b), c): a for (b, c), a in self.coefficients.items()})


@dataclass(frozen=True)
class SortedBlocks:
    """The blocks `blocks[b]` = (e_b0, …, e_bn), permuted as wholes so that their keys Σ_c key_c·e_bc never increase.

    Equal keys keep their order. The outputs are in the order of blocks, and of entries in a block.

    Lemma: let the set `rows` stay the same when two blocks next to each other exchange their entries, hence under every
    permutation π of blocks: row r with blocks permuted is a row r' of the set. The permuted entries satisfy r exactly
    where the entries themselves satisfy r' (the rest of both rows being the same), so where all rows hold for the
    blocks they hold for the permuted blocks. So do bounds and integrality that are common to the entries e_1c, e_2c, …
    of a column. Sums over a column stay as they are. The keys of the first k blocks now are the k largest, so their sum
    is at least that of the keys of the first k blocks before, and no key exceeds the first or is below the last.

    Conditions: each row and the bounds and integrality of each column hold for the given blocks. That the rows are the
    same set after exchanges is checked on construction.

    Source: Margot, Symmetry in Integer Linear Programming (2010); Sherali and Smith (2001).
    """

    name: ClassVar[str] = "sorted_blocks"

    blocks: tuple[tuple[AffineExpression, ...], ...]
    key: tuple[Fraction, ...]
    columns: tuple[Column, ...]
    names: tuple[tuple[str, ...], ...]
    rows: tuple[BlockRow, ...] = ()

    def __post_init__(self) -> None:
        width = len(self.key)
        if not self.blocks or not width or any(len(block) != width for block in self.blocks):
            raise MappingError(f"blocks to be sorted need the {width} entries of the key each, and at least one")
        if len(self.columns) != width or [len(block) for block in self.names] != [width] * len(self.blocks):
            raise MappingError(
                f"{len(self.blocks)} blocks of {width} entries need {width} columns and a name for each entry"
            )
        every = [name for block in self.names for name in block]
        if len(set(every)) != len(every):
            raise MappingError("the entries of sorted blocks need different names")
        for row in self.rows:
            for b, c in row.coefficients:
                if not (0 <= b < len(self.blocks) and 0 <= c < width):
                    raise MappingError(
                        f"a row of {len(self.blocks)} blocks of {width} entries names the entry ({b}, {c})"
                    )
        found = set(self.rows)
        for block in range(len(self.blocks) - 1):
            for row in self.rows:
                if row.exchanged(block) not in found:
                    raise MappingError(
                        f"the rows change when blocks {block} and {block + 1} are exchanged: the row "
                        f"{self._text(row)[:120]} has no counterpart; only interchangeable blocks can be sorted"
                    )

    @property
    def inputs(self) -> Sequence[AffineExpression]:
        """All entries, and what the rows use beside them."""
        return [*(entry for block in self.blocks for entry in block), *(row.rest for row in self.rows)]

    @property
    def outputs(self) -> Sequence[Output]:
        """The entries in their new places."""
        return [
            Output(name, column.lower, column.upper, Kind.INTEGER if column.integral else Kind.CONTINUOUS)
            for block in self.names
            for name, column in zip(block, self.columns, strict=True)
        ]

    def conditions(self) -> Iterable[Condition]:
        """The blocks satisfy the rows, bounds and integrality."""
        for b, block in enumerate(self.blocks):
            for c, (entry, column) in enumerate(zip(block, self.columns, strict=True)):
                if column != Column():
                    yield Condition(f"entry({b},{c})", entry, column.lower, column.upper, column.integral)
        for r, row in enumerate(self.rows):
            yield Condition(f"row({r})", self._filled(row, self.blocks), row.lower, row.upper)

    def graph(self) -> Iterable[GraphRow]:
        """The outputs satisfy the rows, have the columns' sums, and their keys come in order."""
        outputs = [[AffineExpression.variable(name) for name in block] for block in self.names]
        for r, row in enumerate(self.rows):
            yield GraphRow(f"row({r})", self._filled(row, outputs), row.lower, row.upper)
        for c in range(len(self.columns)):
            change = _total(block[c] for block in outputs) - _total(block[c] for block in self.blocks)
            yield GraphRow(f"sum({c})", change, ZERO, ZERO)
        new, old = list(map(self._key, outputs)), list(map(self._key, self.blocks))
        for b in range(len(new) - 1):
            yield GraphRow(f"order({b})", new[b] - new[b + 1], ZERO, None)
            yield GraphRow(f"first({b})", _total(new[: b + 1]) - _total(old[: b + 1]), ZERO, None)
        for b, key in enumerate(old):
            yield GraphRow(f"largest({b})", new[0] - key, ZERO, None)
            yield GraphRow(f"smallest({b})", key - new[-1], ZERO, None)

    def evaluate(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the entries of the blocks in the order of their keys."""
        blocks = [[entry.evaluate(point) for entry in block] for block in self.blocks]
        blocks.sort(key=lambda block: -sum((k * value for k, value in zip(self.key, block, strict=True)), ZERO))
        return {
            name: value
            for names, block in zip(self.names, blocks, strict=True)
            for name, value in zip(names, block, strict=True)
        }

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> SortedBlocks:
        """Return the sorted blocks with variables replaced in entries and rows."""
        return replace(
            self,
            blocks=tuple(tuple(entry.substitute(replacements) for entry in block) for block in self.blocks),
            rows=tuple(replace(row, rest=row.rest.substitute(replacements)) for row in self.rows),
        )

    def renamed(self, names: Mapping[str, str]) -> SortedBlocks:
        """Return the function with its outputs renamed."""
        return replace(self, names=tuple(tuple(names.get(name, name) for name in block) for block in self.names))

    def arguments(self) -> dict[str, Any]:
        """Return `{"width": 2, "blocks": […], "key": ["1", "0"], "columns": […], "rows": […], "outputs": […]}`.

        Blocks and outputs are listed one block after the other.
        """
        return {
            "width": len(self.key),
            "blocks": [entry.to_json() for block in self.blocks for entry in block],
            "key": [str(weight) for weight in self.key],
            "columns": [
                {"lower": _side(column.lower), "upper": _side(column.upper), "integral": column.integral}
                for column in self.columns
            ],
            "rows": [
                {
                    "coefficients": {index_text(entry): str(a) for entry, a in row.coefficients.items()},
                    "rest": row.rest.to_json(),
                    "lower": _side(row.lower),
                    "upper": _side(row.upper),
                }
                for row in self.rows
            ],
            "outputs": [name for block in self.names for name in block],
        }

    @classmethod
    def from_arguments(cls, arguments: object, *, owner: str) -> SortedBlocks:
        """Return the function with these arguments; raises `MappingError` naming `owner` on malformed ones."""
        fields = {"width", "blocks", "key", "columns", "rows", "outputs"}
        given = IndexedArguments(arguments, cls.name, owner, fields)
        width = given.whole("width", least=1)
        columns = tuple(
            Column(
                given.side("columns", entry["lower"]),
                given.side("columns", entry["upper"]),
                given.truth("columns", entry["integral"]),
            )
            for entry in given.objects("columns", {"lower", "upper", "integral"})
        )
        rows = tuple(
            BlockRow(
                {(b, c): a for (b, c), a in given.weights("rows", entry["coefficients"], 2).items()},
                AffineExpression.from_json(entry["rest"], owner=owner),
                given.side("rows", entry["lower"]),
                given.side("rows", entry["upper"]),
            )
            for entry in given.objects("rows", {"coefficients", "rest", "lower", "upper"})
        )
        blocks, names = given.expressions("blocks"), given.names("outputs")
        return cls(tuple(_cut(blocks, width)), given.numbers("key"), columns, tuple(_cut(names, width)), rows)

    def _key(self, block: Sequence[AffineExpression]) -> AffineExpression:
        return _total(entry * weight for entry, weight in zip(block, self.key, strict=True))

    @staticmethod
    def _filled(row: BlockRow, blocks: Sequence[Sequence[AffineExpression]]) -> AffineExpression:
        return _total([row.rest, *(blocks[b][c] * a for (b, c), a in row.coefficients.items())])

    @staticmethod
    def _text(row: BlockRow) -> str:
        entries = AffineExpression(ZERO, {f"entry({b},{c})": a for (b, c), a in row.coefficients.items()})
        return f"{row.lower} ≤ {entries + row.rest} ≤ {row.upper}"


def _total(expressions: Iterable[AffineExpression]) -> AffineExpression:
    total = AffineExpression(ZERO)
    for expression in expressions:
        total = total + expression
    return total


def _side(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _cut(values: Sequence[T], width: int) -> Iterator[tuple[T, ...]]:
    for start in range(0, len(values), width):
        yield tuple(values[start : start + width])
