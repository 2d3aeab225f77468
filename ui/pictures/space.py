"""A feasible set of three variables drawn in parallel projection."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from ui.pictures.lettering import fitted, write
from ui.pictures.look import SMALL_TEXT, Look
from ui.pictures.marks import Frame, Mark, draw_mark
from ui.pictures.plane import around, number
from ui.pictures.region import Points, Region

_TURN, _TILT = np.radians(-55.0), np.radians(22.0)
_RIGHT = np.array([-np.sin(_TURN), np.cos(_TURN), 0.0])
_UP = np.array([-np.sin(_TILT) * np.cos(_TURN), -np.sin(_TILT) * np.sin(_TURN), np.cos(_TILT)])
_TO_EYE = np.cross(_RIGHT, _UP)
_HALF = 0.92
_EDGE = 0.72


def draw_in_space(
    axes: Axes,
    look: Look,
    frame: Frame,
    region: Region,
    names: Sequence[str],
    marks: Sequence[Mark],
    cost: NDArray[np.float64],
) -> None:
    """Draw the set in the frame, hidden edges dashed, with the box of its bounds as axes."""
    span = region.high - region.low

    def sheet_of(points: Points) -> Points:
        unit = (points - region.low) / span - 0.5
        size = min(frame.wide, frame.high) * _EDGE
        middle = (frame.left + frame.wide / 2, frame.top + frame.high / 2)
        return np.column_stack([middle[0] + size * (unit @ _RIGHT), middle[1] - size * (unit @ _UP)])

    _draw_box(axes, look, frame, region, names, sheet_of(_box(region)))
    pieces = region.pieces
    whole = pieces is not None and len(pieces) == 1 and pieces[0] is region.corners
    _draw_faces(axes, look, region, sheet_of(region.corners), span, faint=not whole)
    if pieces is not None and not whole:
        for piece in sorted(pieces, key=lambda p: float(((p - region.low) / span).mean(axis=0) @ _TO_EYE)):
            flat = sheet_of(piece)
            if len(piece) == 1:
                axes.plot(*flat[0], "o", ms=5, color=look.plus, mew=0, zorder=5)
            elif len(piece) == 2:
                axes.plot(flat[:, 0], flat[:, 1], color=look.plus, lw=1.6, zorder=4)
            else:
                axes.add_patch(Polygon(around(flat), fc=look.plus, ec="none", alpha=0.22, zorder=4))
                axes.add_patch(Polygon(around(flat), fc="none", ec=look.plus, lw=1.2, zorder=4))
    _draw_direction(axes, look, frame, cost * span)
    for mark in marks:
        x, y = sheet_of(mark.point[None])[0]
        draw_mark(axes, look, mark.kind, x, y)


def _box(region: Region) -> Points:
    low, high = region.low, region.high
    corner = np.array([low[0], low[1], low[2]])
    ends = [np.where(np.arange(3) == j, high, corner) for j in range(3)]
    # The axes meet where they hide nothing: x along the front, y along its right end, z at the left.
    front = np.array([high[0], low[1], low[2]])
    side = np.array([high[0], high[1], low[2]])
    return np.stack([corner, ends[0], front, side, corner, ends[2]])


def _draw_box(axes: Axes, look: Look, frame: Frame, region: Region, names: Sequence[str], ends: Points) -> None:
    for j, name in enumerate(names):
        (a, b) = ends[2 * j], ends[2 * j + 1]
        axes.plot([a[0], b[0]], [a[1], b[1]], color=look.quiet, lw=0.8, zorder=0)
        text = fitted(f"{name}", 84, SMALL_TEXT)
        low, high = region.corners[:, j].min(), region.corners[:, j].max()
        limits = fitted(f"{_end(low, region, j, -1)} … {_end(high, region, j, 1)}", 84, SMALL_TEXT)
        if j == 2:
            x, y, align = frame.left, frame.top - 2, "left"
        elif j == 0:
            x, y, align = frame.left, frame.top + frame.high - 4, "left"
        else:
            x, y, align = frame.left + frame.wide, frame.top + frame.high - 4, "right"
        write(axes, x, y, text, colour=look.ink, size=SMALL_TEXT, align=align)
        write(axes, x, y + 13, limits, colour=look.muted, size=SMALL_TEXT, align=align)


def _end(value: float, region: Region, j: int, sign: int) -> str:
    """Return where the set ends along an axis, rounded to what can be told apart in the picture."""
    if (j, sign) in region.open_sides:
        return "∞" if sign > 0 else "\u2212∞"
    step = 10.0 ** np.floor(np.log10(float(region.high[j] - region.low[j])) - 2)
    return number(float(np.round(value / step) * step))


def _draw_faces(axes: Axes, look: Look, region: Region, flat: Points, span: Points, *, faint: bool) -> None:
    tight = np.abs(region.corners @ region.normals.T - region.limits)
    tight = tight <= 1e-6 * (np.abs(region.normals) @ span)
    drawn: set[frozenset[int]] = set()
    for k, normal in enumerate(region.normals):
        members = np.flatnonzero(tight[:, k])
        if len(members) < 2 or frozenset(members.tolist()) in drawn or not normal.any():
            continue
        drawn.add(frozenset(members.tolist()))
        front = float((normal * span) @ _TO_EYE) > 0 or len(members) == len(flat)
        dashes = "solid" if front and not faint else (0, (3, 3))
        shape = flat[members] if len(members) == 2 else around(flat[members])
        if front and len(members) > 2:
            axes.add_patch(Polygon(shape, fc=look.plus, ec="none", alpha=0.08 if faint else 0.18, zorder=2))
        axes.add_patch(
            Polygon(shape, fc="none", ec=look.plus, lw=1.4 if front else 0.8, ls=dashes, zorder=3 if front else 1)
        )
    if len(flat) == 1:
        axes.plot(*flat[0], "o", ms=6, color=look.plus, mew=0, zorder=4)


def _draw_direction(axes: Axes, look: Look, frame: Frame, cost: Points) -> None:
    """Draw an arrow to where the objective gets better, in the upper right corner."""
    arrow = np.array([-(cost @ _RIGHT), cost @ _UP])
    length = float(np.hypot(*arrow))
    if length == 0 or not np.isfinite(length):
        return
    arrow = 22.0 * arrow / length
    middle = np.array([frame.left + frame.wide - 16, frame.top + 12])
    start, tip = middle - arrow / 2, middle + arrow / 2
    axes.annotate(
        "",
        xy=(float(tip[0]), float(tip[1])),
        xytext=(float(start[0]), float(start[1])),
        arrowprops={"arrowstyle": "-|>", "color": look.good, "lw": 1.6, "shrinkA": 0, "shrinkB": 0},
        zorder=6,
    )
