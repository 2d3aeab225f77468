"""Pairs of tiny models whose numbers are hard on floating point, with the mapping between them that is meant.

A base model of one of `BASES` is the reference. The candidate is the same model after exact steps of `STEPS`, with at
most one thing of `MUTATIONS` changed, mostly by so little that solvers do not see it. Whether the candidate is still
right is for exact arithmetic to say, not for the generator. Everything is plain data in `quasikarp/formulation/1`.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Context
from fractions import Fraction
from typing import Any

Terms = dict[str, Fraction]
Side = Fraction | None

TINY = [Fraction(1, 10**k) for k in (6, 7, 8, 9)]
"""Changes around the tolerances of solvers."""

FACTORS = [*(Fraction(10) ** k for k in (-9, -6, -3, 3, 6, 9)), Fraction(1, 3), Fraction(7), Fraction(3, 7)]


@dataclass
class Column:
    """A variable: its bounds and kind."""

    low: Side
    high: Side
    kind: str = "integer"


@dataclass
class Line:
    """A row: low ≤ terms ≤ high."""

    terms: Terms
    low: Side = None
    high: Side = None


@dataclass
class Draft:
    """A model that can be changed, with `recovery` of the base model's variables, and σ(v) = scale·v + offset."""

    columns: dict[str, Column]
    lines: list[Line]
    cost: Terms
    constant: Fraction = Fraction(0)
    maximize: bool = False
    recovery: dict[str, tuple[Fraction, Terms]] = field(default_factory=dict)
    scale: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)

    def substitute(self, old: str, new: str, factor: Fraction, shift: Fraction) -> None:
        """Write old = factor·new + shift everywhere."""
        column = self.columns[old]
        ends = [None if end is None else (end - shift) / factor for end in (column.low, column.high)]
        low, high = ends if factor > 0 else reversed(ends)
        renamed = Column(low, high, column.kind)
        self.columns = {new if k == old else k: renamed if k == old else v for k, v in self.columns.items()}
        for line in self.lines:
            moved = _replace(line.terms, old, new, factor, shift)
            line.low, line.high = (None if side is None else side - moved for side in (line.low, line.high))
        self.constant += _replace(self.cost, old, new, factor, shift)
        for name, (constant, terms) in self.recovery.items():
            self.recovery[name] = constant + _replace(terms, old, new, factor, shift), terms

    def document(self, name: str) -> dict[str, Any]:
        """Return the model in the JSON format."""
        variables = [
            {"name": k, "lower": _shown(c.low), "upper": _shown(c.high), "kind": c.kind}
            for k, c in self.columns.items()
        ]
        rows = [
            {"name": f"r{i}", "lower": _shown(r.low), "upper": _shown(r.high), "terms": _all_shown(r.terms)}
            for i, r in enumerate(self.lines)
        ]
        return {
            "schema": "quasikarp/formulation/1",
            "name": name,
            "sense": "maximize" if self.maximize else "minimize",
            "objective": {"constant": _shown(self.constant), "terms": _all_shown(self.cost)},
            "variables": variables,
            "rows": rows,
        }

    def mapping(self) -> dict[str, Any]:
        """Return the mapping as in a report."""
        recovery = {k: {"constant": str(c), "terms": _all_shown(t)} for k, (c, t) in self.recovery.items()}
        return {"recovery": recovery, "objective": {"scale": str(self.scale), "offset": str(self.offset)}}


@dataclass(frozen=True)
class NastyPair:
    """Two models and the mapping that is meant; `rounded` where they differ by the rounding of doubles only."""

    seed: int
    kind: str
    steps: tuple[str, ...]
    mutation: str
    reference: dict[str, Any]
    candidate: dict[str, Any]
    mapping: dict[str, Any]

    @property
    def rounded(self) -> bool:
        """Whether the difference is one that nobody means."""
        return self.mutation == "written in doubles"


