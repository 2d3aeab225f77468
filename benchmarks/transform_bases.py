"""Small base models for the transformations: own ones of many structures, the examples, files of the shared data."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from pathlib import Path

from benchmarks.generated_models import generic_lp, generic_milp
from benchmarks.plain_model import Column, PlainModel, Row, Side
from tools.formulation.model import Formulation, Kind
from tools.formulation.read import read

REPOSITORY = Path(__file__).resolve().parent.parent
EXAMPLES = ("digits", "knapsack", "lot_sizing", "production", "slack", "transport")
SHARED = ("alternative_formulations/lp", "bench4opt/lp", "formulation_bench/lp", "highs_instances", "llm_written")
SHARED_EACH = 3
"""So many of the smallest files of each shared folder take part."""

LARGEST_SHARED = 12_000
"""Bytes of a shared file that takes part."""

_B, _I, _C = Kind.BINARY, Kind.INTEGER, Kind.CONTINUOUS


def bases() -> dict[str, Callable[[], Formulation]]:
    """Return every base model by name, to be built or read when needed; files that are absent are left out."""
    found: dict[str, Callable[[], Formulation]] = dict(OWN)
    for name in EXAMPLES:
        found[f"examples/{name}"] = _reader(REPOSITORY / "examples" / "models" / name / "reference.lp")
    root = Path(os.environ.get("QUASIKARP_SHARED_DATA") or REPOSITORY.parent / "shared" / "data").resolve()
    for folder in SHARED:
        files = [
            path
            for path in sorted((root / folder).rglob("*"))
            if path.suffix in (".lp", ".mps") and path.stat().st_size <= LARGEST_SHARED
        ]
        # Different sizes rather than several of the same family: every so many files of the sorted list.
        files.sort(key=lambda path: (path.stat().st_size, path))
        for path in files[:: max(1, len(files) // SHARED_EACH)][:SHARED_EACH]:
            found[str(path.relative_to(root))] = _reader(path)
    return found


def _reader(path: Path) -> Callable[[], Formulation]:
    return lambda: read(path)


class _Builder:
    """Columns and rows by name."""

    def __init__(self) -> None:
        self.plain = PlainModel()
        self.place: dict[str, int] = {}

    def column(self, name: str, kind: Kind, lower: int | None, upper: int | None, cost: int | Fraction = 0) -> None:
        """Add a variable."""
        self.place[name] = len(self.plain.columns)
        self.plain.columns.append(Column(name, kind, _side(lower), _side(upper), Fraction(cost)))

    def row(self, terms: Mapping[str, int | Fraction], lower: int | None, upper: int | None) -> None:
        """Add a row."""
        named = {self.place[name]: Fraction(a) for name, a in terms.items() if a}
        self.plain.rows.append(Row(f"c{len(self.plain.rows)}", named, _side(lower), _side(upper)))

    def done(self, name: str, *, maximize: bool = False) -> Formulation:
        """Return the model."""
        self.plain.sense = "maximize" if maximize else "minimize"
        return self.plain.formulation(name)


def _side(value: int | None) -> Side:
    return None if value is None else Fraction(value)


def integer_knapsack() -> Formulation:
    """Two capacities, numbers of pieces up to 15."""
    model = _Builder()
    for k, (value, most) in enumerate([(7, 9), (5, 12), (4, 15), (9, 6)]):
        model.column(f"x[{k}]", _I, 0, most, value)
    model.row({"x[0]": 5, "x[1]": 4, "x[2]": 3, "x[3]": 7}, None, 61)
    model.row({"x[0]": 2, "x[1]": 1, "x[2]": 2, "x[3]": 1}, 3, 29)
    return model.done("integer_knapsack", maximize=True)


def lot_sizing() -> Formulation:
    """Four periods with set-ups, stock and demand equalities."""
    model = _Builder()
    demand = [6, 3, 8, 5]
    for t in range(4):
        model.column(f"make[{t}]", _C, 0, None, 2 + t % 2)
        model.column(f"setup[{t}]", _B, 0, 1, 11)
        model.column(f"stock[{t}]", _C, 0, 12, 1)
    for t in range(4):
        balance: dict[str, int | Fraction] = {f"make[{t}]": 1, f"stock[{t}]": -1}
        if t:
            balance[f"stock[{t - 1}]"] = 1
        model.row(balance, demand[t], demand[t])
        model.row({f"make[{t}]": 1, f"setup[{t}]": -sum(demand[t:])}, None, 0)
    return model.done("lot_sizing")


def facility_location() -> Formulation:
    """Three sites and four customers, strong linking rows."""
    model, rng = _Builder(), random.Random(5)
    for i in range(3):
        model.column(f"open[{i}]", _B, 0, 1, rng.randint(6, 12))
        for j in range(4):
            model.column(f"serve[{i},{j}]", _C, 0, 1, rng.randint(1, 9))
    for j in range(4):
        model.row({f"serve[{i},{j}]": 1 for i in range(3)}, 1, 1)
        for i in range(3):
            model.row({f"serve[{i},{j}]": 1, f"open[{i}]": -1}, None, 0)
    return model.done("facility_location")


def transport() -> Formulation:
    """Two plants, three markets, ranged rows."""
    model, rng = _Builder(), random.Random(6)
    for i in range(2):
        for j in range(3):
            model.column(f"ship[{i},{j}]", _C, 0, 40, rng.randint(2, 9))
    for i in range(2):
        model.row({f"ship[{i},{j}]": 1 for j in range(3)}, 5, 50)
    for j in range(3):
        model.row({f"ship[{i},{j}]": 1 for i in range(2)}, 12 + j, None)
    return model.done("transport")


def assignment() -> Formulation:
    """Three jobs to three people, binaries and equalities only."""
    model, rng = _Builder(), random.Random(7)
    for i in range(3):
        for j in range(3):
            model.column(f"a[{i},{j}]", _B, 0, 1, rng.randint(1, 20))
    for k in range(3):
        model.row({f"a[{k},{j}]": 1 for j in range(3)}, 1, 1)
        model.row({f"a[{i},{k}]": 1 for i in range(3)}, 1, 1)
    return model.done("assignment")


def goal_programming() -> Formulation:
    """Free deviations, an absolute value written with two inequalities."""
    model = _Builder()
    model.column("x", _I, -7, 7, 0)
    model.column("y", _I, -5, 9, -1)
    model.column("deviation", _C, None, None, 0)
    model.column("size", _C, 0, None, 3)
    model.row({"x": 2, "y": 3, "deviation": -1}, 4, 4)
    model.row({"size": 1, "deviation": -1}, 0, None)
    model.row({"size": 1, "deviation": 1}, 0, None)
    model.row({"x": 1, "y": -1}, -8, 6)
    return model.done("goal_programming")


def machines() -> Formulation:
    """Identical units: numbers of hours on three equal machines, a product of identical continuous columns."""
    model = _Builder()
    for k in range(3):
        model.column(f"hours[{k}]", _I, 0, 8, 4)
    model.column("extra[0]", _C, 0, None, 7)
    model.column("extra[1]", _C, 0, None, 7)
    model.row({**{f"hours[{k}]": 2 for k in range(3)}, "extra[0]": 3, "extra[1]": 3}, 31, None)
    model.row({f"hours[{k}]": 1 for k in range(3)}, None, 20)
    return model.done("machines")


def set_cover() -> Formulation:
    """Six sets over five elements."""
    model, rng = _Builder(), random.Random(8)
    members = [(0, 1), (1, 2, 3), (3, 4), (0, 4), (2,), (0, 2, 4)]
    for k in range(6):
        model.column(f"take[{k}]", _B, 0, 1, rng.randint(2, 6))
    for e in range(5):
        model.row({f"take[{k}]": 1 for k, held in enumerate(members) if e in held}, 1, None)
    return model.done("set_cover")


def scheduling() -> Formulation:
    """Three jobs on one machine with big M orders."""
    model = _Builder()
    length = [3, 5, 4]
    for j in range(3):
        model.column(f"start[{j}]", _C, 0, 20, 2 + j)
    for j in range(3):
        for k in range(j + 1, 3):
            model.column(f"before[{j},{k}]", _B, 0, 1)
            model.row({f"start[{j}]": 1, f"start[{k}]": -1, f"before[{j},{k}]": 25}, None, 25 - length[j])
            model.row({f"start[{k}]": 1, f"start[{j}]": -1, f"before[{j},{k}]": -25}, None, -length[k])
    return model.done("scheduling")


def whole_network() -> Formulation:
    """A flow of whole units on six arcs, integral by its equalities."""
    model = _Builder()
    arcs = {(0, 1): 3, (0, 2): 5, (1, 2): 1, (1, 3): 6, (2, 3): 2, (0, 3): 9}
    for (i, j), cost in arcs.items():
        model.column(f"f[{i},{j}]", _I, 0, 7, cost)
    for node, net in enumerate([9, 0, 0, -9]):
        out = {f"f[{i},{j}]": 1 for i, j in arcs if i == node}
        model.row({**out, **{f"f[{i},{j}]": -1 for i, j in arcs if j == node}}, net, net)
    return model.done("whole_network")


def blend() -> Formulation:
    """A linear program with fractions as data."""
    model = _Builder()
    for k, cost in enumerate([Fraction(7, 2), Fraction(13, 4), 5]):
        model.column(f"use[{k}]", _C, 0, None if k else 30, cost)
    model.column("made", _C, 10, 40, -6)
    model.row({"use[0]": 1, "use[1]": 1, "use[2]": 1, "made": -1}, 0, 0)
    model.row({"use[0]": Fraction(1, 3), "use[1]": Fraction(1, 5), "use[2]": 1, "made": Fraction(-2, 5)}, 0, None)
    model.row({"use[0]": 1, "use[1]": -2}, None, 5)
    return model.done("blend")


def unbounded_counts() -> Formulation:
    """Numbers of units without upper bounds."""
    model = _Builder()
    for k, cost in enumerate([13, 9, 21]):
        model.column(f"units[{k}]", _I, 0, None, cost)
    model.row({"units[0]": 5, "units[1]": 3, "units[2]": 8}, 47, None)
    model.row({"units[0]": 1, "units[1]": -1}, None, 4)
    return model.done("unbounded_counts")


OWN: dict[str, Callable[[], Formulation]] = {
    "integer_knapsack": integer_knapsack,
    "lot_sizing": lot_sizing,
    "facility_location": facility_location,
    "transport": transport,
    "assignment": assignment,
    "goal_programming": goal_programming,
    "machines": machines,
    "set_cover": set_cover,
    "scheduling": scheduling,
    "whole_network": whole_network,
    "blend": blend,
    "unbounded_counts": unbounded_counts,
    "generic_lp": lambda: generic_lp(40, 1),
    "generic_milp": lambda: generic_milp(40, 2),
}
"""Own base models by name."""


def chosen(names: Iterable[str] | None, limit: int | None) -> dict[str, Callable[[], Formulation]]:
    """Return the base models with these names (all without names), the first `limit` of them."""
    every = bases()
    wanted = list(every) if names is None else list(names)
    unknown = [name for name in wanted if name not in every]
    if unknown:
        raise ValueError(f"unknown base model {unknown[0]!r}; known are {', '.join(every)}")
    return {name: every[name] for name in wanted[:limit]}
