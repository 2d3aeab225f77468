"""What one solve may use."""

from __future__ import annotations

from dataclasses import dataclass

from tools.errors import SolverError

_LONGEST = 1e6
"""Eleven days; system timers overflow not far above."""


@dataclass(frozen=True)
class Limits:
    """Bounds on one solve; the deterministic ones are preferred, the clock is the last resort.

    `nodes` bounds the search for integer solutions, `iterations` a linear program.

    `memory_bytes` limits the address space of the worker process. The optimality gaps are zero by default: an answer
    "optimal" then means proved so by the solver, up to its tolerances.
    """

    seconds: float = 30.0
    memory_bytes: int = 8 << 30
    nodes: int | None = None
    iterations: int | None = None
    seed: int = 0
    absolute_gap: float = 0.0
    relative_gap: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (("seconds", self.seconds), ("memory_bytes", self.memory_bytes)):
            if not value > 0:
                raise SolverError(f"limit {name!r} is {value!r}; it must be positive")
        if self.seconds > _LONGEST:
            raise SolverError(f"limit 'seconds' is {self.seconds!r}; it must be at most {_LONGEST:g}")
