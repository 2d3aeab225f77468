"""Parts whose weighted sum is a value: counts of rungs climbed one after the other, or read off a table by cases."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from tools.certify.cases import ByCase
from tools.certify.definitions.codes import reached
from tools.certify.definitions.realised import NotShownError, Realised, number, variable
from tools.certify.space import Affine, Space
from tools.mapping.functions.representation import Climb, Ladder, Rung, Table
from tools.mapping.functions.weighted_sum import WeightedSum

LARGEST_CHAIN = 300
"""Tables of more values are not written as chains of cases."""

MOST_PARTS = 10**9
"""The checker takes fewer parts of a floor."""


def realise_weighted_sum(space: Space, function: WeightedSum) -> Realised:
    """Return the parts that the function's own rule gives."""
    made = Realised(space, function)
    rule = function.representation()
    step = function.step
    value = made.value(function.of) if step is None else made.value(function.of * (1 / step), integer=True).times(step)
    if function.lower is not None and function.lower == function.upper:
        parts = [number(part) for part in rule.split(function.lower)]
    elif isinstance(rule, Climb):
        parts = _climbed(made, value, rule, step)
    elif isinstance(rule, Table) and step is not None:
        parts = _listed(made, value, rule, function)
    elif isinstance(rule, Table):
        parts = _between(made, value, rule, function)
    else:
        raise NotShownError("this rule is not known")
    for part, amount in zip(function.parts, parts, strict=True):
        made.define(part.name, amount, integer=part.integer)
    return made


def _climbed(made: Realised, value: Affine, rule: Climb, step: Fraction | None) -> list[Affine]:
    parts = [number(start) for start in rule.start]
    beyond = value.plus(number(-rule.base))
    if rule.up is not None and rule.down is not None:
        scale = Fraction(1) if step is None else _common_divisor([step, rule.base])
        units, whole = beyond.times(1 / scale), step is not None
        up = variable(made.choose(None, -units, 0, units, number(0), integer=whole)).times(scale)
        down = variable(made.choose(None, -units, 0, number(0), -units, integer=whole)).times(scale)
        balance = up.plus(down, -1).plus(beyond, -1)
        for side in (balance, -balance):
            made.lemma(side)
        rests = [(rule.up, up), (rule.down, down)]
    else:
        rests = [(ladder, beyond if ladder is rule.up else -beyond) for ladder in (rule.up, rule.down) if ladder]
    for ladder, rest in rests:
        grain = Fraction(0)
        if step is not None:
            grain = _common_divisor([step, rule.base, *(rung.height for rung in ladder.whole)])
        _climb(made, ladder, rest, grain, parts)
    made.splits = []
    return parts


def _climb(made: Realised, ladder: Ladder, rest: Affine, grain: Fraction, parts: list[Affine]) -> None:
    """Add to the parts what the rungs take of the rest, and show that it stays within reach of those below."""
    rungs = [*ladder.whole, *ladder.continuous]
    reaches = _reaches(rungs)
    limits = [made.lemma(rest)]
    if reaches[0] is not None:
        limits.append(made.lemma(number(reaches[0]).plus(rest, -1)))
    for k, (rung, below) in enumerate(zip(rungs, reaches[1:])):
        count, splits, own = _count(made, rung, rest, grain, limits, whole=k < len(ladder.whole))
        for j in count.terms if splits else ():
            made.bound(j, "lower", 0, splits, own)
            if rung.count is not None:
                made.bound(j, "upper", rung.count, splits, own)
        rest = rest.plus(count, -rung.height)
        parts[rung.place] = parts[rung.place].plus(count, rung.move)
        limits = [made.lemma(rest, splits, own)]
        if below is not None:
            limits.append(made.lemma(number(below).plus(rest, -1), splits, own))


