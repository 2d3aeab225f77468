"""The feasible set of a model of at most three variables as points that can be drawn, in floating point.

A polyhedron is known by its corners, found by trying every choice of as many limits as there are variables. This is
exact enough for a picture, and indifferent to sets that are a segment or a point, which hull algorithms refuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from tools.formulation.model import Formulation

Points = NDArray[np.float64]

LARGEST_DIMENSION = 3
MOST_LIMITS = {1: 2000, 2: 250, 3: 60}
"""Different limits a model of so many variables may have to be drawn."""

_MOST_LATTICE_POINTS = {1: 200, 2: 900, 3: 200}
# by the number of all variables: in space, more would hide one another
_TOLERANCE = 1e-8
_CHUNK = 1 << 14


@dataclass(frozen=True)
class Region:
    """What is to be drawn of a set: `corners` of its relaxation (rows) within `low` … `high`, and what is feasible.

    `pieces` are the feasible parts when some variables are whole: each the corners of one section (a single corner is a
    point); None where they are too many to be drawn, and the relaxation itself where all variables are continuous.
    `open_sides` are (variable, +1 or -1) towards which the set goes on beyond the picture.
    """

    normals: Points
    limits: Points
    corners: Points
    pieces: tuple[Points, ...] | None
    low: Points
    high: Points
    open_sides: tuple[tuple[int, int], ...]

    @property
    def feasible_points(self) -> Points:
        """The corners of all pieces, as rows: an optimum that is in the picture is among them."""
        pieces = [piece for piece in self.pieces or () if len(piece)]
        return np.concatenate(pieces) if pieces else np.zeros((0, self.corners.shape[1]))


def limits_of(model: Formulation) -> tuple[Points, Points]:
    """Return (A, b) with the set, integrality aside, {x: A x ≤ b}; different rows of length one, 0 x ≤ b for others."""
    n = len(model.variables)
    matrix = model.matrix.toarray()
    rows = [(matrix, model.row_upper.floats), (-matrix, -model.row_lower.floats)]
    rows += [(np.eye(n), model.upper.floats), (-np.eye(n), -model.lower.floats)]
    normals, limits = np.concatenate([a for a, _ in rows]), np.concatenate([b for _, b in rows])
    finite = np.isfinite(limits)
    normals, limits = normals[finite], limits[finite]
    largest = np.maximum(np.abs(normals).max(axis=1, initial=0.0), 1e-300)
    normals, limits = normals / largest[:, None], limits / largest
    length = np.linalg.norm(normals, axis=1)
    length[length == 0] = 1.0
    both = np.column_stack([normals / length[:, None], limits / length])
    _, first = np.unique(np.round(both, 12), axis=0, return_index=True)
    both = both[np.sort(first)]
    return both[:, :-1], both[:, -1]


def region(model: Formulation, also_shown: Points) -> Region | None:
    """Return what is to be drawn of the model's set, points `also_shown` in sight; None for an empty relaxation.

    The model has at most `LARGEST_DIMENSION` variables and `MOST_LIMITS` limits.
    """
    normals, limits = limits_of(model)
    n = len(model.variables)
    corners = _corners(normals, limits, n)
    anchors = corners if len(corners) else _face_points(normals, limits, n)
    if not len(anchors):
        return None
    shown = np.concatenate([anchors, also_shown])
    low, high = shown.min(axis=0), shown.max(axis=0)
    span = high - low
    largest = np.abs(shown).max(axis=0)
    span = np.where(span > 1e-9 * largest, span, np.maximum(0.2 * largest, 1.0))
    wide_low, wide_high = low - 0.5 * span, high + 0.5 * span
    boxed_normals, boxed_limits = _boxed(normals, limits, wide_low, wide_high)
    inside = _corners(boxed_normals, boxed_limits, n)
    sides = [(j, sign) for j in range(n) for sign in (-1, 1) if _reaches(inside, j, sign, wide_low, wide_high, span)]
    low = np.array([wide_low[j] if (j, -1) in sides else low[j] - 0.1 * span[j] for j in range(n)])
    high = np.array([wide_high[j] if (j, 1) in sides else high[j] + 0.1 * span[j] for j in range(n)])
    return Region(
        normals=boxed_normals,
        limits=boxed_limits,
        corners=inside,
        pieces=_pieces(model, boxed_normals, boxed_limits, inside),
        low=low,
        high=high,
        open_sides=tuple(sides),
    )


def _reaches(inside: Points, j: int, sign: int, low: Points, high: Points, span: Points) -> bool:
    side = high[j] if sign > 0 else low[j]
    return bool(len(inside)) and bool((np.abs(inside[:, j] - side) < 1e-6 * span[j]).any())


def _boxed(normals: Points, limits: Points, low: Points, high: Points) -> tuple[Points, Points]:
    unit = np.eye(normals.shape[1])
    return np.concatenate([normals, unit, -unit]), np.concatenate([limits, high, -low])


def _pieces(model: Formulation, normals: Points, limits: Points, corners: Points) -> tuple[Points, ...] | None:
    whole = np.flatnonzero(model.integer)
    if not whole.size:
        return (corners,)
    if not len(corners):
        return ()
    rest = np.flatnonzero(~model.integer)
    ranges = [
        range(int(np.ceil(corners[:, j].min() - 1e-7)), int(np.floor(corners[:, j].max() + 1e-7)) + 1) for j in whole
    ]
    count = 1.0
    for values in ranges:
        count *= len(values)
    if count > _MOST_LATTICE_POINTS[len(model.variables)]:
        return None
    pieces = []
    for chosen in product(*ranges):
        left = limits - normals[:, whole] @ np.array(chosen, dtype=np.float64)
        if rest.size:
            section = _corners(normals[:, rest], left, rest.size)
        else:
            section = np.zeros((int((left >= -1e-7 * (1 + np.abs(limits))).all()), 0))
        piece = np.zeros((len(section), len(model.variables)))
        piece[:, whole], piece[:, rest] = chosen, section
        if len(piece):
            pieces.append(piece)
    return tuple(pieces)


def _corners(normals: Points, limits: Points, n: int) -> Points:
    """Return the corners of {x: normals x ≤ limits}, as different rows."""
    return _meeting_points(normals, limits, n, [n])


def _face_points(normals: Points, limits: Points, n: int) -> Points:
    """Return for each smallest face of the set its point nearest to 0: none exactly where the set is empty."""
    return _meeting_points(normals, limits, n, range(n + 1))


def _meeting_points(normals: Points, limits: Points, n: int, sizes: Sequence[int]) -> Points:
    found = [np.zeros((0, n))]
    useful = np.flatnonzero(np.abs(normals).max(axis=1, initial=0.0) > 0)
    for size in sizes:
        choices = list(combinations(useful.tolist(), size))
        chosen = np.array(choices, dtype=np.int64).reshape(len(choices), size)
        for start in range(0, len(chosen), _CHUNK):
            found.append(_feasible_meetings(normals, limits, chosen[start : start + _CHUNK], n))
    points = np.concatenate(found)
    if not len(points):
        return points
    scale = np.maximum(np.abs(points).max(axis=0), 1e-300)
    _, first = np.unique(np.round(points / scale, 7), axis=0, return_index=True)
    return points[np.sort(first)]


def _feasible_meetings(normals: Points, limits: Points, chosen: NDArray[np.int64], n: int) -> Points:
    size = chosen.shape[1]
    if not size:
        points = np.zeros((1, n))
    else:
        planes = normals[chosen]
        gram = planes @ planes.transpose(0, 2, 1)
        regular = np.abs(np.linalg.det(gram)) > 1e-12
        planes, gram, right = planes[regular], gram[regular], limits[chosen[regular]]
        points = (planes.transpose(0, 2, 1) @ np.linalg.solve(gram, right[..., None]))[..., 0]
    room = _TOLERANCE * (1e-3 + np.abs(limits) + np.abs(points) @ np.abs(normals).T)
    feasible: Points = points[(points @ normals.T <= limits + room).all(axis=1)]
    return feasible
