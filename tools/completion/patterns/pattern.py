"""What a pattern offers: values for open variables that the shape of their rows calls for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Protocol

from tools.completion.state import Proposal, State


class Pattern(Protocol):
    """One shape of rows and what it calls for.

    Proposals are tried on sample points by `State.with_proposal` and proved by others: a pattern may be generous, but
    should propose only what its rows suggest, the likeliest first.
    """

    name: ClassVar[str]

    def find(self, state: State) -> Iterator[Proposal]:
        """Yield proposals for some of the open variables in `state.focus`, lazily."""
        ...
