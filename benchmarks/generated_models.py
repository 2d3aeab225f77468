"""Models of any size, made from a seed: two generic families and a structured one."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from benchmarks.plain_model import Column, PlainModel, Row
from tools.formulation.model import Formulation, Kind

_ROW_LENGTH = 5


def generic_lp(nonzeros: int, seed: int) -> Formulation:
    """Return a sparse feasible LP with about `nonzeros` random coefficients, five a row."""
    return _generic(nonzeros, random.Random(seed), integers=0.0)


def generic_milp(nonzeros: int, seed: int) -> Formulation:
    """Return a sparse feasible MILP: a third of the variables integer, a sixth binary."""
    return _generic(nonzeros, random.Random(seed), integers=0.5)


def production(nonzeros: int, seed: int) -> Formulation:
    """Return a multi-period production and transport model, whose coefficients repeat from period to period.

    Per period t: plants p make x[p,t] within a set-up y[p,t], ship z[p,m,t] to markets m with demand, and keep stock
    s[p,t]. Costs and demands take few values, so that many rows and columns look alike.
    """
    rng = random.Random(seed)
    plants, markets = 4, 6
    periods = max(2, nonzeros // (plants * (5 + 2 * markets)))
    plain = PlainModel()
    capacity = [Fraction(rng.randint(40, 60)) for _ in range(plants)]
    shipping = {(p, m): Fraction(rng.randint(1, 9)) for p in range(plants) for m in range(markets)}
    place: dict[tuple[object, ...], int] = {}

    def variable(kind: Kind, upper: Fraction | None, cost: Fraction, *key: object) -> None:
        place[key] = len(plain.columns)
        name = f"{key[0]}[{','.join(map(str, key[1:]))}]"
        plain.columns.append(Column(name, kind, Fraction(0), upper, cost))

    for t in range(periods):
        for p in range(plants):
            variable(Kind.CONTINUOUS, None, Fraction(2 + p % 2), "x", p, t)
            variable(Kind.BINARY, Fraction(1), Fraction(30), "y", p, t)
            variable(Kind.CONTINUOUS, Fraction(25), Fraction(1, 2), "s", p, t)
            for m in range(markets):
                variable(Kind.CONTINUOUS, None, shipping[p, m], "z", p, m, t)
    one = Fraction(1)
    for t in range(periods):
        for p in range(plants):
            balance = {place["x", p, t]: one, place["s", p, t]: -one}
            if t:
                balance[place["s", p, t - 1]] = one
            balance |= {place["z", p, m, t]: -one for m in range(markets)}
            plain.rows.append(Row(f"balance[{p},{t}]", balance, Fraction(0), Fraction(0)))
            setup = {place["x", p, t]: one, place["y", p, t]: -capacity[p]}
            plain.rows.append(Row(f"capacity[{p},{t}]", setup, None, Fraction(0)))
        for m in range(markets):
            terms = {place["z", p, m, t]: one for p in range(plants)}
            plain.rows.append(Row(f"demand[{m},{t}]", terms, Fraction(rng.choice((5, 10, 15))), None))
    return plain.formulation(f"production_{nonzeros}")


FAMILIES: dict[str, Callable[[int, int], Formulation]] = {
    "generic LP": generic_lp,
    "generic MILP": generic_milp,
    "production": production,
}
"""Every family, by the name that tables and plots show."""


def renamed_and_reordered(model: Formulation, seed: int) -> Formulation:
    """Return `model` with new names and a new order of rows, columns and coefficients; quick for large models too."""
    rng = np.random.default_rng(seed)
    m, n = model.shape
    row_order, column_order = rng.permutation(m), rng.permutation(n)
    place = np.empty(n, dtype=np.int64)
    place[column_order] = np.arange(n)
    lengths = np.diff(model.indptr)[row_order]
    starts = np.concatenate(([0], np.cumsum(lengths)))
    taken = np.repeat(model.indptr[:-1][row_order] - starts[:-1], lengths) + np.arange(starts[-1])
    return Formulation.build(
        name=f"{model.name}_twin",
        sense=model.sense,
        variables=[f"u{k}" for k in rng.permutation(n).tolist()],
        lower=model.lower.take(column_order),
        upper=model.upper.take(column_order),
        kinds=model.kinds[column_order],
        objective=model.objective.take(column_order),
        objective_constant=model.objective_constant,
        rows=[f"c{k}" for k in rng.permutation(m).tolist()],
        row_lower=model.row_lower.take(row_order),
        row_upper=model.row_upper.take(row_order),
        indptr=starts,
        columns=place[model.columns[taken]],
        coefficients=model.coefficients.take(taken),
    )


def _generic(nonzeros: int, rng: random.Random, integers: float) -> Formulation:
    """Five random columns a row; every row holds at a random point within the bounds, so the model is feasible."""
    rows = max(2, nonzeros // _ROW_LENGTH)
    columns = max(_ROW_LENGTH, rows)
    plain = PlainModel()
    point: list[int] = []
    for j in range(columns):
        kind, upper = Kind.CONTINUOUS, Fraction(rng.randint(5, 100))
        if rng.random() < integers:
            kind = Kind.INTEGER if rng.random() < 2 / 3 else Kind.BINARY
        if kind == Kind.BINARY:
            upper = Fraction(1)
        point.append(rng.randint(0, int(upper)))
        plain.columns.append(Column(f"x{j}", kind, Fraction(0), upper, Fraction(rng.randint(-500, 500), 10)))
    for i in range(rows):
        chosen = rng.sample(range(columns), _ROW_LENGTH)
        terms = {j: Fraction(rng.choice((-1, 1)) * rng.randint(1, 999), 100) for j in chosen}
        activity = sum((value * point[j] for j, value in terms.items()), Fraction(0))
        if rng.random() < 0.2:
            plain.rows.append(Row(f"r{i}", terms, activity, activity))
        else:
            plain.rows.append(Row(f"r{i}", terms, None, activity + rng.randint(0, 20)))
    kind_name = "milp" if integers else "lp"
    return plain.formulation(f"generic_{kind_name}_{nonzeros}")
