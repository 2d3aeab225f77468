"""The picture of a mapping: reference variables on the left, the candidate variables they are made of on the right."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tools.report import Report
from ui.pictures.lettering import fitted, width, write
from ui.pictures.links import Link, Links, Node, Sign, links_of
from ui.pictures.look import SMALL_TEXT, WIDTH, Look
from ui.pictures.picture import NoPicture, Picture, sheet

_PITCH = 25.0
_TOP = 44.0
_MARGIN = 4.0
_DOT = 10.0
_WIDEST_LABEL = 125.0
_LABELLED_LINKS = 40
_LEGEND: dict[Sign, tuple[str, str | tuple[int, tuple[int, ...]]]] = {
    "plus": ("added", "solid"),
    "minus": ("subtracted", (0, (6, 3))),
    "mixed": ("of both signs", (0, (6, 2, 1, 2))),
    "function": ("by a function", (0, (1, 2))),
}


def composition(report: Report) -> Picture | NoPicture:
    """Return the picture of the report's mapping; large mappings are folded into families of variables.

    Raises `MappingError` where the mapping's completing functions cannot be read.
    """
    if report.mapping is None:
        return NoPicture("composition", "the report has no mapping")
    links = links_of(report.mapping)
    if not links.targets:
        return NoPicture("composition", "the mapping has no variables")
    unused = max(report.candidate.variables - links.used, 0)
    notes = [f"{unused} of {report.candidate.variables} candidate variables take no part"] if unused else []
    return Picture(
        "composition", "What the reference is made of", _caption(links, notes), partial(_draw, links=links, notes=notes)
    )


def _caption(links: Links, notes: list[str]) -> str:
    count = sum(node.count for node in links.targets)
    if links.same_names:
        text = f"Each of the {count} reference variables is the candidate variable of the same name."
    else:
        text = (
            f"Reference variables ({count}) on the left, the candidate variables they are computed from "
            f"({links.used}) on the right; a number on a line is the factor, and no number means one."
        )
        if any(node.standing == "completed" for node in links.targets):
            text += " Hollow dots are completed rather than mapped."
    return " ".join([text, *(f"{note}." for note in notes)])


def _draw(look: Look, *, links: Links, notes: list[str]) -> Figure:
    rows = max(len(links.targets), len(links.sources))
    signs = [sign for sign in _LEGEND if any(link.sign == sign for link in links.links)]
    legend = len(signs) > 1 or signs == ["function"]
    bottom = _TOP + _PITCH * rows
    figure, axes = sheet(bottom + 18.0 * (legend + len(notes) + links.same_names) + 4)
    left, right = _columns(links)
    write(axes, left, 16, "reference", colour=look.muted, align="right", bold=True)
    write(axes, right, 16, "candidate", colour=look.muted, bold=True)
    targets = _heights(len(links.targets), rows)
    order = _uncrossed(links)
    sources = dict(zip(order, _heights(len(links.sources), rows), strict=True))
    _draw_links(axes, look, links.links, (left + _DOT, right - _DOT), targets, sources, same=links.same_names)
    for node, y in zip(links.targets, targets, strict=True):
        write(axes, left, y, _label(node), colour=look.ink, align="right")
        hollow = node.standing == "completed"
        axes.plot(left + _DOT, y, "o", ms=6, mec=look.ink, mfc="none" if hollow else look.ink, mew=1.4, zorder=4)
    for place, y in sources.items():
        write(axes, right, y, _label(links.sources[place]), colour=look.ink)
        axes.plot(right - _DOT, y, "o", ms=6, mec=look.ink, mfc=look.ink, zorder=4)
    lines = ["each variable is the one of the same name"] if links.same_names else []
    if legend:
        _draw_legend(axes, look, signs, bottom + 5)
    for row, note in enumerate([*lines, *notes]):
        shown = fitted(note, WIDTH - 2 * _MARGIN, SMALL_TEXT)
        y = bottom + 5 + 18.0 * (row + legend)
        write(axes, WIDTH / 2, y, shown, colour=look.muted, size=SMALL_TEXT, align="center")
    return figure


def _label(node: Node) -> str:
    count = f" ×{node.count}" if node.count > 1 else ""
    constant = f" = {node.constant}" if node.constant else ""
    room = _WIDEST_LABEL - width(count + constant)
    return fitted(node.label, max(room, 40.0)) + count + constant


def _columns(links: Links) -> tuple[float, float]:
    """Return where the labels of the reference end and those of the candidate begin."""
    left = _MARGIN + max([width("reference", bold=True), *(width(_label(node)) for node in links.targets)])
    right = max([width("candidate", bold=True), *(width(_label(node)) for node in links.sources)])
    return left, WIDTH - _MARGIN - right


def _heights(count: int, rows: int) -> list[float]:
    step = _PITCH * (rows - 1) / (count - 1) if count > 1 else 0.0
    step = min(step, 2.5 * _PITCH)
    first = _TOP + (_PITCH * (rows - 1) - step * (count - 1)) / 2
    return [first + step * k for k in range(count)]


def _uncrossed(links: Links) -> list[int]:
    """Return the candidate's nodes in the order of the middle of what they are linked to."""
    places: dict[int, list[int]] = {}
    for link in links.links:
        places.setdefault(link.source, []).append(link.target)
    return sorted(range(len(links.sources)), key=lambda k: (sum(places[k]) / len(places[k]) if k in places else 1e9, k))


