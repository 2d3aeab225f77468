"""Formulations of the travelling salesman problem for tests, by one function each."""

from itertools import combinations, permutations

from small_models import model


def arc(i, j):
    return f"x{i}_{j}"


def degree_rows(n, loops=False):
    nodes = range(n)
    rows = [({arc(i, j): 1 for j in nodes if loops or i != j}, 1, 1) for i in nodes]
    return rows + [({arc(i, j): 1 for i in nodes if loops or i != j}, 1, 1) for j in nodes]


def arcs(n, loops=False):
    every = {arc(i, j): (0, 1) for i, j in permutations(range(n), 2)}
    return every | ({arc(i, i): (0, 0) for i in range(n)} if loops else {})


def build(n, continuous, rows, loops=False, integer=None):
    cost = {arc(i, j): (7 * i + 3 * j) % 11 for i, j in permutations(range(n), 2)}
    return model(continuous, arcs(n, loops) | (integer or {}), minimize=cost, rows=[*degree_rows(n, loops), *rows])


def by_positions(n, depot=0, low=1, loops=False, lifted=False):
    """Miller, Tucker, Zemlin."""
    others = [i for i in range(n) if i != depot]
    rows = []
    for i, j in permutations(others, 2):
        back = {arc(j, i): n - 3} if lifted else {}
        rows.append(({f"u{i}": 1, f"u{j}": -1, arc(i, j): n - 1, **back}, None, n - 2))
    return build(n, {f"u{i}": (low, low + n - 2) for i in others}, rows, loops)


def by_flow(n, collecting=False):
    """Gavish and Graves: deliver one unit to each node, or collect one from each."""
    rows = []
    sign = -1 if collecting else 1
    for k in range(1, n):
        balance = {f"f{i}_{k}": sign for i in range(n) if i != k and (i or not collecting)}
        balance |= {f"f{k}_{j}": -sign for j in range(n) if j != k and (j or collecting)}
        rows.append((balance, 1, 1))
    flows = {name for row, *_ in rows for name in row}
    for i, j in permutations(range(n), 2):
        if f"f{i}_{j}" in flows:
            rows.append(({f"f{i}_{j}": 1, arc(i, j): 1 - n}, None, 0))
    return build(n, dict.fromkeys(sorted(flows), (0, None)), rows)


def by_paths(n):
    """Claus: one unit from the depot to each node."""
    rows, flows = [], {}
    for k in range(1, n):
        usable = [(i, j) for i, j in permutations(range(n), 2) if j and i != k]
        for j in range(1, n):
            balance = {f"q{i}_{h}_{k}": 1 for i, h in usable if h == j}
            balance |= {f"q{h}_{i}_{k}": -1 for h, i in usable if h == j}
            rows.append((balance, int(j == k), int(j == k)))
        for i, j in usable:
            flows[f"q{i}_{j}_{k}"] = (0, 1)
            rows.append(({f"q{i}_{j}_{k}": 1, arc(i, j): -1}, None, 0))
    return build(n, flows, rows)


def by_order(n):
    """Sarin, Sherali, Bhootra: who is before whom."""
    before = {f"b{i}_{j}": (0, 1) for i, j in permutations(range(1, n), 2)}
    rows = [({f"b{i}_{j}": 1, arc(i, j): -1}, 0, None) for i, j in permutations(range(1, n), 2)]
    rows += [({f"b{i}_{j}": 1, f"b{j}_{i}": 1}, 1, 1) for i, j in combinations(range(1, n), 2)]
    rows += [({f"b{i}_{j}": 1, f"b{j}_{k}": 1, f"b{k}_{i}": 1}, None, 2) for i, j, k in permutations(range(1, n), 3)]
    return build(n, {}, rows, integer=before)


def by_subsets(n):
    """Dantzig, Fulkerson, Johnson."""
    subsets = [s for size in range(2, n) for s in combinations(range(1, n), size)]
    return build(n, {}, [({arc(i, j): 1 for i, j in permutations(s, 2)}, None, len(s) - 1) for s in subsets])
