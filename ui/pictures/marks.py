"""What both kinds of drawings of feasible sets mark: optima, a counterexample and its image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ui.pictures.look import Look

MarkKind = Literal["optimum", "counterexample", "image"]

WORDS: dict[MarkKind, str] = {"optimum": "optimum", "counterexample": "counterexample", "image": "its image"}


@dataclass(frozen=True)
class Mark:
    """A point of a model, in its own variables, that is marked."""

    kind: MarkKind
    point: NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """The place of a drawing on the sheet, in its units."""

    left: float
    top: float
    wide: float
    high: float


def draw_mark(axes: Axes, look: Look, kind: MarkKind, x: float, y: float) -> None:
    """Put the mark at (x, y) of the sheet: a star, a cross, or a ring with a dot."""
    if kind == "optimum":
        axes.plot(x, y, "*", ms=12, color=look.good, mew=0, zorder=7)
    elif kind == "counterexample":
        axes.plot(x, y, "X", ms=10, color=look.witness, mew=0, zorder=8)
    else:
        axes.plot(x, y, "o", ms=10, mfc="none", mec=look.witness, mew=1.8, zorder=8)
        axes.plot(x, y, "o", ms=3, color=look.witness, mew=0, zorder=8)
