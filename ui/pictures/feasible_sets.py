"""The picture of both feasible sets, each in its own variables, where these are few enough to be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tools.formulation.model import Formulation
from tools.formulation.numbers import parse_rational
from tools.report import CounterexampleSummary, Report
from ui.algebra import number_text, objective_text
from ui.pictures.lettering import fitted, width, wrapped, write
from ui.pictures.look import SMALL_TEXT, WIDTH, Look
from ui.pictures.marks import WORDS, Frame, Mark, MarkKind, draw_mark
from ui.pictures.picture import NoPicture, Picture, sheet
from ui.pictures.plane import draw_in_plane
from ui.pictures.region import LARGEST_DIMENSION, MOST_LIMITS, Region, limits_of, region
from ui.pictures.same_models import mismatch
from ui.pictures.space import draw_in_space
from ui.safe_text import safe

_MARGIN = 4.0
_GAP = 14.0
_TOP = 62.0
_TICKS = 36.0
_RIGHT = 6.0
_LINE = 15.0
_MOST_OPTIMA = 12
_LARGEST_NUMBER = 1e12


@dataclass(frozen=True)
class _Panel:
    role: str
    model: Formulation
    region: Region | None
    marks: tuple[Mark, ...]
    notes: tuple[str, ...]


def feasible_sets(report: Report, reference: Formulation | None, candidate: Formulation | None) -> Picture | NoPicture:
    """Return the picture of the feasible sets of one to three variables, with optima and the counterexample."""
    if reference is None or candidate is None:
        return NoPicture("sets", "it needs both models")
    if wrong := mismatch(report, reference, candidate):
        return NoPicture("sets", wrong)
    sides = (("reference", reference), ("candidate", candidate))
    hindrances = {role: _hindrance(model) for role, model in sides}
    panels = [_panel(report, role, model) for role, model in sides if not hindrances[role]]
    if not panels:
        return NoPicture("sets", "; ".join(f"the {role} has {reason}" for role, reason in hindrances.items()))
    notes = [f"the {role} has {reason}" for role, reason in hindrances.items() if reason]
    caption = " ".join(
        [
            "The feasible set of each model in its own variables.",
            *(f"{panel.role.capitalize()}: {'; '.join(panel.notes)}." for panel in panels if panel.notes),
            *(f"{note[0].upper()}{note[1:]}." for note in notes),
        ]
    )
    return Picture("sets", "Feasible sets", caption, partial(_draw, panels=panels, notes=notes))


def _hindrance(model: Formulation) -> str:
    """Return what keeps the set from being drawn; "" when nothing does."""
    n = len(model.variables)
    if not 1 <= n <= LARGEST_DIMENSION:
        return f"{n} variables, and at most three can be drawn"
    data = [model.coefficients.floats, model.row_lower.floats, model.row_upper.floats]
    data += [model.lower.floats, model.upper.floats]
    if any((np.abs(numbers[np.isfinite(numbers)]) > _LARGEST_NUMBER).any() for numbers in data):
        return "numbers too large to be drawn"
    if len(model.rows) > 4 * MOST_LIMITS[n] or len(limits_of(model)[1]) > MOST_LIMITS[n]:
        return f"more than {MOST_LIMITS[n]} limits, too many to be drawn"
    return ""


def _panel(report: Report, role: str, model: Formulation) -> _Panel:
    witnesses, notes = _witnesses(report.counterexample, role, model)
    shown = np.array([mark.point for mark in witnesses]).reshape(-1, len(model.variables))
    found = region(model, shown)
    told = report.reference if role == "reference" else report.candidate
    if told.status == "infeasible":
        notes.insert(0, "infeasible, no point meets every requirement")
        relaxed = found if found is None else replace(found, pieces=())
        return _Panel(role, model, relaxed, witnesses, tuple(notes))
    if found is None:
        notes.insert(0, "no point was found that could be drawn")
        return _Panel(role, model, None, (), tuple(notes))
    if found.open_sides:
        where = (
            "where arrowheads leave the picture" if len(model.variables) < LARGEST_DIMENSION else "beyond the picture"
        )
        notes.insert(0, f"goes on without end {where}")
    if found.pieces is None:
        notes.insert(0, "whole points lie too densely to be drawn")
    elif not any(len(piece) for piece in found.pieces):
        notes.insert(0, "no feasible point in this part")
    optima = _optima(found, model, told.objective)
    return _Panel(role, model, found, (*optima, *witnesses), tuple(notes))


def _witnesses(
    witness: CounterexampleSummary | None, role: str, model: Formulation
) -> tuple[tuple[Mark, ...], list[str]]:
    if witness is None:
        return (), []
    kind: MarkKind = "counterexample" if witness.point_of == role else "image"
    values = witness.point if kind == "counterexample" else witness.image
    if values is None or any(name not in model.variable_index for name in values):
        return (), []
    exact = [parse_rational(values.get(name, "0")) for name in model.variables]
    point = np.array([min(max(value, -(10**13)), 10**13) for value in exact], dtype=np.float64)
    text = f"{WORDS[kind]}: ({', '.join(number_text(value) for value in exact)})"
    if kind == "image" and witness.violates:
        text += f" breaks {safe(witness.violates)}"
    if np.abs(point).max(initial=0.0) > _LARGEST_NUMBER:
        return (), [f"{text}, outside the picture"]
    return (Mark(kind, point),), [text]


def _optima(found: Region, model: Formulation, objective: float | None) -> tuple[Mark, ...]:
    """Return the best of the drawn points, where they attain what the report gives as the optimal value."""
    points = found.feasible_points
    if objective is None or not len(points):
        return ()
    constant = float(model.objective_constant)
    values = points @ model.objective.floats + constant
    best = values.min() if model.sense == "minimize" else values.max()
    room = 1e-6 * (1 + abs(objective))
    if abs(best - objective) > room:
        return ()
    chosen = points[np.abs(values - best) <= room][:_MOST_OPTIMA]
    return tuple(Mark("optimum", point) for point in chosen)


def _draw(look: Look, *, panels: Sequence[_Panel], notes: Sequence[str]) -> Figure:
    room = (WIDTH - 2 * _MARGIN - _GAP * (len(panels) - 1)) / len(panels)
    flat = all(len(panel.model.variables) == 1 for panel in panels)
    plot = min(room - _TICKS - _RIGHT, 280.0)
    high = 40.0 if flat else plot
    texts = [[line for note in panel.notes for line in wrapped(note, room, 3, SMALL_TEXT)] for panel in panels]
    below = max(map(len, texts)) * _LINE
    legend = _legend(panels)
    footer = [line for note in notes for line in wrapped(note, WIDTH - 2 * _MARGIN, 2, SMALL_TEXT)]
    bottom = _TOP + high + 40 + below
    figure, axes = sheet(bottom + 20 * _legend_rows(legend) + _LINE * len(footer) + 8)
    for place, (panel, lines) in enumerate(zip(panels, texts, strict=True)):
        left = _MARGIN + place * (room + _GAP)
        write(axes, left, 14, panel.role, colour=look.muted, bold=True)
        goal = fitted(objective_text(panel.model), room, SMALL_TEXT)
        write(axes, left, 31, goal, colour=look.muted, size=SMALL_TEXT)
        frame = Frame(left + _TICKS, _TOP, plot, high)
        if panel.region is not None:
            draw = draw_in_space if len(panel.model.variables) == LARGEST_DIMENSION else draw_in_plane
            if draw is draw_in_space:
                frame = Frame(left, _TOP, room, high)
            draw(axes, look, frame, panel.region, panel.model.variables, panel.marks, panel.model.cost.floats)
        else:
            axes.add_patch(Rectangle((frame.left, _TOP), plot, high, fc="none", ec=look.quiet, lw=0.8, ls=(0, (2, 3))))
            middle = (frame.left + plot / 2, _TOP + high / 2)
            write(axes, *middle, "empty", colour=look.muted, align="center")
        for row, line in enumerate(lines):
            write(axes, left, _TOP + high + 46 + row * _LINE, line, colour=look.ink, size=SMALL_TEXT)
    _draw_legend(axes, look, legend, bottom + 10)
    for row, line in enumerate(footer):
        y = bottom + 10 + 20 * _legend_rows(legend) + row * _LINE
        write(axes, _MARGIN, y, line, colour=look.muted, size=SMALL_TEXT)
    return figure


_Legend = Mapping[str, str]


def _legend(panels: Sequence[_Panel]) -> _Legend:
    """Return the words for each sign that occurs."""
    kinds = {mark.kind for panel in panels for mark in panel.marks}
    words: dict[str, str] = {kind: text for kind, text in WORDS.items() if kind in kinds}
    if any(panel.region is not None and panel.model.cost.floats.any() for panel in panels):
        words["arrow"] = "better objective" if len(words) < 3 else "better"
    return words


def _legend_rows(legend: _Legend) -> int:
    return 1 if legend else 0


def _draw_legend(axes: Axes, look: Look, legend: _Legend, y: float) -> None:
    sizes = [22 + width(text, SMALL_TEXT) for text in legend.values()]
    gap = 12.0
    x = max((WIDTH - sum(sizes) - gap * (len(sizes) - 1)) / 2, _MARGIN)
    for (sign, text), size in zip(legend.items(), sizes, strict=True):
        if sign == "arrow":
            axes.annotate(
                "",
                xy=(x + 18, y),
                xytext=(x, y),
                arrowprops={"arrowstyle": "-|>", "color": look.good, "lw": 1.6, "shrinkA": 0, "shrinkB": 0},
            )
        else:
            for kind in WORDS:
                if kind == sign:
                    draw_mark(axes, look, kind, x + 9, y)
        write(axes, x + 22, y, text, colour=look.muted, size=SMALL_TEXT)
        x += size + gap
