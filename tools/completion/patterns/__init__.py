"""What proposes values for open variables, one file each, and the order in which they are asked.

A new pattern is a class with the members of `Pattern` in a file of its own, its test, and one line here.
"""

from __future__ import annotations

from tools.completion.decision_rule import FreeRules, TiedRules
from tools.completion.patterns.allocations import AllocationPattern
from tools.completion.patterns.codes import OneHots, Thresholds
from tools.completion.patterns.comparisons import Comparisons
from tools.completion.patterns.extremes import Extremes
from tools.completion.patterns.path_flows import PathFlowPattern
from tools.completion.patterns.pattern import Pattern
from tools.completion.patterns.products import Products
from tools.completion.patterns.sums import Fillings, Splits
from tools.completion.patterns.switches import Switches
from tools.completion.patterns.tours import TourPattern

PATTERNS: tuple[Pattern, ...] = (
    Products(),
    Switches(),
    OneHots(),
    Thresholds(),
    Extremes(),
    AllocationPattern(),
    PathFlowPattern(),
    Splits(),
    Fillings(),
    Comparisons(),
    Extremes(favoured=False),
    TiedRules(),
    TourPattern(),
    FreeRules(),
)
"""Every pattern, the cheapest and surest first."""
