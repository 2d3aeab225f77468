"""Twins: the same model in another dress, exactly, so that the right answer is known."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from benchmarks.plain_model import PlainModel, Row, Side, scaled_sides
from tools.formulation.model import Formulation

_ODD = [Fraction(1), *(Fraction(k) ** e for k in (3, 5, 7) for e in (1, -1))]
_SPLIT_SHARE = 0.3


def twin(model: Formulation, seed: int) -> Formulation:
    """Return a model that is `model` up to names, order, scaling and signs; no seed gives anything else.

    Rows are multiplied by ±2^a·10^b·{1, 3, 5, 7, 1/3, 1/5, 1/7}; continuous variables become x = s·u with s of that
    form too; some equalities become two inequalities; the objective may be multiplied by a positive number and turned
    from min to max by negation. All of it in rationals.
    """
    rng = random.Random(seed)
    plain = PlainModel.of(model)
    scales: list[Fraction] = []
    for j, column in enumerate(plain.columns):
        scale = Fraction(1) if model.integer[j] else _factor(rng)
        low, high = scaled_sides(column.lower, column.upper, 1 / scale)
        scales.append(scale)
        plain.columns[j] = replace(column, lower=low, upper=high, cost=column.cost * scale)
    rows: list[Row] = []
    for row in plain.rows:
        terms = {j: value * scales[j] for j, value in row.terms.items()}
        parts: list[tuple[Side, Side]] = [(row.lower, row.upper)]
        if row.lower is not None and row.lower == row.upper and rng.random() < _SPLIT_SHARE:
            parts = [(row.lower, None), (None, row.upper)]
        for sides in parts:
            factor = _factor(rng)
            low, high = scaled_sides(*sides, factor)
            rows.append(Row(row.name, {j: value * factor for j, value in terms.items()}, low, high))
    plain.rows = rows
    multiply_objective(plain, abs(_factor(rng)) if rng.random() < 0.5 else Fraction(1))
    if rng.random() < 0.5:
        multiply_objective(plain, Fraction(-1))
        plain.sense = "maximize" if plain.sense == "minimize" else "minimize"
    rename_and_shuffle(plain, rng)
    return plain.formulation(f"twin of {model.name}")


def disguised(model: Formulation, seed: int) -> Formulation:
    """Return `model` with new names for variables and rows, both in a new order, and nothing else changed."""
    plain = PlainModel.of(model)
    rename_and_shuffle(plain, random.Random(seed))
    return plain.formulation(f"disguised {model.name}")


def multiply_objective(plain: PlainModel, factor: Fraction) -> None:
    """Multiply the objective of `plain`, constant included."""
    plain.columns = [replace(column, cost=column.cost * factor) for column in plain.columns]
    plain.constant *= factor


def rename_and_shuffle(plain: PlainModel, rng: random.Random) -> None:
    """Give variables and rows of `plain` new names and a new order that only `rng` knows."""
    order = _shuffled(range(len(plain.columns)), rng)
    names = _shuffled(range(len(order)), rng)
    place = {j: k for k, j in enumerate(order)}
    plain.columns = [replace(plain.columns[j], name=f"u{names[j]}") for j in order]
    row_names = _shuffled(range(len(plain.rows)), rng)
    rows = []
    for i in _shuffled(range(len(plain.rows)), rng):
        row = plain.rows[i]
        rows.append(replace(row, name=f"c{row_names[i]}", terms={place[j]: v for j, v in row.terms.items()}))
    plain.rows = rows


def _shuffled(values: Sequence[int], rng: random.Random) -> list[int]:
    result = list(values)
    rng.shuffle(result)
    return result


def _factor(rng: random.Random) -> Fraction:
    size = Fraction(2) ** rng.randint(-2, 2) * Fraction(10) ** rng.randint(-1, 1) * rng.choice(_ODD)
    return size * rng.choice((-1, 1))
