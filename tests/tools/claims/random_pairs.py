"""Random tiny pairs of models with a mapping that may be right or wrong: twins, twins that were broken, strangers."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass, field
from fractions import Fraction

from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import ExactVector
from tools.mapping.forms import IndexMapping

INFINITE = float("inf")
Side = Fraction | None


@dataclass
class Draft:
    """A model under construction: dense rows, None for absent sides, `sense` 1 to minimise and -1 to maximise."""

    low: list[Side]
    high: list[Side]
    integer: list[bool]
    cost: list[Fraction]
    rows: list[tuple[list[Fraction], Side, Side]] = field(default_factory=list)
    constant: Fraction = Fraction(0)
    sense: int = 1

    @property
    def n(self) -> int:
        return len(self.low)

    def build(self) -> Formulation:
        entries = [(j, a) for terms, _, _ in self.rows for j, a in enumerate(terms) if a]
        starts = [0]
        for terms, _, _ in self.rows:
            starts.append(starts[-1] + sum(map(bool, terms)))
        return Formulation.build(
            sense="minimize" if self.sense == 1 else "maximize",
            variables=[f"x{j}" for j in range(self.n)],
            lower=ExactVector.of(-INFINITE if v is None else v for v in self.low),
            upper=ExactVector.of(INFINITE if v is None else v for v in self.high),
            kinds=[Kind.INTEGER if integer else Kind.CONTINUOUS for integer in self.integer],
            objective=ExactVector.of(self.cost),
            objective_constant=self.constant,
            rows=[f"r{i}" for i in range(len(self.rows))],
            row_lower=ExactVector.of(-INFINITE if v is None else v for _, v, _ in self.rows),
            row_upper=ExactVector.of(INFINITE if v is None else v for _, _, v in self.rows),
            indptr=starts,
            columns=[j for j, _ in entries],
            coefficients=ExactVector.of(a for _, a in entries),
        )


@dataclass
class Map:
    """y_i = constants[i] + Σ_k matrix[i][k]·x_k."""

    constants: list[Fraction]
    matrix: list[list[Fraction]]

    @classmethod
    def identity(cls, n: int) -> Map:
        return cls([Fraction(0)] * n, [[Fraction(int(i == k)) for k in range(n)] for i in range(n)])

    def indexed(self) -> IndexMapping:
        return IndexMapping(self.constants, [{k: a for k, a in enumerate(row) if a} for row in self.matrix])

    def substitute(self, k: int, scale: Fraction, shift: Fraction) -> None:
        """Replace old x_k by scale·(new x_k) + shift."""
        for i, row in enumerate(self.matrix):
            self.constants[i] += row[k] * shift
            row[k] *= scale


@dataclass
class Case:
    """A pair with a mapping; `steps` says how it came about, `right` whether only correct steps were taken."""

    reference: Draft
    candidate: Draft
    recovery: Map
    steps: list[str]
    right: bool


def number(rng: random.Random, size: int = 3, fractions: bool = False) -> Fraction:
    value = Fraction(rng.randint(-size, size))
    return value / rng.choice((2, 3, 10)) if fractions and rng.random() < 0.4 else value


NASTY = ("1e-9", "1e9", "1e7", "0.3333333333333333", "0.30000000000000004", "0.7999999999999999", "1.0000001",
         "0.9999999", "1e-7", "1e-6", "333333.3333333333")  # fmt: skip


def spoil(rng: random.Random, draft: Draft) -> None:
    """Replace some numbers by huge, tiny and rounded ones, and add a row nearly parallel to another."""
    for terms, _, _ in draft.rows:
        for j in range(draft.n):
            if rng.random() < 0.3:
                terms[j] = Fraction(rng.choice(NASTY)) * rng.choice((1, -1))
    for j in range(draft.n):
        if rng.random() < 0.2:
            draft.cost[j] = Fraction(rng.choice(NASTY)) * rng.choice((1, -1))
    if draft.rows and rng.random() < 0.5:
        terms, low, high = rng.choice(draft.rows)
        near = [a * (1 + Fraction(rng.choice((-1, 0, 1)), 10**7)) for a in terms]
        draft.rows.append((near, None if low is None else low - Fraction(1, 10**7), high))


def random_draft(rng: random.Random, kinds: str) -> Draft:
    """`kinds`: "integer", "continuous", "mixed"."""
    n = rng.choice((1, 2, 2, 3) if kinds == "integer" else (1, 2, 2))
    fractions = rng.random() < 0.3
    integer = [kinds == "integer" or (kinds == "mixed" and rng.random() < 0.5) for _ in range(n)]
    low: list[Side] = []
    high: list[Side] = []
    for j in range(n):
        start = number(rng, 2, fractions)
        low.append(start)
        high.append(start + rng.choice((1, 1, 2, 3, Fraction(5, 2)) if fractions or not integer[j] else (1, 1, 2, 3)))
        if rng.random() < 0.05:
            high[j] = low[j]
        if rng.random() < 0.06:
            (low if rng.random() < 0.3 else high)[j] = None
    draft = Draft(low, high, integer, [number(rng, 3, fractions) for _ in range(n)])
    draft.constant = number(rng, 2) if rng.random() < 0.2 else Fraction(0)
    draft.sense = rng.choice((1, 1, -1))
    for _ in range(rng.choice((0, 1, 1, 2, 2))):
        draft.rows.append(random_row(rng, n, fractions))
    return draft


def random_row(rng: random.Random, n: int, fractions: bool) -> tuple[list[Fraction], Side, Side]:
    terms = [number(rng, 3, fractions) for _ in range(n)]
    side = number(rng, 5, fractions)
    kind = rng.random()
    if kind < 0.4:
        return terms, None, side
    if kind < 0.75:
        return terms, side, None
    if kind < 0.88:
        return terms, side, side + rng.randint(0, 3)
    return terms, side, side


def twin(rng: random.Random, reference: Draft) -> Case:
    """Return the reference with itself, and the identity."""
    return Case(reference, copy.deepcopy(reference), Map.identity(reference.n), [], True)


def permute(rng: random.Random, case: Case) -> None:
    c = case.candidate
    order = list(range(c.n))
    rng.shuffle(order)
    for attribute in ("low", "high", "integer", "cost"):
        setattr(c, attribute, [getattr(c, attribute)[k] for k in order])
    c.rows = [([terms[k] for k in order], low, high) for terms, low, high in c.rows]
    rng.shuffle(c.rows)
    case.recovery.matrix = [[row[k] for k in order] for row in case.recovery.matrix]


def substitute(case: Case, k: int, scale: Fraction, shift: Fraction) -> None:
    """Write x_k = scale·x_k' + shift in the candidate and the recovery."""
    c = case.candidate
    ends = [None if v is None else (v - shift) / scale for v in (c.low[k], c.high[k])]
    c.low[k], c.high[k] = ends if scale > 0 else ends[::-1]
    c.constant += c.cost[k] * shift
    c.cost[k] *= scale
    rows = []
    for terms, low, high in c.rows:
        moved = terms[k] * shift
        changed = [a * scale if j == k else a for j, a in enumerate(terms)]
        rows.append((changed, None if low is None else low - moved, None if high is None else high - moved))
    c.rows = rows
    case.recovery.substitute(k, scale, shift)


