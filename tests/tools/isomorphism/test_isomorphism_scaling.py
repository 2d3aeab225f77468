"""Scaled logarithms do not depend on the scaling of the model."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.isomorphism.scaling import Logarithms, curtis_reid, row_factors


def random_logs(seed: int) -> Logarithms:
    rng = np.random.default_rng(seed)
    cells = np.unique(rng.integers(0, 30 * 20, 150))
    wide, sided = np.flatnonzero(rng.random(20) < 0.3), np.flatnonzero(rng.random(30) < 0.5)
    return Logarithms(
        shape=(30, 20), entry_rows=cells // 20, entry_columns=cells % 20, entry_values=rng.normal(size=len(cells)),
        row_ids=sided, row_values=rng.normal(size=len(sided)),
        column_ids=wide, column_values=rng.normal(size=len(wide)),
    )  # fmt: skip


def residuals(logs: Logarithms, r: np.ndarray, s: np.ndarray) -> np.ndarray:
    return np.concatenate(
        (
            logs.entry_values + r[logs.entry_rows] + s[logs.entry_columns],
            logs.row_values + r[logs.row_ids],
            logs.column_values - s[logs.column_ids],
        )
    )


@given(st.integers(0, 10**6))
def test_scaling_rows_and_columns_changes_nothing(seed: int) -> None:
    logs = random_logs(seed)
    rng = np.random.default_rng(seed + 1)
    rigid = rng.random(20) < 0.2
    row, column = rng.normal(size=30), np.where(rigid, 0.0, rng.normal(size=20))
    scaled = Logarithms(
        logs.shape, logs.entry_rows, logs.entry_columns,
        logs.entry_values + row[logs.entry_rows] + column[logs.entry_columns], logs.row_ids,
        logs.row_values + row[logs.row_ids], logs.column_ids, logs.column_values - column[logs.column_ids],
    )  # fmt: skip
    before, after = (residuals(each, *curtis_reid(each, rigid)) for each in (logs, scaled))
    np.testing.assert_allclose(before, after, atol=1e-9)


def test_row_factors_centre_each_row() -> None:
    logs = random_logs(3)
    centred = logs.entry_values + row_factors(logs)[logs.entry_rows]
    np.testing.assert_allclose(np.bincount(logs.entry_rows, centred, minlength=30), 0.0, atol=1e-12)
