"""A feasible set of one or two variables drawn in the plane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ui.pictures.lettering import fitted, write
from ui.pictures.look import SMALL_TEXT, Look
from ui.pictures.marks import Frame, Mark, draw_mark
from ui.pictures.region import Points, Region

_ARROW = 26.0
_LARGEST_DOT = 5.5
_WIDEST_TICK = 31.0


def draw_in_plane(
    axes: Axes,
    look: Look,
    frame: Frame,
    region: Region,
    names: Sequence[str],
    marks: Sequence[Mark],
    cost: NDArray[np.float64],
) -> None:
    """Draw the set in the frame, the tick labels left of it and below; `cost` is the objective to be minimised."""
    sheet_of = _Window(frame, _flat(region.low), _flat(region.high, 1.0))
    if len(names) == 2:
        axes.add_patch(Rectangle((frame.left, frame.top), frame.wide, frame.high, fc="none", ec=look.quiet, lw=0.8))
    _draw_ticks(axes, look, frame, region, names)
    pieces = region.pieces
    relaxed = pieces is None or not (len(pieces) == 1 and pieces[0] is region.corners)
    cut = [(j, sheet_of(_flat(region.high if sign > 0 else region.low)[None])[0, j]) for j, sign in region.open_sides]
    if relaxed:
        _draw_piece(axes, look, sheet_of(_flat(region.corners)), faint=True, cut=cut)
    dot = float(np.clip(0.55 * sheet_of.scale[: len(names)].min(), 2.0, _LARGEST_DOT)) if relaxed else _LARGEST_DOT
    for piece in pieces or ():
        _draw_piece(axes, look, sheet_of(_flat(piece)), faint=False, dot=dot, cut=cut)
    for j, sign in region.open_sides:
        _draw_open_side(axes, look, frame, region, j, sign)
    _draw_direction(axes, look, sheet_of, _flat(cost), [m for m in marks if m.kind == "optimum"])
    for mark in marks:
        x, y = sheet_of(_flat(mark.point)[None])[0]
        draw_mark(axes, look, mark.kind, x, y)


def _flat(points: Points, fill: float = 0.0) -> Points:
    """Return points of one variable as points of the plane; others as they are."""
    if points.shape[-1] == 2:
        return points
    return np.concatenate([points, np.full_like(points, fill)], axis=-1)


class _Window:
    """Turns points of the model into points of the sheet."""

    def __init__(self, frame: Frame, low: Points, high: Points) -> None:
        self.frame, self.low = frame, low
        self.scale = np.array([frame.wide, frame.high]) / (high - low)

    def __call__(self, points: Points) -> Points:
        moved = (points - self.low) * self.scale
        return np.column_stack([self.frame.left + moved[:, 0], self.frame.top + self.frame.high - moved[:, 1]])


def around(points: Points) -> Points:
    """Return the corners of a convex polygon in order."""
    middle = points - points.mean(axis=0)
    return points[np.argsort(np.arctan2(middle[:, 1], middle[:, 0]), kind="stable")]


def _draw_piece(
    axes: Axes,
    look: Look,
    corners: Points,
    *,
    faint: bool,
    cut: Sequence[tuple[int, float]],
    dot: float = 4.0,
) -> None:
    """Draw a polygon, segment or point; edges along `cut`, (axis, place) on the sheet, are no edges of the set."""
    if not len(corners):
        return
    spread = np.ptp(corners, axis=0).max()
    if spread < 0.5:
        axes.plot(*corners[0], "o", ms=dot, mec=look.plus, mfc="none" if faint else look.plus, mew=0.8, zorder=4)
    elif len(corners) == 2 or _is_line(corners):
        ends = corners[np.argsort(corners @ np.array([1.0, 1.37]))][[0, -1]]
        dashes = (0, (4, 3)) if faint else "solid"
        axes.plot(ends[:, 0], ends[:, 1], color=look.plus, lw=1.0 if faint else 2.6, ls=dashes, zorder=3)
    else:
        dashes = (0, (4, 3)) if faint else "solid"
        shape = around(corners)
        axes.add_patch(Polygon(shape, fc=look.plus, ec="none", alpha=0.10 if faint else 0.22, zorder=1))
        for a, b in zip(shape, np.roll(shape, -1, axis=0), strict=True):
            if not any(abs(a[j] - place) < 0.1 and abs(b[j] - place) < 0.1 for j, place in cut):
                axes.plot([a[0], b[0]], [a[1], b[1]], color=look.plus, lw=1.0 if faint else 1.6, ls=dashes, zorder=3)


def _is_line(corners: Points) -> bool:
    return bool(np.linalg.svd(corners - corners.mean(axis=0), compute_uv=False)[-1] < 0.3)


def _draw_ticks(axes: Axes, look: Look, frame: Frame, region: Region, names: Sequence[str]) -> None:
    for j, name in enumerate(names):
        low, high = float(region.low[j]), float(region.high[j])
        room = frame.wide if j == 0 else frame.high
        for value in MaxNLocator(nbins=4, steps=[1, 2, 5, 10]).tick_values(low, high):
            if not low <= value <= high:
                continue
            at = (value - low) / (high - low) * room
            text = fitted(number(value), _WIDEST_TICK, SMALL_TEXT)
            if j == 0:
                x, y = frame.left + at, frame.top + frame.high
                axes.plot([x, x], [y, y + 3], color=look.quiet, lw=0.8)
                write(axes, x, y + 11, text, colour=look.muted, size=SMALL_TEXT, align="center")
            else:
                x, y = frame.left, frame.top + frame.high - at
                axes.plot([x - 3, x], [y, y], color=look.quiet, lw=0.8)
                write(axes, x - 5, y, text, colour=look.muted, size=SMALL_TEXT, align="right")
        text = fitted(name, frame.wide, SMALL_TEXT)
        if j == 0:
            y = frame.top + frame.high
            axes.plot([frame.left, frame.left + frame.wide], [y, y], color=look.quiet, lw=0.8)
            write(axes, frame.left + frame.wide / 2, y + 26, text, colour=look.ink, size=SMALL_TEXT, align="center")
        else:
            write(axes, frame.left, frame.top - 9, text, colour=look.ink, size=SMALL_TEXT)


def number(value: float) -> str:
    """Return a tick's value, short."""
    plain = f"{value + 0.0:.5g}"
    mantissa, _, power = f"{value:.4e}".partition("e")
    short = f"{mantissa.rstrip('0').rstrip('.')}e{int(power)}"
    return min(plain, short, key=len).replace("-", "\u2212")