def nasty_pair(seed: int) -> NastyPair:
    """Return the pair of this seed; kinds of base models take turns."""
    rng = random.Random(f"nasty {seed}")
    kind = list(BASES)[seed % len(BASES)]
    base = BASES[kind](rng)
    made = copy.deepcopy(base)
    made.recovery = {name: (Fraction(0), {name: Fraction(1)}) for name in base.columns}
    steps = rng.sample(list(STEPS), rng.choice((0, 1, 2, 3)))
    mutation = rng.choice([*MUTATIONS, "", "", "", ""])
    position = rng.randint(0, len(steps))
    done: list[str] = []
    broken = ""
    for place in range(len(steps) + 1):
        if place == position and mutation and made.lines and MUTATIONS[mutation](rng, made):
            broken = mutation
        if place < len(steps) and made.lines and STEPS[steps[place]](rng, made):
            done.append(steps[place])
    if not broken and kind in SHORT and rng.random() < 0.4:
        _write_in_doubles(rng, made)
        broken = "written in doubles"
    if rng.random() < 0.6:
        _rename(rng, made)
        done.append("renamed")
    return NastyPair(
        seed, kind, tuple(done), broken, base.document("reference"), made.document("candidate"), made.mapping()
    )


def _shown(value: Side) -> str | None:
    """Return a number as a decimal where it has one, else as a fraction."""
    if value is None:
        return None
    decimal = Context(prec=60).divide(value.numerator, value.denominator)
    return str(decimal) if Fraction(decimal) == value else str(value)


def _all_shown(terms: Terms) -> dict[str, str | None]:
    return {name: _shown(a) for name, a in terms.items() if a}


def _replace(terms: Terms, old: str, new: str, factor: Fraction, shift: Fraction) -> Fraction:
    """Put factor·new + shift for old, and return the constant that this gives."""
    if old not in terms:
        return Fraction(0)
    a = terms.pop(old)
    terms[new] = a * factor
    return a * shift


def _value(terms: Terms, point: dict[str, Fraction]) -> Fraction:
    return sum((a * point[k] for k, a in terms.items()), Fraction(0))


def _box(rng: random.Random, kind: str, count: int) -> tuple[dict[str, Column], dict[str, Fraction]]:
    """Return variables in small boxes, and whole values within them."""
    names = ["x", "y", "z"][:count]
    columns = {name: Column(Fraction(0), Fraction(rng.randint(1, 6)), kind) for name in names}
    return columns, {name: Fraction(rng.randint(0, int(column.high or 0))) for name, column in columns.items()}


def _costs(rng: random.Random, columns: dict[str, Column]) -> Terms:
    return {name: Fraction(rng.choice((-3, -2, -1, 1, 2, 3, 5))) for name in columns}


def _through(rng: random.Random, terms: Terms, point: dict[str, Fraction], relation: str) -> Line:
    """Return the row that holds with equality at the point."""
    side = _value(terms, point)
    return Line(terms, None if relation == "<=" else side, None if relation == ">=" else side)


def _wide(rng: random.Random) -> Draft:
    """Coefficients from 1e-9 to 1e9 in one row, and rows that a grid point meets exactly."""
    columns, point = _box(rng, rng.choice(("integer", "integer", "continuous")), rng.choice((2, 3)))
    lines = []
    for _ in range(rng.choice((1, 2, 2))):
        terms = {
            k: rng.choice((-1, 1, 1, 2, 3)) * Fraction(10) ** rng.choice((-9, -6, -3, 0, 3, 6, 9)) for k in columns
        }
        lines.append(_through(rng, terms, point, rng.choice(("<=", ">=", "<="))))
    return Draft(columns, lines, _costs(rng, columns))


def _near_parallel(rng: random.Random) -> Draft:
    """Two rows that differ in the seventh to twelfth digit and cross at a grid point."""
    columns, point = _box(rng, rng.choice(("integer", "continuous", "continuous")), rng.choice((2, 2, 3)))
    terms = {k: Fraction(rng.randint(1, 9)) for k in columns}
    near = dict(terms)
    for name in rng.sample(list(columns), rng.choice((1, 2))):
        near[name] += rng.choice((-1, 1)) * Fraction(1, 10 ** rng.randint(7, 12))
    relations = rng.choice((("<=", ">="), ("=", "="), ("<=", "<="), (">=", "=")))
    lines = [_through(rng, row, point, how) for row, how in zip((terms, near), relations, strict=True)]
    return Draft(columns, lines, _costs(rng, columns))


