"""A formulation by rows and by columns, for steps that exchange variables for new ones, with the maps both ways."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import ExactVector
from tools.mapping.affine import AffineExpression
from tools.mapping.extension import Extension
from tools.mapping.functions.protocol import TotalFunction
from tools.mapping.total import TotalMapping
from tools.normal_form.step import Reduction

Terms = Mapping[int, Fraction]
Range = tuple[Fraction | None, Fraction | None]
"""Lower and upper end; None is no bound."""

_ZERO = Fraction(0)


class ColumnDraft:
    """Rows and columns of a formulation as exact dictionaries, changed in place and rebuilt at the end.

    `rows[i]` is {variable index: coefficient} and `columns[j]` is {row index: coefficient}, always in agreement;
    `cost` is the objective in the model's own sense. Indices of what was removed are not used again. Bounds of integer
    variables are moved inward to integers.
    """

    def __init__(self, model: Formulation) -> None:
        self.model = model
        self.names = list(model.variables)
        self.integer: list[bool] = model.integer.tolist()
        self.bounds: dict[int, Range] = {
            j: _inward(model.lower.finite(j), model.upper.finite(j), self.integer[j]) for j in range(len(self.names))
        }
        self.cost: dict[int, Fraction] = {
            j: model.objective[j] for j in np.flatnonzero(model.objective.floats).tolist()
        }
        self.constant = model.objective_constant
        self.row_names = list(model.rows)
        self.rows: dict[int, dict[int, Fraction]] = {i: model.row_terms(i) for i in range(len(model.rows))}
        self.sides: dict[int, Range] = {
            i: (model.row_lower.finite(i), model.row_upper.finite(i)) for i in range(len(model.rows))
        }
        self.columns: dict[int, dict[int, Fraction]] = {j: {} for j in range(len(self.names))}
        for i, terms in self.rows.items():
            for j, value in terms.items():
                self.columns[j][i] = value
        self._kinds: dict[int, int] = dict(enumerate(model.kinds.tolist()))
        self._down: dict[str, AffineExpression] = {}
        self._stages: list[tuple[Sequence[TotalFunction], Mapping[str, AffineExpression]]] = []
        self._taken = set(self.names)
        self._taken_rows = set(self.row_names)

    def fresh(self, name: str) -> str:
        """Return `name`, with as many primes as make it new among variables and function outputs, and reserve it."""
        while name in self._taken:
            name += "'"
        self._taken.add(name)
        return name

    def form(self, terms: Terms, constant: Fraction = _ZERO) -> AffineExpression:
        """Return Σ terms + constant in variable names."""
        return AffineExpression(constant, {self.names[j]: value for j, value in terms.items()})

    def activity(self, terms: Terms) -> Range:
        """Return the least and the greatest value of Σ terms over the bounds."""
        low: Fraction | None = _ZERO
        high: Fraction | None = _ZERO
        for j, value in terms.items():
            least, most = scaled(self.bounds[j], value)
            low = None if low is None or least is None else low + least
            high = None if high is None or most is None else high + most
        return low, high

    def tighten(self, j: int, interval: Range) -> None:
        """Put variable `j` within `interval` as well, at whole numbers if it is integer."""
        lows = [low for low, _ in (self.bounds[j], interval) if low is not None]
        highs = [high for _, high in (self.bounds[j], interval) if high is not None]
        self.bounds[j] = _inward(max(lows, default=None), min(highs, default=None), self.integer[j])

    def add_row(self, name: str, terms: Terms, low: Fraction | None, high: Fraction | None) -> int:
        """Add the row low ≤ Σ terms ≤ high under a name like `name`; return its index."""
        while name in self._taken_rows:
            name += "'"
        self._taken_rows.add(name)
        i = len(self.row_names)
        self.row_names.append(name)
        self.rows[i] = {}
        self.sides[i] = (low, high)
        for j, value in terms.items():
            self._set(i, j, value)
        return i

    def delete_row(self, i: int) -> None:
        """Remove row `i`; its name may be used again."""
        self._taken_rows.discard(self.row_names[i])
        for j in self.rows.pop(i):
            del self.columns[j][i]
        del self.sides[i]

    def shift_sides(self, i: int, amount: Fraction) -> None:
        """Add `amount` to both sides of row `i`."""
        low, high = self.sides[i]
        self.sides[i] = (None if low is None else low + amount, None if high is None else high + amount)

    def add_variable(
        self, name: str, bounds: Range, *, integer: bool, column: Terms, cost: Fraction, value: AffineExpression
    ) -> int:
        """Add a variable of {row: coefficient} `column`, equal to `value` in the present variables; return its index.

        `name` comes from `fresh`.
        """
        j = len(self.names)
        self.names.append(name)
        self.integer.append(integer)
        self.bounds[j] = bounds
        binary = integer and bounds == (_ZERO, Fraction(1))
        self._kinds[j] = Kind.BINARY if binary else Kind.INTEGER if integer else Kind.CONTINUOUS
        self.columns[j] = {}
        for i, coefficient in column.items():
            self._set(i, j, coefficient)
        if cost:
            self.cost[j] = cost
        self._down[name] = value.substitute(self._down)
        return j

    def remove(self, values: Mapping[int, AffineExpression], functions: Sequence[TotalFunction] = ()) -> None:
        """Remove variables with their coefficients; `values` gives them back from what is left and `functions`."""
        for j in values:
            for i in self.columns.pop(j):
                del self.rows[i][j]
            self.cost.pop(j, None)
            del self.bounds[j], self._kinds[j]
        self._stages.append((functions, {self.names[j]: value for j, value in values.items()}))

    def substitute(self, j: int, terms: Terms, constant: Fraction) -> None:
        """Replace variable `j` by Σ terms + constant, which do not use it, in every row and the objective."""
        for i, factor in list(self.columns[j].items()):
            for k, value in terms.items():
                self._set(i, k, self.rows[i].get(k, _ZERO) + factor * value)
            self.shift_sides(i, -factor * constant)
        factor = self.cost.get(j, _ZERO)
        if factor:
            for k, value in terms.items():
                self.cost[k] = self.cost.get(k, _ZERO) + factor * value
                if not self.cost[k]:
                    del self.cost[k]
            self.constant += factor * constant
        self.remove({j: self.form(terms, constant)})

    def reduction(self, step: str) -> Reduction:
        """Return the reduction from the model to the draft, by the step of this name."""
        left = list(self.columns)
        place = {j: k for k, j in enumerate(left)}
        rows = list(self.rows)
        reduced = self.model.changed(
            variables=[self.names[j] for j in left],
            lower=_vector([self.bounds[j][0] for j in left], -math.inf),
            upper=_vector([self.bounds[j][1] for j in left], math.inf),
            kinds=[self._kind(j) for j in left],
            objective=ExactVector.of(self.cost.get(j, _ZERO) for j in left),
            objective_constant=self.constant,
            rows=[self.row_names[i] for i in rows],
            row_lower=_vector([self.sides[i][0] for i in rows], -math.inf),
            row_upper=_vector([self.sides[i][1] for i in rows], math.inf),
            indptr=np.cumsum([0, *(len(self.rows[i]) for i in rows)]),
            columns=[place[j] for i in rows for j in self.rows[i]],
            coefficients=ExactVector.of(value for i in rows for value in self.rows[i].values()),
            auxiliary=[place[j] for j in self.model.auxiliary if j in place],
        )
        same = {name: AffineExpression.variable(name) for name in reduced.variables}
        values: dict[str, AffineExpression] = {}
        functions: list[TotalFunction] = []
        for stage_functions, removed in reversed(self._stages):
            functions.extend(function.substitute(values) for function in stage_functions)
            values.update({name: value.substitute(values) for name, value in removed.items()})
        up = {name: values[name] if name in values else same[name] for name in self.model.variables}
        return Reduction(
            self.model,
            reduced,
            TotalMapping({name: self._down.get(name, same[name]) for name in reduced.variables}),
            TotalMapping(up, Extension(tuple(functions))),
            (step,),
        )

    def _kind(self, j: int) -> int:
        low, high = self.bounds[j]
        inside = low is not None and high is not None and low >= 0 and high <= 1
        return int(Kind.INTEGER) if self._kinds[j] == Kind.BINARY and not inside else self._kinds[j]

    def _set(self, i: int, j: int, value: Fraction) -> None:
        if value:
            self.rows[i][j] = value
            self.columns[j][i] = value
        elif j in self.rows[i]:
            del self.rows[i][j], self.columns[j][i]


def scaled(interval: Range, factor: Fraction) -> Range:
    """Return the range of factor·x for x in `interval`, factor ≠ 0."""
    low, high = interval if factor > 0 else (interval[1], interval[0])
    return None if low is None else low * factor, None if high is None else high * factor


def _inward(low: Fraction | None, high: Fraction | None, integer: bool) -> Range:
    if not integer:
        return low, high
    return None if low is None else Fraction(math.ceil(low)), None if high is None else Fraction(math.floor(high))


def _vector(values: Sequence[Fraction | None], absent: float) -> ExactVector:
    return ExactVector.of(absent if value is None else value for value in values)
