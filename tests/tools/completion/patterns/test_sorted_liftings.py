from fractions import Fraction

import pytest
from lifting_proofs import identical, unproved
from small_models import model

from tools.completion.patterns.block_structure import find_blocks
from tools.completion.patterns.sorted_liftings import sorted_liftings

F = Fraction
SIZES = (3, 2, 1)


def packing(bins, extra=(), closed=()):
    """Put items into bins of room 4, as few as possible."""
    items = range(len(SIZES))
    variables = {f"y{b}": (0, 1) for b in range(bins)}
    variables |= {f"x{i}_{b}": (0, 0 if (i, b) in closed else 1) for i in items for b in range(bins)}
    rows = [({f"x{i}_{b}": 1 for b in range(bins)}, 1, 1) for i in items]
    rows += [({f"x{i}_{b}": size for i, size in enumerate(SIZES)} | {f"y{b}": -4}, None, 0) for b in range(bins)]
    return model({}, variables, minimize={f"y{b}": 1 for b in range(bins)}, rows=[*rows, *extra])


def ordered(bins, backwards=False):
    pairs = [(b + 1, b) if backwards else (b, b + 1) for b in range(bins - 1)]
    return [({f"y{b}": 1, f"y{c}": -1}, 0, None) for b, c in pairs]


@pytest.mark.parametrize("bins", [2, 3, 4])
def test_bins_are_blocks(bins):
    plain = packing(bins)
    (blocks,) = find_blocks(plain)
    found = [[plain.variables[j] for j in block] for block in blocks.variables]
    assert sorted(map(sorted, found)) == sorted(
        sorted([f"y{b}", *(f"x{i}_{b}" for i in range(len(SIZES)))]) for b in range(bins)
    )
    places = [[name[:2] if name[0] == "x" else "y" for name in block] for block in found]
    assert all(place == places[0] for place in places)


def test_bins_that_differ_are_no_blocks():
    assert find_blocks(packing(3, extra=[({"x0_0": 1, "x1_0": 1}, None, 1)])) == [] or all(
        len(blocks.variables) == 2 for blocks in find_blocks(packing(3, extra=[({"x0_0": 1, "x1_0": 1}, None, 1)]))
    )


@pytest.mark.parametrize("backwards", [False, True])
def test_open_bins_come_first(backwards):
    source, target = packing(3), packing(3, extra=ordered(3, backwards))
    lifting = next(sorted_liftings(source, target, identical(target, "x", "y")))
    assert unproved(source, target, lifting) == []


def test_fuller_bins_come_first():
    load = [{f"x{i}_{b}": size for i, size in enumerate(SIZES)} for b in range(3)]
    rows = [(load[b] | {name: -size for name, size in load[b + 1].items()}, 0, None) for b in range(2)]
    source, target = packing(3), packing(3, extra=rows)
    assert any(
        unproved(source, target, lifting) == []
        for lifting in sorted_liftings(source, target, identical(target, "x", "y"))
    )


def test_items_lie_in_bins_up_to_their_number():
    source, target = packing(3), packing(3, closed=[(0, 1), (0, 2), (1, 2)])
    lifting = next(sorted_liftings(source, target, identical(target, "x", "y")))
    assert unproved(source, target, lifting) == []


def test_without_an_order_nothing_is_proposed():
    assert list(sorted_liftings(packing(3), packing(3), identical(packing(3), "x", "y"))) == []


def test_an_order_in_a_circle_proposes_nothing():
    circle = [({f"y{b}": 1, f"y{(b + 1) % 3}": -1}, 0, None) for b in range(3)]
    target = packing(3, extra=circle)
    assert list(sorted_liftings(packing(3), target, identical(target, "x", "y"))) == []