def shift(rng: random.Random, case: Case) -> None:
    c = case.candidate
    k = rng.randrange(c.n)
    low = c.low[k]
    by = low if low is not None and (not c.integer[k] or low.denominator == 1) else Fraction(rng.randint(-3, 3))
    substitute(case, k, Fraction(1), by)


def complement(rng: random.Random, case: Case) -> None:
    c = case.candidate
    k = rng.randrange(c.n)
    high = c.high[k]
    by = high if high is not None and (not c.integer[k] or high.denominator == 1) else Fraction(0)
    substitute(case, k, Fraction(-1), by)


def scale_column(rng: random.Random, case: Case) -> None:
    continuous = [k for k in range(case.candidate.n) if not case.candidate.integer[k]]
    if continuous:
        factor = rng.choice((Fraction(2), Fraction(1, 3), Fraction(-5, 2), Fraction(1, 10)))
        substitute(case, rng.choice(continuous), factor, Fraction(0))


def scale_row(rng: random.Random, case: Case) -> None:
    c = case.candidate
    if not c.rows:
        return
    i = rng.randrange(len(c.rows))
    factor = rng.choice((Fraction(2), Fraction(-1), Fraction(1, 3), Fraction(-7, 2)))
    terms, low, high = c.rows[i]
    ends = [None if v is None else v * factor for v in (low, high)]
    c.rows[i] = ([a * factor for a in terms], *(ends if factor > 0 else ends[::-1]))


