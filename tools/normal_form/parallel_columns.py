"""Replaces variables with proportional columns by their weighted sum.

Rule. Let the columns of x_k (k in a group K), cost included, be b_k·d for one direction d. Then the model sees them
only through s = Σ b_k x_k, and with S = {Σ b_k x_k : l_k ≤ x_k ≤ u_k, x_k integer where it must be} it is equivalent to
the model with one variable s of column d and domain S.

Assumption. S is an interval, [L, U] for a continuous s or [L, U] ∩ Z for an integer one: the sums leave no gap. With
every variable oriented so that b_k x_k rises from its lower end, in n_k steps of size c_k = |b_k| when it is integer,
and R the length that is reached so far:

- some members continuous: start with R = the total length of their ranges; in order of rising c_k an integer member
  joins if c_k ≤ R, and R grows by c_k n_k. If c_k > R no sum lies strictly between R and c_k: it may not join;
- integer members only: in the unit of the smallest c_k, start with R = 0; a member joins if c_k is a whole number of
  units, at most R + 1, and R grows by c_k n_k. (A first c_k above R + 1 leaves out R + 1.)

Members that may not join are grouped among themselves. Where a member has no end the same rules hold: from then on R
is infinite, and once no gap can be left every whole number of units may join.

Maps. Down: s = Σ b_k x_k. Up, affine where possible: a member without end takes the rest while the others rest at an
end; continuous members share in proportion to their ranges. Else digits, where c_k = base^k and 0 ≤ x_k < base, or a
weighted_sum: parts within their bounds that make up s (x = p − n with p, n ≥ 0 among them).

Covers digits in any base, unary expansions, bounded and free-variable splits, and identical columns. Source: the
aggregation of parallel columns of MILP presolve (Achterberg, Bixby, Gu, Rothberg, Weninger, "Presolve Reductions in
Mixed Integer Programming", INFORMS J. Comput. 32 (2020), section 4.3), which also merges with gaps in between; here
both directions must be maps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from tools.errors import MappingError
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.digits import Digits
from tools.mapping.functions.protocol import TotalFunction
from tools.mapping.functions.weighted_sum import Part, WeightedSum
from tools.normal_form.column_draft import ColumnDraft, Range, scaled
from tools.normal_form.step import Reduction

_ZERO, _ONE = Fraction(0), Fraction(1)


Given = tuple[Mapping[int, AffineExpression], Sequence[TotalFunction]]
"""For each member the expression of factor·x in the sum and in outputs of the functions."""


@dataclass(frozen=True)
class Member:
    """Variable `index` of a group: its column is `factor` times the direction; `span` is the range of factor·x."""

    index: int
    factor: Fraction
    span: Range
    integer: bool

    @property
    def length(self) -> Fraction | None:
        """Length of the span, None where it has no end."""
        low, high = self.span
        return None if low is None or high is None else high - low

    def times(self, scale: Fraction) -> Member:
        """Return the member of a group whose direction is divided by `scale`."""
        return Member(self.index, self.factor * scale, scaled(self.span, scale), self.integer)

    def rest(self, *, from_above: bool = False) -> Fraction:
        """Return where it stays when another member moves: at its lower end (or upper), else the other, else zero."""
        low, high = self.span[::-1] if from_above else self.span
        return low if low is not None else high if high is not None else _ZERO


class ParallelColumns:
    """Variables that occur in fixed proportion everywhere become their weighted sum, where the sums leave no gap."""

    name: ClassVar[str] = "parallel columns"
    affine_only: ClassVar[bool] = False

    def accepts(self, model: Formulation) -> bool:
        """Say whether two columns might be proportional: equal length and equal first row."""
        seen: set[tuple[int, ...]] = set()
        matrix = model.matrix_by_column
        for j, costs in enumerate((model.objective.floats != 0).tolist()):
            pattern = (int(costs), *matrix.indices[matrix.indptr[j] : matrix.indptr[j + 1]].tolist())
            if pattern in seen and pattern != (0,):
                return True
            seen.add(pattern)
        return False

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the model with every gap-free group of at least two proportional columns merged, else None."""
        del budget
        draft = ColumnDraft(model)
        merged = [
            _merge(draft, chain, self.affine_only)
            for group in parallel_groups(draft)
            for chain in gap_free_chains(group)
        ]
        return draft.reduction(self.name) if any(merged) else None


