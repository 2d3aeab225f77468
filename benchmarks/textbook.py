"""Textbook reformulations at any size, under any names: pairs with index structure, as modellers write them.

Each kind is a function of a size, a random generator for the data and a list of words for names. The two models of a
pair share data and problem; `rules` state a recovery.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from benchmarks.plain_model import Column, PlainModel, Row, Side
from tools.formulation.model import Formulation, Kind
from tools.report import Contract

SMALL_WORDS = ("x", "y", "z", "w", "u", "v", "d", "s")
OTHER_WORDS = ("amount", "chosen", "part", "route", "stage", "level", "share", "rest")


@dataclass(frozen=True)
class TextbookPair:
    """A pair with a recovery that is right."""

    kind: str
    reference: Formulation
    candidate: Formulation
    rules: str
    contract: Contract = "reformulation"


class _Model:
    """A model under construction, variables by name."""

    def __init__(self, sense: str = "minimize") -> None:
        self.plain = PlainModel()
        self.plain.sense = sense
        self.place: dict[str, int] = {}

    def add(self, name: str, kind: Kind, lower: int | None, upper: int | None, cost: int = 0) -> str:
        """Add a variable and return its name."""
        self.place[name] = len(self.plain.columns)
        self.plain.columns.append(Column(name, kind, _side(lower), _side(upper), Fraction(cost)))
        return name

    def row(self, terms: Mapping[str, int], lower: int | None, upper: int | None) -> None:
        """Add lower ≤ terms ≤ upper."""
        named = {self.place[name]: Fraction(a) for name, a in terms.items() if a}
        self.plain.rows.append(Row(f"row[{len(self.plain.rows)}]", named, _side(lower), _side(upper)))

    def done(self, name: str) -> Formulation:
        """Return the model."""
        return self.plain.formulation(name)


def _side(value: int | None) -> Side:
    return None if value is None else Fraction(value)


_B, _I, _C = Kind.BINARY, Kind.INTEGER, Kind.CONTINUOUS
Words = Sequence[str]


def lot_sizing(size: int, rng: random.Random, words: Words) -> TextbookPair:
    """Production, stock and set-ups from what each period produces for each later one (Krarup and Bilde, 1977)."""
    x, y, s, w = words[0], words[1], words[7], words[3]
    periods = range(1, size + 1)
    demand = {t: rng.randint(5, 40) for t in periods}
    setup = {t: rng.randint(60, 120) for t in periods}
    unit = {t: rng.randint(2, 7) for t in periods}
    hold = {t: rng.randint(1, 3) for t in periods}
    plain = _Model()
    for t in periods:
        plain.add(f"{x}[{t}]", _C, 0, None, unit[t])
        plain.add(f"{y}[{t}]", _B, 0, 1, setup[t])
    for t in periods[:-1]:
        plain.add(f"{s}[{t}]", _C, 0, None, hold[t])
    for t in periods:
        stock = {f"{s}[{u}]": sign for u, sign in ((t - 1, 1), (t, -1)) if 0 < u < size}
        plain.row({f"{x}[{t}]": 1, **stock}, demand[t], demand[t])
        plain.row({f"{x}[{t}]": 1, f"{y}[{t}]": -sum(demand[u] for u in periods[t - 1 :])}, None, 0)
    fine = _Model()
    for i in periods:
        fine.add(f"{y}[{i}]", _B, 0, 1, setup[i])
        for t in periods[i - 1 :]:
            fine.add(f"{w}[{i},{t}]", _C, 0, None, unit[i] + sum(hold[k] for k in range(i, t)))
    for t in periods:
        fine.row({f"{w}[{i},{t}]": 1 for i in periods[:t]}, demand[t], demand[t])
        for i in periods[:t]:
            fine.row({f"{w}[{i},{t}]": 1, f"{y}[{i}]": -demand[t]}, None, 0)
    rules = f"{x}[i] = sum({w}[i,t] for t)\n{y}[i] = {y}[i]\n{s}[k] = sum({w}[i,t] for i, t if i <= k and t > k)"
    return TextbookPair("lot-sizing", plain.done("stock"), fine.done("location"), rules)


def starts(size: int, rng: random.Random, words: Words) -> TextbookPair:
    """Start times written out from a binary for each start (Dyer and Wolsey, 1990)."""
    s, z = words[7], words[2]
    length = {j: rng.randint(1, 4) for j in range(size)}
    cost = {j: rng.randint(1, 9) for j in range(size)}
    horizon = sum(length.values()) + 1
    slots = {j: range(horizon - length[j] + 1) for j in range(size)}
    sparse, indexed = _Model(), _Model()
    for model, written in ((sparse, True), (indexed, False)):
        for j in range(size):
            if written:
                model.add(f"{s}[{j}]", _I, 0, slots[j][-1], cost[j])
            for t in slots[j]:
                model.add(f"{z}[{j},{t}]", _B, 0, 1, 0 if written else cost[j] * t)
        for j in range(size):
            model.row({f"{z}[{j},{t}]": 1 for t in slots[j]}, 1, 1)
            if written:
                model.row({f"{s}[{j}]": 1, **{f"{z}[{j},{t}]": -t for t in slots[j]}}, 0, 0)
        for now in range(horizon):
            busy = {f"{z}[{j},{t}]": 1 for j in range(size) for t in slots[j] if t <= now < t + length[j]}
            model.row(busy, None, 1)
    rules = f"{s}[j] = sum(t*{z}[j,t] for t)\n{z}[j,t] = {z}[j,t]"
    return TextbookPair("starts", sparse.done("starts"), indexed.done("indexed"), rules)


def _breaks(size: int, rng: random.Random) -> dict[int, list[tuple[int, int]]]:
    found = {}
    for i in range(size):
        at, height, points = 0, 0, [(0, 0)]
        for slope in rng.sample(range(2, 9), 3):
            step = rng.randint(2, 6)
            at, height = at + step, height + slope * step
            points.append((at, height))
        found[i] = points
    return found


def _weights(data: Mapping[int, list[tuple[int, int]]], need: int, words: Words) -> Formulation:
    model = _Model()
    weight, piece = words[3], words[2]
    for i, points in data.items():
        for k, (_, height) in enumerate(points):
            model.add(f"{weight}[{i},{k}]", _C, 0, None, height)
        for k in range(1, len(points)):
            model.add(f"{piece}[{i},{k}]", _B, 0, 1)
    for i, points in data.items():
        last = len(points) - 1
        model.row({f"{weight}[{i},{k}]": 1 for k in range(last + 1)}, 1, 1)
        model.row({f"{piece}[{i},{k}]": 1 for k in range(1, last + 1)}, 1, 1)
        for k in range(last + 1):
            around = {f"{piece}[{i},{m}]": -1 for m in (k, k + 1) if 1 <= m <= last}
            model.row({f"{weight}[{i},{k}]": 1, **around}, None, 0)
    model.row({f"{weight}[{i},{k}]": at for i, points in data.items() for k, (at, _) in enumerate(points)}, need, None)
    return model.done("weights")


def _increments(data: Mapping[int, list[tuple[int, int]]], need: int, words: Words) -> Formulation:
    model = _Model()
    amount, full = words[6], words[4]
    for i, points in data.items():
        for k in range(1, len(points)):
            length = points[k][0] - points[k - 1][0]
            model.add(f"{amount}[{i},{k}]", _C, 0, length, (points[k][1] - points[k - 1][1]) // length)
        for k in range(1, len(points) - 1):
            model.add(f"{full}[{i},{k}]", _B, 0, 1)
    for i, points in data.items():
        for k in range(1, len(points) - 1):
            model.row({f"{amount}[{i},{k}]": 1, f"{full}[{i},{k}]": points[k - 1][0] - points[k][0]}, 0, None)
            model.row({f"{amount}[{i},{k + 1}]": 1, f"{full}[{i},{k}]": points[k][0] - points[k + 1][0]}, None, 0)
    model.row({f"{amount}[{i},{k}]": 1 for i, points in data.items() for k in range(1, len(points))}, need, None)
    return model.done("increments")


def increments(size: int, rng: random.Random, words: Words) -> TextbookPair:
    """A piecewise cost filled piece after piece, from weights of the breaks (Dantzig, 1960; Markowitz and Manne)."""
    data = _breaks(size, rng)
    need = sum(points[-1][0] for points in data.values()) // 2
    rules = [
        f"{words[6]}[{i},{k}] = {points[k][0] - points[k - 1][0]}*"
        f"({'+'.join(f'{words[3]}[{i},{m}]' for m in range(k, len(points)))})"
        for i, points in data.items()
        for k in range(1, len(points))
    ]
    rules.append(f"{words[4]}[i,k] = sum({words[2]}[i,m] for m if m > k)")
    return TextbookPair("increments", _increments(data, need, words), _weights(data, need, words), "\n".join(rules))


def pieces(size: int, rng: random.Random, words: Words) -> TextbookPair:
    """Weights of the breaks of a piecewise cost, from amounts filled piece after piece."""
    data = _breaks(size, rng)
    need = sum(points[-1][0] for points in data.values()) // 2
    amount, full, weight, piece = words[6], words[4], words[3], words[2]
    rules = []
    for i, points in data.items():
        last = len(points) - 1
        share = {k: f"1/{points[k][0] - points[k - 1][0]}*{amount}[{i},{k}]" for k in range(1, last + 1)}
        for k in range(last + 1):
            left = share[k] if k else "1"
            right = f" - {share[k + 1]}" if k < last else ""
            rules.append(f"{weight}[{i},{k}] = {left}{right}")
        for k in range(1, last + 1):
            left = f"{full}[{i},{k - 1}]" if k > 1 else "1"
            right = f" - {full}[{i},{k}]" if k < last else ""
            rules.append(f"{piece}[{i},{k}] = {left}{right}")
    return TextbookPair("pieces", _weights(data, need, words), _increments(data, need, words), "\n".join(rules))


def assignment(size: int, rng: random.Random, words: Words) -> TextbookPair:
    """An assignment problem as a network flow with source and sink, from the assignment."""
    x, a, b, f = words[0], words[4], words[5], words[3]
    wage = {(i, j): rng.randint(1, 30) for i in range(size) for j in range(size)}
    plain, flow = _Model(), _Model()
    for (i, j), cost in wage.items():
        plain.add(f"{x}[{i},{j}]", _B, 0, 1, cost)
        flow.add(f"{f}[{i},{j}]", _I, 0, None, cost)
    for k in range(size):
        plain.row({f"{x}[{k},{j}]": 1 for j in range(size)}, 1, 1)
        plain.row({f"{x}[{i},{k}]": 1 for i in range(size)}, 1, 1)
        flow.add(f"{a}[{k}]", _I, 0, 1)
        flow.add(f"{b}[{k}]", _I, 0, 1)
    flow.row({f"{a}[{k}]": 1 for k in range(size)}, size, size)
    for k in range(size):
        flow.row({f"{a}[{k}]": 1, **{f"{f}[{k},{j}]": -1 for j in range(size)}}, 0, 0)
        flow.row({f"{b}[{k}]": -1, **{f"{f}[{i},{k}]": 1 for i in range(size)}}, 0, 0)
    rules = f"{f}[i,j] = {x}[i,j]\n{a}[i] = sum({x}[i,j] for j)\n{b}[j] = sum({x}[i,j] for i)"
    return TextbookPair("assignment", flow.done("flow"), plain.done("assignment"), rules)


def bits(size: int, rng: random.Random, words: Words) -> TextbookPair:
    """Whole numbers from their bits (Watters, 1967), values far apart."""
    n, b = words[0], words[5]
    items = {i: (rng.randint(10, 60), rng.randint(2, 12)) for i in range(size)}
    room = sum(weight * 3 for _, weight in items.values())
    plain, binary = _Model("maximize"), _Model("maximize")
    for i, (value, _) in items.items():
        plain.add(f"{n}[{i}]", _I, 0, 7, value)
        for k in range(3):
            binary.add(f"{b}[{i},{k}]", _B, 0, 1, value << k)
    plain.row({f"{n}[{i}]": weight for i, (_, weight) in items.items()}, None, room)
    binary.row({f"{b}[{i},{k}]": weight << k for i, (_, weight) in items.items() for k in range(3)}, None, room)
    return TextbookPair("bits", plain.done("numbers"), binary.done("bits"), f"{n}[i] = sum(2^k*{b}[i,k] for k)")


def levels(size: int, rng: random.Random, words: Words) -> TextbookPair:
    """ "At least level k" binaries, from a binary for each level."""
    u, z = words[4], words[2]
    top = 4
    gain = {(i, k): rng.randint(1, 9) for i in range(size) for k in range(1, top + 1)}
    use = {(i, k): rng.randint(1, 5) for i in range(size) for k in range(1, top + 1)}
    room = sum(use.values()) // 3
    unary, choice = _Model("maximize"), _Model("maximize")
    for i in range(size):
        for k in range(1, top + 1):
            unary.add(f"{u}[{i},{k}]", _B, 0, 1, gain[i, k])
            choice.add(f"{z}[{i},{k}]", _B, 0, 1, sum(gain[i, m] for m in range(1, k + 1)))
    for i in range(size):
        for k in range(2, top + 1):
            unary.row({f"{u}[{i},{k}]": 1, f"{u}[{i},{k - 1}]": -1}, None, 0)
        choice.row({f"{z}[{i},{k}]": 1 for k in range(1, top + 1)}, None, 1)
    unary.row({f"{u}[{i},{k}]": use[i, k] for i, k in use}, None, room)
    choice.row({f"{z}[{i},{k}]": sum(use[i, m] for m in range(1, k + 1)) for i, k in use}, None, room)
    return TextbookPair(
        "levels", unary.done("unary"), choice.done("choice"), f"{u}[i,k] = sum({z}[i,m] for m if m >= k)"
    )


def commodities(size: int, rng: random.Random, words: Words) -> TextbookPair:
    """Total flow on each arc of a fixed-charge network, from the flow to each customer (Rardin and Choe, 1979)."""
    x, y, f = words[0], words[1], words[3]
    nodes = range(size + 1)  # node 0 supplies all others
    arcs = [(i, j) for i in nodes for j in nodes if j and i != j and abs(i - j) <= 2]
    demand = {k: rng.randint(1, 6) for k in nodes if k}
    total = sum(demand.values())
    fixed = {arc: rng.randint(5, 20) for arc in arcs}
    unit = {arc: rng.randint(1, 4) for arc in arcs}
    coarse, fine = _Model(), _Model()
    for i, j in arcs:
        coarse.add(f"{x}[{i},{j}]", _C, 0, None, unit[i, j])
        for model in (coarse, fine):
            model.add(f"{y}[{i},{j}]", _B, 0, 1, fixed[i, j])
        for k in demand:
            fine.add(f"{f}[{i},{j},{k}]", _C, 0, None, unit[i, j])
    for n in demand:
        balance = {f"{x}[{i},{j}]": (j == n) - (i == n) for i, j in arcs}
        coarse.row(balance, demand[n], demand[n])
        for k in demand:
            single = {f"{f}[{i},{j},{k}]": (j == n) - (i == n) for i, j in arcs}
            need = demand[k] if k == n else 0
            fine.row(single, need, need)
    for i, j in arcs:
        coarse.row({f"{x}[{i},{j}]": 1, f"{y}[{i},{j}]": -total}, None, 0)
        for k in demand:
            fine.row({f"{f}[{i},{j},{k}]": 1, f"{y}[{i},{j}]": -demand[k]}, None, 0)
    rules = f"{x}[i,j] = sum({f}[i,j,k] for k)\n{y}[i,j] = {y}[i,j]"
    return TextbookPair("commodities", coarse.done("total"), fine.done("commodities"), rules, "quasi-karp")


def totals(size: int, rng: random.Random, words: Words) -> TextbookPair:
    """Production of each period, from production up to each period."""
    x, s = words[0], words[7]
    demand = {t: rng.randint(3, 12) for t in range(size)}
    cost = {t: rng.randint(1, 9) for t in range(size)}
    most = max(demand.values()) + 6
    single, summed = _Model(), _Model()
    for t in range(size):
        single.add(f"{x}[{t}]", _I, 0, most, cost[t])
        summed.add(f"{s}[{t}]", _I, 0, None, cost[t] - cost.get(t + 1, 0))
    for t in range(size):
        needed = sum(demand[u] for u in range(t + 1))
        single.row({f"{x}[{u}]": 1 for u in range(t + 1)}, needed, None)
        summed.row({f"{s}[{t}]": 1}, needed, None)
        before = {f"{s}[{t - 1}]": -1} if t else {}
        summed.row({f"{s}[{t}]": 1, **before}, 0, most)
    rules = f"{x}[0] = {s}[0]\n{x}[t] = {s}[t] - {s}[t-1]"
    return TextbookPair("totals", single.done("each"), summed.done("totals"), rules)


KINDS: dict[str, Callable[[int, random.Random, Words], TextbookPair]] = {
    "lot-sizing": lot_sizing,
    "starts": starts,
    "increments": increments,
    "pieces": pieces,
    "assignment": assignment,
    "bits": bits,
    "levels": levels,
    "commodities": commodities,
    "totals": totals,
}
