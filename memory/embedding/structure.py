"""The structural half of an embedding: the fingerprint at length 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from memory.embedder import Vectors
from memory.embedding.fingerprint import LENGTH, VERSION


class StructureVectors:
    """Unit vectors of fingerprints; one of another length, from another version, becomes the zero vector."""

    name = VERSION
    dimensions = LENGTH

    def embed(self, fingerprints: Sequence[Sequence[float]]) -> Vectors:
        """Return unit vectors, shape (number of fingerprints, dimensions)."""
        vectors = np.zeros((len(fingerprints), LENGTH), dtype=np.float32)
        for place, fingerprint in enumerate(fingerprints):
            if len(fingerprint) == LENGTH:
                vectors[place] = fingerprint
        return unit(vectors)


def unit(vectors: Vectors) -> Vectors:
    """Return the rows at length 1, zero rows as they are."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled
