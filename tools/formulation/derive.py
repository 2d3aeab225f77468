"""New formulations from old ones: a row added, a part taken out, rows made elastic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector

INFINITE = float("inf")

Row = tuple[str, Mapping[int, Fraction], Fraction | None, Fraction | None]
"""A row to be added: name, {variable index: coefficient}, lower and upper side (None is no bound)."""


def with_rows(model: Formulation, rows: Sequence[Row]) -> Formulation:
    """Return `model` with rows (name, {variable index: coefficient}, lower, upper) appended; None is no bound."""
    names = _fresh((name for name, *_ in rows), model.rows)
    added_columns = [j for _, terms, _, _ in rows for j in terms]
    added_values = ExactVector.of(value for _, terms, _, _ in rows for value in terms.values())
    lengths = [len(terms) for _, terms, _, _ in rows]
    lows = ExactVector.of(-INFINITE if low is None else low for _, _, low, _ in rows)
    highs = ExactVector.of(INFINITE if high is None else high for _, _, _, high in rows)
    return model.changed(
        rows=(*model.rows, *names),
        row_lower=concatenate(model.row_lower, lows),
        row_upper=concatenate(model.row_upper, highs),
        indptr=np.concatenate((model.indptr, model.indptr[-1] + np.cumsum(lengths, dtype=np.int64))),
        columns=np.concatenate((model.columns, np.array(added_columns, dtype=np.int64))),
        coefficients=concatenate(model.coefficients, added_values),
    )


def with_row(
    model: Formulation, terms: Mapping[int, Fraction], *, lower: Fraction | None = None, upper: Fraction | None = None
) -> Formulation:
    """Return `model` with one more row, lower ≤ terms ≤ upper."""
    return with_rows(model, [("cut", terms, lower, upper)])


def with_variables(
    model: Formulation, variables: Sequence[tuple[str, Fraction | None, Fraction | None, int]]
) -> Formulation:
    """Return `model` with variables (name, lower, upper, kind) appended, in no row and not in the objective."""
    names = _fresh((name for name, *_ in variables), model.variables)
    zeros = ExactVector(np.zeros(len(variables)))
    lows = ExactVector.of(-INFINITE if low is None else low for _, low, _, _ in variables)
    highs = ExactVector.of(INFINITE if high is None else high for _, _, high, _ in variables)
    return model.changed(
        variables=(*model.variables, *names),
        lower=concatenate(model.lower, lows),
        upper=concatenate(model.upper, highs),
        kinds=np.concatenate((model.kinds, np.array([kind for *_, kind in variables], dtype=np.uint8))),
        objective=concatenate(model.objective, zeros),
    )


def boxed(model: Formulation, distance: int) -> Formulation:
    """Return `model` with each infinite bound replaced by one `distance` from zero, or from a bound beyond zero."""
    lower, upper = [], []
    for j in range(len(model.variables)):
        low, high = model.lower.finite(j), model.upper.finite(j)
        lower.append(min(high or Fraction(0), Fraction(0)) - distance if low is None else low)
        upper.append(max(low or Fraction(0), Fraction(0)) + distance if high is None else high)
    return replace(model, lower=ExactVector.of(lower), upper=ExactVector.of(upper))


def _fresh(wanted: Iterable[str], existing: Sequence[str]) -> list[str]:
    """Return the wanted names, each with as many primes as make it new."""
    taken = set(existing)
    names: list[str] = []
    for name in wanted:
        while name in taken:
            name += "'"
        taken.add(name)
        names.append(name)
    return names


def submodel(
    model: Formulation, rows: Sequence[int], extra_variables: Mapping[int, Fraction]
) -> tuple[Formulation, list[int]]:
    """Return the relaxation of `model` to these rows and the variables in them (and the extra ones).

    The second value gives the original index of each variable kept. The objective is zero.
    """
    starts = model.indptr
    positions = np.concatenate([np.arange(starts[i], starts[i + 1]) for i in rows]) if rows else np.zeros(0, np.int64)
    columns = sorted(set(model.columns[positions].tolist()) | set(extra_variables))
    place = {j: k for k, j in enumerate(columns)}
    return (
        Formulation.build(
            variables=[model.variables[j] for j in columns],
            lower=model.lower.take(columns),
            upper=model.upper.take(columns),
            kinds=model.kinds[columns],
            objective=ExactVector(np.zeros(len(columns))),
            rows=[model.rows[i] for i in rows],
            row_lower=model.row_lower.take(list(rows)),
            row_upper=model.row_upper.take(list(rows)),
            indptr=np.concatenate(([0], np.cumsum([starts[i + 1] - starts[i] for i in rows], dtype=np.int64))),
            columns=np.array([place[j] for j in model.columns[positions].tolist()], dtype=np.int64),
            coefficients=model.coefficients.take(positions),
        ),
        columns,
    )


def elastic(
    model: Formulation, box: Mapping[int, tuple[Fraction | None, Fraction | None]]
) -> tuple[Formulation, dict[int, Fraction]]:
    """Return the model whose rows may be missed at unit cost, within `box`, and that cost as a form.

    Its optimum is positive exactly when the LP relaxation is infeasible; the row duals are then a Farkas proof. With n
    variables and m rows, variables n … n+m-1 raise the rows and n+m … n+2m-1 lower them.
    """
    m, n = model.shape
    lower, upper = model.lower, model.upper
    if box:
        lows, highs = list(map(lower.finite, range(n))), list(map(upper.finite, range(n)))
        for j, (low, high) in box.items():
            lows[j], highs[j] = low, high
        lower = ExactVector.of(-INFINITE if low is None else low for low in lows)
        upper = ExactVector.of(INFINITE if high is None else high for high in highs)
    row_of = np.repeat(np.arange(m, dtype=np.int64), np.diff(model.indptr))
    order = np.argsort(np.concatenate((row_of, np.arange(m), np.arange(m))), kind="stable")
    columns = np.concatenate((model.columns, n + np.arange(m), n + m + np.arange(m)))[order]
    values = concatenate(model.coefficients, ExactVector(np.concatenate((np.ones(m), -np.ones(m)))))
    misses = ExactVector(np.zeros(2 * m))
    model_with_misses = Formulation.build(
        variables=[f"v{j}" for j in range(n + 2 * m)],
        lower=concatenate(lower, misses),
        upper=concatenate(upper, ExactVector(np.full(2 * m, np.inf))),
        kinds=np.concatenate((model.kinds, np.zeros(2 * m, dtype=np.uint8))),
        objective=ExactVector(np.concatenate((np.zeros(n), np.ones(2 * m)))),
        rows=model.rows,
        row_lower=model.row_lower,
        row_upper=model.row_upper,
        indptr=model.indptr + 2 * np.arange(m + 1),
        columns=columns,
        coefficients=values.take(order),
    )
    return model_with_misses, {n + k: Fraction(1) for k in range(2 * m)}


def magnified(
    model: Formulation,
    near: Sequence[Fraction],
    factor: int,
    box: Mapping[int, tuple[Fraction | None, Fraction | None]],
) -> Formulation:
    """Return the model, within `box`, in the variables factor·(x − near): gaps too small for a solver grow with it.

    Bases, dual multipliers and Farkas proofs are those of the model itself. Source: Gleixner, Steffy, Wolter,
    "Iterative refinement for linear programming" (2016).
    """
    m, n = model.shape
    activity = [sum((a * near[j] for j, a in model.row_terms(i).items()), Fraction(0)) for i in range(m)]
    bounds = [box.get(j) or (model.lower.finite(j), model.upper.finite(j)) for j in range(n)]
    sides = [(model.row_lower.finite(i), model.row_upper.finite(i)) for i in range(m)]

    def moved(values: Iterable[Fraction | None], origin: Sequence[Fraction], absent: float) -> ExactVector:
        return ExactVector.of(
            absent if value is None else factor * (value - start) for value, start in zip(values, origin, strict=True)
        )

    return replace(
        model,
        lower=moved((low for low, _ in bounds), near, -INFINITE),
        upper=moved((high for _, high in bounds), near, INFINITE),
        row_lower=moved((low for low, _ in sides), activity, -INFINITE),
        row_upper=moved((high for _, high in sides), activity, INFINITE),
    )


def concatenate(first: ExactVector, second: ExactVector) -> ExactVector:
    """Return the entries of `first` followed by those of `second`."""
    overrides = dict(first.overrides) | {len(first) + k: value for k, value in second.overrides.items()}
    return ExactVector(np.concatenate((first.floats, second.floats)), overrides)