def scale_objective(rng: random.Random, case: Case) -> None:
    c = case.candidate
    factor = rng.choice((Fraction(2), Fraction(1, 3), Fraction(3, 2)))
    c.cost = [a * factor for a in c.cost]
    c.constant = c.constant * factor + rng.randint(-2, 2)


def flip_sense(rng: random.Random, case: Case) -> None:
    c = case.candidate
    c.cost, c.constant, c.sense = [-a for a in c.cost], -c.constant, -c.sense


def add_column(case: Case, low: Side, high: Side, integer: bool) -> int:
    c = case.candidate
    c.low.append(low)
    c.high.append(high)
    c.integer.append(integer)
    c.cost.append(Fraction(0))
    c.rows = [([*terms, Fraction(0)], row_low, row_high) for terms, row_low, row_high in c.rows]
    for row in case.recovery.matrix:
        row.append(Fraction(0))
    return c.n - 1


def slack(rng: random.Random, case: Case) -> None:
    c = case.candidate
    open_rows = [i for i, (_, low, high) in enumerate(c.rows) if (low is None) != (high is None)]
    if not open_rows or c.n > 3:
        return
    i = rng.choice(open_rows)
    k = add_column(case, Fraction(0), None, False)
    terms, low, high = c.rows[i]
    terms[k] = Fraction(1 if low is None else -1)
    side = high if low is None else low
    c.rows[i] = (terms, side, side)


def epigraph(rng: random.Random, case: Case) -> None:
    c = case.candidate
    if c.n > 3:
        return
    k = add_column(case, None, None, False)
    sign = Fraction(c.sense)
    terms = [-sign * a for a in c.cost]
    terms[k] = sign
    c.rows.append((terms, Fraction(0), None))
    if rng.random() < 0.3:
        c.rows.insert(0, ([2 * a if j != k else a for j, a in enumerate(terms)], Fraction(-100), None))
    c.cost = [Fraction(int(j == k)) for j in range(c.n)]


