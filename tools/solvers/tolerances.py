"""How far a solver's answer may be off before it no longer counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tolerances:
    """The three tolerances of a numeric answer; exact arithmetic has none.

    `feasibility`: violation of a row or bound, relative to max(1, largest term of the row, the bound's size).
    `integrality`: distance of an integer variable from the nearest integer, absolute.
    `objective`: difference of two objective values, relative to max(1, their size).
    """

    feasibility: float = 1e-6
    integrality: float = 1e-6
    objective: float = 1e-6

    def same_objective(self, first: float, second: float) -> bool:
        """Say whether two objective values agree."""
        return abs(first - second) <= self.objective * max(1.0, abs(first), abs(second))


DEFAULT_TOLERANCES = Tolerances()
