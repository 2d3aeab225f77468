"""One picture, ready to be drawn on light or dark paper, and its way to SVG and PNG.

The same picture gives the same bytes on every run. An SVG stands alone: letters are outlines, so that no font is
needed, and it holds no script, no style sheet and no address outside itself; its title and description are text.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from xml.etree import ElementTree

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ui.pictures.kinds import PictureKind
from ui.pictures.look import WIDTH, Look
from ui.safe_text import safe_sentence

_SHOWN_WIDTH = 720
_POINTS_PER_INCH = 72
_SVG = "http://www.w3.org/2000/svg"
_LINKS = "http://www.w3.org/1999/xlink"
_lock = Lock()


@dataclass(frozen=True)
class Picture:
    """A picture of `kind` with a title and a caption that says in words what is to be seen; `draw` makes it."""

    kind: PictureKind
    title: str
    caption: str
    draw: Callable[[Look], Figure]

    def svg(self, look: Look) -> str:
        """Return the picture as an SVG element that can stand in a page or alone in a file."""
        return svg(self.draw(look), title=self.title, description=self.caption)

    def png(self, look: Look, scale: float = 2.0) -> bytes:
        """Return the picture as PNG, `scale` times 360 pixels wide."""
        return png(self.draw(look), scale)


@dataclass(frozen=True)
class NoPicture:
    """There is nothing to draw; `reason` says why, as the end of a sentence."""

    kind: PictureKind
    reason: str


def sheet(height: float) -> tuple[Figure, Axes]:
    """Return an empty transparent figure and its axes: units of the sheet, y downwards, nothing drawn around it."""
    figure = Figure(figsize=(WIDTH / _POINTS_PER_INCH, height / _POINTS_PER_INCH), dpi=_POINTS_PER_INCH)
    figure.patch.set_alpha(0.0)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    return figure, axes


def svg(figure: Figure, title: str = "", description: str = "") -> str:
    """Return the figure as one self-contained SVG element; the same figure gives the same text."""
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with _own_settings():
        figure.savefig(buffer, format="svg", metadata=nothing, transparent=True, dpi=4 * _POINTS_PER_INCH)
    return _alone(buffer.getvalue(), title, description)


def png(figure: Figure, scale: float = 2.0) -> bytes:
    """Return the figure as PNG, `scale` times 360 pixels wide; the same figure gives the same bytes."""
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    with _own_settings():
        figure.savefig(
            buffer,
            format="png",
            metadata={"Software": None},
            transparent=True,
            dpi=scale * 360 / WIDTH * _POINTS_PER_INCH,
        )
    return buffer.getvalue()


@contextmanager
def _own_settings() -> Iterator[None]:
    """Set the few settings that are read while a figure is written, so that nobody's matplotlibrc changes the bytes.

    They are global, hence one writer at a time.
    """
    with (
        _lock,
        matplotlib.rc_context(
            {
                "svg.hashsalt": "quasikarp",
                "svg.fonttype": "path",
                "svg.image_inline": True,
                "text.hinting": "no_hinting",
                "path.simplify": False,
                "path.sketch": None,
                "path.effects": [],
            }
        ),
    ):
        yield


def _alone(text: str, title: str, description: str) -> str:
    """Return matplotlib's document without prolog, comments, style sheet and clashing ids, with words for the blind."""
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _LINKS)
    root = ElementTree.fromstring(text)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"):
                parent.remove(child)
    prefix = f"q{hashlib.sha256(text.encode()).hexdigest()[:8]}-"
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, prefix + value)
            elif key in ("href", f"{{{_LINKS}}}href") and value.startswith("#"):
                element.set(key, f"#{prefix}{value[1:]}")
            elif "url(#" in value:
                element.set(key, value.replace("url(#", f"url(#{prefix}"))
    wide, high = map(float, root.attrib["viewBox"].split()[2:])
    root.attrib.pop("version", None)
    root.set("width", f"{_SHOWN_WIDTH}")
    root.set("height", f"{_SHOWN_WIDTH * high / wide:.0f}")
    root.set("style", "max-width:100%;height:auto;stroke-linejoin:round;stroke-linecap:butt")
    root.set("role", "img")
    for place, (tag, words) in enumerate((("title", title), ("desc", description))):
        if words:
            element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{prefix}{tag}"})
            element.text = safe_sentence(words, 1000)
            root.insert(place, element)
            labels = root.get("aria-labelledby", "")
            root.set("aria-labelledby", f"{labels} {prefix}{tag}".strip())
    return re.sub(r"\n\s*\n+", "\n", ElementTree.tostring(root, encoding="unicode")) + "\n"
