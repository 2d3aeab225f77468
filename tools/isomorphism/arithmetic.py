"""Exact comparisons and sums over whole vectors of rationals, in machine integers wherever that proves the result."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tools.formulation.numbers import BoolArray, ExactVector, FloatArray, IntArray

HashArray = NDArray[np.uint64]

_WORD = 1 << 64
_LARGEST_EXPONENT = 22
"""10^22 is the largest power of ten that a double holds exactly."""
_FLOAT_SLACK = 1e-14
"""More than the relative rounding error of a product of four doubles that are each correctly rounded."""


def scramble(words: HashArray) -> HashArray:
    """Return a copy in which every bit of each word depends on all its bits (the finaliser of splitmix64)."""
    mixed = words ^ (words >> np.uint64(30))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


@dataclass(frozen=True)
class _Quotients:
    """Numbers as numerator / denominator: exact modulo 2^64, approximate as doubles, `known` where both are set."""

    numerator: HashArray
    denominator: HashArray
    numerator_size: FloatArray
    denominator_size: FloatArray
    known: BoolArray

    def at(self, index: IntArray) -> _Quotients:
        return _Quotients(
            self.numerator[index], self.denominator[index], self.numerator_size[index],
            self.denominator_size[index], self.known[index],
        )  # fmt: skip


def agree(
    left: ExactVector,
    right: ExactVector,
    left_factors: Sequence[Fraction],
    left_index: IntArray,
    right_factors: Sequence[Fraction],
    right_index: IntArray,
) -> BoolArray:
    """Return, for each e, whether `left[e] · left_factors[left_index[e]] = right[e] · right_factors[right_index[e]]`.

    The answer is exact. All entries must be finite. Two integers that agree modulo 2^64 and that doubles place closer
    than 2^63 are equal, which decides nearly every entry; Python rationals decide the rest.
    """
    a, b = _quotients_of_vector(left), _quotients_of_vector(right)
    s, f = _quotients(left_factors).at(left_index), _quotients(right_factors).at(right_index)
    with np.errstate(over="ignore", invalid="ignore"):
        here = a.numerator * s.numerator * b.denominator * f.denominator
        there = b.numerator * f.numerator * a.denominator * s.denominator
        here_size = a.numerator_size * s.numerator_size * b.denominator_size * f.denominator_size
        there_size = b.numerator_size * f.numerator_size * a.denominator_size * s.denominator_size
        distance = np.abs(here_size - there_size) + _FLOAT_SLACK * (np.abs(here_size) + np.abs(there_size))
        decided = a.known & b.known & s.known & f.known & (distance < 2.0**63)
    result: BoolArray = here == there
    for e in np.flatnonzero(~decided).tolist():
        factor, other = left_factors[int(left_index[e])], right_factors[int(right_index[e])]
        result[e] = left[e] * factor == right[e] * other
    return result


def weighted_row_sums(
    coefficients: ExactVector,
    positions: IntArray,
    starts: IntArray,
    weights: Sequence[Fraction],
    weight_index: IntArray,
) -> list[Fraction]:
    """Return exactly, for each group g, the sum of `coefficients[positions[e]] · weights[weight_index[e]]` over it.

    Group g owns e = starts[g] … starts[g+1]-1 (the last one runs to the end); no group may be empty.
    """
    if not len(starts):
        return []
    used, place = np.unique(weight_index, return_inverse=True)
    chosen = [weights[k] for k in used.tolist()]
    weight_base = math.lcm(*(w.denominator for w in chosen))
    taken = coefficients.take(positions)
    quotients = _quotients_of_vector(taken)
    plain = quotients.known.copy()
    plain[list(taken.overrides)] = False
    exceptions = {e: taken[e] for e in np.flatnonzero(~plain).tolist()}
    base = 1
    if plain.any():
        base = int(quotients.denominator_size[plain].max())
    base = math.lcm(base, *(value.denominator for value in exceptions.values()))
    numerators = quotients.numerator.view(np.int64).astype(object)
    factors = np.array([base // d for d in map(int, np.unique(quotients.denominator_size[plain]))], dtype=object)
    scale = np.ones(len(numerators), dtype=object)
    scale[plain] = factors[np.unique(quotients.denominator_size[plain], return_inverse=True)[1]]
    numerators = numerators * scale
    for e, value in exceptions.items():
        numerators[e] = int(value * base)
    integers = np.empty(len(chosen), dtype=object)
    integers[:] = [int(w * weight_base) for w in chosen]
    totals = np.add.reduceat(numerators * integers[place], starts)
    return [Fraction(int(total), base * weight_base) for total in totals]


def _quotients_of_vector(vector: ExactVector) -> _Quotients:
    """A decimal of at most 15 digits is N / 10^q for the least q at which rounding N / 10^q gives the double back."""
    values = vector.floats
    numerator = np.zeros(len(values))
    denominator = np.ones(len(values))
    known = np.zeros(len(values), dtype=np.bool_)
    open_entries = np.flatnonzero(np.isfinite(values))
    for exponent in range(_LARGEST_EXPONENT + 1):
        if not open_entries.size:
            break
        power = 10.0**exponent
        remaining = values[open_entries]
        with np.errstate(over="ignore"):
            rounded = np.rint(remaining * power)
        hit = (rounded / power == remaining) & (np.abs(rounded) < 1e15)
        settled = open_entries[hit]
        numerator[settled], denominator[settled], known[settled] = rounded[hit], power, True
        open_entries = open_entries[~hit]
    exact_numerator = numerator.astype(np.int64).view(np.uint64)
    # 10^q for q > 18 does not fit int64; these few powers are looked up modulo 2^64.
    powers = np.array([(10**q) % _WORD for q in range(_LARGEST_EXPONENT + 1)], dtype=np.uint64)
    exact_denominator = powers[np.rint(np.log10(denominator)).astype(np.int64)]
    for index, value in vector.overrides.items():
        exact_numerator[index], exact_denominator[index] = value.numerator % _WORD, value.denominator % _WORD
        numerator[index], denominator[index] = _size(value.numerator), _size(value.denominator)
        known[index] = True
    return _Quotients(exact_numerator, exact_denominator, numerator, denominator, known)


def _quotients(values: Sequence[Fraction]) -> _Quotients:
    return _Quotients(
        np.array([v.numerator % _WORD for v in values], dtype=np.uint64),
        np.array([v.denominator % _WORD for v in values], dtype=np.uint64),
        np.array([_size(v.numerator) for v in values], dtype=np.float64),
        np.array([_size(v.denominator) for v in values], dtype=np.float64),
        np.ones(len(values), dtype=np.bool_),
    )


def _size(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
