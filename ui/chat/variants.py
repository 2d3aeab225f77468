"""A model without some of its rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tools.errors import InputError
from tools.formulation.model import Formulation


def without_rows(model: Formulation, rows: Iterable[str]) -> Formulation:
    """Return `model` without the rows of these names; raises `InputError` naming one that it does not have."""
    dropped = set(rows)
    for name in dropped:
        if name not in model.row_index:
            raise InputError(f"there is no row {name[:60]!r} to drop")
    kept = np.array([name not in dropped for name in model.rows], dtype=bool)
    lengths = np.diff(model.indptr)
    entries = np.flatnonzero(np.repeat(kept, lengths))
    places = np.flatnonzero(kept)
    return model.changed(
        rows=[name for name in model.rows if name not in dropped],
        row_lower=model.row_lower.take(places),
        row_upper=model.row_upper.take(places),
        indptr=np.concatenate(([0], np.cumsum(lengths[kept]))),
        columns=model.columns[entries],
        coefficients=model.coefficients.take(entries),
    )
