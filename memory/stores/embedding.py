"""The vectors of records, computed in one go, and finite whatever the records hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from memory.embedder import Embedder, Vectors
from memory.record import Record
from tools.errors import InputError


def vectors_of(records: Sequence[Record | None], embedder: Embedder) -> Vectors:
    """Return one vector a record, shape (records, dimensions); zero for None and for a record that does not embed."""
    vectors = np.zeros((len(records), embedder.dimensions), dtype=np.float32)
    rows = [row for row, record in enumerate(records) if record is not None]
    if rows:
        vectors[rows] = _embedded([record for record in records if record is not None], embedder)
    return np.nan_to_num(vectors, nan=0.0, posinf=0.0, neginf=0.0)


def _embedded(records: Sequence[Record], embedder: Embedder) -> Vectors:
    try:
        vectors = embedder.stored([record.structure for record in records], [record.text for record in records])
    except (InputError, ValueError):
        if len(records) == 1:
            return np.zeros((1, embedder.dimensions), dtype=np.float32)
        # One record with a fingerprint of another length must not hide the others.
        return np.vstack([_embedded([record], embedder) for record in records])
    return vectors
