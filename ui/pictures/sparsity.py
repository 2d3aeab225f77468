"""The picture of both coefficient matrices side by side, rows and columns in matching order."""

from __future__ import annotations

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from numpy.typing import NDArray

from tools.formulation.model import Formulation
from tools.mapping.affine import AffineMapping
from tools.report import Report
from ui.pictures.lettering import fitted, write
from ui.pictures.look import SMALL_TEXT, WIDTH, Look
from ui.pictures.matching_order import Pairing, Side, Standing, paired
from ui.pictures.picture import NoPicture, Picture, sheet
from ui.pictures.same_models import mismatch

_MARGIN = 5.0
_GAP = 18.0
_PANEL = (WIDTH - 2 * _MARGIN - _GAP) / 2
_TALLEST = 320.0
_LARGEST_CELL = 16.0
_MOST_COLUMNS = 180
_MOST_ROWS = 300
_MOST_MARKS = 4000
_MOST_NONZEROS = 400_000
_TOP = 46.0
_FAINTEST = 0.75
_SHAPES = {
    Standing.SAME: ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)),
    Standing.DIFFERENT: ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)),
    Standing.ALONE: ((0.1, 0.9), (0.5, 0.1), (0.9, 0.9)),
}


def sparsity(report: Report, reference: Formulation | None, candidate: Formulation | None) -> Picture | NoPicture:
    """Return the picture of where both models have coefficients, paired by the report's recovery.

    Raises `MappingError` where the recovery cannot be read.
    """
    if reference is None or candidate is None:
        return NoPicture("sparsity", "it needs both models")
    if report.mapping is None:
        return NoPicture("sparsity", "the report has no mapping that pairs rows and variables")
    if wrong := mismatch(report, reference, candidate):
        return NoPicture("sparsity", wrong)
    if not (reference.nonzeros and candidate.nonzeros):
        return NoPicture("sparsity", "a model has no rows with coefficients")
    if reference.nonzeros + candidate.nonzeros > _MOST_NONZEROS:
        return NoPicture("sparsity", f"the models have more than {_MOST_NONZEROS} coefficients")
    recovery = AffineMapping.from_json(dict(report.mapping.recovery))
    pairing = paired(reference, candidate, recovery)
    shapes = (reference.shape, candidate.shape)
    return Picture(
        "sparsity",
        "Coefficients side by side",
        _caption(pairing, shapes),
        partial(_draw, pairing=pairing, shapes=shapes),
    )


_Shapes = tuple[tuple[int, int], tuple[int, int]]


def _caption(pairing: Pairing, shapes: _Shapes) -> str:
    (rows, _), (others, _) = shapes
    similar = pairing.paired_rows - pairing.equal_rows
    text = (
        f"Rows and variables of both models in matching order: {pairing.equal_rows} of {rows} reference rows equal a "
        "candidate row once the mapping is put in"
    )
    if similar:
        text += f", {similar} differ from their partner in numbers or limits"
    for who, count in (("reference", rows), ("candidate", others)):
        if count > pairing.paired_rows:
            text += f", {count - pairing.paired_rows} of the {who} are without partner"
    text += "."
    return text + (" One square stands for many coefficients." if _is_binned(shapes) else "")


def _is_binned(shapes: _Shapes) -> bool:
    return max(m for m, _ in shapes) > _MOST_ROWS or max(n for _, n in shapes) > _MOST_COLUMNS


def _draw(look: Look, *, pairing: Pairing, shapes: _Shapes) -> Figure:
    rows, columns = max(m for m, _ in shapes), max(n for _, n in shapes)
    grid = (min(rows, _MOST_ROWS), min(columns, _MOST_COLUMNS))
    wide = min(_PANEL / grid[1], _LARGEST_CELL)
    high = min(_TALLEST / grid[0], _LARGEST_CELL)
    if min(wide, high) > 2:
        wide = high = min(wide, high)
    bottom = _TOP + high * grid[0]
    present = {Standing(int(s)) for side in (pairing.reference, pairing.candidate) for s in np.unique(side.standing)}
    legend = [entry for entry in _legend(look) if entry[0] in present]
    limits = bool(pairing.other_limits)
    figure, axes = sheet(bottom + 12 + 18.0 * (len(legend) + limits))
    for place, (name, side, shape) in enumerate(
        (("reference", pairing.reference, shapes[0]), ("candidate", pairing.candidate, shapes[1]))
    ):
        left = _MARGIN + place * (_PANEL + _GAP)
        write(axes, left, 14, name, colour=look.muted, bold=True)
        size = f"{shape[0]} rows, {shape[1]} variables"
        write(axes, left, 31, fitted(size, _PANEL, SMALL_TEXT), colour=look.muted, size=SMALL_TEXT)
        scale = (high * grid[0] / rows, wide * grid[1] / columns)
        _draw_side(axes, look, side, grid, (rows, columns), left, (high, wide))
        _draw_frame(axes, look, left, scale, shape, (pairing.paired_rows, pairing.paired_columns))
        for row in pairing.other_limits:
            y = _TOP + (row + 0.5) * scale[0]
            x = left + scale[1] * shape[1] + 2
            axes.plot([x, x + 6], [y, y], color=look.minus, lw=max(1.6, min(3.0, scale[0] / 3)), solid_capstyle="butt")
    for row, (standing, colour, words) in enumerate(legend):
        y = bottom + 12 + 18.0 * row
        corners = [(_MARGIN + 12 * a, y - 6 + 12 * b) for a, b in _SHAPES[standing]]
        axes.add_patch(Polygon(corners, fc=colour, ec="none"))
        write(axes, _MARGIN + 18, y, words, colour=look.muted, size=SMALL_TEXT)
    if limits:
        y = bottom + 12 + 18.0 * len(legend)
        axes.plot([_MARGIN + 2, _MARGIN + 8], [y, y], color=look.minus, lw=2, solid_capstyle="butt")
        write(axes, _MARGIN + 18, y, "at the end of a row: its limits differ", colour=look.muted, size=SMALL_TEXT)
    return figure


