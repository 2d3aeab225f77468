import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from memory.stores.ranking import ranked

ENTRIES = st.sampled_from([-1.0, -0.5, 0.0, 0.5, 0.7071, 1.0])


@given(st.lists(st.tuples(ENTRIES, ENTRIES, ENTRIES), max_size=40), st.integers(-1, 45), st.booleans(), st.randoms())
def test_order_is_that_of_plain_sorting(
    rows: list[tuple[float, float, float]], count: int, some: bool, random: np.random.Generator
) -> None:
    query = np.array([0.3, -0.9, 0.6], dtype=np.float32)
    vectors = np.array(rows, dtype=np.float32).reshape(len(rows), 3)
    ids = [f"{random.random():.6f}" for _ in rows]
    allowed = np.array([index % 3 != 0 for index in range(len(rows))], dtype=bool) if some else None
    similarities = [sum(float(a) * float(b) for a, b in zip(query, vector)) for vector in vectors]
    possible = [row for row in range(len(rows)) if allowed is None or allowed[row]]
    expected = sorted(possible, key=lambda row: (-similarities[row], ids[row]))[: max(count, 0)]
    found = ranked(query, vectors, ids, count, allowed)
    assert [round(similarity, 9) for _, similarity in found] == [round(similarities[row], 9) for row in expected]
    assert [(-round(s, 9), ids[row]) for row, s in found] == sorted((-round(s, 9), ids[row]) for row, s in found)


def test_what_is_not_finite_is_left_out() -> None:
    vectors = np.array([[np.nan, 0], [1, 0], [np.inf, 0], [0, 1]], dtype=np.float32)
    assert ranked(np.array([1, 0], dtype=np.float32), vectors, ["a", "b", "c", "d"], 3) == [(1, 1.0), (3, 0.0)]
