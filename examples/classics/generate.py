"""Write the model files of the classic pairs and `pairs.jsonl`: `python generate.py [FOLDER]`.

Models of one classic share data and nothing else: names and order are drawn for each model by itself.
docs/classics has a page for each classic.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations, pairwise, permutations
from pathlib import Path

from written_model import Key, WrittenModel

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Pair:
    """`label` says whether the statement of the pair is true; `why` in one sentence."""

    id: str
    reference: str
    candidate: str
    contract: str
    label: bool
    why: str


EDGES = ((1, 2), (1, 3), (2, 3), (2, 4), (3, 5), (4, 5), (4, 6), (5, 6), (5, 7), (6, 8), (7, 8))
WEIGHTS = {1: 7, 2: 11, 3: 5, 4: 13, 5: 17, 6: 8, 7: 6, 8: 9}
CLIQUES = ((1, 2, 3), (4, 5, 6), (2, 4), (3, 5), (5, 7), (6, 8), (7, 8))


def vertex_cover() -> WrittenModel:
    model = WrittenModel("The cheapest set of nodes that touches every edge.", "guard")
    for node, weight in WEIGHTS.items():
        model.add("x", node, meaning=f"node {node} is in the cover", kind="binary", cost=weight)
    for u, v in EDGES:
        model.require({("x", u): 1, ("x", v): 1}, ">=", 1)
    return model


def independent_set(word: str) -> WrittenModel:
    model = WrittenModel("The heaviest set of nodes without an edge between two of them.", word, "Maximize")
    for node, weight in WEIGHTS.items():
        model.add("z", node, meaning=f"node {node} is in the set", kind="binary", cost=weight)
    for u, v in EDGES:
        model.require({("z", u): 1, ("z", v): 1}, "<=", 1)
    return model


def packing_by_cliques() -> WrittenModel:
    model = WrittenModel("The heaviest set of nodes with at most one in every clique.", "lamp", "Maximize")
    for node, weight in WEIGHTS.items():
        model.add("z", node, meaning=f"node {node} is in the set", kind="binary", cost=weight)
    for clique in CLIQUES:
        model.require({("z", node): 1 for node in clique}, "<=", 1)
    return model


OPENING = {1: 61, 2: 47, 3: 53}
SERVICE = {
    (1, 1): 12, (1, 2): 25, (1, 3): 31, (1, 4): 18, (1, 5): 27,
    (2, 1): 22, (2, 2): 14, (2, 3): 20, (2, 4): 35, (2, 5): 29,
    (3, 1): 33, (3, 2): 19, (3, 3): 11, (3, 4): 24, (3, 5): 16,
}  # fmt: skip


def facility_location(strong: bool) -> WrittenModel:
    title = "with a link for every pair" if strong else "with one link for every facility"
    model = WrittenModel(f"Uncapacitated facility location {title}.", "river" if strong else "stone")
    customers = sorted({j for _, j in SERVICE})
    for i, cost in OPENING.items():
        model.add("y", i, meaning=f"facility {i} is open", kind="binary", cost=cost)
    for (i, j), cost in SERVICE.items():
        model.add("x", i, j, meaning=f"share of customer {j} served by facility {i}", cost=cost)
    for j in customers:
        model.require({("x", i, j): 1 for i in OPENING}, "=", 1)
    for i in OPENING:
        if strong:
            for j in customers:
                model.require({("x", i, j): 1, ("y", i): -1}, "<=", 0)
        else:
            model.require({("y", i): -len(customers)} | {("x", i, j): 1 for j in customers}, "<=", 0)
    return model


ARCS = {  # tail, head: cost, capacity
    (1, 2): (3, 8), (1, 3): (5, 7), (2, 3): (1, 4), (2, 4): (7, 5), (2, 5): (9, 3),
    (3, 4): (4, 6), (3, 5): (6, 5), (4, 5): (2, 3), (4, 6): (8, 6), (5, 6): (3, 9),
}  # fmt: skip
NODES = (1, 2, 3, 4, 5, 6)
SUPPLY = 11


def paths(node: int = NODES[0]) -> Iterator[tuple[int, ...]]:
    """Yield every path from `node` to the last node."""
    if node == NODES[-1]:
        yield (node,)
    for tail, head in ARCS:
        if tail == node:
            yield from ((node, *rest) for rest in paths(head))


def arc_flow() -> WrittenModel:
    model = WrittenModel(f"Send {SUPPLY} units from node 1 to node 6 at least cost, arc by arc.", "pipe")
    for (tail, head), (cost, capacity) in ARCS.items():
        model.add("x", tail, head, meaning=f"flow from {tail} to {head}", upper=capacity, cost=cost)
    for node in NODES[:-1]:
        balance = {("x", *arc): (arc[0] == node) - (arc[1] == node) for arc in ARCS}
        model.require(balance, "=", SUPPLY if node == NODES[0] else 0)
    return model


def path_flow() -> WrittenModel:
    model = WrittenModel(f"Send {SUPPLY} units from node 1 to node 6 at least cost, path by path.", "hike")
    for path in paths():
        cost = sum(ARCS[arc][0] for arc in pairwise(path))
        model.add("h", *path, meaning=f"flow on the path {'-'.join(map(str, path))}", cost=cost)
    model.require(dict.fromkeys(model.variables, 1), "=", SUPPLY)
    for arc, (_, capacity) in ARCS.items():
        used = {("h", *path): 1 for path in paths() if arc in pairwise(path)}
        model.require(used, "<=", capacity)
    return model


DEMAND = {1: 20, 2: 35, 3: 15, 4: 40, 5: 25}
SETUP = {1: 90, 2: 75, 3: 110, 4: 80, 5: 95}
PRODUCTION = {1: 4, 2: 6, 3: 3, 4: 5, 5: 7}
HOLDING = {1: 1, 2: 2, 3: 1, 4: 3}
PERIODS = tuple(DEMAND)


def lot_sizing() -> WrittenModel:
    model = WrittenModel("Lot sizing with production, stock and set-ups; no stock is left at the end.", "mill")
    for t in PERIODS:
        model.add("y", t, meaning=f"set-up in period {t}", kind="binary", cost=SETUP[t])
        model.add("x", t, meaning=f"production in period {t}", cost=PRODUCTION[t])
    for t in HOLDING:
        model.add("s", t, meaning=f"stock at the end of period {t}", cost=HOLDING[t])
    for t in PERIODS:
        stock = {("s", u): sign for u, sign in ((t - 1, 1), (t, -1)) if u in HOLDING}
        model.require({("x", t): 1} | stock, "=", DEMAND[t])
        rest = sum(DEMAND[u] for u in PERIODS if u >= t)
        model.require({("x", t): 1, ("y", t): -rest}, "<=", 0)
    return model


def lot_sizing_as_location() -> WrittenModel:
    model = WrittenModel("Lot sizing as facility location: what each period produces for each later one.", "oven")
    for i in PERIODS:
        model.add("y", i, meaning=f"set-up in period {i}", kind="binary", cost=SETUP[i])
        for t in PERIODS[i - 1 :]:
            cost = PRODUCTION[i] + sum(HOLDING[k] for k in range(i, t))
            model.add("w", i, t, meaning=f"produced in period {i} for period {t}", cost=cost)
    for t in PERIODS:
        model.require({("w", i, t): 1 for i in PERIODS[:t]}, "=", DEMAND[t])
    for i in PERIODS:
        for t in PERIODS[i - 1 :]:
            model.require({("w", i, t): 1, ("y", i): -DEMAND[t]}, "<=", 0)
    return model


LENGTH = {1: 2, 2: 3, 3: 4}
URGENCY = {1: 3, 2: 7, 3: 5}
HORIZON = 11


def big_m_schedule(integral: bool) -> WrittenModel:
    word, kind = ("clock", "integer") if integral else ("wave", "continuous")
    model = WrittenModel(f"Least weighted sum of {kind} start times on one machine, with orders and a big M.", word)
    for j, length in LENGTH.items():
        model.add(
            "s", j, meaning=f"start of job {j}", kind="integer" if integral else "continuous",
            upper=HORIZON - length, cost=URGENCY[j],
        )  # fmt: skip
    for i, j in combinations(LENGTH, 2):
        model.add("o", i, j, meaning=f"job {i} comes before job {j}", kind="binary")
        # s_i + p_i ≤ s_j where o = 1, s_j + p_j ≤ s_i where o = 0
        model.require({("s", i): 1, ("s", j): -1, ("o", i, j): HORIZON}, "<=", HORIZON - LENGTH[i])
        model.require({("s", j): 1, ("s", i): -1, ("o", i, j): -HORIZON}, "<=", -LENGTH[j])
    return model


def time_indexed_schedule(starts: bool) -> WrittenModel:
    tail = ", start times written out" if starts else ""
    title = f"Least weighted sum of start times on one machine, a binary for each start{tail}."
    model = WrittenModel(title, "bell" if starts else "drum")
    for j, length in LENGTH.items():
        slots = range(HORIZON - length + 1)
        if starts:
            model.add("s", j, meaning=f"start of job {j}", kind="integer", upper=slots[-1], cost=URGENCY[j])
        for t in slots:
            cost = 0 if starts else URGENCY[j] * t
            model.add("z", j, t, meaning=f"job {j} starts at time {t}", kind="binary", cost=cost)
        model.require({("z", j, t): 1 for t in slots}, "=", 1)
        if starts:
            model.require({("s", j): 1} | {("z", j, t): -t for t in slots}, "=", 0)
    for now in range(HORIZON):
        busy = {(tag, j, t): 1 for tag, j, t in _starts() if t <= now < t + LENGTH[j]}
        model.require(busy, "<=", 1)
    return model


def _starts() -> Iterator[tuple[str, int, int]]:
    return (("z", j, t) for j, length in LENGTH.items() for t in range(HORIZON - length + 1))


CITIES = (1, 2, 3, 4, 5)
ROADS = tuple(permutations(CITIES, 2))
DISTANCE = dict(
    zip(ROADS, (17, 29, 23, 41, 14, 31, 37, 19, 26, 13, 43, 22, 39, 27, 11, 34, 18, 47, 24, 21), strict=True)
)


def _tour_model(title: str, word: str) -> WrittenModel:
    model = WrittenModel(f"The shortest tour of five cities, {title}.", word)
    for i, j in ROADS:
        model.add("x", i, j, meaning=f"the tour goes from {i} to {j}", kind="binary", cost=DISTANCE[i, j])
    for i in CITIES:
        model.require({("x", i, j): 1 for j in CITIES if j != i}, "=", 1)
        model.require({("x", j, i): 1 for j in CITIES if j != i}, "=", 1)
    return model


def tour_by_positions() -> WrittenModel:
    model = _tour_model("with positions (Miller, Tucker and Zemlin)", "ship")
    count = len(CITIES)
    for i in CITIES[1:]:
        model.add("u", i, meaning=f"position of city {i}", lower=1, upper=count - 1)
    for i, j in permutations(CITIES[1:], 2):
        model.require({("u", i): 1, ("u", j): -1, ("x", i, j): count}, "<=", count - 1)
    return model


def tour_by_flow() -> WrittenModel:
    model = _tour_model("with one commodity (Gavish and Graves)", "coin")
    for i, j in ROADS:
        if j != 1:
            model.add("g", i, j, meaning=f"load carried from {i} to {j}")
            model.require({("g", i, j): 1, ("x", i, j): 1 - len(CITIES)}, "<=", 0)
    for i in CITIES[1:]:
        arrives = {("g", j, i): 1 for j in CITIES if j != i}
        model.require(arrives | {("g", i, j): -1 for j in CITIES[1:] if j != i}, "=", 1)
    return model


def tour_by_subsets() -> WrittenModel:
    model = _tour_model("without subtours (Dantzig, Fulkerson and Johnson)", "veil")
    for subset in chain.from_iterable(combinations(CITIES[1:], size) for size in (2, 3)):
        model.require({("x", *road): 1 for road in permutations(subset, 2)}, "<=", len(subset) - 1)
    return model


LINEAR = {1: -13, 2: 9, 3: -17, 4: 6, 5: -8}
PRODUCTS = {(1, 2): 19, (1, 3): 14, (1, 5): -11, (2, 3): -21, (2, 4): -12, (3, 4): 23, (3, 5): 7, (4, 5): -10}
CHOSEN = 2


def _choice(title: str, word: str) -> WrittenModel:
    model = WrittenModel(f"Quadratic choice of at least {CHOSEN} of five things, {title}.", word)
    for i, cost in LINEAR.items():
        model.add("x", i, meaning=f"thing {i} is chosen", kind="binary", cost=cost)
    model.require({("x", i): 1 for i in LINEAR}, ">=", CHOSEN)
    return model


def products_by_mccormick() -> WrittenModel:
    model = _choice("McCormick's inequalities for every product", "apple")
    for (i, j), cost in PRODUCTS.items():
        model.add("p", i, j, meaning=f"things {i} and {j} are both chosen", cost=cost)
        model.require({("p", i, j): 1, ("x", i): -1}, "<=", 0)
        model.require({("p", i, j): 1, ("x", j): -1}, "<=", 0)
        model.require({("p", i, j): 1, ("x", i): -1, ("x", j): -1}, ">=", -1)
    return model


def products_by_need() -> WrittenModel:
    model = _choice("each product bounded only on the side that its cost pulls to", "cedar")
    for (i, j), cost in PRODUCTS.items():
        model.add("p", i, j, meaning=f"things {i} and {j} are both chosen, where it counts", cost=cost)
        if cost < 0:
            model.require({("p", i, j): 1, ("x", i): -1}, "<=", 0)
            model.require({("p", i, j): 1, ("x", j): -1}, "<=", 0)
        else:
            model.require({("p", i, j): 1, ("x", i): -1, ("x", j): -1}, ">=", -1)
    return model


def products_by_binaries() -> WrittenModel:
    model = _choice("a binary and two inequalities for every product", "fern")
    for (i, j), cost in PRODUCTS.items():
        model.add("p", i, j, meaning=f"things {i} and {j} are both chosen", kind="binary", cost=cost)
        model.require({("p", i, j): 2, ("x", i): -1, ("x", j): -1}, "<=", 0)
        model.require({("p", i, j): 1, ("x", i): -1, ("x", j): -1}, ">=", -1)
    return model


def products_by_glover() -> WrittenModel:
    model = _choice("Glover's one variable for every thing", "moss")
    for i in LINEAR:
        partners = {j: cost for (first, j), cost in PRODUCTS.items() if first == i}
        if not partners:
            continue
        low = sum(cost for cost in partners.values() if cost < 0)
        high = sum(cost for cost in partners.values() if cost > 0)
        # v_i = low·x_i + e_i with e_i ≥ 0, so that no variable is negative
        model.add("e", i, meaning=f"excess over {low} of the products of thing {i} with later ones", cost=1)
        model.cost["x", i] += low
        model.require({("e", i): 1, ("x", i): low - high}, "<=", 0)
        others = {("x", j): -cost for j, cost in partners.items()}
        model.require({("e", i): 1, ("x", i): low - high} | others, ">=", -high)
        model.require({("e", i): 1} | others, "<=", -low)
    return model


BREAKS = {1: (0, 3, 7, 12), 2: (0, 4, 6, 11)}
HEIGHTS = {1: (0, 18, 26, 56), 2: (2, 22, 38, 53)}
NEEDED = 14


def _pieces() -> Iterator[tuple[int, int, int, int, int]]:
    """Yield product, piece, where it starts, its length and its slope."""
    for i, breaks in BREAKS.items():
        for k in range(1, len(breaks)):
            length = breaks[k] - breaks[k - 1]
            slope, remainder = divmod(HEIGHTS[i][k] - HEIGHTS[i][k - 1], length)
            assert not remainder
            yield i, k, breaks[k - 1], length, slope


def pieces_by_weights() -> WrittenModel:
    model = WrittenModel("Two products, each cost in three pieces: a weight for each break (lambda).", "reed")
    for i, breaks in BREAKS.items():
        model.add("x", i, meaning=f"amount of product {i}")
        last = len(breaks) - 1
        for k in range(last + 1):
            model.add("l", i, k, meaning=f"weight of break {k} of product {i}", cost=HEIGHTS[i][k])
        for k in range(1, last + 1):
            model.add("z", i, k, meaning=f"product {i} lies in piece {k}", kind="binary")
        model.require({("x", i): 1} | {("l", i, k): -b for k, b in enumerate(breaks)}, "=", 0)
        model.require({("l", i, k): 1 for k in range(last + 1)}, "=", 1)
        model.require({("z", i, k): 1 for k in range(1, last + 1)}, "=", 1)
        for k in range(last + 1):
            around = {("z", i, m): -1 for m in (k, k + 1) if 1 <= m <= last}
            model.require({("l", i, k): 1} | around, "<=", 0)
    model.require({("x", i): 1 for i in BREAKS}, ">=", NEEDED)
    return model


def pieces_by_increments() -> WrittenModel:
    model = WrittenModel("Two products, each cost in three pieces: filled one after another (delta).", "sail")
    for i in BREAKS:
        model.constant += HEIGHTS[i][0]
    for i, k, _, length, slope in _pieces():
        model.add("d", i, k, meaning=f"amount of product {i} in piece {k}", upper=length, cost=slope)
    for i, k, _, length, _ in _pieces():
        if ("d", i, k + 1) in model.variables:
            model.add("u", i, k, meaning=f"piece {k} of product {i} is full", kind="binary")
            model.require({("d", i, k): 1, ("u", i, k): -length}, ">=", 0)
            following = BREAKS[i][k + 1] - BREAKS[i][k]
            model.require({("d", i, k + 1): 1, ("u", i, k): -following}, "<=", 0)
    model.require({key: 1 for key in model.variables if key[0] == "d"}, ">=", NEEDED)
    return model


def pieces_by_choice() -> WrittenModel:
    model = WrittenModel("Two products, each cost in three pieces: the amount in the chosen piece.", "kite")
    for i, k, start, length, slope in _pieces():
        at_zero = HEIGHTS[i][k - 1] - slope * start
        model.add("z", i, k, meaning=f"product {i} lies in piece {k}", kind="binary", cost=at_zero)
        model.add("w", i, k, meaning=f"amount of product {i} if it lies in piece {k}, else 0", cost=slope)
        model.require({("w", i, k): 1, ("z", i, k): -start}, ">=", 0)
        model.require({("w", i, k): 1, ("z", i, k): -start - length}, "<=", 0)
    for i, breaks in BREAKS.items():
        model.require({("z", i, k): 1 for k in range(1, len(breaks))}, "=", 1)
    model.require({key: 1 for key in model.variables if key[0] == "w"}, ">=", NEEDED)
    return model


SIZES = {1: 7, 2: 5, 3: 4, 4: 3}
CAPACITY = 10
BINS = (1, 2, 3)


def bin_packing(ordered: bool) -> WrittenModel:
    title = ", the bins in order of their loads" if ordered else ""
    model = WrittenModel(f"The fewest bins for four items{title}.", "crate" if ordered else "plum")
    for b in BINS:
        model.add("y", b, meaning=f"bin {b} is used", kind="binary", cost=1)
        for i in SIZES:
            model.add("x", i, b, meaning=f"item {i} is in bin {b}", kind="binary")
    for i in SIZES:
        model.require({("x", i, b): 1 for b in BINS}, "=", 1)
    for b in BINS:
        model.require({("y", b): -CAPACITY} | {("x", i, b): size for i, size in SIZES.items()}, "<=", 0)
    if ordered:
        for b in BINS[:-1]:
            model.require({("y", b): 1, ("y", b + 1): -1}, ">=", 0)
            loads = {("x", i, b): size for i, size in SIZES.items()}
            model.require(loads | {("x", i, b + 1): -size for i, size in SIZES.items()}, ">=", 0)
    return model


WAGES = {
    (i, j): wage
    for i, row in enumerate(((14, 9, 21, 17), (11, 16, 8, 19), (23, 12, 15, 10), (18, 20, 13, 7)), start=1)
    for j, wage in enumerate(row, start=1)
}


def assignment() -> WrittenModel:
    model = WrittenModel("Each of four workers gets one of four jobs, at least cost.", "owl")
    for (i, j), wage in WAGES.items():
        model.add("x", i, j, meaning=f"worker {i} gets job {j}", kind="binary", cost=wage)
    for k in range(1, 5):
        model.require({("x", k, j): 1 for j in range(1, 5)}, "=", 1)
        model.require({("x", i, k): 1 for i in range(1, 5)}, "=", 1)
    return model


def assignment_as_flow() -> WrittenModel:
    model = WrittenModel("Send four whole units from a source through workers and jobs to a sink.", "fox")
    for k in range(1, 5):
        model.add("a", k, meaning=f"flow from the source to worker {k}", kind="integer", upper=1)
        model.add("b", k, meaning=f"flow from job {k} to the sink", kind="integer", upper=1)
    for (i, j), wage in WAGES.items():
        model.add("f", i, j, meaning=f"flow from worker {i} to job {j}", kind="integer", cost=wage)
    model.require({("a", k): 1 for k in range(1, 5)}, "=", 4)
    for k in range(1, 5):
        model.require({("a", k): 1} | {("f", k, j): -1 for j in range(1, 5)}, "=", 0)
        model.require({("b", k): -1} | {("f", i, k): 1 for i in range(1, 5)}, "=", 0)
    return model


ITEMS = {1: (31, 7, 6), 2: (43, 10, 5), 3: (17, 4, 7)}
"""Value, weight and how many there are."""

ROOM = 53


def knapsack() -> WrittenModel:
    model = WrittenModel("The most valuable load of three kinds of things, by number.", "goat", "Maximize")
    for i, (value, _, count) in ITEMS.items():
        model.add("n", i, meaning=f"how many of kind {i}", kind="integer", upper=count, cost=value)
    model.require({("n", i): weight for i, (_, weight, _) in ITEMS.items()}, "<=", ROOM)
    return model


def knapsack_in_bits() -> WrittenModel:
    model = WrittenModel("The most valuable load of three kinds of things, numbers in binary.", "iris", "Maximize")
    for i, (value, _, _) in ITEMS.items():
        for k in range(3):
            model.add("b", i, k, meaning=f"bit {k} of the number of kind {i}", kind="binary", cost=value << k)
    model.require({("b", i, k): ITEMS[i][1] << k for i in ITEMS for k in range(3)}, "<=", ROOM)
    for i, (_, _, count) in ITEMS.items():
        if count < 7:
            model.require({("b", i, k): 1 << k for k in range(3)}, "<=", count)
    return model


FAR = {(1, 2): 9, (1, 3): 14, (1, 4): 6, (2, 3): 11, (2, 4): 8, (3, 4): 13}
TOWNS = (1, 2, 3, 4)
MEDIANS = 2


def medians(explicit: bool) -> WrittenModel:
    title = "a binary for each median" if explicit else "a median is a town assigned to itself"
    model = WrittenModel(f"Two medians of four towns: {title}.", "quilt" if explicit else "yarn")
    for i in TOWNS:
        for j in TOWNS:
            cost = 0 if i == j else FAR[min(i, j), max(i, j)]
            model.add("x", i, j, meaning=f"town {i} belongs to the median {j}", kind="binary", cost=cost)
    if explicit:
        for j in TOWNS:
            model.add("y", j, meaning=f"town {j} is a median", kind="binary")
    median: Mapping[int, Key] = {j: ("y", j) if explicit else ("x", j, j) for j in TOWNS}
    model.require({median[j]: 1 for j in TOWNS}, "=", MEDIANS)
    for i in TOWNS:
        model.require({("x", i, j): 1 for j in TOWNS}, "=", 1)
        for j in TOWNS:
            if median[j] != ("x", i, j):
                model.require({("x", i, j): 1, median[j]: -1}, "<=", 0)
    return model


SETS = {1: (12, (1, 2, 4)), 2: (15, (2, 3, 5)), 3: (9, (1, 3)), 4: (11, (4, 5, 6)), 5: (7, (2, 6))}
"""Cost and members."""


def set_cover() -> WrittenModel:
    model = WrittenModel("The cheapest choice of sets with every element in one of them.", "wolf")
    for s, (cost, _) in SETS.items():
        model.add("y", s, meaning=f"set {s} is chosen", kind="binary", cost=cost)
    for e in range(1, 7):
        model.require({("y", s): 1 for s, (_, members) in SETS.items() if e in members}, ">=", 1)
    return model


def cover_by_assignment() -> WrittenModel:
    model = WrittenModel("The cheapest choice of sets with every element assigned to one of them.", "dune")
    for s, (cost, members) in SETS.items():
        model.add("y", s, meaning=f"set {s} is chosen", kind="binary", cost=cost)
        for e in members:
            model.add("a", e, s, meaning=f"share of element {e} assigned to set {s}")
            model.require({("a", e, s): 1, ("y", s): -1}, "<=", 0)
    for e in range(1, 7):
        model.require({("a", e, s): 1 for s, (_, members) in SETS.items() if e in members}, "=", 1)
    return model


MODELS = {
    "cover/vertex_cover": vertex_cover(),
    "cover/independent_set": independent_set("tent"),
    "cliques/edges": independent_set("pearl"),
    "cliques/cliques": packing_by_cliques(),
    "location/weak": facility_location(strong=False),
    "location/strong": facility_location(strong=True),
    "flow/arcs": arc_flow(),
    "flow/paths": path_flow(),
    "lot_sizing/stock": lot_sizing(),
    "lot_sizing/location": lot_sizing_as_location(),
    "scheduling/big_m": big_m_schedule(integral=True),
    "scheduling/big_m_continuous": big_m_schedule(integral=False),
    "scheduling/time_indexed": time_indexed_schedule(starts=False),
    "scheduling/time_indexed_starts": time_indexed_schedule(starts=True),
    "tours/positions": tour_by_positions(),
    "tours/flow": tour_by_flow(),
    "tours/subsets": tour_by_subsets(),
    "products/mccormick": products_by_mccormick(),
    "products/needed": products_by_need(),
    "products/binaries": products_by_binaries(),
    "products/glover": products_by_glover(),
    "pieces/weights": pieces_by_weights(),
    "pieces/increments": pieces_by_increments(),
    "pieces/choice": pieces_by_choice(),
    "bins/free": bin_packing(ordered=False),
    "bins/ordered": bin_packing(ordered=True),
    "assignment/assignment": assignment(),
    "assignment/flow": assignment_as_flow(),
    "knapsack/numbers": knapsack(),
    "knapsack/bits": knapsack_in_bits(),
    "medians/explicit": medians(explicit=True),
    "medians/implicit": medians(explicit=False),
    "sets/cover": set_cover(),
    "sets/assignment": cover_by_assignment(),
}

REFORMULATIONS = {
    ("cover/vertex_cover", "cover/independent_set"): "what is not in an independent set is a vertex cover",
    ("cover/independent_set", "cover/vertex_cover"): "what is not in a vertex cover is an independent set",
    ("cliques/edges", "cliques/cliques"): "at most one node of a clique is at most one of each of its edges",
    ("cliques/cliques", "cliques/edges"): "two chosen nodes of a clique would be the ends of an edge",
    ("location/weak", "location/strong"): "summing the links of a facility over the customers gives its one link",
    ("location/strong", "location/weak"): "an open facility may serve everyone, a closed one serves no one",
    ("flow/arcs", "flow/paths"): "adding up paths gives a flow, and on an acyclic network every flow is such a sum",
    (
        "lot_sizing/stock",
        "lot_sizing/location",
    ): "production is what is made for all later periods; first in, first out",
    ("scheduling/big_m", "scheduling/time_indexed"): "the start is the sum of t·z[t]; the orders follow the starts",
    ("scheduling/big_m", "scheduling/time_indexed_starts"): "the starts are there; the orders follow from them",
    ("scheduling/time_indexed_starts", "scheduling/big_m"): "the starts are there; each selects its binary",
    ("scheduling/time_indexed", "scheduling/time_indexed_starts"): "the starts are defined by the binaries",
    ("scheduling/time_indexed_starts", "scheduling/time_indexed"): "the starts are defined by the binaries",
    ("tours/positions", "tours/flow"): "the load left tells the position",
    ("tours/positions", "tours/subsets"): "without subtours there is one tour, which gives the positions",
    ("tours/flow", "tours/positions"): "positions rise along the tour, and the load falls by one at each city",
    ("tours/flow", "tours/subsets"): "without subtours there is one tour, along which the load falls by one",
    ("tours/subsets", "tours/positions"): "positions cannot rise all the way around a subtour",
    ("tours/subsets", "tours/flow"): "a subtour without the depot would use up a load that nobody brings",
    ("products/mccormick", "products/binaries"): "both fix the product, at binary factors",
    ("products/binaries", "products/mccormick"): "both fix the product, at binary factors, so it is a whole number",
    ("products/glover", "products/mccormick"): "Glover's variable is a weighted sum of products",
    ("products/glover", "products/binaries"): "Glover's variable is a weighted sum of products",
    ("pieces/weights", "pieces/increments"): "weights are differences of how far the pieces are filled",
    ("pieces/increments", "pieces/weights"): "a piece is filled as far as the weights at and beyond its end say",
    ("pieces/weights", "pieces/choice"): "the amount in the chosen piece is a mixture of its two ends",
    ("pieces/choice", "pieces/weights"): "the weights of the two ends give the amount in the chosen piece",
    ("pieces/increments", "pieces/choice"): "pieces before the chosen one are full, those after it empty",
    ("pieces/choice", "pieces/increments"): "the chosen piece is the last one that is not empty before",
    ("assignment/assignment", "assignment/flow"): "a whole flow of four through unit arcs is an assignment",
    ("assignment/flow", "assignment/assignment"): "every worker and every job passes on one unit",
    ("knapsack/numbers", "knapsack/bits"): "every number from 0 to 7 has three bits",
    ("sets/cover", "sets/assignment"): "an element is assigned only where its set is chosen",
    ("sets/assignment", "sets/cover"): "every element has a chosen set to be assigned to",
}

QUASI_KARP = {
    (
        "scheduling/big_m_continuous",
        "scheduling/time_indexed",
    ): "a best schedule starts at whole times; others need not",
    ("products/needed", "products/mccormick"): "at an optimum the missing inequalities hold by themselves",
    ("products/mccormick", "products/needed"): "every optimum has the products where the cost pulls them",
    ("bins/free", "bins/ordered"): "bins can be sorted by load; unsorted packings are gone",
    ("medians/explicit", "medians/implicit"): "a median is nearest to itself, though nothing forces it to go there",
}
"""What holds under `quasi-karp` and not under `reformulation`."""

REFUTED = {
    ("products/needed", "products/mccormick"): "a product variable above the product has no counterpart",
    ("scheduling/big_m_continuous", "scheduling/time_indexed"): "no start at time 1/2 comes from the binaries",
    ("bins/free", "bins/ordered"): "a packing with a heavier later bin has no counterpart",
    ("medians/explicit", "medians/implicit"): "a median that belongs to the other median has no counterpart",
}


def pairs() -> list[Pair]:
    """Return all pairs; ids are those of the models, with the contract where it is a false one."""
    listed = []
    for statements, contract, label in (
        (REFORMULATIONS, "reformulation", True),
        (QUASI_KARP, "quasi-karp", True),
        (REFUTED, "reformulation", False),
    ):
        for (reference, candidate), why in statements.items():
            classic, _, name = reference.partition("/")
            ending = "" if label else ":reformulation"
            identity = f"{classic}:{name}<-{candidate.partition('/')[2]}{ending}"
            listed.append(Pair(identity, f"{reference}.lp", f"{candidate}.lp", contract, label, why))
    return listed


def main(folder: Path = FOLDER) -> None:
    """Write all files below `folder`."""
    for name, model in MODELS.items():
        path = folder / f"{name}.lp"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(model.text(), encoding="utf-8")
    lines = [json.dumps(vars(pair), ensure_ascii=False) + "\n" for pair in pairs()]
    (folder / "pairs.jsonl").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
