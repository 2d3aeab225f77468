"""The exact order of stored vectors by their inner product with a query: what an index only approximates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from memory.embedder import Vectors

ROUNDING = 1e-4
"""More than single precision can be off in an inner product of vectors of length at most 2."""

_BLOCK = 4096


def ranked(
    query: Vectors, vectors: Vectors, ids: Sequence[str], count: int, allowed: NDArray[np.bool_] | None = None
) -> list[tuple[int, float]]:
    """Return the rows with the `count` highest similarities, as (row, similarity): highest first, then by id.

    `vectors` has the shape (rows, dimensions). The same vector gets the same similarity wherever it stands, so that
    equal ones are ordered by id in every store.
    """
    coarse = vectors @ query
    coarse[~np.isfinite(coarse)] = -np.inf
    if allowed is not None:
        coarse[~allowed] = -np.inf
    possible = int(np.isfinite(coarse).sum())
    count = min(count, possible)
    if count <= 0:
        return []
    least = np.partition(coarse, len(coarse) - count)[len(coarse) - count]
    rows: list[int] = np.flatnonzero(np.isfinite(coarse) & (coarse >= least - ROUNDING)).tolist()
    exact = [similarity for start in range(0, len(rows), _BLOCK) for similarity in _exact(query, vectors, rows, start)]
    order = sorted(range(len(rows)), key=lambda place: (-exact[place], ids[rows[place]]))
    return [(rows[place], exact[place]) for place in order[:count]]


def _exact(query: Vectors, vectors: Vectors, rows: list[int], start: int) -> list[float]:
    block = vectors[rows[start : start + _BLOCK]].astype(np.float64)
    # Not a matrix product: that sums in an order which depends on the number of rows.
    similarities: list[float] = (block * query.astype(np.float64)).sum(axis=1).tolist()
    return similarities
