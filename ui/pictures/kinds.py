"""The kinds of pictures, by the names that commands and requests use."""

from __future__ import annotations

from typing import Literal, get_args

PictureKind = Literal["composition", "sparsity", "sets", "hypotheses"]

KINDS: tuple[PictureKind, ...] = get_args(PictureKind)

KINDS_OF_MODELS: tuple[PictureKind, ...] = ("sparsity", "sets")
"""Those that need the models besides the report."""
