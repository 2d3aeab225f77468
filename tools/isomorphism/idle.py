"""Partners for columns that no row and no objective mentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tools.formulation.numbers import ExactVector
from tools.isomorphism.core import Core

_Bound = Fraction | None


@dataclass(frozen=True)
class _Idle:
    """An idle column: its index in the model, kind and bounds."""

    column: int
    integer: bool
    lower: _Bound
    upper: _Bound

    @property
    def shape(self) -> tuple[object, ...]:
        """What a partner must share: kind, number of finite bounds, and the width where it cannot be scaled."""
        width = None if self.lower is None or self.upper is None else self.upper - self.lower
        bounds = (self.lower is not None) + (self.upper is not None)
        return self.integer, bounds, width if self.integer else None


@dataclass(frozen=True)
class IdleMatch:
    """`y = scale · x_partner + shift` for an idle reference column; partner -1 and scale 0 when it is set constant."""

    column: int
    partner: int
    scale: Fraction
    shift: Fraction


def match_idle(reference: Core, candidate: Core) -> list[IdleMatch]:
    """Return one match for each idle reference column, first with candidate columns of the same bounds."""
    mine, theirs = list(_idle_columns(reference)), list(_idle_columns(candidate))
    identical: dict[tuple[object, ...], list[_Idle]] = defaultdict(list)
    for other in reversed(theirs):
        identical[other.integer, other.lower, other.upper].append(other)
    chosen: dict[int, _Idle] = {}
    for idle in mine:
        partners = identical[idle.integer, idle.lower, idle.upper]
        if partners:
            chosen[idle.column] = partners.pop()
    taken = {other.column for other in chosen.values()}
    similar: dict[tuple[object, ...], list[_Idle]] = defaultdict(list)
    for other in reversed(theirs):
        if other.column not in taken:
            similar[other.shape].append(other)
    for idle in mine:
        if idle.column not in chosen and similar[idle.shape]:
            chosen[idle.column] = similar[idle.shape].pop()
    return [_matched(idle, chosen.get(idle.column)) for idle in mine]


def _idle_columns(core: Core) -> Iterator[_Idle]:
    low, high = core.idle_lower, core.idle_upper
    for k, column in enumerate(core.idle.tolist()):
        yield _Idle(column, bool(core.idle_integer[k]), _bound(low, k), _bound(high, k))


def _bound(vector: ExactVector, index: int) -> _Bound:
    return vector.finite(index)


def _matched(mine: _Idle, theirs: _Idle | None) -> IdleMatch:
    zero, one = Fraction(0), Fraction(1)
    low, high = mine.lower, mine.upper
    if theirs is None:
        constant = low if low is not None else high if high is not None else zero
        return IdleMatch(mine.column, -1, zero, constant)
    other_low, other_high = theirs.lower, theirs.upper
    if low is not None and high is not None and other_low is not None and other_high is not None:
        scale = (high - low) / (other_high - other_low) if other_high != other_low else one
        return IdleMatch(mine.column, theirs.column, scale, low - scale * other_low)
    if low is not None and other_low is not None:
        return IdleMatch(mine.column, theirs.column, one, low - other_low)
    if high is not None and other_high is not None:
        return IdleMatch(mine.column, theirs.column, one, high - other_high)
    anchor, other_anchor = low if low is not None else high, other_high if other_high is not None else other_low
    if anchor is None or other_anchor is None:
        return IdleMatch(mine.column, theirs.column, one, zero)
    return IdleMatch(mine.column, theirs.column, -one, anchor + other_anchor)
