"""Total functions of which mappings are made beside affine expressions, one file each, and the registry of them.

A new function is a class with the members of `TotalFunction` in a file of its own, its test, and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tools.mapping.functions.comparison import Comparison
from tools.mapping.functions.digits import Digits
from tools.mapping.functions.extremum import Maximum, Minimum
from tools.mapping.functions.fifo_allocation import FifoAllocation
from tools.mapping.functions.floor import Floor
from tools.mapping.functions.greedy_fill import GreedyFill
from tools.mapping.functions.one_hot import OneHot
from tools.mapping.functions.path_decomposition import PathDecomposition
from tools.mapping.functions.product import Product
from tools.mapping.functions.protocol import TotalFunction
from tools.mapping.functions.sorted_blocks import SortedBlocks
from tools.mapping.functions.switched import Switched
from tools.mapping.functions.threshold import Threshold
from tools.mapping.functions.tour import Tour
from tools.mapping.functions.weighted_sum import WeightedSum

FUNCTIONS: Mapping[str, type[TotalFunction]] = MappingProxyType(
    {
        function.name: function
        for function in (
            Comparison,
            Digits,
            FifoAllocation,
            Floor,
            GreedyFill,
            Maximum,
            Minimum,
            OneHot,
            PathDecomposition,
            Product,
            SortedBlocks,
            Switched,
            Threshold,
            Tour,
            WeightedSum,
        )
    }
)
"""Every total function by the name that reports use."""
