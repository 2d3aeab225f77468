"""Sparse exact elimination solves what is solvable and says so when it is not."""

import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tools.isomorphism.shifts import Equation, solve_sparse


@given(st.integers(0, 10**6))
def test_consistent_equations_are_solved(seed: int) -> None:
    rng = random.Random(seed)
    truth = [Fraction(rng.randint(-9, 9), rng.randint(1, 5)) for _ in range(8)]
    equations = []
    for _ in range(rng.randint(1, 12)):
        terms = {j: Fraction(rng.choice([-2, -1, 1, 3])) for j in rng.sample(range(8), rng.randint(1, 4))}
        equations.append(Equation(terms, sum((a * truth[j] for j, a in terms.items()), Fraction(0))))
    solution = solve_sparse(equations)
    assert solution is not None
    for equation in equations:
        total = sum((a * solution.get(j, Fraction(0)) for j, a in equation.terms.items()), Fraction(0))
        assert total == equation.value


def test_a_contradiction_and_a_limit_give_none() -> None:
    one, two = {0: Fraction(1), 1: Fraction(1)}, {0: Fraction(2), 1: Fraction(2)}
    contradiction = [Equation(one, Fraction(1)), Equation(two, Fraction(3))]
    assert solve_sparse(contradiction) is None
    assert solve_sparse([Equation(one, Fraction(1)), Equation(two, Fraction(2))]) is not None
    assert solve_sparse([Equation(one, Fraction(1)), Equation(two, Fraction(2))], operations=0) is None
    assert solve_sparse([Equation(one, Fraction(0))]) == {}
