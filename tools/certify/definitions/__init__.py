"""Total functions as definitions whose lemmas are shown, one realiser each, and the registry of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tools.certify.definitions.binaries import realise_comparison, realise_product, realise_switched
from tools.certify.definitions.codes import realise_digits, realise_floor, realise_one_hot, realise_threshold
from tools.certify.definitions.extremum import realise_extremum
from tools.certify.definitions.fifo_allocation import realise_fifo_allocation
from tools.certify.definitions.greedy_fill import realise_greedy_fill
from tools.certify.definitions.path_decomposition import realise_path_decomposition
from tools.certify.definitions.realised import NotShownError, Realised
from tools.certify.definitions.sorted_blocks import realise_sorted_blocks
from tools.certify.definitions.tour import realise_tour
from tools.certify.definitions.weighted_sum import realise_weighted_sum
from tools.certify.space import Space
from tools.mapping.functions.protocol import TotalFunction

__all__ = ["REALISERS", "NotShownError", "Realised", "realise"]

REALISERS: Mapping[str, Callable[[Space, Any], Realised]] = MappingProxyType(
    {
        "comparison": realise_comparison,
        "digits": realise_digits,
        "fifo_allocation": realise_fifo_allocation,
        "floor": realise_floor,
        "greedy_fill": realise_greedy_fill,
        "maximum": realise_extremum,
        "minimum": realise_extremum,
        "one_hot": realise_one_hot,
        "path_decomposition": realise_path_decomposition,
        "product": realise_product,
        "sorted_blocks": realise_sorted_blocks,
        "switched": realise_switched,
        "threshold": realise_threshold,
        "tour": realise_tour,
        "weighted_sum": realise_weighted_sum,
    }
)
"""For each function by name what defines its outputs in a space; raises `NotShownError`."""


def realise(space: Space, function: TotalFunction) -> Realised | None:
    """Define the function's outputs in the space, under their names and with their bounds; None without a proof.

    What was defined until then stays, and does no harm but to take up names.
    """
    realiser = REALISERS.get(function.name)
    if realiser is None:
        return None
    try:
        made = realiser(space, function)
        made.bound_outputs()
    except NotShownError:
        return None
    return made
