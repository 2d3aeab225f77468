"""Text vectors without a language model: hashed words and their letter triples. The fallback, and fast."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from memory.embedder import Vectors
from memory.embedding.structure import unit

_WORD = re.compile(r"\w+")


class HashedNgrams:
    """Alike are texts that share words or parts of words; meanings are not seen."""

    name = "ngrams/1"
    dimensions = 256

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, shape (number of texts, dimensions); zero for a text without words."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for place, text in enumerate(texts):
            for word in _WORD.findall(text.lower()):
                padded = f"^{word}$"
                for part in (word, *(padded[k : k + 3] for k in range(len(padded) - 2))):
                    code = zlib.crc32(part.encode())
                    vectors[place, code % self.dimensions] += 1.0 if code >> 31 else -1.0
        return unit(np.sign(vectors) * np.sqrt(np.abs(vectors)))
