"""How large algebra may become: what it would exceed is found before the memory for it is used."""

from __future__ import annotations

from dataclasses import dataclass

from tools.algebra.faults import FaultError

LONGEST_EXPRESSION = 20_000
"""Characters of one expression."""

DEEPEST_NESTING = 30
"""Parentheses, sums and indices inside one another."""

MOST_DECLARATIONS = 2_000
"""Sets, parameters, variable families or constraint families of one document, each."""

MOST_ENTRIES = 2_000_000
"""Labels and parameter values of one document."""

LONGEST_NUMBER_BITS = 8_000
"""Bits of a numerator and its denominator."""


@dataclass(frozen=True)
class AlgebraLimits:
    """How large a grounded model may become, and how many steps may lead to it."""

    variables: int = 500_000
    rows: int = 500_000
    terms: int = 5_000_000
    steps: int = 10_000_000


class Meter:
    """Counts the steps of grounding."""

    def __init__(self, limits: AlgebraLimits) -> None:
        self.limits = limits
        self.steps = 0

    def spend(self, steps: int) -> None:
        """Count `steps` before they are done; raises `FaultError` where they are too many."""
        self.steps += steps
        if self.steps > self.limits.steps:
            raise FaultError(
                f"the sets are too large: writing the model out would take more than {self.limits.steps} steps"
            )
