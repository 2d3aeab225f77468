"""Models for the isomorphism tests: families, and twins that are known to be the same model in another dress."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tools.formulation.model import Formulation, Kind, Sense
from tools.formulation.numbers import ExactVector
from tools.isomorphism.search import Matching

Number = Fraction | int | float
Bound = Fraction | None
Row = tuple[Mapping[int, Number], Bound | int, Bound | int]
"""Terms, lower side, upper side."""


def model(
    columns: Sequence[tuple[Kind, Bound | int, Bound | int]],
    cost: Mapping[int, Number],
    rows: Iterable[Row],
    *,
    sense: Sense = "minimize",
    constant: Fraction = Fraction(0),
    prefix: str = "x",
) -> Formulation:
    rows = list(rows)
    indptr, indices, values = [0], [], []
    for terms, _, _ in rows:
        indices += list(terms)
        values += list(terms.values())
        indptr.append(len(indices))
    return Formulation.build(
        sense=sense,
        variables=[f"{prefix}{j}" for j in range(len(columns))],
        lower=_vector((c[1] for c in columns), float("-inf")),
        upper=_vector((c[2] for c in columns), float("inf")),
        kinds=[c[0] for c in columns],
        objective=ExactVector.of([cost.get(j, 0) for j in range(len(columns))]),
        objective_constant=constant,
        rows=[f"r{i}" for i in range(len(rows))],
        row_lower=_vector((r[1] for r in rows), float("-inf")),
        row_upper=_vector((r[2] for r in rows), float("inf")),
        indptr=indptr,
        columns=indices,
        coefficients=ExactVector.of(values),
    )


def _vector(values: Iterable[Bound | int], missing: float) -> ExactVector:
    return ExactVector.of([missing if value is None else value for value in values])


@dataclass(frozen=True)
class Dress:
    """What a twin changes besides names and order."""

    scale: bool = True
    shift: bool = True
    reflect: bool = True
    drift: bool = False
    rows: bool = True
    objective: bool = True


def twin(original: Formulation, seed: int, dress: Dress = Dress()) -> Formulation:
    """Return the model in variables u with x_j = scale_j · u_(place of j) + shift_j, rows rewritten and shuffled."""
    rng = random.Random(seed)
    m, n = original.shape
    scale, shift = [], []
    for j in range(n):
        free = original.lower.finite(j) is None and original.upper.finite(j) is None
        whole = bool(original.integer[j])
        size = Fraction(rng.randint(1, 9), rng.randint(1, 9)) if dress.scale and not whole else Fraction(1)
        scale.append(-size if dress.reflect and rng.random() < 0.4 else size)
        moves = (dress.drift if free else dress.shift) and rng.random() < 0.5
        shift.append(Fraction(rng.randint(-9, 9), 1 if whole else rng.randint(1, 4)) if moves else Fraction(0))
    place = list(range(n))
    rng.shuffle(place)
    columns: list[tuple[Kind, Bound, Bound]] = [(Kind.CONTINUOUS, None, None)] * n
    for j in range(n):
        ends = [None if b is None else (b - shift[j]) / scale[j] for b in _bounds(original, j)]
        columns[place[j]] = (Kind(int(original.kinds[j])), *_oriented(ends[0], ends[1], scale[j]))
        if original.kinds[j] == Kind.BINARY and (ends[0], ends[1]) != (0, 1):
            columns[place[j]] = (Kind.INTEGER, *columns[place[j]][1:])
    rows: list[Row] = []
    for i in range(m):
        terms = {place[j]: a * scale[j] for j, a in original.row_terms(i).items()}
        moved = sum((a * shift[j] for j, a in original.row_terms(i).items()), Fraction(0))
        low, high = original.row_lower.finite(i), original.row_upper.finite(i)
        rows += _rewritten(
            terms, None if low is None else low - moved, None if high is None else high - moved, rng, dress.rows
        )
    rng.shuffle(rows)
    if dress.rows:
        for k in range(n):
            kind, low, high = columns[k]
            if kind != Kind.BINARY and low is not None and rng.random() < 0.3:
                factor = _factor(rng)
                rows.append(({k: factor}, *_oriented(low * factor, None, factor)))
                columns[k] = (kind, None, high)
    flip = -1 if dress.objective and rng.random() < 0.5 else 1
    size = Fraction(rng.randint(1, 5), rng.randint(1, 5)) if dress.objective else Fraction(1)
    sense: Sense = "minimize" if flip > 0 else "maximize"
    cost = {place[j]: c * scale[j] * size * flip for j, c in original.cost_terms.items()}
    return model(columns, cost, rows, sense=sense, constant=Fraction(rng.randint(-5, 5)), prefix="u")


def _bounds(original: Formulation, j: int) -> tuple[Bound, Bound]:
    return original.lower.finite(j), original.upper.finite(j)


def _oriented(low: Bound, high: Bound, factor: Fraction) -> tuple[Bound, Bound]:
    return (low, high) if factor > 0 else (high, low)


def _factor(rng: random.Random) -> Fraction:
    return Fraction(rng.choice([-1, 1]) * rng.randint(1, 9), rng.randint(1, 9))


def _rewritten(terms: Mapping[int, Fraction], low: Bound, high: Bound, rng: random.Random, change: bool) -> list[Row]:
    shuffled = list(terms.items())
    rng.shuffle(shuffled)
    if not change:
        return [(dict(shuffled), low, high)]
    pieces: list[tuple[Bound, Bound]] = [(low, high)]
    if low is not None and high is not None and rng.random() < 0.5:
        pieces = [(low, None), (None, high)]
    if rng.random() < 0.1:
        pieces.append((None if low is None else low - 1, None if high is None else high + 2))
    rows: list[Row] = []
    for below, above in pieces:
        f = _factor(rng)
        ends = _oriented(None if below is None else below * f, None if above is None else above * f, f)
        rows.append(({k: a * f for k, a in shuffled}, *ends))
    return rows


def carries_over(reference: Formulation, candidate: Formulation, matching: Matching) -> bool:
    """Say whether substituting the matching turns the reference's rows into the candidate's, by plain dictionaries."""
    mine = _normal_rows(reference, matching)
    theirs = _normal_rows(candidate, None)
    images = [int(k) for k in matching.column_of if k >= 0]
    return mine == theirs and len(set(images)) == len(images)


def _normal_rows(problem: Formulation, matching: Matching | None) -> dict[object, object]:
    """All requirements of a model, in the candidate's variables, each with leading coefficient 1."""
    m, n = problem.shape
    requirements: list[tuple[dict[int, Fraction], Bound, Bound]] = [
        (dict(problem.row_terms(i)), problem.row_lower.finite(i), problem.row_upper.finite(i)) for i in range(m)
    ]
    requirements += [({j: Fraction(1)}, *_bounds(problem, j)) for j in range(n)]
    result: dict[object, tuple[Bound, Bound]] = {}
    for terms, low, high in requirements:
        image, moved = _image(terms, matching)
        if not image:
            continue
        lead = image[min(image)]
        key = tuple(sorted((k, a / lead) for k, a in image.items()))
        ends = [None if side is None else (side - moved) / lead for side in (low, high)]
        below, above = _oriented(ends[0], ends[1], lead)
        old_below, old_above = result.get(key, (None, None))
        lows = [b for b in (below, old_below) if b is not None]
        highs = [b for b in (above, old_above) if b is not None]
        result[key] = (max(lows, default=None), min(highs, default=None))
    goal, _ = _image(dict(problem.cost_terms), matching)
    lead = abs(goal[min(goal)]) if goal else Fraction(1)
    kinds = {}
    for j in range(n):
        k = j if matching is None else int(matching.column_of[j])
        if k >= 0:
            kinds[k] = bool(problem.integer[j])
    return {
        "rows": {key: ends for key, ends in result.items() if ends != (None, None)},
        "cost": {k: c / lead for k, c in goal.items()},
        "kinds": kinds,
    }


