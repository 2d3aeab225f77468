"""Numbers that grow on the way are refused before they take long."""

import time
from fractions import Fraction

import pytest

from quasikarp_verify import Invalid, Model, Space

COUNT = 200


@pytest.fixture
def space() -> Space:
    rows = [({i: 1}, 0, 0) for i in range(COUNT)]
    Space.spent = 0
    names = [f"x{i}" for i in range(COUNT)]
    return Space(Model(names, [0] * COUNT, [1] * COUNT, [True] * COUNT, rows, {}, 0))  # type: ignore[arg-type]


def test_the_step_of_a_form_with_many_long_denominators(space: Space) -> None:
    start = time.process_time()
    with pytest.raises(Invalid, match="numbers grow too large"):
        space.step_of({i: Fraction(1, 10**3900 + i + 1) for i in range(COUNT)})
    assert time.process_time() - start < 5


def test_a_proof_of_integrality_with_many_long_multipliers(space: Space) -> None:
    space.rows = [({0: 1}, 0, 0)] * COUNT
    start = time.process_time()
    with pytest.raises(Invalid, match="numbers grow too large"):
        space.prove_whole(["rows", [[i, f"1/{10**3900 + i + 1}"] for i in range(COUNT)]], (0, {0: 1}))
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("form", "step"), [([4, 6], 2), ([Fraction(1, 2), Fraction(1, 3)], Fraction(1, 6)), ([-3], 3), ([0.5], 0)]
)
def test_steps(space: Space, form: list[Fraction], step: Fraction) -> None:
    if form == [0.5]:
        space.integer[0] = False
    assert space.step_of({j: Fraction(a) for j, a in enumerate(form)}) == step
