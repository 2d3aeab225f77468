import itertools
from dataclasses import replace
from fractions import Fraction

import pytest
from function_lemmas import broken, check_lemma
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.protocol import GraphRow
from tools.mapping.functions.sorted_blocks import BlockRow, Column, SortedBlocks

F = Fraction
BINARY = Column(F(0), F(1), integral=True)
SIZES = (2, 1)
ROOM = 2


def packing(bins):
    """Bins (open, holds item 0, holds item 1): each item lies in one bin, at most a number `z` of them is open."""
    blocks = tuple(
        (AffineExpression.variable(f"open{b}"), *(AffineExpression.variable(f"in{b},{i}") for i in (0, 1)))
        for b in range(bins)
    )
    rows = [BlockRow({(b, i + 1): F(1) for b in range(bins)}, lower=F(1), upper=F(1)) for i in (0, 1)]
    rows += [BlockRow({(b, 1): F(2), (b, 2): F(1), (b, 0): F(-ROOM)}, upper=F(0)) for b in range(bins)]
    rows.append(BlockRow({(b, 0): F(1) for b in range(bins)}, -AffineExpression.variable("z"), upper=F(0)))
    names = tuple(tuple(f"{kind}'{b}" for kind in ("open", "first", "second")) for b in range(bins))
    return SortedBlocks(blocks, (F(1), F(0), F(0)), (BINARY,) * 3, names, tuple(rows))


def packings(bins):
    for flags in itertools.product((0, 1), repeat=bins):
        for places in itertools.product(range(bins), repeat=2):
            load = [sum(size for size, place in zip(SIZES, places) if place == b) for b in range(bins)]
            if all(load[b] <= ROOM * flags[b] for b in range(bins)):
                point = {f"open{b}": F(flags[b]) for b in range(bins)} | {"z": F(sum(flags))}
                yield point | {f"in{b},{i}": F(places[i] == b) for b in range(bins) for i in (0, 1)}


@pytest.mark.parametrize("bins", [2, 3])
def test_packings_stay_packings(bins):
    points = list(packings(bins))
    # With room for one item of size 2 the capacity rows of a bin come as tight as whole numbers allow.
    check_lemma(packing(bins), points[:40], slack=2)


@pytest.mark.parametrize("key", [(1, 0, 0), (0, 1, 0), (1, 2, 4), (0, 2, 1), (-1, 0, 0)])
def test_any_key_will_do(key):
    function = replace(packing(3), key=tuple(map(F, key)))
    for point in packings(3):
        assert not broken(function, point)
        values = function.evaluate(point)
        keys = [sum(k * values[name] for k, name in zip(key, block)) for block in function.names]
        assert keys == sorted(keys, reverse=True)


@given(st.lists(st.tuples(st.fractions(-5, 5), st.fractions(-5, 5)), min_size=1, max_size=5))
def test_numbers_of_any_kind_are_sorted(values):
    blocks = tuple(tuple(AffineExpression.variable(f"e{b},{c}") for c in range(2)) for b in range(len(values)))
    names = tuple(tuple(f"s{b},{c}" for c in range(2)) for b in range(len(values)))
    function = SortedBlocks(blocks, (F(1), F(1, 3)), (Column(), Column()), names)
    assert not broken(function, {f"e{b},{c}": v for b, row in enumerate(values) for c, v in enumerate(row)})


def test_blocks_move_as_wholes_and_equal_keys_keep_their_order():
    blocks = tuple(tuple(AffineExpression.variable(f"{k}{b}") for k in "ab") for b in range(3))
    names = tuple(tuple(f"{k}'{b}" for k in "ab") for b in range(3))
    function = SortedBlocks(blocks, (F(1), F(0)), (Column(), Column()), names)
    values = function.evaluate({"a0": F(1), "b0": F(7), "a1": F(4), "b1": F(8), "a2": F(1), "b2": F(9)})
    assert list(values.values()) == [4, 8, 1, 7, 1, 9]


def one_more(row, rows):
    return (*rows, row)


@pytest.mark.parametrize(
    "row",
    [
        BlockRow({(0, 0): F(1)}, upper=F(0)),
        BlockRow({(0, 0): F(1), (1, 0): F(2), (2, 0): F(1)}, upper=F(3)),
        BlockRow({(0, 0): F(1), (1, 0): F(-1)}, lower=F(0)),
        BlockRow({(0, 1): F(1), (1, 2): F(1), (2, 1): F(1)}, upper=F(3)),
    ],
)
def test_rows_that_tell_blocks_apart_are_refused(row):
    function = packing(3)
    with pytest.raises(MappingError, match="exchanged"):
        replace(function, rows=one_more(row, function.rows))


def test_rows_with_the_rest_on_one_block_are_refused():
    rows = tuple(
        BlockRow({(b, 0): F(1)}, AffineExpression.variable("z") * (1 + b), upper=F(9)) for b in range(3)
    )  # fmt: skip
    with pytest.raises(MappingError, match="exchanged"):
        replace(packing(3), rows=rows)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"blocks": ()}, "at least one"),
        ({"key": (F(1),)}, "entries of the key"),
        ({"columns": (BINARY,)}, "3 columns"),
        ({"names": (("a", "b", "c"),)}, "a name for each"),
        ({"names": (("a", "b", "c"), ("d", "e", "a"))}, "different names"),
        ({"rows": (BlockRow({(2, 0): F(1)}),)}, r"entry \(2, 0\)"),
    ],
)
def test_what_are_no_blocks_is_refused(changes, message):
    with pytest.raises(MappingError, match=message):
        replace(packing(2), **changes)


def test_a_wrong_row_fails(monkeypatch):
    """Sorting by one entry says nothing of the order of another."""
    monkeypatch.setattr(
        SortedBlocks,
        "graph",
        lambda self: [
            GraphRow(
                "wrong",
                AffineExpression.variable(self.names[0][2]) - AffineExpression.variable(self.names[1][2]),
                F(0),
                None,
            )
        ],
    )
    with pytest.raises(AssertionError, match="row wrong"):
        check_lemma(packing(2), list(packings(2)), slack=None)
