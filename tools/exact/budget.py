"""How much work one run may do: deterministic limits first, the clock as a last resort."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from tools.solvers.limits import Limits


@dataclass(frozen=True)
class Budget:
    """Bounds on proving and searching.

    `tree_nodes` nodes of one exact branch tree; `solve_nodes` nodes of one solver call on a mixed-integer problem;
    `solve_seconds` for one call; `hunts` points of the hunt against a completeness claim; `enumeration` points of a
    finite set that may be listed; `patience` open statements after which an inclusion is given up; `seed` for random
    directions; `deadline` on `time.monotonic()`, None for none.
    """

    tree_nodes: int = 300
    solve_nodes: int = 200_000
    solve_seconds: float = 20.0
    hunts: int = 60
    enumeration: int = 2000
    patience: int = 20
    seed: int = 0
    deadline: float | None = field(default=None)

    @classmethod
    def lasting(cls, seconds: float, **changes: int) -> Budget:
        """Return a budget that ends `seconds` from now."""
        return cls(deadline=time.monotonic() + seconds, **changes)

    @property
    def remaining(self) -> float:
        """Seconds left until the deadline (infinite without one)."""
        return float("inf") if self.deadline is None else self.deadline - time.monotonic()

    @property
    def expired(self) -> bool:
        """Whether the deadline has passed."""
        return self.remaining <= 0

    @property
    def limits(self) -> Limits:
        """Limits for one solver call now."""
        seconds = max(0.05, min(self.solve_seconds, self.remaining))
        return Limits(seconds=seconds, nodes=self.solve_nodes, seed=self.seed)

    def ending(self, seconds: float) -> Budget:
        """Return the same budget with a deadline at most `seconds` from now."""
        return replace(self, deadline=time.monotonic() + max(0.0, min(seconds, self.remaining)))

    def smaller(self, factor: int) -> Budget:
        """Return a budget with a `factor`-th of the work of this one and the same deadline."""
        return replace(
            self,
            tree_nodes=max(10, self.tree_nodes // factor),
            solve_nodes=max(100, self.solve_nodes // factor),
            solve_seconds=self.solve_seconds / factor,
            hunts=max(4, self.hunts // factor),
            enumeration=max(20, self.enumeration // factor),
            patience=max(1, self.patience // factor),
        )
