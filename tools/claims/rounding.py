"""Whether a violation could be an artefact of data that were rounded when they were written.

0.1·3 written by a program is 0.30000000000000004. Where a model or mapping has numbers of 15 or more digits, a
violation that is tiny against the terms it is the difference of would vanish if the data moved in their last digit;
such a refutation is reported as unknown.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import numpy as np

from tools.claims.objective_relation import ObjectiveRelation
from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector, looks_rounded
from tools.mapping.forms import IndexMapping

Source = Formulation | IndexMapping | ObjectiveRelation

RELATIVE_MARGIN = Fraction(1, 10**9)
"""Violations below this share of the size of their terms are not trusted when data look rounded."""


@lru_cache(maxsize=64)
def has_rounded_data(source: Source) -> bool:
    """Say whether some number of the source is a decimal of 15 or more significant digits."""
    if isinstance(source, ObjectiveRelation):
        return _is_rounded(ExactVector.of((source.scale, source.offset)))
    if isinstance(source, IndexMapping):
        coefficients = {a for terms in source.terms for a in terms.values()}
        return _is_rounded(ExactVector.of(coefficients.union(source.constants)))
    vectors = (source.coefficients, source.objective, source.row_lower, source.row_upper, source.lower, source.upper)
    return any(map(_is_rounded, (*vectors, ExactVector.of([source.objective_constant]))))


def _is_rounded(vector: ExactVector) -> bool:
    plain = vector.floats
    if vector.overrides:
        plain = np.delete(plain, list(vector.overrides))
    return any(map(looks_rounded, np.unique(plain).tolist())) or any(map(_is_long_decimal, vector.overrides.values()))


def _is_long_decimal(value: Fraction) -> bool:
    """Say whether a number that no double expresses is a decimal with a fraction, and not a quotient such as 1/3."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1 != value.denominator


def is_significant(amount: Fraction, scale: Fraction, *sources: Source) -> bool:
    """Say whether a violation by `amount`, in an expression whose terms sum to `scale` in size, can be trusted.

    Terms may have cancelled before they were summed, so a scale below 1 counts as 1.
    """
    return amount > RELATIVE_MARGIN * max(scale, Fraction(1)) or not any(map(has_rounded_data, sources))


def loosened(model: Formulation) -> Formulation:
    """Return the model with every side of a row or bound moved outwards by the rounding margin.

    A model that is infeasible only by the last digit of its data is feasible then.
    """
    return replace(
        model,
        lower=_moved(model.lower, -RELATIVE_MARGIN),
        upper=_moved(model.upper, RELATIVE_MARGIN),
        row_lower=_moved(model.row_lower, -RELATIVE_MARGIN),
        row_upper=_moved(model.row_upper, RELATIVE_MARGIN),
    )


def _moved(sides: ExactVector, margin: Fraction) -> ExactVector:
    exact = [sides.finite(k) for k in range(len(sides))]
    return ExactVector.of(
        sides.floats[k].item() if side is None else side + margin * max(Fraction(1), abs(side))
        for k, side in enumerate(exact)
    )
