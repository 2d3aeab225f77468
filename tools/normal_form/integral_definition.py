"""Whether a variable that a row defines is an integer by itself."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tools.formulation.model import Formulation


def is_integral(model: Formulation, constant: Fraction, terms: Mapping[int, Fraction]) -> bool:
    """Say whether constant + Σ terms[k]·x_k is an integer because all numbers and all variables in it are."""
    return constant.denominator == 1 and all(model.integer[k] and a.denominator == 1 for k, a in terms.items())
