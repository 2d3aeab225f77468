from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.formulation.numbers import ExactVector
from tools.formulation.triplets import dense_vector, sparse_rows

ENTRIES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.fractions(-9, 9, max_denominator=7)), max_size=15)


@given(ENTRIES)
def test_repeated_places_are_summed_exactly(entries: list[tuple[int, int, Fraction]]) -> None:
    rows, columns = (np.array([entry[k] for entry in entries], dtype=np.int64) for k in (0, 1))
    starts, found_columns, values = sparse_rows(rows, columns, ExactVector.of(entry[2] for entry in entries), 4)
    expected: dict[tuple[int, int], Fraction] = {}
    for row, column, value in entries:
        expected[row, column] = expected.get((row, column), Fraction(0)) + value
    row_of = np.repeat(np.arange(4), np.diff(starts))
    found = {(int(i), int(j)): values[k] for k, (i, j) in enumerate(zip(row_of, found_columns, strict=True))}
    assert found == expected
    assert list(found) == sorted(found)


def test_a_dense_vector_keeps_fractions() -> None:
    vector = dense_vector(np.array([2, 0, 2]), ExactVector.of([Fraction(1, 3), Fraction(2), Fraction(1, 3)]), 3)
    assert list(vector) == [2, 0, Fraction(2, 3)]