def split(rng: random.Random, case: Case) -> None:
    """Write an integer x_k ≥ 0 as a sum of two, or as digits to the base 2."""
    c = case.candidate
    fitting = [k for k in range(c.n) if c.integer[k] and c.low[k] == 0 and (c.high[k] or 0) > 0]
    if not fitting or c.n > 2:
        return
    k = rng.choice(fitting)
    high = c.high[k]
    assert high is not None
    base = rng.choice((1, 2))
    extra = add_column(case, Fraction(0), Fraction(int(high) // base), True)
    for row in case.recovery.matrix:
        row[extra] = base * row[k]
    c.cost[extra] = base * c.cost[k]
    for terms, _, _ in c.rows:
        terms[extra] = base * terms[k]
    cap = [Fraction(0)] * c.n
    cap[k], cap[extra] = Fraction(1), Fraction(base)
    c.rows.append((cap, None, high))


def redundant_row(rng: random.Random, case: Case) -> None:
    c = case.candidate
    if not c.rows:
        return
    (t1, _, h1), (t2, _, h2) = rng.choice(c.rows), rng.choice(c.rows)
    if h1 is not None and h2 is not None:
        c.rows.append(([a + 2 * b for a, b in zip(t1, t2, strict=True)], None, h1 + 2 * h2 + rng.randint(0, 1)))


def twist(rng: random.Random, case: Case) -> None:
    """Add an integer variable tied to x_k by an equality, and let the recovery read half of each."""
    c = case.candidate
    if c.n > 2:
        return
    k = rng.randrange(c.n)
    new = add_column(case, c.low[k], c.high[k], c.integer[k])
    tie = [Fraction(0)] * c.n
    tie[k], tie[new] = Fraction(1), Fraction(-1)
    c.rows.append((tie, Fraction(0), Fraction(0)))
    for row in case.recovery.matrix:
        row[new] = row[k] / 2
        row[k] -= row[new]


# What follows breaks something, most of the time.


def drop_row(rng: random.Random, case: Case) -> None:
    if case.candidate.rows:
        case.candidate.rows.pop(rng.randrange(len(case.candidate.rows)))


def extra_row(rng: random.Random, case: Case) -> None:
    case.candidate.rows.append(random_row(rng, case.candidate.n, False))


def change_side(rng: random.Random, case: Case) -> None:
    c = case.candidate
    if c.rows:
        i = rng.randrange(len(c.rows))
        terms, low, high = c.rows[i]
        by = rng.choice((-1, 1, Fraction(1, 2), Fraction(-1, 10), Fraction(1, 10**7), Fraction(-1, 10**7)))
        c.rows[i] = (terms, None if low is None else low + by, None if high is None else high + by)


def change_coefficient(rng: random.Random, case: Case) -> None:
    c = case.candidate
    if c.rows:
        terms = rng.choice(c.rows)[0]
        terms[rng.randrange(c.n)] += rng.choice((-1, 1, Fraction(1, 10)))


def change_bound(rng: random.Random, case: Case) -> None:
    c = case.candidate
    k = rng.randrange(c.n)
    side = rng.choice((c.low, c.high))
    value = side[k]
    if value is not None:
        side[k] = value + rng.choice((-1, 1, Fraction(1, 2)))


def change_cost(rng: random.Random, case: Case) -> None:
    c = case.candidate
    c.cost[rng.randrange(c.n)] += rng.choice((-1, 1, -2))


def change_kind(rng: random.Random, case: Case) -> None:
    c = case.candidate
    k = rng.randrange(c.n)
    if c.n <= 2 or sum(not integer for integer in c.integer) <= 2:
        c.integer[k] = not c.integer[k]


def change_map(rng: random.Random, case: Case) -> None:
    f = case.recovery
    i = rng.randrange(len(f.constants))
    if rng.random() < 0.4:
        f.constants[i] += rng.choice((-1, 1, Fraction(1, 2)))
    else:
        f.matrix[i][rng.randrange(case.candidate.n)] += rng.choice((-1, 1, Fraction(1, 2)))


def constant_map(rng: random.Random, case: Case) -> None:
    f = case.recovery
    i = rng.randrange(len(f.constants))
    f.matrix[i] = [Fraction(0)] * case.candidate.n
    f.constants[i] = number(rng, 2)


def make_infeasible(rng: random.Random, case: Case) -> None:
    draft = rng.choice((case.reference, case.candidate))
    draft.rows.append(([Fraction(1)] * draft.n, Fraction(50), None))


RIGHT = (
    permute, shift, complement, scale_column, scale_row, scale_objective, flip_sense, slack, epigraph, split,
    redundant_row, twist,
)  # fmt: skip
WRONG = (
    drop_row, extra_row, change_side, change_coefficient, change_bound, change_cost, change_kind, change_map,
    constant_map, make_infeasible,
)  # fmt: skip


def random_case(seed: int, kinds: str | None = None, nasty: bool = False) -> Case:
    """Return the case of this seed: one in eight unrelated, of the others half broken; `nasty` spoils the numbers."""
    rng = random.Random(seed)
    chosen = kinds or rng.choice(("integer", "integer", "integer", "continuous", "mixed"))
    draft = random_draft(rng, chosen)
    if nasty:
        spoil(rng, draft)
    case = twin(rng, draft)
    if rng.random() < 0.12:
        case.candidate = random_draft(rng, chosen)
        matrix = [[number(rng, 1) for _ in range(case.candidate.n)] for _ in range(case.reference.n)]
        case.recovery = Map([number(rng, 2) for _ in matrix], matrix)
        case.steps, case.right = ["unrelated"], False
        return case
    broken = rng.random() < 0.5
    for _ in range(rng.choice((0, 1, 2, 3))):
        step = rng.choice(RIGHT)
        step(rng, case)
        case.steps.append(step.__name__)
    if broken:
        case.right = False
        for _ in range(rng.choice((1, 1, 2))):
            wrong = rng.choice(WRONG)
            wrong(rng, case)
            case.steps.append(wrong.__name__)
    return case
