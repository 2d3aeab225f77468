from __future__ import annotations

from tools.solvers.tolerances import DEFAULT_TOLERANCES, Tolerances


def test_objectives_are_compared_relative_to_their_size() -> None:
    assert DEFAULT_TOLERANCES.same_objective(1e9, 1e9 + 100)
    assert not DEFAULT_TOLERANCES.same_objective(1.0, 1.0001)
    assert DEFAULT_TOLERANCES.same_objective(0.0, 1e-7)
    assert Tolerances(objective=1e-3).same_objective(1.0, 1.0001)
