"""Variables that rest at the greatest of their lower limits or at the least of their upper ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from tools.completion.limits import Limits, dominant, limits_of, with_bounds
from tools.completion.state import Proposal, State
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.extremum import Maximum, Minimum
from tools.mapping.functions.floor import Floor


class Extremes:
    """Proposes the least value that its own rows allow a variable, or the greatest, where no shared row minds.

    A whole variable is rounded up to the least, or down to the greatest. With `favoured`, variables that cost something
    only rest on the side that the objective favours, otherwise only on the other.
    """

    name: ClassVar[str] = "extremes"

    def __init__(self, *, favoured: bool = True) -> None:
        self.favoured = favoured

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield for each variable one proposal a side."""
        for name in state.focus:
            limits = limits_of(state, name)
            cost = state.cost(name)
            for low in (True, False):
                if (not cost or low == (cost > 0)) != self.favoured:
                    continue
                if limits.held_up if low else limits.held_down:
                    continue
                proposal = _resting(state, name, limits, low)
                if proposal is not None:
                    yield proposal


def _resting(state: State, name: str, limits: Limits, low: bool) -> Proposal | None:
    expressions = dominant(state, with_bounds(state, name, limits)[not low], greatest=low)
    if not expressions:
        return None
    output = state.output_name(name)
    value = AffineExpression.variable(output)
    if state.is_integer(name) and not all(map(state.is_whole, expressions)):
        if state.is_binary(name) or len(expressions) > 1:
            return None
        sign = -1 if low else 1
        return Proposal({name: value * sign}, (Floor(expressions[0] * sign, output),))
    if len(expressions) == 1:
        return Proposal({name: expressions[0]})
    kind = Maximum if low else Minimum
    return Proposal({name: value}, (kind(tuple(expressions), output, integral=state.is_integer(name)),))
