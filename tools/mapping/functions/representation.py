"""How a value is written as a weighted sum of bounded whole and continuous numbers, and whether every value can be."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Protocol

from tools.errors import MappingError

ZERO = Fraction(0)

LARGEST_TABLE = 1_000_000
"""Tables of the sums of whole parts with more entries than this, over all parts, are not made."""


@dataclass(frozen=True, slots=True)
class Term:
    """weight · w with lower ≤ w ≤ upper (None: no bound); whole bounds where w is an `integer`."""

    weight: Fraction
    lower: Fraction | None
    upper: Fraction | None
    integer: bool


@dataclass(frozen=True, slots=True)
class Targets:
    """The values from lower to upper (None: no bound); with `step` only its multiples."""

    lower: Fraction | None
    upper: Fraction | None
    step: Fraction | None

    def __contains__(self, value: Fraction) -> bool:
        return (
            (self.lower is None or value >= self.lower)
            and (self.upper is None or value <= self.upper)
            and (self.step is None or (value / self.step).denominator == 1)
        )


class Representation(Protocol):
    """A rule that writes every target as a weighted sum."""

    def split(self, value: Fraction) -> list[Fraction]:
        """Return for each term a value of w, so that the weighted sum is `value`, a target."""
        ...


@lru_cache(maxsize=64)
def represent(terms: tuple[Term, ...], targets: Targets) -> Representation | None:
    """Return a rule that writes every target as a sum of the terms, or None where none is found.

    Climbing from the least sum, or the greatest, or from all w nearest to zero, is tried first (`Ladder`); numbers may
    then be of any size and ranges infinite. Where it fails because there are targets that no sum reaches nearby, the
    table of all sums of the whole terms (`Table`) still serves finitely many targets, or a finite range, amid gaps.
    """
    least = [_end(term, upper=False) for term in terms]
    most = [_end(term, upper=True) for term in terms]
    for start in (least, most, [_nearest_to_zero(term) for term in terms]):
        found = _climb(terms, targets, start)
        if found is not None:
            return found
    return _tabulate(terms, targets)


@dataclass(frozen=True, slots=True)
class Rung:
    """A term on a ladder: w moves `count` times (None: without end) by `move`, and each time the sum by `height`."""

    place: int
    move: int
    height: Fraction
    count: Fraction | None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Sums at a distance r ≥ 0 from a start: whole terms, highest first, take what fits; continuous terms the rest.

    Lemma. Let all r be multiples of g ≥ 0, as all heights of whole terms are (g = 0: any numbers), and let each height
    be at most g plus the reach of all lower rungs and continuous terms. Then climbing uses up every r within reach.
    Proof: by induction the rest below a rung is within the reach of the lower ones: it is r − height·count, within
    their reach as r was within the reach so far, or it is less than the height, so at most height − g. ∎
    If some height exceeds that, the sums leave a gap just below it: for targets in all of the range it is necessary.
    """

    whole: tuple[Rung, ...]
    continuous: tuple[Rung, ...]
    reach: Fraction | None

    def climb(self, rest: Fraction, values: list[Fraction]) -> None:
        """Move `values` so that the sum moves by `rest`."""
        for rung in self.whole:
            count = Fraction(rest // rung.height)
            if rung.count is not None:
                count = min(count, rung.count)
            values[rung.place] += rung.move * count
            rest -= rung.height * count
        for rung in self.continuous:
            amount = rest / rung.height
            if rung.count is not None:
                amount = min(amount, rung.count)
            values[rung.place] += rung.move * amount
            rest -= rung.height * amount


@dataclass(frozen=True, slots=True)
class Climb:
    """The rule that climbs from a start up or down a ladder."""

    start: tuple[Fraction, ...]
    base: Fraction
    up: Ladder | None
    down: Ladder | None

    def split(self, value: Fraction) -> list[Fraction]:
        """Return a value for each term."""
        values = list(self.start)
        ladder = self.up if value >= self.base else self.down
        if value != self.base:
            if ladder is None:
                raise MappingError(f"{value} is not a sum of the parts")
            ladder.climb(abs(value - self.base), values)
        return values


def _climb(terms: Sequence[Term], targets: Targets, start: Sequence[Fraction | None]) -> Climb | None:
    found = [value for value in start if value is not None]
    if len(found) < len(terms):
        return None
    base = sum((term.weight * value for term, value in zip(terms, found)), ZERO)
    up = down = None
    if targets.upper is None or targets.upper > base:
        up = _ladder(terms, targets, found, base, 1)
        if up is None or not _within(up.reach, None if targets.upper is None else targets.upper - base):
            return None
    if targets.lower is None or targets.lower < base:
        down = _ladder(terms, targets, found, base, -1)
        if down is None or not _within(down.reach, None if targets.lower is None else base - targets.lower):
            return None
    return Climb(tuple(found), base, up, down)


def _within(reach: Fraction | None, distance: Fraction | None) -> bool:
    return reach is None or (distance is not None and distance <= reach)


def _ladder(
    terms: Sequence[Term], targets: Targets, start: Sequence[Fraction], base: Fraction, direction: int
) -> Ladder | None:
    rungs = _rungs(terms, start, direction)
    whole = sorted(rungs[True], key=lambda rung: rung.height)
    grain = ZERO
    if targets.step is not None:
        grain = _common_divisor([targets.step, base, *(rung.height for rung in whole)])
    reach = _reach(rungs[False], ZERO)
    for rung in whole:
        if reach is not None and rung.height > grain + reach:
            return None
        reach = _reach([rung], reach)
    return Ladder(tuple(reversed(whole)), tuple(rungs[False]), reach)


def _rungs(terms: Sequence[Term], start: Sequence[Fraction], direction: int) -> dict[bool, list[Rung]]:
    """Return how the whole terms (True) and the others (False) can move the sum in this direction."""
    rungs: dict[bool, list[Rung]] = {True: [], False: []}
    for place, (term, value) in enumerate(zip(terms, start)):
        move = direction if term.weight > 0 else -direction
        bound = term.upper if move > 0 else term.lower
        count = None if bound is None else abs(bound - value)
        if term.weight and count != 0:
            rungs[term.integer].append(Rung(place, move, abs(term.weight), count))
    return rungs


def _reach(rungs: Sequence[Rung], reach: Fraction | None) -> Fraction | None:
    for rung in rungs:
        if reach is None or rung.count is None:
            return None
        reach += rung.height * rung.count
    return reach


def _end(term: Term, *, upper: bool) -> Fraction | None:
    """Return the w at which the term is least or greatest, None where there is none."""
    if not term.weight:
        return _nearest_to_zero(term)
    return term.upper if (term.weight > 0) == upper else term.lower


def _nearest_to_zero(term: Term) -> Fraction:
    if term.lower is not None and term.lower > 0:
        return term.lower
    if term.upper is not None and term.upper < 0:
        return term.upper
    return ZERO


def _common_divisor(values: Sequence[Fraction]) -> Fraction:
    """Return the greatest number of which all values are multiples, 0 if they all are 0."""
    denominator = math.lcm(*(value.denominator for value in values))
    return Fraction(math.gcd(*(int(value * denominator) for value in values)), denominator)


@dataclass(frozen=True, slots=True)
class Table:
    """All sums of the whole terms as places on a line: place p is the sum base + p · `grain`.

    `sums[k]` has "1" at p where the k lowest rungs can sum to place p, in multiples `jumps` of the grain. A target
    takes the greatest sum that, with the continuous terms at their least, does not exceed it; those take the rest.
    """

    rungs: tuple[Rung, ...]
    jumps: tuple[int, ...]
    sums: tuple[str, ...]
    base: Fraction
    grain: Fraction
    continuous: Ladder
    start: tuple[Fraction, ...]

    def reaches(self, targets: Targets) -> bool:
        """Say whether every target, of a finite range and few enough to be listed, is a sum."""
        low, high, step = targets.lower, targets.upper, targets.step
        if low is None or high is None:
            return False
        if step is not None:
            count = (high - low) // step + 1
            return count <= LARGEST_TABLE and all(self._place(low + k * step) is not None for k in range(count))
        place, span = self._place(low), self.continuous.reach
        while place is not None and span is not None and self._sum(place) + span < high:
            following = self.sums[-1].find("1", place + 1)
            place = following if following >= 0 and self._sum(following) <= self._sum(place) + span else None
        return place is not None

    def split(self, value: Fraction) -> list[Fraction]:
        """Return a value for each term."""
        place = self._place(value)
        if place is None:
            raise MappingError(f"{value} is not a sum of the parts")
        values = list(self.start)
        self.continuous.climb(value - self._sum(place), values)
        for rung, jump, below in zip(reversed(self.rungs), reversed(self.jumps), reversed(self.sums[:-1])):
            count = next(k for k in range(place // jump + 1) if below[place - jump * k : place - jump * k + 1] == "1")
            values[rung.place] += rung.move * count
            place -= jump * count
        return values

    def _place(self, value: Fraction) -> int | None:
        highest = (value - self.base) // self.grain
        place = self.sums[-1].rfind("1", 0, highest + 1) if highest >= 0 else -1
        span = self.continuous.reach
        return place if place >= 0 and (span is None or value - self._sum(place) <= span) else None

    def _sum(self, place: int) -> Fraction:
        return self.base + place * self.grain


def _tabulate(terms: Sequence[Term], targets: Targets) -> Table | None:
    if targets.lower is None or targets.upper is None:
        return None
    terms = _clipped(terms, max(abs(targets.lower), abs(targets.upper)))
    start = [value for term in terms if (value := _end(term, upper=False)) is not None]
    if len(start) < len(terms):
        return None
    rungs = _rungs(terms, start, 1)
    whole = sorted(rungs[True], key=lambda rung: rung.height)
    grain = _common_divisor([rung.height for rung in whole])
    counts = [int(rung.count) for rung in whole if rung.count is not None]
    jumps = [int(rung.height / grain) for rung in whole]
    if not whole or (sum(map(operator.mul, counts, jumps)) + 1) * (len(whole) + 1) > LARGEST_TABLE:
        return None
    sets = [1]
    for count, jump in zip(counts, jumps):
        sets.append(_with_multiples(sets[-1], jump, count))
    base = sum((term.weight * value for term, value in zip(terms, start)), ZERO)
    continuous = Ladder((), tuple(rungs[False]), _reach(rungs[False], ZERO))
    sums = tuple(f"{places:b}"[::-1] for places in sets)
    table = Table(tuple(whole), tuple(jumps), sums, base, grain, continuous, tuple(start))
    return table if table.reaches(targets) else None


def _clipped(terms: Sequence[Term], farthest: Fraction) -> list[Term]:
    """Return the terms with whole ones bounded: enough for targets up to `farthest` from 0 and for any remainder."""
    heights = [abs(term.weight) for term in terms if term.integer and term.weight]
    if not heights:
        return list(terms)
    spare = math.ceil(max(heights) / _common_divisor(heights))
    start = sum((abs(term.weight * _nearest_to_zero(term)) for term in terms), farthest)
    clipped: list[Term] = []
    for term in terms:
        if term.integer and term.weight:
            room = math.ceil(start / abs(term.weight)) + spare
            middle = _nearest_to_zero(term)
            lower = middle - room if term.lower is None else term.lower
            upper = middle + room if term.upper is None else term.upper
            term = replace(term, lower=lower, upper=upper)
        clipped.append(term)
    return clipped


def _with_multiples(places: int, step: int, count: int) -> int:
    """Return the bit set of p + step·v for p in `places` and v = 0 … count, by doubling."""
    result, covered = places, 0
    while covered < count:
        jump = min(covered + 1, count - covered)
        result |= result << (step * jump)
        covered += jump
    return result
