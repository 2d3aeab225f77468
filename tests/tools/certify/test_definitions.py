import itertools
import random
from fractions import Fraction

import pytest
from definition_checks import accepted, check_definitions, refused
from small_models import model

import quasikarp_verify as verifier
from tools.certify.definitions import REALISERS, realise
from tools.certify.space import Space
from tools.exact.budget import Budget
from tools.mapping.affine import AffineExpression
from tools.mapping.functions import FUNCTIONS
from tools.mapping.functions.comparison import Comparison
from tools.mapping.functions.digits import Digits
from tools.mapping.functions.extremum import Maximum, Minimum, leads_of, positive_part
from tools.mapping.functions.floor import Floor
from tools.mapping.functions.greedy_fill import GreedyFill
from tools.mapping.functions.one_hot import OneHot
from tools.mapping.functions.path_decomposition import PathDecomposition, simple_paths
from tools.mapping.functions.product import Product
from tools.mapping.functions.sorted_blocks import BlockRow, Column, SortedBlocks
from tools.mapping.functions.switched import Switched
from tools.mapping.functions.threshold import Threshold, unary

F = Fraction
A, B, K, J, X, Y, Z = map(AffineExpression.variable, ("a", "b", "i", "j", "x", "y", "z"))
ONE = AffineExpression(F(1))

BASE = model({"a": (-2, 4), "b": (-1, 3)}, {"i": (-3, 5), "j": (0, 4), "x": (0, 1), "y": (0, 1), "z": (0, 1)})
POINTS = [
    dict(zip("abijxyz", values))
    for values in [
        *itertools.product((-2, F(1, 2), 4), (-1, F(1, 2), 3), (0,), (0,), (0, 1), (0,), (0,)),
        *itertools.product((0,), (0,), range(-3, 6), range(5), (0,), (1,), (0,)),
        *itertools.product((-1, 0, 1), (0,), (0,), (0,), (0, 1), (0, 1), (0, 1)),
        *itertools.product((F(-7, 4), F(7, 2)), (0, 1), (5,), (4,), (1,), (1,), (1,)),
    ]
]


def test_every_function_has_a_realiser():
    assert REALISERS.keys() == FUNCTIONS.keys()


@pytest.mark.parametrize(
    "function",
    [
        Product((X, ONE - Y, Z), "w"),
        Product((X, X), "w"),
        Comparison(A, B, True, F(-5), F(5), "o"),
        Comparison(A, B, False, F(-5), None, "o"),
        Comparison(K, J, True, F(-5), F(7), "o", F(1)),
        Comparison(K * F(1, 2), J * F(1, 2), False, F(-5, 2), F(7, 2), "o", F(1, 2)),
        Switched(X, A * 2 + ONE, F(-3), F(9), "w"),
        Switched(ONE - X, K - J, F(-7), F(5), "w", True),
        Threshold(A, F(-2), F(4), (F(-1), F(1, 2)), ("z1", "z2"), False),
        Threshold(K, F(-3), F(5), (F(-2), F(0), F(4)), ("z1", "z2", "z3")),
        unary(K, -3, [f"z{k}" for k in range(8)]),
        OneHot(K, -3, tuple(f"w{k}" for k in range(9))),
        OneHot(A, -2, tuple(f"w{k}" for k in range(6)), False),
        OneHot(X, 0, ("w0", "w1")),
        OneHot(X - X, 0, ("w0",)),
        Floor(A, "q"),
        Floor(K * F(1, 3) - J * F(1, 2), "q", 6),
        Digits(K + J * 10 + ONE * 3, 3, ("d0", "d1", "d2", "d3")),
        Digits(J, 10, ("d0",)),
        Maximum((A, B, K * F(1, 2)), "w"),
        Maximum((A,), "w", ("s",)),
        Maximum((A, B, K), "w", ("s1", "s2", "s3"), leads_of([(F(-2), F(4)), (F(-1), F(3)), (F(-3), F(5))], 1)),
        Minimum((A, B, K), "w", ("s1", "s2", "s3"), leads_of([(F(-2), F(4)), (F(-1), F(3)), (F(-3), F(5))], -1)),
        Minimum((K, J), "w", integral=True),
        positive_part(A, "w", ("p", "q"), (F(-2), F(4))),
        GreedyFill(A + ONE * 2, (B + ONE, J, ONE * 9), ("f1", "f2", "f3")),
        GreedyFill(J, (X * 2, ONE * 4), ("f1", "f2"), True),
    ],
    ids=lambda function: function.name,
)
def test_functions_of_few_values(function):
    check_definitions(function, BASE, POINTS)