def _legend(look: Look) -> list[tuple[Standing, str, str]]:
    return [
        (Standing.SAME, look.plus, "the same in both, up to a factor of the row"),
        (Standing.DIFFERENT, look.minus, "in a pair of rows, but another number"),
        (Standing.ALONE, look.witness, "row without partner, or variable out of the mapping"),
    ]


def _draw_side(
    axes: Axes,
    look: Look,
    side: Side,
    grid: tuple[int, int],
    counts: tuple[int, int],
    left: float,
    cell: tuple[float, float],
) -> None:
    rows, columns = (side.at_row * grid[0]) // counts[0], (side.at_column * grid[1]) // counts[1]
    colours = {standing: colour for standing, colour, _ in _legend(look)}
    binned = grid != counts
    if binned or len(side.standing) > _MOST_MARKS:
        image = _density(rows, columns, side.standing, grid, colours, full=not binned)
        axes.imshow(
            image,
            extent=(left, left + cell[1] * grid[1], _TOP + cell[0] * grid[0], _TOP),
            aspect="auto",
            interpolation="nearest",
            zorder=2,
        )
        return
    for standing, colour in colours.items():
        chosen = np.flatnonzero(side.standing == standing)
        if chosen.size:
            _draw_marks(axes, rows[chosen], columns[chosen], left, cell, standing, colour)


def _density(
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    standing: NDArray[np.int64],
    grid: tuple[int, int],
    colours: dict[Standing, str],
    *,
    full: bool,
) -> NDArray[np.float64]:
    """Return an RGBA image: the more coefficients in a cell, the denser; what differs covers what is the same."""
    image = np.zeros((*grid, 4))
    places = rows * grid[1] + columns
    counts = np.bincount(places, minlength=grid[0] * grid[1]).reshape(grid)
    for kind in (Standing.SAME, Standing.ALONE, Standing.DIFFERENT):
        here = np.zeros(grid[0] * grid[1], dtype=bool)
        here[places[standing == kind]] = True
        image[here.reshape(grid), :3] = to_rgb(colours[kind])
    strength = np.sqrt(counts / max(int(counts.max()), 1))
    image[..., 3] = np.where(counts > 0, 1.0 if full else _FAINTEST + (1 - _FAINTEST) * strength, 0.0)
    return image


def _draw_marks(
    axes: Axes,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    left: float,
    cell: tuple[float, float],
    standing: Standing,
    colour: str,
) -> None:
    """Draw one path of all marks of one standing; where there is room, shapes tell what colours do."""
    shape = _SHAPES[standing] if min(cell) > 4 else ((0, 0), (1, 0), (1, 1), (0, 1))
    corners = np.array([*shape, shape[0]], dtype=float)
    x = left + (columns[:, None] + corners[:, 0]) * cell[1]
    y = _TOP + (rows[:, None] + corners[:, 1]) * cell[0]
    codes = np.full((len(rows), len(corners)), Path.LINETO)
    codes[:, 0], codes[:, -1] = Path.MOVETO, Path.CLOSEPOLY
    axes.add_patch(
        PathPatch(Path(np.stack([x, y], 2).reshape(-1, 2), codes.reshape(-1)), fc=colour, ec="none", zorder=3)
    )


def _draw_frame(
    axes: Axes, look: Look, left: float, scale: tuple[float, float], shape: tuple[int, int], parted: tuple[int, int]
) -> None:
    """Draw the model's outline, and lines behind the last row and the last variable that have a partner."""
    high, wide = scale[0] * shape[0], scale[1] * shape[1]
    axes.add_patch(Rectangle((left, _TOP), wide, high, fc="none", ec=look.quiet, lw=1.0, zorder=4))
    dashes = (0, (3, 2))
    if 0 < parted[0] < shape[0]:
        y = _TOP + scale[0] * parted[0]
        axes.plot([left, left + wide], [y, y], color=look.quiet, lw=1.0, ls=dashes, zorder=4)
    if 0 < parted[1] < shape[1]:
        x = left + scale[1] * parted[1]
        axes.plot([x, x], [_TOP, _TOP + high], color=look.quiet, lw=1.0, ls=dashes, zorder=4)
