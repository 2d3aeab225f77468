"""From a pair's structural fingerprint and its text to the one vector that an index stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Part(Protocol):
    """One half of the embedding; `name` changes whenever its vectors do."""

    @property
    def name(self) -> str:
        """Name and version."""

    @property
    def dimensions(self) -> int:
        """Entries of a vector."""


class StructureEmbedder(Part, Protocol):
    """Embeds structural fingerprints."""

    def embed(self, fingerprints: Sequence[Sequence[float]]) -> Vectors:
        """Return unit vectors (or zero), shape (number of fingerprints, dimensions)."""


class TextEmbedder(Part, Protocol):
    """Embeds texts."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (or zero), shape (number of texts, dimensions)."""


@dataclass(frozen=True)
class Weights:
    """How much structure and text count in a query, from 0 to 1."""

    structure: float
    text: float


@dataclass(frozen=True)
class Embedder:
    """Structure and text side by side: the inner product of two vectors is the weighted sum of both similarities.

    Stored vectors hold both halves at length 1; the weights multiply the halves of a query, so they can change without
    a new index.
    """

    structure: StructureEmbedder
    text: TextEmbedder

    @property
    def name(self) -> str:
        """Names of both halves; a collection refuses vectors of another embedder."""
        return f"{self.structure.name}+{self.text.name}"

    @property
    def dimensions(self) -> int:
        """Entries of a vector."""
        return self.structure.dimensions + self.text.dimensions

    def stored(self, fingerprints: Sequence[Sequence[float]], texts: Sequence[str]) -> Vectors:
        """Return what an index stores, shape (number of pairs, dimensions)."""
        return np.hstack([self.structure.embed(fingerprints), self.text.embed(texts)]).astype(np.float32)

    def query(self, fingerprint: Sequence[float], text: str, weights: Weights) -> Vectors:
        """Return the vector to look up, shape (dimensions,)."""
        halves = (weights.structure * self.structure.embed([fingerprint])[0], weights.text * self.text.embed([text])[0])
        return np.concatenate(halves).astype(np.float32)
