"""The picture of a run: who proposed which mappings, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tools.report import HypothesisSummary, Outcome, Report
from ui.pictures.lettering import fitted, width, wrapped, write
from ui.pictures.look import SMALL_TEXT, WIDTH, Look
from ui.pictures.picture import NoPicture, Picture, sheet

MOST_SHOWN = 20

_MARGIN = 6.0
_TRUNK = 12.0
_BRANCH = 30.0
_TEXT = 44.0
_LINE = 15.0
_REASON_LINES = 2
_MARKER: dict[Outcome, str] = {"verified": "o", "refuted": "X", "undecided": "D"}


@dataclass(frozen=True)
class _Leaf:
    outcome: Outcome
    rule: str
    reason: tuple[str, ...]


@dataclass(frozen=True)
class _Origin:
    name: str
    leaves: tuple[_Leaf, ...]


def hypotheses(report: Report) -> Picture | NoPicture:
    """Return the tree of what was tried, by origin in the order in which they spoke; at most `MOST_SHOWN` leaves."""
    if not report.hypotheses:
        return NoPicture("hypotheses", "no mapping was tried")
    shown = _chosen(report.hypotheses)
    rest = len(report.hypotheses) - len(shown)
    counts = {kind: sum(h.outcome == kind for h in report.hypotheses) for kind in _MARKER}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    many = len(report.hypotheses)
    caption = f"{many} {'mapping was' if many == 1 else 'mappings were'} tried: {told}."
    return Picture("hypotheses", "What was tried", caption, partial(_draw, origins=_origins(shown), rest=rest))


def _chosen(every: Sequence[HypothesisSummary]) -> list[HypothesisSummary]:
    """Return those that are shown: what was verified first of all, the others as they came, all in their order."""
    ranked = sorted(range(len(every)), key=lambda k: (every[k].outcome != "verified", k))
    return [every[k] for k in sorted(ranked[:MOST_SHOWN])]


def _origins(shown: Sequence[HypothesisSummary]) -> tuple[_Origin, ...]:
    groups: dict[str, list[HypothesisSummary]] = {}
    for hypothesis in shown:
        groups.setdefault(hypothesis.origin, []).append(hypothesis)
    return tuple(_Origin(name, tuple(map(_leaf, members))) for name, members in groups.items())


def _leaf(hypothesis: HypothesisSummary) -> _Leaf:
    room = WIDTH - _TEXT - _MARGIN
    rule = hypothesis.rules[0] if hypothesis.rules else "(no rule)"
    more = len(hypothesis.rules) - 1
    suffix = f"  and {more} more" if more > 0 else ""
    first = fitted(rule, room - width(suffix)) + suffix
    return _Leaf(hypothesis.outcome, first, tuple(wrapped(hypothesis.reason, room, _REASON_LINES, SMALL_TEXT)))


def _draw(look: Look, *, origins: Sequence[_Origin], rest: int) -> Figure:
    heights = [20.0 + sum(_height(leaf) for leaf in origin.leaves) for origin in origins]
    bottom = 26.0 + sum(heights)
    figure, axes = sheet(bottom + (18 if rest else 0) + 24)
    y = 26.0
    write(axes, _MARGIN, 12, "run", colour=look.muted, bold=True)
    forks = []
    for origin, height in zip(origins, heights, strict=True):
        forks.append(y + 6)
        _draw_origin(axes, look, origin, y)
        y += height
    last = bottom + 6 if rest else forks[-1]
    axes.plot([_TRUNK, _TRUNK], [20, last], color=look.quiet, lw=1.2, zorder=1)
    if rest:
        axes.plot([_TRUNK, _BRANCH - 8], [last, last], color=look.quiet, lw=1.2, ls=(0, (2, 2)))
        write(axes, _BRANCH - 4, last, f"… and {rest} more", colour=look.muted, size=SMALL_TEXT)
    outcomes = [kind for kind in _MARKER if any(leaf.outcome == kind for o in origins for leaf in o.leaves)]
    _draw_legend(axes, look, outcomes, bottom + (18 if rest else 0) + 12)
    return figure


def _height(leaf: _Leaf) -> float:
    return _LINE * (1 + len(leaf.reason)) + 7


def _draw_origin(axes: Axes, look: Look, origin: _Origin, top: float) -> None:
    axes.plot([_TRUNK, _BRANCH - 6], [top + 6, top + 6], color=look.quiet, lw=1.2, zorder=1)
    name = fitted(origin.name, WIDTH - _BRANCH - _MARGIN, bold=True)
    write(axes, _BRANCH - 2, top + 6, name, colour=look.ink, bold=True)
    y = top + 20 + 8
    for leaf in origin.leaves:
        _draw_outcome(axes, look, leaf.outcome, _BRANCH + 3, y)
        write(axes, _TEXT, y, leaf.rule, colour=look.ink)
        for row, line in enumerate(leaf.reason):
            write(axes, _TEXT, y + _LINE * (row + 1), line, colour=look.muted, size=SMALL_TEXT)
        y += _height(leaf)


def _draw_outcome(axes: Axes, look: Look, outcome: Outcome, x: float, y: float) -> None:
    colour = {"verified": look.good, "refuted": look.bad, "undecided": look.quiet}[outcome]
    hollow = outcome == "undecided"
    axes.plot(x, y, _MARKER[outcome], ms=8 if not hollow else 6, mfc="none" if hollow else colour, mec=colour, mew=1.4)


def _draw_legend(axes: Axes, look: Look, outcomes: Sequence[Outcome], y: float) -> None:
    x = _MARGIN + 6
    for outcome in outcomes:
        _draw_outcome(axes, look, outcome, x, y)
        write(axes, x + 10, y, outcome, colour=look.muted, size=SMALL_TEXT)
        x += 10 + width(outcome, SMALL_TEXT) + 22
