"""Small models that the tests of the benchmarks share."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

from benchmarks.plain_model import Column, PlainModel, Row, Side
from tools.formulation.model import Formulation, Kind

small = st.integers(-4, 4).map(Fraction)


def build(columns: str, rows: Sequence[tuple[dict[int, int], Side | int, Side | int]], cost: list[int]) -> Formulation:
    """One letter a column: b binary, i integer in 0..4, c continuous in 0..4, f free."""
    kinds: dict[str, tuple[Kind, int | None, int | None]] = {
        "b": (Kind.BINARY, 0, 1),
        "i": (Kind.INTEGER, 0, 4),
        "c": (Kind.CONTINUOUS, 0, 4),
    }
    plain = PlainModel()
    for j, letter in enumerate(columns):
        kind, least, most = kinds.get(letter, (Kind.CONTINUOUS, None, None))
        plain.columns.append(Column(f"x[{j}]", kind, _side(least), _side(most), Fraction(cost[j])))
    for i, (terms, low, high) in enumerate(rows):
        exact = {j: Fraction(a) for j, a in terms.items()}
        plain.rows.append(Row(f"r{i}", exact, _side(low), _side(high)))
    return plain.formulation("small")


def _side(value: Side | int) -> Side:
    return None if value is None else Fraction(value)


@st.composite
def models(draw: st.DrawFn, letters: str = "bicf") -> Formulation:
    columns = "".join(draw(st.lists(st.sampled_from(letters), min_size=2, max_size=4)))
    n = len(columns)
    terms = st.dictionaries(st.integers(0, n - 1), st.integers(-3, 3).filter(bool), min_size=1)
    side = st.integers(-3, 6)
    sides = st.one_of(
        side.map(lambda v: (v, None)),
        side.map(lambda v: (None, v)),
        side.map(lambda v: (v, v)),
        side.map(lambda v: (v, v + 2)),
    )
    rows = draw(st.lists(st.tuples(terms, sides), min_size=1, max_size=4))
    cost = draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))
    return build(columns, [(t, low, high) for t, (low, high) in rows], cost)


def integer_points(model: Formulation) -> list[list[Fraction]]:
    """Every feasible point of a model whose variables are all integer and bounded."""
    ranges = [range(int(model.lower[j]), int(model.upper[j]) + 1) for j in range(len(model.variables))]
    points = ([Fraction(v) for v in values] for values in product(*ranges))
    return [point for point in points if model.is_feasible(point)]
