"""Pairs of formulations that are not isomorphic; the candidate's names, columns and rows tell nothing."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import ExactVector

Number = int | Fraction | None
CONTINUOUS, INTEGER, BINARY = Kind.CONTINUOUS, Kind.INTEGER, Kind.BINARY


@dataclass
class Draft:
    """A model under construction, by names."""

    variables: dict[str, tuple[Kind, Number, Number, int]] = field(default_factory=dict)
    rows: list[tuple[dict[str, int], Number, Number]] = field(default_factory=list)

    def add(self, name: str, kind: Kind = BINARY, cost: int = 0, low: Number = 0, high: Number = 1) -> str:
        self.variables[name] = (kind, low, high, cost)
        return name

    def row(self, terms: Mapping[str, int], low: Number, high: Number) -> None:
        self.rows.append(({name: a for name, a in terms.items() if a}, low, high))

    def model(self) -> Formulation:
        return self._built(list(self.variables), self.rows, {name: name for name in self.variables})

    def disguised(self, seed: int) -> tuple[Formulation, dict[str, str]]:
        """Return the model with meaningless names in random order, and the meaning of each name."""
        rng = random.Random(seed)
        order, rows = list(self.variables), list(self.rows)
        rng.shuffle(order)
        rng.shuffle(rows)
        names = {name: f"q{k}" for k, name in enumerate(order)}
        return self._built(order, rows, names), {alias: name for name, alias in names.items()}

    def _built(
        self, order: list[str], rows: list[tuple[dict[str, int], Number, Number]], names: Mapping[str, str]
    ) -> Formulation:
        place = {name: k for k, name in enumerate(order)}
        starts, columns, values = [0], [], []
        for terms, _, _ in rows:
            columns += [place[name] for name in terms]
            values += list(terms.values())
            starts.append(len(columns))
        data = [self.variables[name] for name in order]
        return Formulation.build(
            variables=[names[name] for name in order],
            kinds=[kind for kind, _, _, _ in data],
            lower=_vector([low for _, low, _, _ in data], float("-inf")),
            upper=_vector([high for _, _, high, _ in data], float("inf")),
            objective=ExactVector.of([cost for _, _, _, cost in data]),
            rows=[f"r{i}" for i in range(len(rows))],
            row_lower=_vector([low for _, low, _ in rows], float("-inf")),
            row_upper=_vector([high for _, _, high in rows], float("inf")),
            indptr=starts,
            columns=columns,
            coefficients=ExactVector.of(values),
        )


def _vector(values: list[Number], missing: float) -> ExactVector:
    return ExactVector.of([missing if value is None else value for value in values])


def coverage() -> tuple[Draft, Draft]:
    """Serve customers by open sites; the candidate says which site serves whom."""
    gain = [7, 11, 5, 9]
    near = [(0, 1), (1, 2), (0, 2, 3), (3,)]
    ours, theirs = Draft(), Draft()
    for draft in (ours, theirs):
        for h in range(4):
            draft.add(f"y{h}", cost=(2, 3, 4, 2)[h])
        draft.row({f"y{h}": 1 for h in range(4)}, None, 2)
    for n in range(4):
        ours.add(f"z{n}", cost=-gain[n])
        ours.row({f"z{n}": 1, **{f"y{h}": -1 for h in near[n]}}, None, 0)
        for h in near[n]:
            theirs.add(f"x{n}{h}", cost=-gain[n])
            theirs.row({f"x{n}{h}": 1, f"y{h}": -1}, None, 0)
        theirs.row({f"x{n}{h}": 1 for h in near[n]}, None, 1)
    return ours, theirs


ARCS = {"sa": (3, 8), "sb": (5, 9), "ab": (1, 4), "at": (9, 7), "bt": (4, 9)}
PATHS = {"sat": ("sa", "at"), "sbt": ("sb", "bt"), "sabt": ("sa", "ab", "bt")}


def flow(capacities: bool = True) -> tuple[Draft, Draft]:
    """Send ten units from s to t: on arcs with costs and capacities, or on paths."""
    ours, theirs = Draft(), Draft()
    for arc, (cost, capacity) in ARCS.items():
        ours.add(arc, CONTINUOUS, cost, 0, capacity if capacities else None)
    ours.row({"sa": 1, "sb": 1}, 10, 10)
    ours.row({"sa": 1, "ab": -1, "at": -1}, 0, 0)
    ours.row({"sb": 1, "ab": 1, "bt": -1}, 0, 0)
    ours.row({"at": 1, "bt": 1}, 10, 10)
    for path, arcs in PATHS.items():
        theirs.add(path, CONTINUOUS, sum(ARCS[arc][0] for arc in arcs), 0, None)
    theirs.row(dict.fromkeys(PATHS, 1), 10, 10)
    for arc, (_, capacity) in ARCS.items() if capacities else ():
        theirs.row({path: 1 for path, arcs in PATHS.items() if arc in arcs}, None, capacity)
    return ours, theirs


def scheduling() -> tuple[Draft, Draft]:
    """One machine, three jobs, weighted start times: big-M orders against time-indexed starts."""
    lengths, weights, horizon = (2, 3, 1), (5, 4, 3), 6
    ours, theirs = Draft(), Draft()
    for j in range(3):
        ours.add(f"s{j}", CONTINUOUS, weights[j], 0, horizon - lengths[j])
    for i in range(3):
        for j in range(i + 1, 3):
            ours.add(f"o{i}{j}")
            ours.row({f"s{i}": 1, f"s{j}": -1, f"o{i}{j}": horizon}, None, horizon - lengths[i])
            ours.row({f"s{j}": 1, f"s{i}": -1, f"o{i}{j}": -horizon}, None, -lengths[j])
    for j in range(3):
        slots = range(horizon - lengths[j] + 1)
        for t in slots:
            theirs.add(f"z{j}{t}", cost=weights[j] * t)
        theirs.row({f"z{j}{t}": 1 for t in slots}, 1, 1)
    for t in range(horizon):
        busy = [
            f"z{j}{u}" for j in range(3) for u in range(max(0, t - lengths[j] + 1), t + 1)
            if u <= horizon - lengths[j]
        ]  # fmt: skip
        theirs.row(dict.fromkeys(busy, 1), None, 1)
    return ours, theirs


def lot_sizing(fractions: bool) -> tuple[Draft, Draft]:
    """Production, stock and set-ups against who produces for which period, in units or in shares of the demand."""
    demand, setup, holding, capacity = (30, 20, 40), (100, 70, 90), (1, 2), 70
    ours, theirs = Draft(), Draft()
    periods = range(3)
    for t in periods:
        ours.add(f"y{t}", cost=setup[t])
        ours.add(f"x{t}", CONTINUOUS, 0, 0, None)
    for t in range(2):
        ours.add(f"i{t}", CONTINUOUS, holding[t], 0, None)
    for t in periods:
        ours.row({f"x{t}": 1, f"y{t}": -capacity}, None, 0)
        before = {f"i{t - 1}": 1} if t else {}
        after = {f"i{t}": -1} if t < 2 else {}
        ours.row({f"x{t}": 1, **before, **after}, demand[t], demand[t])
    for t in periods:
        theirs.add(f"y{t}", cost=setup[t])
    for t in periods:
        for k in range(t, 3):
            unit = sum(holding[t:k])
            theirs.add(f"X{t}{k}", CONTINUOUS, unit * (demand[k] if fractions else 1), 0, None)
            theirs.row({f"X{t}{k}": 1, f"y{t}": -(1 if fractions else demand[k])}, None, 0)
    for t in periods:
        load = {f"X{t}{k}": demand[k] if fractions else 1 for k in range(t, 3)}
        theirs.row({**load, f"y{t}": -capacity}, None, 0)
        share = 1 if fractions else demand[t]
        theirs.row({f"X{s}{t}": 1 for s in range(t + 1)}, share, share)
    return ours, theirs


def covers() -> tuple[Draft, Draft]:
    """Vertex cover against independent set, with vertex weights."""
    weights, edges = (3, 5, 2, 4, 6), ((0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (1, 3))
    ours, theirs = Draft(), Draft()
    for v, weight in enumerate(weights):
        ours.add(f"c{v}", cost=weight)
        theirs.add(f"s{v}", cost=-weight)
    for v, w in edges:
        ours.row({f"c{v}": 1, f"c{w}": 1}, 1, None)
        theirs.row({f"s{v}": 1, f"s{w}": 1}, None, 1)
    return ours, theirs


def clusters() -> tuple[Draft, Draft]:
    """Open medians and assign: with opening variables, or with x_jj meaning that j is open."""
    far = ((0, 4, 9, 6), (3, 0, 5, 8), (7, 6, 0, 2), (9, 4, 3, 0))
    opening = (11, 8, 13, 9)
    ours, theirs = Draft(), Draft()
    for j in range(4):
        ours.add(f"open{j}", cost=opening[j])
    for i in range(4):
        for j in range(4):
            ours.add(f"a{i}{j}", cost=far[i][j])
            theirs.add(f"b{i}{j}", cost=far[i][j] + (opening[j] if i == j else 0))
    for i in range(4):
        ours.row({f"a{i}{j}": 1 for j in range(4)}, 1, 1)
        theirs.row({f"b{i}{j}": 1 for j in range(4)}, 1, 1)
        for j in range(4):
            if i == j:
                ours.row({f"a{i}{i}": 1, f"open{i}": -1}, 0, 0)
            else:
                ours.row({f"a{i}{j}": 1, f"open{j}": -1}, None, 0)
                theirs.row({f"b{i}{j}": 1, f"b{j}{j}": -1}, None, 0)
    return ours, theirs


def tours(cities: int = 4) -> tuple[Draft, Draft]:
    """Miller–Tucker–Zemlin against single-commodity flow."""
    rng = random.Random(cities)
    ours, theirs = Draft(), Draft()
    arcs = [(i, j) for i in range(cities) for j in range(cities) if i != j]
    for i, j in arcs:
        cost = rng.randint(10, 99)
        ours.add(f"x{i}{j}", cost=cost)
        theirs.add(f"w{i}{j}", cost=cost)
        theirs.add(f"f{i}{j}", CONTINUOUS, 0, 0, None)
        theirs.row({f"f{i}{j}": 1, f"w{i}{j}": -(cities - 1)}, None, 0)
    for i in range(1, cities):
        ours.add(f"u{i}", CONTINUOUS, 0, 1, cities - 1)
    for draft, x in ((ours, "x"), (theirs, "w")):
        for i in range(cities):
            draft.row({f"{x}{i}{j}": 1 for j in range(cities) if j != i}, 1, 1)
            draft.row({f"{x}{j}{i}": 1 for j in range(cities) if j != i}, 1, 1)
    for i, j in arcs:
        if i and j:
            ours.row({f"u{i}": 1, f"u{j}": -1, f"x{i}{j}": cities - 1}, None, cities - 2)
    for i in range(1, cities):
        into = {f"f{j}{i}": 1 for j in range(cities) if j != i}
        out = {f"f{i}{j}": -1 for j in range(cities) if j != i}
        theirs.row({**into, **out}, 1, 1)
    return ours, theirs