class AffineParallelColumns(ParallelColumns):
    """The same, but sums that only a function can share among their members stay as they are."""

    name: ClassVar[str] = "parallel columns (affine)"
    affine_only: ClassVar[bool] = True


def parallel_groups(draft: ColumnDraft) -> Iterator[list[Member]]:
    """Yield each maximal group of two or more variables with proportional columns, factors in that of the first."""
    patterns: dict[tuple[int, ...], list[int]] = {}
    for j, column in draft.columns.items():
        low, high = draft.bounds[j]
        movable = low is None or high is None or low < high
        if movable and (column or draft.cost.get(j)):
            patterns.setdefault((int(bool(draft.cost.get(j))), *sorted(column)), []).append(j)
    for (_, *rows), candidates in patterns.items():
        groups: dict[tuple[Fraction, ...], list[Member]] = {}
        for j in candidates if len(candidates) > 1 else ():
            entries = [draft.columns[j][i] for i in rows] or [draft.cost[j]]
            factor = entries[0]
            direction = tuple(value / factor for value in (*entries, draft.cost.get(j, _ZERO)))
            member = Member(j, factor, scaled(draft.bounds[j], factor), draft.integer[j])
            groups.setdefault(direction, []).append(member)
        for group in groups.values():
            if len(group) > 1:
                yield [member.times(1 / group[0].factor) for member in group]


def gap_free_chains(group: Sequence[Member]) -> Iterator[list[Member]]:
    """Yield disjoint parts of the group, of two or more members each, whose sums leave no gap.

    The factors of integer members are whole numbers without common divisor where no member is continuous.
    """
    continuous = [member for member in group if not member.integer]
    integers = sorted((member for member in group if member.integer), key=lambda member: abs(member.factor))
    chain, left = list(continuous), []
    if continuous:
        reach = _total(continuous)
        for member in integers:
            if reach is None or abs(member.factor) <= reach:
                chain.append(member)
                reach = None if reach is None or member.length is None else reach + member.length
            else:
                left.append(member)
        if len(chain) > 1:
            yield _oriented(chain)
        integers = left
    while len(integers) > 1:
        unit = 1 / abs(integers[0].factor)
        chain, left, reach = [], [], _ZERO
        for member in (member.times(unit) for member in integers):
            if member.factor.denominator == 1 and (reach is None or abs(member.factor) <= reach + 1):
                chain.append(member)
                reach = None if reach is None or member.length is None else reach + member.length
            else:
                left.append(member)
        if len(chain) > 1:
            yield _oriented(chain)
        integers = left


def _total(members: Sequence[Member]) -> Fraction | None:
    lengths = [member.length for member in members]
    return None if None in lengths else sum((length for length in lengths if length is not None), _ZERO)


def _oriented(chain: list[Member]) -> list[Member]:
    """Return the chain with its direction turned so that the first member, or most of them, count positively."""
    balance = sum(1 if member.factor > 0 else -1 for member in chain)
    negative = balance < 0 or (balance == 0 and chain[0].factor < 0)
    return [member.times(-_ONE) for member in chain] if negative else chain


def _merge(draft: ColumnDraft, chain: list[Member], affine_only: bool) -> bool:
    """Replace the chain by its sum in `draft`; False where no map back is known."""
    lows, highs = [member.span[0] for member in chain], [member.span[1] for member in chain]
    low = None if None in lows else sum((end for end in lows if end is not None), _ZERO)
    high = None if None in highs else sum((end for end in highs if end is not None), _ZERO)
    integer = all(member.integer for member in chain)
    name = draft.fresh(f"sum({draft.names[chain[0].index]})")
    given = _given(draft, chain, (low, high), name)
    if given is None or (affine_only and given[1]):
        return False
    shares, functions = given
    first = chain[0]
    column = {i: value / first.factor for i, value in draft.columns[first.index].items()}
    down = draft.form({member.index: member.factor for member in chain})
    cost = draft.cost.get(first.index, _ZERO) / first.factor
    draft.add_variable(name, (low, high), integer=integer, column=column, cost=cost, value=down)
    draft.remove({member.index: shares[member.index] * (1 / member.factor) for member in chain}, functions)
    return True