def _big_m(rng: random.Random) -> Draft:
    """Quantities that are switched on by binaries with a big M, and a demand that may be tiny."""
    kind = rng.choice(("integer", "continuous"))
    big = Fraction(10) ** rng.choice((6, 7, 8))
    columns, cost = dict[str, Column](), dict[str, Fraction]()
    lines = []
    for k in ("1", "2"):
        columns[f"x{k}"] = Column(Fraction(0), Fraction(rng.randint(1, 4)), kind)
        columns[f"b{k}"] = Column(Fraction(0), Fraction(1), "binary")
        lines.append(Line({f"x{k}": Fraction(1), f"b{k}": -big}, None, Fraction(0)))
        cost |= {f"x{k}": Fraction(rng.randint(0, 2)), f"b{k}": Fraction(rng.randint(1, 9))}
    demand = Fraction(1) if kind == "integer" else rng.choice((Fraction(1, 100), Fraction(1, 10**5), Fraction(1, 2)))
    lines.append(Line({"x1": Fraction(1), "x2": Fraction(1)}, demand, None))
    return Draft(columns, lines, cost)


def _tiny_switch(rng: random.Random) -> Draft:
    """An integer that is 0 within a solver's tolerance and must be 1."""
    big = Fraction(10) ** rng.choice((6, 7, 8, 9))
    columns = {"x": Column(Fraction(0), Fraction(1), "continuous"), "b": Column(Fraction(0), Fraction(2))}
    lines = [
        Line({"x": Fraction(1), "b": -big}, None, Fraction(0)),
        Line({"x": Fraction(1)}, rng.choice((Fraction(1, 10), Fraction(1, 2), big / 10**8)), None),
    ]
    return Draft(columns, lines, {"b": Fraction(1), "x": rng.choice((Fraction(0), Fraction(1, 10**6)))})


def _over_determined(rng: random.Random) -> Draft:
    """More equations than variables; one may contradict the others by little."""
    columns, point = _box(rng, rng.choice(("continuous", "continuous", "integer")), rng.choice((2, 3)))
    lines = []
    for _ in range(len(columns)):
        terms = {k: Fraction(rng.choice((-2, -1, 1, 2, 3)), rng.choice((1, 1, 10))) for k in columns}
        lines.append(_through(rng, terms, point, "="))
    total = {k: sum((line.terms[k] for line in lines), Fraction(0)) for k in columns}
    gap = rng.choice((Fraction(0), *TINY, Fraction(1, 10**10))) * rng.choice((-1, 1))
    lines.append(Line(total, _value(total, point) + gap, _value(total, point) + gap))
    return Draft(columns, lines, _costs(rng, columns))


def _almost_tied(rng: random.Random) -> Draft:
    """Costs that differ by 1e-7 to 1e-9, so that the optimum is unique and hardly better than others."""
    columns, _ = _box(rng, rng.choice(("integer", "continuous")), rng.choice((2, 3)))
    cost = {k: Fraction(rng.choice((1, 1, 2))) for k in columns}
    for name in rng.sample(list(columns), len(columns) - 1):
        cost[name] += rng.choice((-1, 0, 1, 1)) * rng.choice(TINY)
    need = Fraction(rng.randint(1, int(sum(column.high or 0 for column in columns.values()))))
    return Draft(columns, [Line(dict.fromkeys(columns, Fraction(1)), need, None)], cost)


def _thin(rng: random.Random) -> Draft:
    """A strip that is 1e-6 to 1e-9 wide, beside a grid point or through it."""
    columns, point = _box(rng, rng.choice(("integer", "continuous")), 2)
    terms = {k: Fraction(rng.choice((1, 1, 2, -1, 3))) for k in columns}
    width = rng.choice(TINY)
    low = _value(terms, point) + rng.choice((Fraction(0), -width, width, -width / 2, -2 * width))
    return Draft(columns, [Line(terms, low, low + width)], _costs(rng, columns))


def _exact_edge(rng: random.Random) -> Draft:
    """Decimals that no double expresses, with sides that grid points meet exactly."""
    columns, point = _box(rng, "integer", rng.choice((2, 3)))
    terms = {k: Fraction(rng.randint(1, 9), 10 ** rng.choice((1, 1, 2))) for k in columns}
    lines = [_through(rng, terms, point, rng.choice(("<=", ">=")))]
    if rng.random() < 0.5:
        lines.append(_through(rng, {k: Fraction(rng.randint(1, 9), 7) for k in columns}, point, "<="))
    return Draft(columns, lines, {k: Fraction(rng.randint(-9, 9), 10) or Fraction(1) for k in columns})


