"""The core drops exactly what every isomorphic model may write differently."""

import dataclasses
from fractions import Fraction

import numpy as np
from isomorphism_twins import BINARY, NONNEGATIVE, Row, model

from tools.formulation.model import Kind
from tools.formulation.numbers import ExactVector
from tools.isomorphism.core import core_of


def test_singletons_fixed_columns_and_parallel_rows_go() -> None:
    rows: list[Row] = [
        ({0: 2}, 6, 6),
        ({0: 1, 1: 1, 2: 1}, None, 10),
        ({1: -2, 2: -2}, -12, None),
        ({0: 5}, None, None),
        ({1: 3}, None, 9),
    ]
    core = core_of(model([NONNEGATIVE] * 4, {1: 1}, rows))
    assert dict(core.fixed) == {0: 3}
    assert core.columns.tolist() == [1, 2]
    assert core.idle.tolist() == [3]
    assert core.rows.tolist() == [1]
    assert core.row_upper[0] == 6
    assert core.upper.finite(0) == 3
    assert core.exact


def test_fixing_cascades() -> None:
    rows: list[Row] = [({0: 1}, 1, 1), ({0: 1, 1: 1}, 3, 3), ({1: 1, 2: 1}, 6, 6), ({2: 1, 3: 1, 4: 1}, None, 9)]
    core = core_of(model([NONNEGATIVE] * 5, {3: 1}, rows))
    assert dict(core.fixed) == {0: 1, 1: 2, 2: 4}
    assert core.row_upper[0] == 5


def test_integer_bounds_are_rounded_inward_and_noise_is_not_exact() -> None:
    columns = [(Kind.INTEGER, Fraction(1, 2), Fraction(7, 3)), BINARY]
    core = core_of(model(columns, {0: 1, 1: 1}, []))
    assert (core.lower[0], core.upper[0]) == (1, 2)
    noisy = core_of(model([(Kind.INTEGER, 2.0000000000000004, 5), BINARY], {0: 1, 1: 1}, []))
    assert noisy.lower[0] == 2
    assert not noisy.exact


def test_nearly_parallel_rows_merge_but_not_exactly() -> None:
    base = model([NONNEGATIVE] * 2, {0: 1}, [({0: 1, 1: 3}, None, 4), ({0: 0.5, 1: 1.5}, 1, None)])
    merged = core_of(base)
    assert len(merged.rows) == 1
    assert merged.exact
    floats = base.coefficients.floats.copy()
    floats[3] = np.nextafter(1.5, 2)
    nearly = core_of(dataclasses.replace(base, coefficients=ExactVector(floats)))
    assert len(nearly.rows) == 1
    assert not nearly.exact


def test_rows_with_equal_patterns_stay_apart() -> None:
    rows: list[Row] = [({0: 1, 1: k}, None, 4) for k in range(1, 60)]
    assert len(core_of(model([NONNEGATIVE] * 2, {0: 1}, rows)).rows) == 59
