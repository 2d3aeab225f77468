"""Completeness of digits, splits and unary codes: candidate variables that act only through the mapped sums.

Lemma. Let every candidate variable occur in exactly one expression f_i = c_i + Σ_{k∈S_i} a_k·x_k, and let every row of
the candidate, and its objective, be a combination of the sums s_i = Σ a_k·x_k. If every value y_i that the reference
allows is a sum c_i + s_i of values within the bounds (and integrality) of S_i, and if F(R) satisfies the candidate's
rows, read in y − c, and its objective bound, then every y ∈ F(R) is f(x) for an x ∈ F(C). Proof: choose for each i
values of S_i that sum to y_i − c_i; rows and objective depend on the sums alone. ∎
"""

from __future__ import annotations

import math
from fractions import Fraction

from tools.claims.inclusion import Requirement
from tools.claims.objective_relation import ObjectiveRelation
from tools.exact.proofs import bounds_of
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping

LARGEST_SPAN = 100_000
"""Integer variables with a wider range than this are not listed value by value."""


def fibre_requirements(
    reference: Formulation, candidate: Formulation, recovery: IndexMapping, relation: ObjectiveRelation
) -> list[Requirement] | None:
    """Return what F(R) must still satisfy for the lemma to prove completeness, or None where it does not apply."""
    group = [-1] * len(candidate.variables)
    for i, terms in enumerate(recovery.terms):
        for k in terms:
            if group[k] >= 0:
                return None
            group[k] = i
    if -1 in group:
        return None
    wanted: list[Requirement] = []
    for row in range(len(candidate.rows)):
        combination = _combination(candidate.row_terms(row), recovery, group)
        if combination is None:
            return None
        form, constant = combination
        low, high = candidate.row_lower.finite(row), candidate.row_upper.finite(row)
        if low is not None:
            wanted.append(Requirement("row lower", row, form, constant - low))
        if high is not None:
            wanted.append(Requirement("row upper", row, {i: -a for i, a in form.items()}, high - constant))
    cost = _combination(dict(candidate.cost_terms), recovery, group)
    if cost is None:
        return None
    form, constant = cost
    worth = {i: -relation.scale * a for i, a in form.items()}
    for i, a in reference.cost_terms.items():
        worth[i] = worth.get(i, Fraction(0)) + a
    worth = {i: a for i, a in worth.items() if a}
    offset = reference.cost_constant - relation(candidate.cost_constant + constant)
    wanted.append(Requirement("objective", 0, worth, offset))
    if not all(_reaches_all(reference, candidate, recovery, i) for i in range(len(recovery.terms))):
        return None
    return wanted


def _combination(
    terms: dict[int, Fraction], recovery: IndexMapping, group: list[int]
) -> tuple[dict[int, Fraction], Fraction] | None:
    """Return a candidate form as (form in y, constant), or None when it does not act through the sums alone."""
    factors: dict[int, Fraction] = {}
    for k, value in terms.items():
        i = group[k]
        factor = value / recovery.terms[i][k]
        if factors.setdefault(i, factor) != factor:
            return None
    if any(k not in terms for i in factors for k in recovery.terms[i]):
        return None
    constant = -sum((factor * recovery.constants[i] for i, factor in factors.items()), Fraction(0))
    return factors, constant


def _reaches_all(reference: Formulation, candidate: Formulation, recovery: IndexMapping, i: int) -> bool:
    """Say whether every value within the bounds of reference variable i is a sum over its group."""
    low, high = bounds_of(reference, i)
    members = list(recovery.terms[i].items())
    ranges = [(a, *bounds_of(candidate, k), bool(candidate.integer[k])) for k, a in members]
    constant = recovery.constants[i]
    if any(least is not None and most is not None and least > most for _, least, most, _ in ranges):
        return False
    if not members:
        return low is not None and low == high == constant
    if not any(integer for *_, integer in ranges):
        ends = [_end(ranges, upper) for upper in (False, True)]
        below = ends[0] is None or (low is not None and low >= ends[0] + constant)
        above = ends[1] is None or (high is not None and high <= ends[1] + constant)
        return below and above
    if not reference.integer[i] or not all(integer for *_, integer in ranges):
        return False
    if low is None or high is None or high - low > LARGEST_SPAN:
        return False
    targets = range(math.ceil(low), math.floor(high) + 1)
    denominator = math.lcm(constant.denominator, *(a.denominator for a, *_ in ranges))
    sums = 1 << 0
    base = constant * denominator
    for a, least, most, _ in ranges:
        if least is None or most is None or most - least > LARGEST_SPAN:
            return False
        step, count = int(a * denominator), int(most - least)
        base += a * denominator * (least if step > 0 else most)
        sums = _with_multiples(sums, abs(step), count)
        if sums.bit_length() > 8 * LARGEST_SPAN * denominator:
            return False
    return all((place := value * denominator - int(base)) >= 0 and sums >> place & 1 for value in targets)


def _with_multiples(sums: int, step: int, count: int) -> int:
    """Return the bit set of s + step·v for s in `sums` and v = 0 … count, by doubling."""
    result, covered = sums, 0
    while covered < count:
        jump = min(covered + 1, count - covered)
        result |= result << (step * jump)
        covered += jump
    return result


def _end(ranges: list[tuple[Fraction, Fraction | None, Fraction | None, bool]], upper: bool) -> Fraction | None:
    """Return the least or greatest sum of continuous members, None when it is infinite."""
    total = Fraction(0)
    for a, low, high, _ in ranges:
        side = high if (a > 0) == upper else low
        if side is None:
            return None
        total += a * side
    return total
