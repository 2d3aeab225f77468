"""Text in pictures: inert, in the one font that comes with matplotlib, never wider than its place."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from ui.pictures.look import TEXT
from ui.safe_text import safe, safe_sentence

_FOLDER = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
_LONGEST = 120


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    colour: str,
    size: float = TEXT,
    align: str = "left",
    vertical: str = "center",
    bold: bool = False,
    order: float = 5,
) -> Text:
    """Put `text`, made inert, at (x, y) of the axes; neither mathematics nor TeX in it is interpreted."""
    return axes.text(
        x,
        y,
        drawable(text),
        color=colour,
        ha=align,
        va=vertical,
        fontproperties=_font(bold, size),
        parse_math=False,
        usetex=False,
        zorder=order,
    )


def drawable(text: str) -> str:
    """Return one line of inert text; characters that the font does not have become `\\u5c0f`-style escapes."""
    line = safe_sentence(text, 2 * _LONGEST)
    known = _characters()
    return "".join(c if ord(c) in known else c.encode("unicode_escape").decode("ascii") for c in line)


def width(text: str, size: float = TEXT, bold: bool = False) -> float:
    """Return how many units wide the text is."""
    return float(text_to_path.get_text_width_height_descent(drawable(text), _font(bold, size), ismath=False)[0])


@lru_cache(maxsize=1 << 12)
def fitted(text: str, room: float, size: float = TEXT, bold: bool = False) -> str:
    """Return the text, its middle left out as far as needed, so that it is at most `room` units wide."""
    shown = drawable(text[:_LONGEST] + text[-_LONGEST:] if len(text) > 2 * _LONGEST else text)
    limit = min(len(shown), _LONGEST)
    shown = safe(shown, limit) if limit else shown
    while limit > 2 and (wide := width(shown, size, bold)) > room:
        limit = min(limit - 1, int(limit * room / wide) + 1)
        shown = safe(shown, limit)
    return shown


def wrapped(text: str, room: float, lines: int, size: float = TEXT) -> list[str]:
    """Return the text broken at spaces into at most `lines` lines of at most `room` units; the last one may be cut."""
    words = drawable(text).split(" ")
    found: list[str] = []
    while words and len(found) < lines - 1:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size) <= room:
            line += f" {words.pop(0)}"
        found.append(fitted(line, room, size))
    if words:
        rest = " ".join(words)
        while len(words) > 1 and width(f"{rest} …" if rest[-1] != "…" else rest, size) > room:
            words.pop()
            rest = " ".join(words) + " …"
        found.append(fitted(rest, room, size))
    return [line for line in found if line]


def _font(bold: bool, size: float) -> FontProperties:
    return FontProperties(fname=_FOLDER / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), size=size)


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    both = (FT2Font(str(_FOLDER / name)).get_charmap() for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"))
    regular, bold = (frozenset(int(code) for code in charmap) for charmap in both)
    return regular & bold