def test_digits_of_large_numbers():
    base = model(None, {"x": (0, 2**40 - 1)})
    digits = Digits(X, 4, tuple(f"d{k}" for k in range(20)))
    check_definitions(digits, base, [{"x": x} for x in (0, 5, 2**39, 2**40 - 1)])


def test_conditions_that_rows_imply():
    """Neither bounds nor kinds say that these are binaries and whole numbers; the rows do."""
    base = model({"x": (0, 3), "a": (None, None)}, {"y": (0, 1), "j": (0, 4)},
                 rows=[({"x": 2, "y": -2}, 0, 0), ({"a": 1, "j": -2}, 0, 0)])  # fmt: skip
    points = [{"x": v, "y": v, "j": j, "a": 2 * j} for v in (0, 1) for j in range(5)]
    check_definitions(Product((X, Y), "w"), base, points)
    check_definitions(unary(A, 0, [f"z{k}" for k in range(8)]), base, points)
    check_definitions(Switched(X, A, F(0), F(8), "w", True), base, points)


@pytest.mark.parametrize(
    "function",
    [
        Product((X, A), "w"),
        Digits(K, 3, ("d0", "d1")),
        Comparison(A, B, True, F(-4), F(4), "o"),
        GreedyFill(A, (B,), ("f",)),
        Threshold(A, F(-2), F(4), (F(1),), ("z1",)),
        Product((X, Y), "a"),
    ],
    ids=["not binary", "negative", "leaves its bounds", "does not fit", "not whole", "a name that is taken"],
)
def test_functions_without_their_conditions_are_not_realised(function):
    space = Space(BASE, Budget(solve_seconds=1.0))
    assert realise(space, function) is None
    accepted(BASE, space.steps)


def test_conditions_may_rest_on_what_earlier_functions_say():
    space = Space(BASE, Budget())
    best = AffineExpression.variable("w")
    first = realise(space, Maximum((A, B), "w"))
    assert first is not None
    count = space.row_count
    assert realise(space, positive_part(best, "p")) is not None
    assert space.row_count == count + 2  # it has no conditions, so that nothing about w is derived
    assert realise(space, Threshold(best, F(-1), F(5), (F(0),), ("z1",), False)) is None  # w is at most 4 by no row
    assert realise(space, GreedyFill(best + ONE, (ONE * 9,), ("f",))) is None
    assert realise(space, Comparison(A, best, False, F(0), None, "o")) is not None
    accepted(BASE, space.steps)


def test_a_row_is_derived_once_and_only_where_it_has_a_side():
    space = Space(BASE, Budget())
    made = realise(space, Product((X, Y), "w"))
    assert made is not None
    count = len(space.steps)
    row = made.derive(0, "lower")
    assert row == space.row_count - 1
    assert made.derive(0, "lower") == row
    assert made.derive(0, "upper") is None
    assert len(space.steps) == count + 1
    refused(BASE, space.steps, [count])


DIAMOND = ((0, 1), (0, 2), (1, 2), (1, 3), (2, 3))
PARALLEL = ((0, 1), (0, 1), (1, 3), (0, 3))
CYCLIC = ((0, 1), (1, 2), (2, 1), (2, 3), (3, 0), (1, 3))
LOOP = ((0, 1), (1, 1), (1, 3))