def _hidden_parity(rng: random.Random) -> Draft:
    """Integers that satisfy an equation within a tolerance only, or exactly."""
    columns, point = _box(rng, "integer", 2)
    big = Fraction(10) ** rng.choice((0, 3, 6))
    terms = {"x": big, "y": -(big + rng.choice((0, 1)))}
    side = _value(terms, point) + rng.choice((Fraction(0), Fraction(0), *TINY))
    return Draft(columns, [Line(terms, side, side)], _costs(rng, columns))


def _far(rng: random.Random) -> Draft:
    """An optimum at 1e6 to 1e9, or none: a coefficient of 1e-6 to 1e-9 keeps the model bounded."""
    columns = {
        "x": Column(Fraction(0), None, "continuous"),
        "y": Column(Fraction(0), Fraction(1), rng.choice(("continuous", "integer"))),
    }
    tiny = rng.choice((*TINY, *TINY, Fraction(0)))
    lines = [Line({"x": tiny, "y": Fraction(-1)} if tiny else {"y": Fraction(1)}, None, Fraction(0))]
    return Draft(columns, lines, {"x": -rng.choice((Fraction(1), *TINY)), "y": Fraction(rng.randint(0, 2))})


def _subset_sum(rng: random.Random) -> Draft:
    """Binaries whose weights of nine digits reach a sum exactly, or miss it by one; the row may be scaled down."""
    count = rng.choice((5, 6, 7))
    columns = {f"b{k}": Column(Fraction(0), Fraction(1), "binary") for k in range(count)}
    unit = rng.choice((Fraction(1), Fraction(1, 10**6), Fraction(1, 10**9)))
    weights = {k: rng.randint(10**8, 10**9) * unit for k in columns}
    side = sum((a for a in weights.values() if rng.random() < 0.5), Fraction(0)) + rng.choice((0, 0, 1, -1)) * unit
    relation = rng.choice(("=", "<=", ">="))
    line = Line(weights, None if relation == "<=" else side, None if relation == ">=" else side)
    cost = dict(weights) if rng.random() < 0.5 else _costs(rng, columns)
    return Draft(columns, [line], cost, maximize=relation == "<=")


def _huge_whole(rng: random.Random) -> Draft:
    """Whole numbers of 17 and 18 digits that differ in the last, which no double tells apart."""
    columns, point = _box(rng, rng.choice(("integer", "integer", "continuous")), rng.choice((2, 3)))
    big = Fraction(10 ** rng.choice((16, 17)))
    terms = {k: big * rng.choice((1, 1, 2, -1)) + rng.randint(-2, 2) for k in columns}
    line = _through(rng, terms, point, rng.choice(("<=", ">=")))
    cost = {k: big + rng.randint(-1, 1) for k in columns} if rng.random() < 0.3 else _costs(rng, columns)
    return Draft(columns, [line], cost)


def _small_coefficients(rng: random.Random) -> Draft:
    """Coefficients of 1e-10 to 1e-13, which solvers drop, on variables up to 1e12."""
    reach = Fraction(10 ** rng.choice((9, 11, 12)))
    columns = {
        "x": Column(Fraction(0), reach, "continuous"),
        "y": Column(Fraction(0), rng.choice((reach, Fraction(1))), "continuous"),
        "b": Column(Fraction(0), Fraction(1), "binary"),
    }
    tiny = Fraction(1, 10 ** rng.randint(10, 13))
    lines = [
        Line({"x": tiny, "y": tiny * rng.choice((1, 2)), "b": Fraction(-1)}, None, Fraction(0)),
        Line({"x": Fraction(1), "y": Fraction(1)}, rng.choice((Fraction(0), Fraction(1))), None),
    ]
    return Draft(columns, lines, {"x": -tiny, "y": Fraction(rng.choice((-1, 1))), "b": Fraction(rng.randint(0, 1))})


BASES: dict[str, Callable[[random.Random], Draft]] = {
    "wide range": _wide,
    "near-parallel rows": _near_parallel,
    "big M": _big_m,
    "switch within tolerance": _tiny_switch,
    "over-determined": _over_determined,
    "almost tied": _almost_tied,
    "thin strip": _thin,
    "exact edge": _exact_edge,
    "hidden parity": _hidden_parity,
    "far optimum": _far,
    "subset sum": _subset_sum,
    "huge whole numbers": _huge_whole,
    "dropped coefficients": _small_coefficients,
}
"""Every kind of base model."""