def _draw_open_side(axes: Axes, look: Look, frame: Frame, region: Region, j: int, sign: int) -> None:
    """Draw a small arrowhead outside the frame where the set goes on beyond it."""
    side = region.high[j] if sign > 0 else region.low[j]
    there = region.corners[np.abs(region.corners[:, j] - side) < 1e-6 * (region.high[j] - region.low[j])]
    if not len(there):
        return
    window = _Window(frame, _flat(region.low), _flat(region.high, 1.0))
    x, y = window(_flat(there)).mean(axis=0)
    dx, dy = (sign, 0.0) if j == 0 else (0.0, -sign)
    tip = np.array([x + 7 * dx, y + 7 * dy])
    base = np.array([[x - 5 * dy, y + 5 * dx], [x + 5 * dy, y - 5 * dx]])
    axes.add_patch(Polygon([tip, base[0], base[1]], fc=look.plus, ec="none", zorder=6))


def _draw_direction(axes: Axes, look: Look, window: _Window, cost: Points, optima: Sequence[Mark]) -> None:
    """Draw the level line through the optimum, and an arrow across it to where the objective gets better."""
    gradient = np.array([-cost[0], cost[1]]) / window.scale  # towards lower cost, and y of the sheet points down
    length = float(np.hypot(*gradient))
    if length == 0 or not np.isfinite(length):
        return
    gradient /= length
    frame = window.frame
    middle = np.array([frame.left + frame.wide / 2, frame.top + frame.high / 2])
    if optima:
        middle = window(_flat(optima[0].point)[None])[0]
        ends = _across(frame, middle, np.array([-gradient[1], gradient[0]]))
        if ends is not None:
            axes.plot(ends[:, 0], ends[:, 1], color=look.good, lw=1.2, ls=(0, (2, 2)), zorder=2)
            middle = ends.mean(axis=0)
    start, tip = middle, middle + _ARROW * gradient
    if not _inside(frame, tip):
        start, tip = middle - _ARROW * gradient, middle
    axes.annotate(
        "",
        xy=(float(tip[0]), float(tip[1])),
        xytext=(float(start[0]), float(start[1])),
        arrowprops={"arrowstyle": "-|>", "color": look.good, "lw": 1.6, "shrinkA": 0, "shrinkB": 0},
        zorder=6,
    )


def _across(frame: Frame, through: Points, direction: Points) -> Points | None:
    """Return the two ends of a line inside the frame."""
    low, high = -np.inf, np.inf
    for j, (start, size) in enumerate(((frame.left, frame.wide), (frame.top, frame.high))):
        if abs(direction[j]) < 1e-12:
            continue
        a, b = sorted(((start - through[j]) / direction[j], (start + size - through[j]) / direction[j]))
        low, high = max(low, a), min(high, b)
    return np.stack([through + low * direction, through + high * direction]) if low < high else None


def _inside(frame: Frame, point: Points) -> bool:
    return bool(frame.left <= point[0] <= frame.left + frame.wide and frame.top <= point[1] <= frame.top + frame.high)