def _count(
    made: Realised, rung: Rung, rest: Affine, grain: Fraction, limits: list[int], *, whole: bool
) -> tuple[Affine, list[ByCase], list[int]]:
    """Return how often a rung is taken, and the cases and rows by which that is so."""
    count, splits, rows = rest.times(1 / rung.height), list[ByCase](), limits
    if whole:
        jumps = rung.height / grain if grain else 0
        floor = made.floor(None, count, int(jumps) if jumps < MOST_PARTS else 0)
        count, rows = variable(floor), [*limits, made.pool[-1]]
        if jumps >= MOST_PARTS:  # the strict side is relaxed, so that a whole rung may seem to be left
            left = rest.plus(count, -rung.height).times(1 / grain)
            more = made.choose(None, left, jumps - 1, number(0), number(1), step=1, integer=True)
            count, splits = variable(made.define(None, count.plus(variable(more)), integer=True)), [ByCase(more)]
            rows = [*rows, made.pool[-1]]
        elif not jumps:  # likewise, and then the floor of 0 may seem to be -1
            positive = made.choose(None, count, -1, number(0), count, step=1, integer=True)
            count, splits = variable(positive), [ByCase(positive)]
        for j in count.terms:
            made.bound(j, "lower", 0, splits, rows)
    if rung.count is not None:
        least = made.choose(None, count, rung.count, count, number(rung.count), step=int(whole), integer=whole)
        count, splits = variable(least), [*splits, ByCase(least)]
    return count, splits, rows


def _reaches(rungs: Sequence[Rung]) -> list[Fraction | None]:
    """Return how far the rungs reach, all of them, all but the first, …, none."""
    reaches: list[Fraction | None] = [Fraction(0)]
    for rung in reversed(rungs):
        below = reaches[-1]
        reaches.append(None if below is None or rung.count is None else below + rung.height * rung.count)
    return reaches[::-1]


def _listed(made: Realised, value: Affine, rule: Table, function: WeightedSum) -> list[Affine]:
    """Return the parts of finitely many targets, multiples of the step, as sums of unary codes."""
    assert function.step is not None
    assert function.lower is not None
    assert function.upper is not None
    step = function.step
    low, high = math.ceil(function.lower / step), math.floor(function.upper / step)
    if high - low > LARGEST_CHAIN:
        raise NotShownError(f"the table has more than {LARGEST_CHAIN} values")
    places = [Fraction(k) for k in range(low + 1, high + 1)]
    codes = reached(made, value.times(1 / step), places, [None] * len(places), whole=True)
    return _stepped([rule.split(k * step) for k in range(low, high + 1)], codes)


def _between(made: Realised, value: Affine, rule: Table, function: WeightedSum) -> list[Affine]:
    """Return the parts of all values of a range: those of the greatest sum of whole terms, and the rest climbed."""
    assert function.lower is not None
    assert function.upper is not None
    place = rule.sums[-1].rfind("1", 0, int((function.lower - rule.base) // rule.grain) + 1)
    sums: list[Fraction] = []
    while place >= 0 and (not sums or rule.base + place * rule.grain <= function.upper):
        sums.append(rule.base + place * rule.grain)
        if len(sums) > LARGEST_CHAIN:
            raise NotShownError(f"the table has more than {LARGEST_CHAIN} sums")
        place = rule.sums[-1].find("1", place + 1)
    codes = reached(made, value, sums[1:], [None] * (len(sums) - 1), whole=False) if sums[1:] else []
    parts = _stepped([rule.split(found) for found in sums], codes)
    used = _stepped([[found] for found in sums], codes)[0]
    _climb(made, rule.continuous, value.plus(used, -1), Fraction(0), parts)
    return parts


def _stepped(rows: Sequence[Sequence[Fraction]], codes: Sequence[int]) -> list[Affine]:
    """Return for each column what it is at first, changed at each code to what comes next."""
    columns = [number(first) for first in rows[0]]
    for code, (before, after) in zip(codes, pairwise(rows), strict=True):
        columns = [column.plus(variable(code), b - a) for column, a, b in zip(columns, before, after, strict=True)]
    return columns


def _common_divisor(values: Sequence[Fraction]) -> Fraction:
    denominator = math.lcm(*(value.denominator for value in values))
    return Fraction(math.gcd(*(int(value * denominator) for value in values)), denominator)
