"""Exact points as the state stores them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction


def point_text(point: Sequence[Fraction]) -> str:
    """Return an exact point as JSON text."""
    return json.dumps([str(value) for value in point])


def read_point(text: str) -> list[Fraction]:
    """Return the exact point that `point_text` wrote."""
    return [Fraction(value) for value in json.loads(text)]