SHORT = ("big M", "exact edge", "almost tied")
"""Kinds whose numbers have few digits and whose truth does not hang on the last of sixteen."""


def _scale_rows(rng: random.Random, made: Draft) -> bool:
    for line in made.lines:
        factor = rng.choice(FACTORS) * rng.choice((-1, 1))
        line.terms = {k: a * factor for k, a in line.terms.items()}
        ends = [None if side is None else side * factor for side in (line.low, line.high)]
        line.low, line.high = ends if factor > 0 else reversed(ends)
    return True


def _scale_columns(rng: random.Random, made: Draft) -> bool:
    continuous = [name for name, column in made.columns.items() if column.kind == "continuous"]
    for name in continuous:
        made.substitute(name, f"{name}s", rng.choice(FACTORS), Fraction(0))
    return bool(continuous)


def _shift(rng: random.Random, made: Draft) -> bool:
    name = rng.choice(list(made.columns))
    column = made.columns[name]
    whole = Fraction(rng.randint(-3, 3))
    if column.kind == "binary" or rng.random() < 0.4:
        if column.high is None:
            return False
        made.substitute(name, f"{name}c", Fraction(-1), column.high)
    else:
        made.substitute(name, f"{name}t", Fraction(1), whole)
    return True


def _slack(rng: random.Random, made: Draft) -> bool:
    lines = [line for line in made.lines if (line.low is None) != (line.high is None)]
    if not lines:
        return False
    line, name = rng.choice(lines), f"slack{len(made.columns)}"
    made.columns[name] = Column(Fraction(0), None, "continuous")
    line.terms[name] = Fraction(1 if line.low is None else -1)
    line.low = line.high = line.high if line.low is None else line.low
    return True


def _epigraph(rng: random.Random, made: Draft) -> bool:
    sign = -1 if made.maximize else 1
    name = f"value{len(made.columns)}"
    made.columns[name] = Column(None, None, "continuous")
    made.lines.append(Line({name: Fraction(sign), **{k: -sign * a for k, a in made.cost.items()}}, Fraction(0), None))
    made.cost = {name: Fraction(1)}
    return True


def _repeat_row(rng: random.Random, made: Draft) -> bool:
    """Add a row again, scaled, and maybe looser by very little."""
    line, factor = rng.choice(made.lines), abs(rng.choice(FACTORS))
    loose = rng.choice((Fraction(0), Fraction(0), *TINY))
    low = None if line.low is None else (line.low - loose) * factor
    high = None if line.high is None else (line.high + loose) * factor
    made.lines.append(Line({k: a * factor for k, a in line.terms.items()}, low, high))
    return True


def _turn_objective(rng: random.Random, made: Draft) -> bool:
    """Multiply the objective, add to it, and maybe exchange minimize and maximize."""
    factor, shift = rng.choice(FACTORS), Fraction(rng.randint(-3, 3))
    flip = rng.random() < 0.5
    sign = -1 if made.maximize else 1
    made.scale, made.offset = made.scale / factor, made.offset - made.scale / factor * sign * shift
    turned = -factor if flip else factor
    made.cost = {k: a * turned for k, a in made.cost.items()}
    made.constant = made.constant * turned + (-shift if flip else shift)
    made.maximize ^= flip
    return True


def _combine_rows(rng: random.Random, made: Draft) -> bool:
    """Add a multiple of an equation to another row."""
    equations = [line for line in made.lines if line.low is not None and line.low == line.high]
    if not equations or len(made.lines) < 2:
        return False
    equation = rng.choice(equations)
    other = rng.choice([line for line in made.lines if line is not equation])
    factor, side = rng.choice(FACTORS), equation.low or Fraction(0)
    terms = {k: other.terms.get(k, Fraction(0)) + factor * a for k, a in equation.terms.items()}
    other.terms = {k: a for k, a in {**other.terms, **terms}.items() if a}
    other.low, other.high = (None if end is None else end + factor * side for end in (other.low, other.high))
    return True


