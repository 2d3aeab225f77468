"""A seeded part of what could be run."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def sampled(items: Sequence[T], limit: int | None, seed: int) -> list[T]:
    """Return `items`, or so many of them drawn by `seed`, in their order."""
    if limit is None or limit >= len(items):
        return list(items)
    kept = set(random.Random(seed).sample(range(len(items)), limit))
    return [item for position, item in enumerate(items) if position in kept]