def _image(terms: Mapping[int, Fraction], matching: Matching | None) -> tuple[dict[int, Fraction], Fraction]:
    if matching is None:
        return dict(terms), Fraction(0)
    image = {int(matching.column_of[j]): a * matching.scale[j] for j, a in terms.items() if matching.column_of[j] >= 0}
    return image, sum((a * matching.shift[j] for j, a in terms.items()), Fraction(0))


def random_model(seed: int, *, rows: int = 12, columns: int = 15, integers: float = 0.4) -> Formulation:
    """A sparse model with all kinds of bounds and sides and small rational data."""
    rng = random.Random(seed)
    specification: list[tuple[Kind, Bound, Bound]] = []
    for _ in range(columns):
        whole = rng.random() < integers
        kind = rng.choice([Kind.INTEGER, Kind.BINARY]) if whole else Kind.CONTINUOUS
        low, high = Fraction(rng.randint(-5, 3)), Fraction(rng.randint(4, 12))
        shape = rng.random()
        if kind == Kind.BINARY:
            specification.append((kind, Fraction(0), Fraction(1)))
        elif shape < 0.4:
            specification.append((kind, low, high))
        elif shape < 0.7:
            specification.append((kind, low, None))
        elif shape < 0.85:
            specification.append((kind, None, high))
        else:
            specification.append((Kind.CONTINUOUS, None, None))
    body: list[Row] = []
    for _ in range(rows):
        members = rng.sample(range(columns), rng.randint(2, min(5, columns)))
        terms = {j: Fraction(rng.choice([-1, 1]) * rng.randint(1, 6), rng.choice([1, 1, 2, 3])) for j in members}
        side = Fraction(rng.randint(-10, 10))
        body.append(
            rng.choice([(terms, side, None), (terms, None, side), (terms, side, side), (terms, side, side + 7)])
        )
    cost = {j: Fraction(rng.randint(-4, 4)) for j in range(columns)}
    return model(specification, cost, body)


