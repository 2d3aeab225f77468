"""A model under change: rows as dictionaries, variables that leave it with the expression that gives them back."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

import numpy as np

from tools.formulation.derive import INFINITE
from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import ExactVector
from tools.mapping.affine import AffineExpression
from tools.mapping.total import TotalMapping
from tools.normal_form.step import Reduction

Side = Fraction | None
"""A bound or a row's side; None where there is none."""

_ZERO = Fraction(0)


class Draft:
    """The exact data of `model`, to be changed in place and frozen into a reduction by `reduction`.

    `rows[i]` is {variable index: coefficient}, `row_lower[i]` and `row_upper[i]` its sides; `lower`, `upper` and
    `kinds` belong to the variables; `cost` and `cost_constant` are the objective in the sense of the model. Variables
    keep their indices until the draft is frozen.
    """

    def __init__(self, model: Formulation) -> None:
        m, n = model.shape
        self.model = model
        self.lower: list[Side] = [model.lower.finite(j) for j in range(n)]
        self.upper: list[Side] = [model.upper.finite(j) for j in range(n)]
        self.kinds: list[int] = model.kinds.tolist()
        self.cost: dict[int, Fraction] = {j: c for j, c in enumerate(model.objective) if c}
        self.cost_constant = model.objective_constant
        entries = zip(model.columns.tolist(), model.coefficients.slice(0, model.nonzeros), strict=True)
        self.rows: list[dict[int, Fraction]] = [
            dict(itertools.islice(entries, count)) for count in np.diff(model.indptr).tolist()
        ]
        self.row_lower: list[Side] = [model.row_lower.finite(i) for i in range(m)]
        self.row_upper: list[Side] = [model.row_upper.finite(i) for i in range(m)]
        self._dropped_rows: set[int] = set()
        self._gone: dict[int, AffineExpression] = {}

    def drop_row(self, row: int) -> None:
        """Leave out row `row`."""
        self._dropped_rows.add(row)

    def drop_free_rows(self) -> None:
        """Leave out every row that has no side."""
        for i, (low, high) in enumerate(zip(self.row_lower, self.row_upper, strict=True)):
            if low is None and high is None:
                self._dropped_rows.add(i)

    def replace(self, variable: int, constant: Fraction, terms: Mapping[int, Fraction]) -> None:
        """Put constant + Σ terms[k]·x_k for `variable` into the objective and every row, and leave the variable out.

        Its bounds and integrality go with it: the caller sees to them. `terms` names neither the variable nor one that
        left the draft before; variables that leave later may be named.
        """
        for row in self._column.pop(variable, ()):
            self._put(row, variable, constant, terms)
            for k in terms:
                self._column.setdefault(k, set()).add(row)
        scale = self.cost.pop(variable, _ZERO)
        if scale:
            self.cost_constant += scale * constant
            _add(self.cost, scale, terms)
        self.define(variable, constant, terms)

    def define(self, variable: int, constant: Fraction, terms: Mapping[int, Fraction]) -> None:
        """Leave out `variable`, which the caller took from rows and objective; the way back gives it this value."""
        names = self.model.variables
        self._gone[variable] = AffineExpression(constant, {names[k]: a for k, a in terms.items()})

    @cached_property
    def _column(self) -> dict[int, set[int]]:
        """The rows that may have an entry of a variable, kept up to date by `replace`."""
        found: dict[int, set[int]] = {}
        for i, entries in enumerate(self.rows):
            for j in entries:
                found.setdefault(j, set()).add(i)
        return found

    def _put(self, row: int, variable: int, constant: Fraction, terms: Mapping[int, Fraction]) -> None:
        scale = self.rows[row].pop(variable, _ZERO)
        if not scale:
            return
        low, high = self.row_lower[row], self.row_upper[row]
        self.row_lower[row] = None if low is None else low - scale * constant
        self.row_upper[row] = None if high is None else high - scale * constant
        _add(self.rows[row], scale, terms)

    def freeze(self) -> Formulation:
        """Return the changed model; variables and rows keep their names and order."""
        model = self.model
        kept = [j for j in range(len(model.variables)) if j not in self._gone]
        place = {j: k for k, j in enumerate(kept)}
        rows = [i for i in range(len(self.rows)) if i not in self._dropped_rows]
        entries = [sorted((place[j], a) for j, a in self.rows[i].items()) for i in rows]
        return Formulation.build(
            name=model.name,
            sense=model.sense,
            variables=[model.variables[j] for j in kept],
            lower=_vector([self.lower[j] for j in kept], -INFINITE),
            upper=_vector([self.upper[j] for j in kept], INFINITE),
            kinds=[self._kind(j) for j in kept],
            objective=ExactVector.of(self.cost.get(j, _ZERO) for j in kept),
            objective_constant=self.cost_constant,
            rows=[model.rows[i] for i in rows],
            row_lower=_vector([self.row_lower[i] for i in rows], -INFINITE),
            row_upper=_vector([self.row_upper[i] for i in rows], INFINITE),
            indptr=[0, *itertools.accumulate(map(len, entries))],
            columns=[k for row in entries for k, _ in row],
            coefficients=ExactVector.of(a for row in entries for _, a in row),
            auxiliary=[place[j] for j in model.auxiliary if j in place],
        )

    def reduction(self, step: str) -> Reduction:
        """Return the reduction to the changed model: down leaves variables out, up gives them their expressions."""
        reduced = self.freeze()
        same = {name: AffineExpression.variable(name) for name in reduced.variables}
        found = dict(same)
        for variable in reversed(self._gone):
            # An expression may name variables that left later; those have their way back by now.
            found[self.model.variables[variable]] = self._gone[variable].substitute(found)
        up = {name: found[name] for name in self.model.variables}
        return Reduction(self.model, reduced, TotalMapping(same), TotalMapping(up), (step,))

    def _kind(self, variable: int) -> int:
        """A binary whose bounds are no longer within [0, 1] is an integer."""
        low, high = self.lower[variable], self.upper[variable]
        inside = low is not None and high is not None and low >= 0 and high <= 1
        return int(Kind.INTEGER) if self.kinds[variable] == Kind.BINARY and not inside else self.kinds[variable]


def unchanged_variables(model: Formulation, reduced: Formulation, step: str) -> Reduction:
    """Return the reduction of `model` to `reduced`, which has the same variables and the same points."""
    same = TotalMapping({name: AffineExpression.variable(name) for name in model.variables})
    return Reduction(model, reduced, same, same, (step,))


def _add(entries: dict[int, Fraction], scale: Fraction, terms: Mapping[int, Fraction]) -> None:
    for k, a in terms.items():
        total = entries.get(k, _ZERO) + scale * a
        if total:
            entries[k] = total
        else:
            entries.pop(k, None)


def _vector(values: list[Side], absent: float) -> ExactVector:
    return ExactVector.of(absent if value is None else value for value in values)