def _given(draft: ColumnDraft, chain: Sequence[Member], total: Range, name: str) -> Given | None:
    """Return how the sum is shared among the members, affinely where that is possible."""
    whole = AffineExpression.variable(name)
    low, high = total
    if low is not None and high is not None:
        if any(member.integer for member in chain):
            return _summed(draft, chain, total, whole)
        return _in_proportion(draft, chain, low, high, whole), ()
    rising = low is not None
    for member in chain:
        least, most = member.span
        endless = most is None if rising else least is None
        both = least is None and most is None
        if _is_fine(member, chain) and (both or (endless and (rising or high is not None))):
            return _taken_by(member, chain, total, whole), ()
    return _summed(draft, chain, total, whole)


def _is_fine(member: Member, chain: Sequence[Member]) -> bool:
    """Say whether the member alone moves the sum as finely as the chain does."""
    return not member.integer or (abs(member.factor) == 1 and all(other.integer for other in chain))


def _taken_by(
    taker: Member, chain: Sequence[Member], total: Range, whole: AffineExpression
) -> dict[int, AffineExpression]:
    """Return the shares where `taker` gets all that the others, each at rest, do not."""
    down = total[0] is None and total[1] is not None
    rests = {member.index: member.rest(from_above=down) for member in chain if member is not taker}
    shares = {index: AffineExpression.number(rest) for index, rest in rests.items()}
    shares[taker.index] = whole - AffineExpression.number(sum(rests.values(), _ZERO))
    return shares


def _in_proportion(
    draft: ColumnDraft, chain: Sequence[Member], low: Fraction, high: Fraction, whole: AffineExpression
) -> dict[int, AffineExpression]:
    shares: dict[int, AffineExpression] = {}
    for member in chain:
        rate = (member.length or _ZERO) / (high - low)
        shares[member.index] = whole * rate + AffineExpression.number(member.rest() - low * rate)
    return shares


def _summed(draft: ColumnDraft, chain: Sequence[Member], total: Range, whole: AffineExpression) -> Given | None:
    """Return the members as digits of the sum, or as parts of it within their bounds."""
    outputs: dict[int, str] = {}
    function: TotalFunction
    base = _base(draft, chain)
    if base is not None:
        ordered = sorted(chain, key=lambda member: member.factor)
        outputs = {member.index: draft.fresh(f"digits({draft.names[member.index]})") for member in ordered}
        function = Digits(whole, base, tuple(outputs.values()))
    else:
        outputs = {member.index: draft.fresh(f"weighted_sum({draft.names[member.index]})") for member in chain}
        parts = tuple(
            Part(outputs[member.index], member.factor, *draft.bounds[member.index], member.integer) for member in chain
        )
        try:
            function = WeightedSum(whole, parts, *total, _ONE if all(member.integer for member in chain) else None)
        except MappingError:
            return None
    shares = {member.index: AffineExpression.variable(outputs[member.index]) * member.factor for member in chain}
    return shares, (function,)


def _base(draft: ColumnDraft, chain: Sequence[Member]) -> int | None:
    """Return the base in which the members are all the digits of a number, None where they are not."""
    sizes = sorted(member.factor for member in chain)
    base = int(sizes[1])
    digits = (_ZERO, Fraction(base - 1))
    fits = base > 1 and all(
        member.integer and draft.bounds[member.index] == digits for member in chain
    ) and all(size == base**k for k, size in enumerate(sizes))  # fmt: skip
    return base if fits else None