def _name_activity(rng: random.Random, made: Draft) -> bool:
    """Give the activity of a row, scaled, a variable of its own that takes over the sides."""
    line, factor, name = rng.choice(made.lines), abs(rng.choice(FACTORS)), f"activity{len(made.columns)}"
    low, high = (None if side is None else side * factor for side in (line.low, line.high))
    made.columns[name] = Column(low, high, "continuous")
    line.terms = {**{k: a * factor for k, a in line.terms.items()}, name: Fraction(-1)}
    line.low = line.high = Fraction(0)
    return True


STEPS: dict[str, Callable[[random.Random, Draft], bool]] = {
    "rows scaled": _scale_rows,
    "columns scaled": _scale_columns,
    "shifted": _shift,
    "slack": _slack,
    "epigraph": _epigraph,
    "row repeated": _repeat_row,
    "rows combined": _combine_rows,
    "activity named": _name_activity,
    "objective turned": _turn_objective,
}
"""Changes that keep the meaning; each says whether there was something to do."""


def _little(rng: random.Random, size: Side) -> Fraction:
    """Return a tiny number of either sign, by itself or as a share of `size`; one in six no double can tell."""
    tiny = Fraction(1, 3 * 10**18) if rng.random() < 0.17 else rng.choice(TINY)
    return rng.choice((-1, 1)) * tiny * rng.choice((Fraction(1), abs(size or Fraction(1))))


def _move_side(rng: random.Random, made: Draft) -> bool:
    line = rng.choice(made.lines)
    amount = _little(rng, line.high if line.low is None else line.low)
    if line.low is not None and line.low == line.high:
        line.low = line.high = line.low + amount
    elif line.high is None or (line.low is not None and line.low < line.high - abs(amount) and rng.random() < 0.5):
        line.low = (line.low or Fraction(0)) + amount
    else:
        line.high += amount
    return True


def _move_bound(rng: random.Random, made: Draft) -> bool:
    column = made.columns[rng.choice(list(made.columns))]
    if column.kind == "binary" or (column.low is None and column.high is None):
        return False
    amount = _little(rng, column.high)
    if column.high is None or (column.low is not None and rng.random() < 0.5):
        column.low = (column.low or Fraction(0)) + amount
    else:
        column.high += amount
    return True


def _move_cost(rng: random.Random, made: Draft) -> bool:
    name = rng.choice(list(made.columns))
    made.cost[name] = made.cost.get(name, Fraction(0)) + _little(rng, made.cost.get(name))
    return True


def _move_coefficient(rng: random.Random, made: Draft) -> bool:
    line = rng.choice(made.lines)
    name = rng.choice(list(line.terms))
    line.terms[name] += _little(rng, line.terms[name])
    return True


def _drop_row(rng: random.Random, made: Draft) -> bool:
    made.lines.remove(rng.choice(made.lines))
    return True


def _drop_integrality(rng: random.Random, made: Draft) -> bool:
    whole = [column for column in made.columns.values() if column.kind != "continuous"]
    if not whole:
        return False
    rng.choice(whole).kind = "continuous"
    return True


MUTATIONS: dict[str, Callable[[random.Random, Draft], bool]] = {
    "side moved": _move_side,
    "bound moved": _move_bound,
    "cost moved": _move_cost,
    "coefficient moved": _move_coefficient,
    "row dropped": _drop_row,
    "integrality dropped": _drop_integrality,
}
"""Changes that may change the meaning; each says whether there was something to change."""


def _rename(rng: random.Random, made: Draft) -> None:
    """Give every variable another name, in another order."""
    names = list(made.columns)
    rng.shuffle(names)
    for position, name in enumerate(names):
        made.substitute(name, f"u{position}", Fraction(1), Fraction(0))
    order = sorted(made.columns, key=lambda _: rng.random())
    made.columns = {name: made.columns[name] for name in order}
    rng.shuffle(made.lines)


def _write_in_doubles(rng: random.Random, made: Draft) -> None:
    """Multiply each row by a third or so in doubles, and take what a program would write."""
    for line in made.lines:
        factor = rng.choice((0.1, 1 / 3, 0.7, 3.3))
        line.terms = {k: _double(a, factor) for k, a in line.terms.items()}
        line.low, line.high = (None if side is None else _double(side, factor) for side in (line.low, line.high))


def _double(value: Fraction, factor: float) -> Fraction:
    return Fraction(repr(float(value) * factor))