@pytest.mark.parametrize("integral", [False, True])
@pytest.mark.parametrize("arcs", [DIAMOND, PARALLEL, CYCLIC, LOOP])
def test_path_decompositions(arcs, integral):
    names = [f"y{a}" for a in range(len(arcs))]
    nodes = sorted({node for arc in arcs for node in arc} - {3})
    nets = [{names[a]: 1 if t == v else -1 for a, (t, h) in enumerate(arcs) if (t == v) != (h == v)} for v in nodes]
    bounds = dict.fromkeys(names, (0, 3))
    base = model({} if integral else bounds, bounds if integral else {},
                 rows=[(net, 0, 0 if v else None) for v, net in zip(nodes, nets)])  # fmt: skip
    paths = tuple(simple_paths(arcs, 0, 3))
    outputs = tuple(f"h{p}" for p in range(len(paths)))
    flow = tuple(map(AffineExpression.variable, names))
    every = (dict(zip(names, values)) for values in itertools.product(range(3), repeat=len(arcs)))
    points = [at for at in every if base.is_feasible([F(at[name]) for name in base.variables])][:60]
    check_definitions(PathDecomposition(0, 3, arcs, flow, paths, outputs, integral), base, points)


@pytest.mark.parametrize(("bins", "key"), [(2, (1, 0, 0)), (3, (0, 2, -1))])
def test_sorted_bins(bins, key):
    """Bins (open, holds item 0, holds item 1) of room 2 for items of size 2 and 1, each in one bin."""
    names = [[f"open{b}", f"in{b},0", f"in{b},1"] for b in range(bins)]
    rows = [BlockRow({(b, i + 1): F(1) for b in range(bins)}, lower=F(1), upper=F(1)) for i in (0, 1)]
    rows += [BlockRow({(b, 1): F(2), (b, 2): F(1), (b, 0): F(-2)}, upper=F(0)) for b in range(bins)]
    rows.append(BlockRow({(b, 0): F(1) for b in range(bins)}, -Z, upper=F(0)))
    function = SortedBlocks(
        tuple(tuple(map(AffineExpression.variable, block)) for block in names), tuple(map(F, key)),
        (Column(F(0), F(1), integral=True),) * 3, tuple(tuple(f"{name}'" for name in block) for block in names),
        tuple(rows),
    )  # fmt: skip
    written = [function._filled(row, function.blocks) for row in rows]
    base = model(None, {name: (0, 1) for block in names for name in block} | {"z": (0, bins)},
                 rows=[(value.terms, row.lower, row.upper) for value, row in zip(written, rows)])  # fmt: skip
    points = []
    for first, second in itertools.permutations(range(bins), 2):
        at = {name: 0 for block in names for name in block} | {"z": 2}
        points.append(at | {f"open{first}": 1, f"open{second}": 1, f"in{first},0": 1, f"in{second},1": 1})
    check_definitions(function, base, points)


def test_sorted_blocks_without_bounds():
    names = [[f"e{b},{c}" for c in range(2)] for b in range(3)]
    blocks = tuple(tuple(map(AffineExpression.variable, block)) for block in names)
    outputs = tuple(tuple(f"{name}'" for name in block) for block in names)
    function = SortedBlocks(blocks, (F(1), F(1, 3)), (Column(), Column()), outputs)
    base = model({name: (None, None) for block in names for name in block})
    chance = random.Random(0)
    check_definitions(function, base, [{name: chance.randint(-2, 2) for name in base.variables} for _ in range(80)])


def test_the_checker_refuses_what_is_false():
    space = Space(BASE, Budget())
    j = space.define_floor("q", space.affine(F(0), {"a": F(1)}))
    assert j is not None
    with pytest.raises(verifier.Invalid):
        accepted(BASE, [*space.steps, {"bound": [j, "lower", "-1"], "proof": [["linear", [[0, "-1"]]]]}])
    accepted(BASE, [*space.steps, {"bound": [j, "lower", "-3"], "proof": [["linear", [[0, "-1"]]]]}])
