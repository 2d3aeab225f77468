from __future__ import annotations

import pytest

from tools.errors import SolverError
from tools.solvers.limits import Limits


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_time_limit_is_positive_and_finite(seconds: float) -> None:
    with pytest.raises(SolverError, match="'seconds'"):
        Limits(seconds=seconds)


def test_memory_is_positive() -> None:
    with pytest.raises(SolverError, match="'memory_bytes' is 0"):
        Limits(memory_bytes=0)
