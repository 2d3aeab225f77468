from fractions import Fraction

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.exact.linear_algebra import solve_any, solve_square, to_fmpq, to_fraction

NUMBERS = st.integers(-3, 3).map(Fraction) | st.sampled_from([Fraction(1, 3), Fraction(-7, 10**9), Fraction(10**12)])


@given(st.data())
def test_solutions_solve_and_none_means_singular(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 5))
    matrix = data.draw(st.lists(st.lists(NUMBERS, min_size=size, max_size=size), min_size=size, max_size=size))
    sides = data.draw(st.lists(NUMBERS, min_size=size, max_size=size))
    equations = [{k: a for k, a in enumerate(row) if a} for row in matrix]
    solution = solve_square(equations, sides)
    determinant = flint.fmpq_mat(size, size, [to_fmpq(a) for row in matrix for a in row]).det()
    assert (solution is None) == (determinant == 0)
    if solution is not None:
        assert set(solution) == set(range(size))
        for row, side in zip(matrix, sides, strict=True):
            assert sum((a * solution[k] for k, a in enumerate(row)), Fraction(0)) == side


@pytest.mark.parametrize(
    ("equations", "sides"),
    [
        ([{0: Fraction(1)}, {0: Fraction(1)}], [Fraction(1), Fraction(2)]),
        ([{0: Fraction(1), 1: Fraction(1)}], [Fraction(1)]),
        ([{}], [Fraction(0)]),
        ([{0: Fraction(1)}, {}], [Fraction(1), Fraction(0)]),
        ([{0: Fraction(1), 1: Fraction(2)}, {0: Fraction(2), 1: Fraction(4)}], [Fraction(1), Fraction(2)]),
    ],
    ids=["twice the same", "wide", "empty row", "empty row below", "dependent"],
)
def test_what_has_no_unique_solution_gives_none(equations: list[dict[int, Fraction]], sides: list[Fraction]) -> None:
    assert solve_square(equations, sides) is None


def test_no_equations_have_the_empty_solution() -> None:
    assert solve_square([], []) == {}


def test_unknowns_keep_their_names() -> None:
    equations = [{70: Fraction(2)}, {70: Fraction(1), 9: Fraction(3), 4: Fraction(1)}, {4: Fraction(1), 9: Fraction(1)}]
    assert solve_square(equations, [Fraction(4), Fraction(6), Fraction(3)]) == {
        70: Fraction(2),
        9: Fraction(1, 2),
        4: Fraction(5, 2),
    }


def test_a_kernel_beyond_the_limit_is_refused() -> None:
    dense = [{0: Fraction(1), 1: Fraction(1)}, {0: Fraction(1), 1: Fraction(-1)}]
    assert solve_square(dense, [Fraction(2), Fraction(0)]) == {0: 1, 1: 1}
    assert solve_square(dense, [Fraction(2), Fraction(0)], kernel_limit=1) is None


@given(st.data())
def test_weights_reproduce_the_right_side_or_there_are_none(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 4))
    entries = st.lists(NUMBERS, min_size=height, max_size=height)
    columns = [dict(enumerate(data.draw(entries))) for _ in range(width)]
    right = dict(enumerate(data.draw(entries)))
    if width and data.draw(st.booleans()):
        right = {k: 2 * columns[0][k] - columns[-1][k] for k in range(height)}
    weights = solve_any(columns, right)

    def rank(vectors: list[dict[int, Fraction]]) -> int:
        flat = [to_fmpq(vector[k]) for vector in vectors for k in range(height)]
        return int(flint.fmpq_mat(len(vectors), height, flat).rref()[1]) if vectors else 0

    assert (weights is None) == (rank([*columns, right]) > rank(columns))
    if weights is not None:
        for k in range(height):
            assert sum((w * column[k] for w, column in zip(weights, columns, strict=True)), Fraction(0)) == right[k]


@given(st.fractions())
def test_conversion_to_flint_and_back(value: Fraction) -> None:
    assert to_fraction(to_fmpq(value)) == value