def _draw_links(
    axes: Axes,
    look: Look,
    links: tuple[Link, ...],
    ends: tuple[float, float],
    targets: list[float],
    sources: dict[int, float],
    *,
    same: bool,
) -> None:
    left, right = ends
    labelled = len(links) <= _LABELLED_LINKS
    taken: list[tuple[float, float, float]] = []
    colours = {"plus": look.plus, "minus": look.minus, "mixed": look.quiet, "function": look.quiet}
    out = {link.target: sum(other.target == link.target for other in links) for link in links}
    into = {link.source: sum(other.source == link.source for other in links) for link in links}
    lines = [(targets[link.target], sources[link.source]) for link in links]
    for link, (start, end) in zip(links, lines, strict=True):
        colour, dashes = colours[link.sign], _LEGEND[link.sign][1]
        gaps = []
        text = "=" if same else link.label
        half = (width(text, SMALL_TEXT) / 2 + 3) / (right - left)
        at = None
        if text and labelled:
            at = _free_place(start, end, half, lines, taken, out[link.target] - into[link.source])
        if at is not None:
            taken.append((at, start + at * (end - start), half))
            gaps = [(max(at - half, 0.0), min(at + half, 1.0))]
            write(
                axes,
                left + at * (right - left),
                start + at * (end - start),
                text,
                colour=look.ink,
                size=SMALL_TEXT,
                align="center",
            )
        corners = [0.0, *(edge for gap in gaps for edge in gap), 1.0]
        for a, b in list(pairwise(corners))[::2]:
            xs = [left + a * (right - left), left + b * (right - left)]
            ys = [start + a * (end - start), start + b * (end - start)]
            axes.plot(xs, ys, color=colour, lw=1.6 if labelled else 1.1, ls=dashes, zorder=2, solid_capstyle="butt")


def _free_place(
    start: float,
    end: float,
    half: float,
    lines: list[tuple[float, float]],
    taken: list[tuple[float, float, float]],
    towards: int,
) -> float | None:
    """Return where along a line its label touches no other one and the fewest lines; None where there is no room."""
    wishes = [0.5, 0.36, 0.64, 0.26, 0.74, 0.18, 0.82]
    if towards:
        wishes.sort(key=lambda at: abs(at - (0.68 if towards > 0 else 0.32)))

    def crossed(at: float) -> int:
        y = start + at * (end - start)
        return sum(abs(a + at * (b - a) - y) < 7 for a, b in lines)

    def free(at: float) -> bool:
        y = start + at * (end - start)
        return all(abs(y - other) >= 13 or abs(at - place) >= half + wide for place, other, wide in taken)

    return min((at for at in wishes if half <= at <= 1 - half and free(at)), key=crossed, default=None)


def _draw_legend(axes: Axes, look: Look, signs: list[Sign], y: float) -> None:
    colours = {"plus": look.plus, "minus": look.minus, "mixed": look.quiet, "function": look.quiet}
    widths = [30 + width(_LEGEND[sign][0], SMALL_TEXT) for sign in signs]
    gap = 14.0
    x = (WIDTH - sum(widths) - gap * (len(signs) - 1)) / 2
    for sign, wide in zip(signs, widths, strict=True):
        words, dashes = _LEGEND[sign]
        axes.plot([x, x + 24], [y, y], color=colours[sign], lw=1.8, ls=dashes, solid_capstyle="butt")
        write(axes, x + 30, y, words, colour=look.muted, size=SMALL_TEXT)
        x += wide + gap
