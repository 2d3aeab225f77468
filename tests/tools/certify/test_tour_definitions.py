import itertools
from fractions import Fraction

import pytest
from definition_checks import accepted, check_definitions
from small_models import model

from tools.certify.definitions import realise
from tools.certify.space import Space
from tools.exact.budget import Budget
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.tour import Tour

F = Fraction
EVERYTHING = {"position": "p", "flow": "y", "leg": "q", "before": "b"}


def base(n, root=0, *, potentials=True, missing=(), doubled=False):
    """A model of tours: assignment rows, and potentials or a row for each set of nodes without the root."""
    arcs = [arc for arc in itertools.permutations(range(n), 2) if arc not in missing]
    name = {arc: f"x[{arc[0]},{arc[1]}]" for arc in arcs}
    one = 2 if doubled else 1
    rows = [({name[a]: 1 for a in arcs if a[side] == i}, one, one) for i in range(n) for side in (0, 1)]
    rows += [({name[a]: 1, f"z[{a[0]},{a[1]}]": -2}, 0, 0) for a in arcs if doubled]
    others = [i for i in range(n) if i != root]
    levels = {f"u[{i}]": (1, n - 1) for i in others if potentials}
    if potentials:
        for i, j in itertools.permutations(others, 2):
            if (i, j) in name:
                rows.append(({f"u[{i}]": 1, f"u[{j}]": -1, name[i, j]: F(n - 1, one)}, None, n - 2))
    else:
        for size in range(2, n):
            for subset in itertools.combinations(others, size):
                own = {name[a]: 1 for a in itertools.permutations(subset, 2) if a in name}
                rows.append((own, None, one * (size - 1)))
    binaries = {f"z[{i},{j}]" if doubled else name[i, j]: (0, 1) for i, j in arcs}
    return model(levels | (dict.fromkeys(name.values(), (0, 2)) if doubled else {}), binaries, rows=rows)


def tour(n, root=0, *, potentials=True, missing=(), doubled=False):
    arcs = [arc for arc in itertools.permutations(range(n), 2) if arc not in missing]
    values = {(i, j): AffineExpression.variable(f"x[{i},{j}]") * F(1, 2 if doubled else 1) for i, j in arcs}
    levels = [AffineExpression.variable(f"u[{i}]") for i in range(n) if i != root] if potentials else []
    return Tour.over(n, values, levels, big_m=F(n - 1) if potentials else F(0), root=root)


def points(n, root=0, *, potentials=True, missing=(), doubled=False):
    for order in itertools.permutations(i for i in range(n) if i != root):
        used = set(zip((root, *order), (*order, root)))
        if used & set(missing):
            continue
        arcs = [arc for arc in itertools.permutations(range(n), 2) if arc not in missing]
        at = {f"x[{i},{j}]": int((i, j) in used) for i, j in arcs}
        if doubled:
            at = {name: 2 * value for name, value in at.items()} | {f"z{name[1:]}": value for name, value in at.items()}
        yield at | ({f"u[{i}]": place for place, i in enumerate(order, start=1)} if potentials else {})


@pytest.mark.parametrize(
    ("n", "settings"),
    [
        (2, {}),
        (3, {}),
        (4, {"potentials": False}),
        (4, {"root": 2}),
        (4, {"missing": [(0, 1), (2, 3)]}),
        (4, {"doubled": True}),
    ],
    ids=str,
)
def test_all_outputs(n, settings):
    function = tour(n, **settings).wanting(**EVERYTHING, cycles=n)
    check_definitions(function, base(n, **settings), list(points(n, **settings))[:30])


@pytest.mark.parametrize("wanted", [{"position": "p", "flow": "y"}, {"leg": "q"}], ids=str)
def test_some_outputs_of_five_nodes(wanted):
    check_definitions(tour(5).wanting(**wanted), base(5), list(points(5))[::4])


def test_only_what_is_asked_for_is_derived():
    space = Space(base(5), Budget())
    function = tour(5).wanting(**EVERYTHING)
    made = realise(space, function)
    assert made is not None
    count = len(space.steps)
    labels = [row.label for row in function.graph()]
    assert made.derive(labels.index("next(1,2)"), "upper") is not None
    assert len(space.steps) == count + 1
    assert made.derive(labels.index("order(1,2)"), "lower") is not None
    assert len(space.steps) < count + 20
    accepted(base(5), space.steps)


def test_two_cycles_are_no_tour():
    """Without rows that forbid small cycles the conditions fail, and no lemma is used."""
    loose = model(None, {f"x[{i},{j}]": (0, 1) for i, j in itertools.permutations(range(4), 2)},
                  rows=[({f"x[{i},{j}]": 1 for i, j in itertools.permutations(range(4), 2) if (i, j)[side] == k}, 1, 1)
                        for k in range(4) for side in (0, 1)])  # fmt: skip
    space = Space(loose, Budget())
    assert realise(space, tour(4, potentials=False).wanting(position="p")) is None
    assert not any("tour" in step for step in space.steps)
