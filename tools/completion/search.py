"""The search for completions: what is determined, then block by block the first proposals that hold at the samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.completion.determined import determine
from tools.completion.patterns import PATTERNS
from tools.completion.patterns.pattern import Pattern
from tools.completion.state import Proposal, State


@dataclass
class Fuel:
    """How many blocks may still be looked at; it is spent as the search goes on."""

    left: int

    def spend(self) -> bool:
        """Take one and say whether there was one."""
        self.left -= 1
        return self.left >= 0


def completions(state: State, fuel: Fuel) -> Iterator[State]:
    """Yield states in which all variables of `state.focus` are known, lazily, the likeliest first."""
    determined = determine(state)
    if determined is None or state.task.samples.source.budget.expired:
        return
    blocks = _blocks(determined)
    if not blocks:
        yield determined
    elif len(blocks) == 1:
        yield from _of_block(determined.focused(blocks[0]), fuel)
    else:
        yield from _of_blocks(determined, blocks, fuel)


def _of_blocks(state: State, blocks: Sequence[Sequence[str]], fuel: Fuel) -> Iterator[State]:
    """Yield the first completions of all blocks together, then those that differ from them in one block and after it.

    Blocks share no row but the objective, so that where one has no completion the others do not matter.
    """
    choices: list[tuple[State, Iterator[State]]] = []
    complete = _firsts(state, blocks, fuel, choices)
    if complete is not None:
        yield complete
    elif state.objective_row is None:
        return
    for k in reversed(range(len(choices))):
        for other in choices[k][1]:
            complete = _firsts(other, blocks[k + 1 :], fuel, [])
            if complete is not None:
                yield complete


def _firsts(
    state: State, blocks: Sequence[Sequence[str]], fuel: Fuel, choices: list[tuple[State, Iterator[State]]]
) -> State | None:
    """Return the state after the first completion of each block; what else there is goes to `choices`."""
    for block in blocks:
        others = completions(state.focused(block), fuel)
        choices.append((state, others))
        found = next(others, None)
        if found is None:
            return None
        state = found
    return state


def _of_block(state: State, fuel: Fuel) -> Iterator[State]:
    """Yield completions of one block: pattern by pattern all that it proposes together, then proposals one by one."""
    if not fuel.spend():
        return
    together: set[Proposal | None] = set()
    for pattern in PATTERNS:
        joined, used = _joined(state, pattern)
        if used:
            together.add(used[0] if len(used) == 1 else None)
            yield from completions(joined, fuel)
    for pattern in PATTERNS:
        for proposal in pattern.find(state):
            if proposal in together:
                continue
            after = state.with_proposal(proposal)
            if after is not None:
                if fuel.left <= 0:
                    return
                yield from completions(after, fuel)


def _joined(state: State, pattern: Pattern) -> tuple[State, list[Proposal]]:
    """Return the state after all proposals of a pattern that hold together, and these."""
    used: list[Proposal] = []
    joined = state
    for proposal in pattern.find(state):
        if any(name in joined.known for name in proposal.expressions):
            continue
        after = joined.with_proposal(proposal)
        if after is not None:
            joined = after
            used.append(proposal)
            if not joined.focus:
                break
    return joined, used


def _blocks(state: State) -> list[tuple[str, ...]]:
    """Return the open variables in focus, apart where no row but the objective connects them, small blocks first."""
    parent = {name: name for name in state.focus}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    objective = state.objective_row
    for row in state.rows_with(state.focus):
        if row is objective:
            continue
        first, *others = row.terms
        for name in others:
            parent[root(name)] = root(first)
    found: dict[str, list[str]] = {}
    for name in state.focus:
        found.setdefault(root(name), []).append(name)
    return sorted((tuple(names) for names in found.values()), key=len)
