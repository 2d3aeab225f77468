"""Builders of small formulations and mappings for tests: numbers may be int, Fraction, "1/3" or a float's decimal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from tools.formulation.model import Formulation, Kind, Sense
from tools.formulation.numbers import ExactVector
from tools.mapping.forms import IndexMapping

Number = int | float | str | Fraction
Bounds = tuple[Number | None, Number | None]
RowSpec = tuple[Mapping[str, Number], Number | None, Number | None]

INFINITE = float("inf")


def exact(value: Number) -> Fraction:
    """Return the rational meant: a float is its shortest decimal."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def side(value: Number | None, absent: float) -> Fraction | float:
    """Return a bound, infinite where there is none."""
    return absent if value is None else exact(value)


def model(
    continuous: Mapping[str, Bounds] | None = None,
    integer: Mapping[str, Bounds] | None = None,
    *,
    minimize: Mapping[str, Number] | None = None,
    maximize: Mapping[str, Number] | None = None,
    constant: Number = 0,
    rows: Sequence[RowSpec] = (),
) -> Formulation:
    """Return the formulation with the continuous variables first; rows are called r0, r1 …"""
    bounds = {**(continuous or {}), **(integer or {})}
    names = list(bounds)
    sense: Sense = "minimize" if maximize is None else "maximize"
    objective = minimize or maximize or {}
    starts = [0]
    for terms, _, _ in rows:
        starts.append(starts[-1] + len(terms))
    return Formulation.build(
        sense=sense,
        variables=names,
        lower=ExactVector.of(side(low, -INFINITE) for low, _ in bounds.values()),
        upper=ExactVector.of(side(high, INFINITE) for _, high in bounds.values()),
        kinds=[Kind.CONTINUOUS] * len(continuous or {}) + [Kind.INTEGER] * len(integer or {}),
        objective=ExactVector.of(exact(objective.get(name, 0)) for name in names),
        objective_constant=exact(constant),
        rows=[f"r{i}" for i in range(len(rows))],
        row_lower=ExactVector.of(side(low, -INFINITE) for _, low, _ in rows),
        row_upper=ExactVector.of(side(high, INFINITE) for _, _, high in rows),
        indptr=starts,
        columns=[names.index(name) for terms, _, _ in rows for name in terms],
        coefficients=ExactVector.of(exact(a) for terms, _, _ in rows for a in terms.values()),
    )


def mapping(
    target: Formulation, source: Formulation, rules: Mapping[str, tuple[Number, Mapping[str, Number]]]
) -> IndexMapping:
    """Return the mapping into `target` from `source` with rules {target variable: (constant, {source variable: a})}."""
    expressions = [rules[name] for name in target.variables]
    return IndexMapping(
        [exact(constant) for constant, _ in expressions],
        [{source.variable_index[k]: exact(a) for k, a in terms.items()} for _, terms in expressions],
    )


def renaming(target: Formulation, source: Formulation) -> IndexMapping:
    """Return the mapping that takes variables in order, x_j = u_j; further source variables are ignored."""
    return IndexMapping([Fraction(0)] * len(target.variables), [{j: Fraction(1)} for j in range(len(target.variables))])
