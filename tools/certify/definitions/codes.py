"""Unary and one-hot codes of a value, whole parts and digits."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from tools.certify.cases import ByCase
from tools.certify.definitions.realised import Realised, number, variable
from tools.certify.space import Affine, Space
from tools.mapping.functions.digits import Digits
from tools.mapping.functions.floor import Floor
from tools.mapping.functions.one_hot import OneHot
from tools.mapping.functions.threshold import Threshold


def reached(
    made: Realised, value: Affine, places: Sequence[Fraction], names: Sequence[str | None], *, whole: bool
) -> list[int]:
    """Return the binaries that tell which places, in increasing order, the value reaches; later ones imply earlier."""
    codes: list[int] = []
    for place, name in zip(places, names, strict=True):
        codes.append(made.choose(name, -value, -place, number(1), number(0), step=int(whole), integer=True))
    for code in codes:
        made.bound(code, "lower", 0, [ByCase(code)], ())
        made.bound(code, "upper", 1, [ByCase(code)], ())
    for earlier, later in pairwise(codes):
        made.lemma(variable(earlier).plus(variable(later), -1), [ByCase(earlier), ByCase(later)], ())
    return codes


def realise_threshold(space: Space, function: Threshold) -> Realised:
    """Return z_k = 1 where −e ≤ −t_k, else 0."""
    made = Realised(space, function)
    reached(made, made.value(function.of), function.thresholds, function.names, whole=function.integral)
    return made


def realise_one_hot(space: Space, function: OneHot) -> Realised:
    """Return the differences of the unary code."""
    made = Realised(space, function)
    n = len(function.names)
    places = [Fraction(function.lower + k) for k in range(1, n)]
    codes = reached(made, made.value(function.of), places, [None] * (n - 1), whole=function.integral) if places else []
    ends = [number(1), *map(variable, codes), number(0)]
    for name, (this, following) in zip(function.names, pairwise(ends)):
        made.define(name, this.plus(following, -1), integer=True)
    return made


def realise_floor(space: Space, function: Floor) -> Realised:
    """Return the whole part, which the checker knows."""
    made = Realised(space, function)
    made.floor(function.output, made.affine(function.of), function.parts or 0)
    return made


def realise_digits(space: Space, function: Digits) -> Realised:
    """Return what is left over of each whole part when the next, of a base-th of it, is taken."""
    made = Realised(space, function)
    rest, base = made.value(function.of), function.base
    for name in function.names[:-1]:
        following = variable(made.floor(None, rest.times(Fraction(1, base)), base))
        made.define(name, rest.plus(following, -base), integer=True)
        rest = following
    made.define(function.names[-1], rest, integer=True)
    return made