BINARY = (Kind.BINARY, 0, 1)
NONNEGATIVE = (Kind.CONTINUOUS, 0, None)


def assignment(size: int) -> Formulation:
    lines = [{i * size + j: 1 for j in range(size)} for i in range(size)]
    lines += [{i * size + j: 1 for i in range(size)} for j in range(size)]
    return model([NONNEGATIVE] * (size * size), dict.fromkeys(range(size * size), 1), [(t, 1, 1) for t in lines])


def bin_packing(items: int, bins: int, weights: Sequence[int]) -> Formulation:
    """Variables x[i, b] then y[b]."""
    rows: list[Row] = [({i * bins + b: 1 for b in range(bins)}, 1, 1) for i in range(items)]
    for b in range(bins):
        rows.append(({**{i * bins + b: weights[i] for i in range(items)}, items * bins + b: -10}, None, 0))
    cost = {items * bins + b: 1 for b in range(bins)}
    return model([BINARY] * (items * bins + bins), cost, rows)


def tsp_mtz(cities: int, cost_of: Mapping[tuple[int, int], int]) -> Formulation:
    arcs = [(i, j) for i in range(cities) for j in range(cities) if i != j]
    index = {arc: k for k, arc in enumerate(arcs)}
    rows: list[Row] = [({index[i, j]: 1 for j in range(cities) if j != i}, 1, 1) for i in range(cities)]
    rows += [({index[j, i]: 1 for j in range(cities) if j != i}, 1, 1) for i in range(cities)]
    for i, j in arcs:
        if i and j:
            rows.append(({len(arcs) + i: 1, len(arcs) + j: -1, index[i, j]: cities}, None, cities - 1))
    columns = [BINARY] * len(arcs) + [(Kind.CONTINUOUS, 1, cities)] * cities
    return model(columns, {index[arc]: c for arc, c in cost_of.items()}, rows)


def colouring(edges: Sequence[tuple[int, int]], nodes: int, colours: int) -> Formulation:
    """Variables x[v, c] then w[c]."""
    rows: list[Row] = [({v * colours + c: 1 for c in range(colours)}, 1, 1) for v in range(nodes)]
    for u, v in edges:
        rows += [({u * colours + c: 1, v * colours + c: 1, nodes * colours + c: -1}, None, 0) for c in range(colours)]
    return model([BINARY] * (nodes * colours + colours), {nodes * colours + c: 1 for c in range(colours)}, rows)


def vertex_cover(edges: Sequence[tuple[int, int]], nodes: int) -> Formulation:
    return model([BINARY] * nodes, dict.fromkeys(range(nodes), 1), [({u: 1, v: 1}, 1, None) for u, v in edges])


def blocks(block: Formulation, count: int) -> Formulation:
    """Disjoint copies of one model."""
    m, n = block.shape
    columns = [(Kind(int(block.kinds[j])), *_bounds(block, j)) for j in range(n)] * count
    rows: list[Row] = []
    cost: dict[int, Number] = {}
    for k in range(count):
        cost |= {k * n + j: c for j, c in block.cost_terms.items()}
        for i in range(m):
            terms = {k * n + j: a for j, a in block.row_terms(i).items()}
            rows.append((terms, block.row_lower.finite(i), block.row_upper.finite(i)))
    return model(columns, cost, rows)


def circulant(nodes: int, steps: Sequence[int]) -> list[tuple[int, int]]:
    return sorted({(min(v, (v + s) % nodes), max(v, (v + s) % nodes)) for v in range(nodes) for s in steps})


def random_regular(nodes: int, degree: int, seed: int) -> list[tuple[int, int]]:
    """A simple regular graph, by switching edges of a circulant graph at random."""
    rng = random.Random(seed)
    edges = set(circulant(nodes, range(1, degree // 2 + 1)))
    for _ in range(20 * len(edges)):
        (a, b), (c, d) = rng.sample(sorted(edges), 2)
        one, two = (min(a, d), max(a, d)), (min(c, b), max(c, b))
        if len({a, b, c, d}) == 4 and one not in edges and two not in edges:
            edges -= {(a, b), (c, d)}
            edges |= {one, two}
    return sorted(edges)
