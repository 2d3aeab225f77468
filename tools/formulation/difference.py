"""What changed between two formulations that share names of variables, exactly.

Rows are paired by name where they say the same, then by content whatever their names, then by name where they
share a variable. Two rows say the
same when one is the other times a number other than 0, sides included; the order of variables and rows never counts,
nor does an objective that is written as the negative with the other sense.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from tools.formulation.model import Formulation, Sense
from tools.formulation.numbers import ExactVector

SCHEMA = "quasikarp/difference/1"

Side = Literal["lower", "upper"]
Terms = Mapping[str, Fraction]


@dataclass(frozen=True)
class BoundChange:
    """A side of a variable or a row that changed; None is no bound.

    `factor` is 1, or the number that the whole row was multiplied by besides: `new` is in the scale of A.
    """

    name: str
    side: Side
    old: Fraction | None
    new: Fraction | None
    factor: Fraction = Fraction(1)


@dataclass(frozen=True)
class KindChange:
    """A variable that became integer (`integer` is then true) or continuous."""

    name: str
    integer: bool


@dataclass(frozen=True)
class CoefficientChange:
    """A coefficient in a row that both models have, or in the objective (`row` is then None); 0 where there is none."""

    row: str | None
    variable: str
    old: Fraction
    new: Fraction


@dataclass(frozen=True)
class Difference:
    """What A and B do not share. `same` says that they are one model, however they write it.

    `sense` and `constant` hold both models' where they differ. `renamed` are rows of A with their names in B, and
    `scaled` rows of A that B multiplies by a number: both say the same in A and B. `reordered` says that shared
    variables or rows come in another order, `negated_objective` that the objective is written the other way round.
    """

    shared_variables: int
    shared_rows: int
    variables_only_in_a: tuple[str, ...]
    variables_only_in_b: tuple[str, ...]
    rows_only_in_a: tuple[str, ...]
    rows_only_in_b: tuple[str, ...]
    kinds: tuple[KindChange, ...]
    bounds: tuple[BoundChange, ...]
    sides: tuple[BoundChange, ...]
    coefficients: tuple[CoefficientChange, ...]
    objective: tuple[CoefficientChange, ...]
    sense: tuple[Sense, Sense] | None
    constant: tuple[Fraction, Fraction] | None
    renamed: tuple[tuple[str, str], ...]
    scaled: tuple[tuple[str, Fraction], ...]
    reordered: bool
    negated_objective: bool

    @property
    def same(self) -> bool:
        """Whether nothing but the way of writing differs."""
        parts = (
            self.variables_only_in_a, self.variables_only_in_b, self.rows_only_in_a, self.rows_only_in_b,
            self.kinds, self.bounds, self.sides, self.coefficients, self.objective, self.sense, self.constant,
        )  # fmt: skip
        return not any(parts)

    def to_json(self) -> dict[str, Any]:
        """Return the difference as plain JSON data, numbers as exact strings, null for no bound."""
        return {
            "schema": SCHEMA,
            "same": self.same,
            "shared_variables": self.shared_variables,
            "shared_rows": self.shared_rows,
            "variables_only_in_a": list(self.variables_only_in_a),
            "variables_only_in_b": list(self.variables_only_in_b),
            "rows_only_in_a": list(self.rows_only_in_a),
            "rows_only_in_b": list(self.rows_only_in_b),
            "kinds": [{"variable": change.name, "integer": change.integer} for change in self.kinds],
            "bounds": [_bound_document("variable", change) for change in self.bounds],
            "sides": [_bound_document("row", change) | {"factor": str(change.factor)} for change in self.sides],
            "coefficients": [_coefficient_document(change) for change in self.coefficients],
            "objective": [_coefficient_document(change) for change in self.objective],
            "sense": None if self.sense is None else list(self.sense),
            "constant": None if self.constant is None else [str(value) for value in self.constant],
            "renamed": [list(names) for names in self.renamed],
            "scaled": [[name, str(factor)] for name, factor in self.scaled],
            "reordered": self.reordered,
            "negated_objective": self.negated_objective,
        }


def difference(a: Formulation, b: Formulation) -> Difference:
    """Return what changed from `a` to `b`; variables are the same when their names are."""
    shared = [name for name in a.variables if name in b.variable_index]
    kinds, bounds = [], []
    for name in shared:
        i, k = a.variable_index[name], b.variable_index[name]
        if a.integer[i] != b.integer[k]:
            kinds.append(KindChange(name, bool(b.integer[k])))
        bounds += _bound_changes(name, _finite(a.lower, a.upper, i), _finite(b.lower, b.upper, k))
    rows = _RowPairs(a, b)
    objective, sense, constant, negated = _objective_changes(a, b)
    return Difference(
        shared_variables=len(shared),
        shared_rows=len(rows.pairs),
        variables_only_in_a=tuple(name for name in a.variables if name not in b.variable_index),
        variables_only_in_b=tuple(name for name in b.variables if name not in a.variable_index),
        rows_only_in_a=tuple(a.rows[i] for i in rows.only_in_a),
        rows_only_in_b=tuple(b.rows[k] for k in rows.only_in_b),
        kinds=tuple(kinds),
        bounds=tuple(bounds),
        sides=tuple(rows.sides),
        coefficients=tuple(rows.coefficients),
        objective=objective,
        sense=sense,
        constant=constant,
        renamed=tuple((a.rows[i], b.rows[k]) for i, k in rows.pairs if a.rows[i] != b.rows[k]),
        scaled=tuple(rows.scaled),
        reordered=_out_of_order([b.variable_index[name] for name in shared])
        or _out_of_order([k for _, k in rows.pairs]),
        negated_objective=negated,
    )


@dataclass(frozen=True)
class _Row:
    """A row by names, and the same divided by its leading coefficient, so that multiples of it look alike."""

    terms: Terms
    lower: Fraction | None
    upper: Fraction | None

    @cached_property
    def lead(self) -> Fraction:
        return self.terms[min(self.terms)] if self.terms else Fraction(1)

    def times(self, factor: Fraction) -> _Row:
        low = None if self.lower is None else self.lower * factor
        high = None if self.upper is None else self.upper * factor
        if factor < 0:
            low, high = high, low
        return _Row({name: c * factor for name, c in self.terms.items()}, low, high)

    @cached_property
    def key(self) -> tuple[Any, ...]:
        scaled = self.times(1 / self.lead)
        return frozenset(scaled.terms.items()), scaled.lower, scaled.upper


class _RowPairs:
    """The rows of both models paired, as the module says, and what changed within the pairs."""

    def __init__(self, a: Formulation, b: Formulation) -> None:
        mine, other = _rows_of(a), _rows_of(b)
        partner: dict[int, int] = {}
        for i, name in enumerate(a.rows):
            k = b.row_index.get(name)
            if k is not None and (mine[i] == other[k] or mine[i].key == other[k].key):
                partner[i] = k
        taken = set(partner.values())
        by_content: dict[tuple[Any, ...], deque[int]] = defaultdict(deque)
        for k, row in enumerate(other):
            if k not in taken:
                by_content[row.key].append(k)
        for i, row in enumerate(mine):
            if i not in partner and (same := by_content.get(row.key)):
                partner[i] = same.popleft()
        taken = set(partner.values())
        for i, name in enumerate(a.rows):
            k = b.row_index.get(name)
            if i in partner or k is None or k in taken:
                continue
            # Rows of one name over other variables are other rows.
            if not mine[i].terms or not mine[i].terms.keys().isdisjoint(other[k].terms):
                partner[i] = k
                taken.add(k)
        self.pairs = sorted(partner.items())
        self.only_in_a = [i for i in range(len(a.rows)) if i not in partner]
        self.only_in_b = [k for k in range(len(b.rows)) if k not in taken]
        self.sides: list[BoundChange] = []
        self.coefficients: list[CoefficientChange] = []
        self.scaled: list[tuple[str, Fraction]] = []
        for i, k in self.pairs:
            self._compare(a.rows[i], mine[i], other[k])

    def _compare(self, name: str, old: _Row, new: _Row) -> None:
        if old == new:
            return
        coefficients = _term_changes(name, old.terms, new.terms)
        sides = _bound_changes(name, (old.lower, old.upper), (new.lower, new.upper))
        if old.terms.keys() == new.terms.keys():
            factor = new.lead / old.lead
            unscaled = new.times(1 / factor)
            scaled_sides = _bound_changes(name, (old.lower, old.upper), (unscaled.lower, unscaled.upper), factor)
            # The reading with fewer changes is the one that is told; for 2 x <= 3 against 4 x <= 3 that is 2 → 4.
            fewer = not scaled_sides or 1 + len(scaled_sides) < len(coefficients) + len(sides)
            if old.terms == unscaled.terms and fewer:
                self.sides += scaled_sides
                if not scaled_sides:
                    self.scaled.append((name, factor))
                return
        self.coefficients += coefficients
        self.sides += sides


def _rows_of(model: Formulation) -> list[_Row]:
    return [
        _Row(
            {model.variables[j]: c for j, c in model.row_terms(i).items()},
            *_finite(model.row_lower, model.row_upper, i),
        )
        for i in range(len(model.rows))
    ]


def _finite(lower: ExactVector, upper: ExactVector, index: int) -> tuple[Fraction | None, Fraction | None]:
    return lower.finite(index), upper.finite(index)


def _bound_changes(
    name: str,
    old: tuple[Fraction | None, Fraction | None],
    new: tuple[Fraction | None, Fraction | None],
    factor: Fraction = Fraction(1),
) -> list[BoundChange]:
    changes = [BoundChange(name, "lower", old[0], new[0], factor), BoundChange(name, "upper", old[1], new[1], factor)]
    return [change for change in changes if change.old != change.new]


def _term_changes(row: str | None, old: Terms, new: Terms) -> list[CoefficientChange]:
    zero = Fraction(0)
    return [
        CoefficientChange(row, name, old.get(name, zero), new.get(name, zero))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


def _objective_changes(
    a: Formulation, b: Formulation
) -> tuple[tuple[CoefficientChange, ...], tuple[Sense, Sense] | None, tuple[Fraction, Fraction] | None, bool]:
    """Return changed coefficients, senses, constants, and whether one objective is the other's negative throughout."""
    if a.sense != b.sense and _costs(a) == _costs(b) and a.cost_constant == b.cost_constant:
        return (), None, None, True
    changed = tuple(_term_changes(None, _costs(a, own_sense=True), _costs(b, own_sense=True)))
    constants = (a.objective_constant, b.objective_constant)
    return (
        changed,
        None if a.sense == b.sense else (a.sense, b.sense),
        None if constants[0] == constants[1] else constants,
        False,
    )


def _costs(model: Formulation, *, own_sense: bool = False) -> Terms:
    sign = -1 if own_sense and model.sense == "maximize" else 1
    return {model.variables[j]: sign * c for j, c in model.cost_terms.items()}


def _out_of_order(positions: list[int]) -> bool:
    return any(first > second for first, second in pairwise(positions))


def _bound_document(noun: str, change: BoundChange) -> dict[str, Any]:
    old, new = (None if value is None else str(value) for value in (change.old, change.new))
    return {noun: change.name, "side": change.side, "old": old, "new": new}


def _coefficient_document(change: CoefficientChange) -> dict[str, Any]:
    row = {} if change.row is None else {"row": change.row}
    return row | {"variable": change.variable, "old": str(change.old), "new": str(change.new)}
